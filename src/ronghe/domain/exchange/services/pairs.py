"""The programme of a mentor pair: drafted with its goals, signed by three, noted along the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from ronghe.domain.agreements.calc.months import next_review
from ronghe.domain.exchange.calc.pair_text import Content, Goal, canonical, digest_of
from ronghe.domain.exchange.enums import PAIR_FLOW, Better, NoteKind, PairRole, PairState
from ronghe.domain.exchange.facts import (
    PAIR_DRAFTED,
    PAIR_NOTED,
    PAIR_REWORKED,
    PAIR_SIGNED,
    PAIR_STARTED,
    PAIR_SUBMITTED,
)
from ronghe.domain.exchange.models import PairGoal, PairNote, PairProgramme, PairSignature, PairText
from ronghe.domain.exchange.rules import KEEP_PAIR, SIGN_PAIR
from ronghe.domain.exchange.selectors.circles import home_of, witnesses_of
from ronghe.domain.members.models import MentorPair
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_
from ronghe.kernel.workflow import StepNotAllowed

FEWEST, MOST = 2, 6
"""Goals."""


class PairWithoutBody(DomainError):
    code = "pair_without_body"
    sentence = N_("徒弟%(name)s的单位还没有党组织，没有人管这对师徒；请先在花名册里补上。")


class PairParted(DomainError):
    code = "pair_parted"
    sentence = N_("%(mentor)s和%(apprentice)s的结对已经结束，请先重新结对。")


class GoalsOff(DomainError):
    code = "pair_goals_off"
    sentence = N_("目标要有 2 到 6 条，每条写明内容和期限；写了目标值的要写单位，期限在培养期内。")
    status = 422


class PairSpanOff(DomainError):
    code = "pair_span_off"
    sentence = N_("培养期的最后一天不能早于开始，评估间隔在 1 到 24 个月之间。")
    status = 422


class WitnessUnfit(DomainError):
    code = "pair_witness_unfit"
    sentence = N_("%(name)s不能见证：要由“%(body)s”或上级的负责人见证，不能是师徒本人。")
    status = 422


class NotYoursToSign(DomainError):
    code = "pair_not_yours_to_sign"
    sentence = N_("这份协议由师傅、徒弟和见证人各自签字，没有等您签的。")
    status = 403


class PairTextStale(DomainError):
    code = "pair_text_stale"
    sentence = N_("您看到的不是待签的第 %(number)s 稿，没有签；请刷新看过再签。")


class PairTextAltered(DomainError):
    code = "pair_text_altered"
    sentence = N_("第 %(number)s 稿的文本与摘要不符，不能签。请联系平台管理员核验记录。")


class NoteOff(DomainError):
    code = "pair_note_off"
    sentence = N_("请写明内容；日期不能在今天以后。")
    status = 422


@dataclass(frozen=True, slots=True)
class GoalText:
    """A goal as it is typed: without a target it is a yes or no."""

    what: str
    due_on: date
    unit: str = ""
    better: Better = Better.UP
    baseline: Decimal | None = None
    target: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ProgrammeOfPair:
    """What is said of a pair's programme."""

    starts_on: date
    until_on: date
    witness: Person
    goals: Sequence[GoalText]
    text: str = ""
    review_months: int = 3


@transaction.atomic
def draft_pair(*, pair: MentorPair, given: ProgrammeOfPair, actor: Person, at: datetime) -> PairProgramme:
    """Draft the programme of a pair, or change the draft; the apprentice's body keeps it.

    :raises PairParted: the pair has ended
    :raises PairWithoutBody: nobody answers for the apprentice's unit
    :raises GoalsOff, PairSpanOff, WitnessUnfit: what was given does not hold together
    :raises StepNotAllowed: it is being signed, or was
    """
    KEEP_PAIR.require(actor, pair, at=at)
    if pair.valid_until is not None and pair.valid_until <= local_day(at):
        raise PairParted(mentor=pair.mentor.name, apprentice=pair.apprentice.name)
    body = home_of(pair.apprentice, local_day(at))
    if body is None:
        raise PairWithoutBody(name=pair.apprentice.name)
    if given.until_on < given.starts_on or not 1 <= given.review_months <= 24:
        raise PairSpanOff
    _require_goals(given)
    _require_witness(pair, body, given.witness, local_day(at))
    values = {
        "body": body, "witness": given.witness, "starts_on": given.starts_on, "until_on": given.until_on,
        "review_months": given.review_months, "text": given.text.strip()[:2000],
    }  # fmt: skip
    programme = PairProgramme.objects.select_for_update().filter(pair=pair).first()
    if programme is None:
        programme = PairProgramme.objects.create(pair=pair, drafted_by=actor, drafted_at=at, **values)
    elif programme.state != PairState.DRAFT:
        raise StepNotAllowed(state=programme.get_state_display())
    else:
        for name, value in values.items():
            setattr(programme, name, value)
        programme.save(update_fields=list(values))
        programme.goals.all().delete()
    PairGoal.objects.bulk_create(
        PairGoal(
            programme=programme, number=number, what=goal.what.strip(), unit=goal.unit.strip(), better=goal.better,
            baseline=goal.baseline, target=goal.target, due_on=goal.due_on,
        )
        for number, goal in enumerate(given.goals, start=1)
    )  # fmt: skip
    tell(PAIR_DRAFTED, programme, actor, at, goals=len(given.goals))
    return programme


@transaction.atomic
def submit_pair(*, programme: PairProgramme, actor: Person, at: datetime) -> PairText:
    """Lay the agreement before the three: from now on it is a version with a digest, and nothing of it changes.

    :raises StepNotAllowed: it is no draft
    """
    KEEP_PAIR.require(actor, programme.pair, at=at)
    PAIR_FLOW.advance(programme, "submit")
    content = canonical(content_of(programme))
    text = PairText.objects.create(
        programme=programme, number=programme.texts.count() + 1, content=content, digest=digest_of(content),
        made_by=actor, made_at=at,
    )  # fmt: skip
    tell(PAIR_SUBMITTED, programme, actor, at, number=text.number)
    return text


@transaction.atomic
def rework_pair(*, programme: PairProgramme, actor: Person, at: datetime) -> PairProgramme:
    """Take the agreement back to change it; what was signed of this version counts for no other.

    :raises StepNotAllowed: it is not being signed
    """
    if not SIGN_PAIR.allows(actor, programme.pair, at=at):
        KEEP_PAIR.require(actor, programme.pair, at=at)
    PAIR_FLOW.advance(programme, "rework")
    tell(PAIR_REWORKED, programme, actor, at)
    return programme


@transaction.atomic
def sign_pair(*, programme: PairProgramme, digest: str, actor: Person, at: datetime) -> PairSignature:
    """Sign what one saw, as mentor, apprentice or witness; a second time gives the first signature back.

    With the third signature the programme runs, and its first review is dated.

    :raises NotYoursToSign: none of the three
    :raises PairTextStale: the person saw another version
    :raises PairTextAltered: the stored text does not have the stored digest
    :raises StepNotAllowed: it is not being signed
    """
    pair = programme.pair
    SIGN_PAIR.require(actor, pair, at=at)
    roles = {
        pair.mentor_id: PairRole.MENTOR, pair.apprentice_id: PairRole.APPRENTICE, programme.witness_id: PairRole.WITNESS
    }  # fmt: skip
    role = roles.get(actor.pk)
    if role is None:
        raise NotYoursToSign
    fresh = PairProgramme.objects.select_for_update().get(pk=programme.pk)
    text = fresh.texts.order_by("-number").first()
    known = text.signatures.filter(person=actor).first() if text is not None and text.digest == digest else None
    if known is not None:
        return known
    if fresh.state != PairState.SIGNING or text is None:
        raise StepNotAllowed(state=fresh.get_state_display())
    if digest != text.digest:
        raise PairTextStale(number=text.number)
    if digest_of(text.content) != text.digest:
        raise PairTextAltered(number=text.number)
    try:
        with transaction.atomic():
            made = PairSignature.objects.create(text=text, role=role, person=actor, digest=digest, signed_at=at)
    except IntegrityError:
        return PairSignature.objects.get(text=text, person=actor)
    tell(PAIR_SIGNED, programme, actor, at, about=actor, role=role, number=text.number)
    if text.signatures.count() == len(PairRole):
        _start(fresh, actor, at)
        programme.refresh_from_db()
    return made


@transaction.atomic
def note_pair(
    *, programme: PairProgramme, kind: NoteKind, text: str, day: date, actor: Person, at: datetime
) -> PairNote:
    """Write down work done together, or one's own word for the next review; it stays.

    :raises NoteOff: no words, or a day to come
    :raises StepNotAllowed: the programme does not run
    """
    if not SIGN_PAIR.allows(actor, programme.pair, at=at):
        KEEP_PAIR.require(actor, programme.pair, at=at)
    if programme.state != PairState.RUNNING:
        raise StepNotAllowed(state=programme.get_state_display())
    if not text.strip() or day > local_day(at):
        raise NoteOff
    made = PairNote.objects.create(
        programme=programme, kind=kind, text=text.strip()[:300], day=day, noted_by=actor, noted_at=at
    )
    tell(PAIR_NOTED, programme, actor, at, about=actor, note=kind, day=day)
    return made


def content_of(programme: PairProgramme) -> Content:
    """Return what the agreement says now."""
    pair = programme.pair
    goals = tuple(
        Goal(goal.what, goal.due_on, goal.unit, goal.better, goal.baseline, goal.target)
        for goal in programme.goals.order_by("number")
    )
    return Content(
        mentor=pair.mentor.name, apprentice=pair.apprentice.name, witness=programme.witness.name,
        body=programme.body.name, kind=pair.kind, topic=pair.topic, starts_on=programme.starts_on,
        until_on=programme.until_on, review_months=programme.review_months, text=programme.text, goals=goals,
    )  # fmt: skip


def tell(
    kind: FactKind, programme: PairProgramme, actor: Person, at: datetime, *, about: Person | None = None,
    **attributes: object,
) -> None:  # fmt: skip
    """Record something of a pair for the body that keeps it; about the apprentice unless told."""
    who = about or programme.pair.apprentice
    record(Draft(kind, at, actor, about=who, body=programme.body_id, attributes=attributes, source=programme))


def _start(programme: PairProgramme, actor: Person, at: datetime) -> None:
    since = max(programme.starts_on, local_day(at))
    until = programme.until_on
    review = next_review(since, months=programme.review_months, last_day=until) or until
    PAIR_FLOW.advance(programme, "come_into_force", review_on=review)
    tell(PAIR_STARTED, programme, actor, at, until=until, goals=programme.goals.count())


def _require_goals(given: ProgrammeOfPair) -> None:
    if not FEWEST <= len(given.goals) <= MOST:
        raise GoalsOff
    for goal in given.goals:
        is_in_span = given.starts_on <= goal.due_on <= given.until_on
        if not goal.what.strip() or not is_in_span or (goal.target is not None and not goal.unit.strip()):
            raise GoalsOff


def _require_witness(pair: MentorPair, body: PartyOrg, witness: Person, day: date) -> None:
    is_party = witness.pk in (pair.mentor_id, pair.apprentice_id)
    if is_party or not witnesses_of(body, day).filter(pk=witness.pk).exists():
        raise WitnessUnfit(name=witness.name, body=body.name)
