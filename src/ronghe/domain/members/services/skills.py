"""Trades: claimed by the person, confirmed by a leader, entered by a leader, ended."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from ronghe.domain.members.enums import SKILL_FLOW, SkillState
from ronghe.domain.members.facts import SKILL_CLAIMED, SKILL_CONFIRMED, SKILL_ENDED, SKILL_REFUSED
from ronghe.domain.members.models import PersonSkill
from ronghe.domain.members.rules import CLAIM_SKILL, KEEP_SKILLS
from ronghe.domain.org.facts import PERSON_EDITED
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError, NotAllowed, Stale
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_


class SkillHeld(DomainError):
    code = "skill_held"
    sentence = N_("%(name)s已有工种“%(trade)s”，或正在等确认。要改等级，请先取消原来的再登记。")


class SkillUnnamed(DomainError):
    code = "skill_unnamed"
    sentence = N_("请写工种名称。")
    status = 422


class OwnSkill(DomainError):
    code = "own_skill"
    sentence = N_("自己的工种不能自己确认，请由上级组织的书记或组织委员确认。")


@transaction.atomic
def claim_skill(
    *, person: Person, trade: str, since: date, actor: Person, at: datetime, is_main: bool = False,
    grade: str | None = None, certificate_ref: str | None = None,
) -> PersonSkill:  # fmt: skip
    """Claim a trade of one's own; it counts nowhere until a leader has confirmed it.

    :raises NotAllowed: the actor is somebody else
    :raises SkillHeld: the person has that trade, or it waits
    """
    CLAIM_SKILL.require(actor, person, at=at)
    skill = _entered(
        PersonSkill(person=person, trade=trade, is_main=is_main, grade=grade, certificate_ref=certificate_ref,
                    since=since, claimed_by=actor, claimed_at=at)
    )  # fmt: skip
    record(Draft(SKILL_CLAIMED, at, actor, about=person, attributes={"is_main": is_main}, source=skill))
    return skill


@transaction.atomic
def enter_skill(
    *, person: Person, trade: str, since: date, actor: Person, at: datetime, is_main: bool = False,
    grade: str | None = None, certificate_ref: str | None = None,
) -> PersonSkill:  # fmt: skip
    """Enter somebody's trade as their leader: it is confirmed at once. A new main trade makes the old one a further one.

    :raises NotAllowed: the actor leads neither the home nor the unit nor the team of the person
    :raises OwnSkill: the person is the actor
    :raises SkillHeld: the person has that trade, or it waits
    """
    KEEP_SKILLS.require(actor, person, at=at)
    _refuse_own(person, actor)
    skill = _entered(
        PersonSkill(person=person, trade=trade, is_main=False, grade=grade, certificate_ref=certificate_ref,
                    since=since, claimed_by=actor, claimed_at=at, state=SkillState.CONFIRMED, confirmed_by=actor,
                    confirmed_at=at)
    )  # fmt: skip
    if is_main:
        _make_main(skill)
    record(Draft(SKILL_CONFIRMED, at, actor, about=person, attributes={"is_main": is_main}, source=skill))
    _follow_in_record(skill, actor, at)
    return skill


@transaction.atomic
def confirm_skill(*, skill: PersonSkill, actor: Person, at: datetime) -> PersonSkill:
    """Confirm a claimed trade; one claimed as the main trade takes the place of the old one.

    :raises NotAllowed: the actor does not lead the person
    :raises OwnSkill: the claim is the actor's own
    :raises StepNotAllowed: it does not wait
    """
    KEEP_SKILLS.require(actor, skill.person, at=at)
    _refuse_own(skill.person, actor)
    was_main = skill.is_main
    SKILL_FLOW.advance(skill, "confirm", confirmed_by=actor, confirmed_at=at, is_main=False)
    if was_main:
        _make_main(skill)
    record(Draft(SKILL_CONFIRMED, at, actor, about=skill.person, attributes={"is_main": was_main}, source=skill))
    _follow_in_record(skill, actor, at)
    return skill


@transaction.atomic
def refuse_skill(*, skill: PersonSkill, actor: Person, at: datetime) -> PersonSkill:
    """Leave a claimed trade unconfirmed for good.

    :raises NotAllowed: the actor does not lead the person
    :raises StepNotAllowed: it does not wait
    """
    KEEP_SKILLS.require(actor, skill.person, at=at)
    SKILL_FLOW.advance(skill, "refuse")
    record(Draft(SKILL_REFUSED, at, actor, about=skill.person, source=skill))
    return skill


@transaction.atomic
def end_skill(*, skill: PersonSkill, actor: Person, at: datetime) -> PersonSkill:
    """Take a trade off: the leader any, the person a claim of their own that still waits.

    :raises NotAllowed: the actor is neither
    :raises StepNotAllowed: it was taken off before
    """
    own_claim = skill.state == SkillState.CLAIMED and CLAIM_SKILL.allows(actor, skill.person, at=at)
    if not own_claim and not KEEP_SKILLS.allows(actor, skill.person, at=at):
        raise NotAllowed(permission=KEEP_SKILLS.name)
    SKILL_FLOW.advance(skill, "end", is_main=False)
    record(Draft(SKILL_ENDED, at, actor, about=skill.person, source=skill))
    return skill


def _refuse_own(person: Person, actor: Person) -> None:
    if person.pk == actor.pk:
        raise OwnSkill


def _entered(skill: PersonSkill) -> PersonSkill:
    skill.trade = skill.trade.strip()
    if not skill.trade:
        raise SkillUnnamed
    try:
        with transaction.atomic():
            skill.save(force_insert=True)
    except IntegrityError as error:
        raise SkillHeld(name=skill.person.name, trade=skill.trade) from error
    return skill


def _make_main(skill: PersonSkill) -> None:
    """Make it the one main trade; the constraint decides between two who do so at once."""
    PersonSkill.objects.filter(person=skill.person, is_main=True, state=SkillState.CONFIRMED).update(is_main=False)
    try:
        with transaction.atomic():
            PersonSkill.objects.filter(pk=skill.pk).update(is_main=True)
    except IntegrityError as error:
        raise Stale from error
    skill.is_main = True


def _follow_in_record(skill: PersonSkill, actor: Person, at: datetime) -> None:
    """The record's trade is the main one: said once, it is not typed into the roster again."""
    person = skill.person
    if not skill.is_main or person.trade == skill.trade:
        return
    person.trade, person.skill_grade = skill.trade, skill.grade or person.skill_grade
    person.save(update_fields=["trade", "skill_grade"])
    record(Draft(PERSON_EDITED, at, actor, about=person, attributes={"fields": "trade", "count": 1}, source=person))
