"""What the one leader may do: listed, granted by the branch, used; what is proposed is adopted or returned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from pypinyin import lazy_pinyin

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.pairing.enums import USE_FLOW, PowerWay, UseState
from ronghe.domain.pairing.facts import (
    POWER_GRANTED,
    POWER_LISTED,
    POWER_USED,
    POWER_WITHDRAWN,
    PROPOSAL_ADOPTED,
    PROPOSAL_RETURNED,
)
from ronghe.domain.pairing.models import GroupTeamLink, LeaderPower, OwnPower, PowerUse
from ronghe.domain.pairing.rules import GRANT_POWER, LIST_POWER, SETTLE_USE, USE_POWER
from ronghe.domain.pairing.selectors import Power, pair_states, people_of_pair, power_named
from ronghe.domain.pairing.services.pairs import PairOver
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_

LONGEST_CODE = 32


class NoSuchPower(DomainError):
    code = "no_such_power"
    sentence = N_("职权清单里没有“%(power)s”，请从清单中选。")
    status = 422


class NoOneLeader(DomainError):
    code = "no_one_leader"
    sentence = N_("“%(group)s”和“%(team)s”还没有同一个人任组长和班长（PP-11），不能授权。请先任命。")


class NoDocument(DomainError):
    code = "no_document"
    sentence = N_("请写明依据的文件或会议决定，好让职权有出处。")
    status = 422


class DaysTurned(DomainError):
    code = "days_turned"
    sentence = N_("授权截止 %(until)s 不晚于开始 %(since)s，请改日期。")
    status = 422


class PowerHeld(DomainError):
    code = "power_held"
    sentence = N_("%(name)s在这段时间已有“%(power)s”的授权，不必重复授予。")


class PowerNotHeld(DomainError):
    code = "power_not_held"
    sentence = N_("%(day)s没有“%(power)s”的有效授权，不能行使（PP-11）。请支部书记先授权，或改日期。")


class NotLeaderNow(DomainError):
    code = "not_leader_now"
    sentence = N_("%(day)s您不同时是“%(group)s”组长和“%(team)s”班长，不能行使这项职权（PP-11）。请支部按任职重新授权。")


class NotYet(DomainError):
    code = "not_yet"
    sentence = N_("%(day)s还没有到，不能登记考勤。")
    status = 422


class UsedThatDay(DomainError):
    code = "used_that_day"
    sentence = N_("%(day)s的“%(power)s”已经登记过，一天一次。")


class UseSaysNothing(DomainError):
    code = "use_says_nothing"
    sentence = N_("请写明内容，并选出涉及的人。")
    status = 422


class PersonOutside(DomainError):
    code = "person_outside"
    sentence = N_("%(name)s不在“%(team)s”，不能写进来。")
    status = 422


class PowerListed(DomainError):
    code = "power_listed"
    sentence = N_("职权清单里已有“%(name)s”，请直接授予。")


class NoReason(DomainError):
    code = "no_reason"
    sentence = N_("请写明退回的原因，好让组长知道怎么办。")
    status = 422


@transaction.atomic
def list_power(*, name: str, way: PowerWay, body: PartyOrg, actor: Person, at: datetime) -> OwnPower:
    """Add a power to the list; its code is the name in pinyin.

    :raises PowerListed: there is one of that code
    """
    LIST_POWER.require(actor, body, at=at)
    code = f"own_{'_'.join(lazy_pinyin(name, errors='ignore'))}"[:LONGEST_CODE].rstrip("_")
    try:
        with transaction.atomic():
            power = OwnPower.objects.create(code=code, name=name, way=way, added_by=actor, added_at=at)
    except IntegrityError as error:
        raise PowerListed(name=name) from error
    record(Draft(POWER_LISTED, at, actor, body=body.pk, attributes={"power": code}, source=power))
    return power


@transaction.atomic
def grant_power(
    *, link: GroupTeamLink, power: str, since: date, until: date | None, document: str, actor: Person, at: datetime
) -> LeaderPower:
    """Grant one listed power to the leader of a pair from `since` until (not including) `until`.

    :raises NoSuchPower: it is not on the list
    :raises NoDocument: granted by nothing
    :raises DaysTurned: it would end before it begins
    :raises PairOver: the pair has ended
    :raises NoOneLeader: not the same one person leads both today
    :raises PowerHeld: the leader holds it in that time already
    """
    GRANT_POWER.require(actor, link, at=at)
    # Two grants of one pair at once: the second waits for the first and sees it.
    link = GroupTeamLink.objects.select_for_update().select_related("group", "team").get(pk=link.pk)
    if link.valid_until is not None:
        raise PairOver(until=link.valid_until)
    listed = _listed(power)
    if not document.strip():
        raise NoDocument
    if until is not None and until <= since:
        raise DaysTurned(since=since, until=until)
    leader = pair_states([link], local_day(at))[0].leader
    if leader is None:
        raise NoOneLeader(group=link.group.name, team=link.team.name)
    held = LeaderPower.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=since), link=link, leader=leader, power=power
    )
    if held.filter(Q() if until is None else Q(valid_from__lt=until)).exists():
        raise PowerHeld(name=leader.name, power=listed.name)
    granted = LeaderPower.objects.create(
        link=link, leader=leader, power=power, document=document.strip(), granted_by=actor, valid_from=since,
        valid_until=until,
    )  # fmt: skip
    _record(POWER_GRANTED, granted, actor, at, granted, until=until)
    return granted


@transaction.atomic
def withdraw_power(*, power: LeaderPower, until: date, actor: Person, at: datetime) -> LeaderPower:
    """Take a power back from the day `until` on.

    :raises DaysTurned: it began later than that
    :raises Stale: it has ended by then already
    """
    GRANT_POWER.require(actor, power.link, at=at)
    if until < power.valid_from:
        raise DaysTurned(since=power.valid_from, until=until)
    if power.valid_until is not None and power.valid_until <= until:
        raise Stale
    if not LeaderPower.objects.filter(pk=power.pk, valid_until=power.valid_until).update(valid_until=until):
        raise Stale
    power.valid_until = until
    _record(POWER_WITHDRAWN, power, actor, at, power)
    return power


@transaction.atomic
def use_power(
    *, power: LeaderPower, day: date, actor: Person, at: datetime, text: str = "", people: Sequence[Person] = ()
) -> PowerUse:
    """Use a power for a day: note who did not come, say who does what, or propose something about somebody.

    :raises PowerNotHeld: the grant does not hold on `day`, or is not the actor's
    :raises NotLeaderNow: the actor does not lead both on that day
    :raises NotYet: attendance of a day to come
    :raises UsedThatDay: attendance of that day is noted already
    :raises UseSaysNothing: an order without text, a proposal without text or people
    :raises PersonOutside: somebody of another team
    """
    listed = _listed(power.power)
    _refuse_use(power, listed, day, actor, at)
    text = text.strip()
    needs_text, needs_people = listed.way != PowerWay.DAILY, listed.way == PowerWay.PROPOSAL
    if (needs_text and not text) or (needs_people and not people):
        raise UseSaysNothing
    inside = set(people_of_pair(power.link, day).values_list("pk", flat=True))
    for person in people:
        if person.pk not in inside:
            raise PersonOutside(name=person.name, team=power.link.team.name)
    state = UseState.PROPOSED if listed.way == PowerWay.PROPOSAL else UseState.RECORDED
    try:
        with transaction.atomic():
            use = PowerUse.objects.create(power=power, way=listed.way, day=day, text=text, used_at=at, state=state)
    except IntegrityError as error:
        raise UsedThatDay(day=day, power=listed.name) from error
    use.people.set(people)
    _record(POWER_USED, power, actor, at, use, day=day, people=len(people))
    return use


@transaction.atomic
def adopt_use(*, use: PowerUse, actor: Person, at: datetime, note: str = "") -> PowerUse:
    """Adopt what a leader proposed."""
    SETTLE_USE.require(actor, use, at=at)
    USE_FLOW.advance(use, "adopt", settled_by=actor, settled_at=at, settling_note=note.strip())
    _record(PROPOSAL_ADOPTED, use.power, actor, at, use)
    return use


@transaction.atomic
def return_use(*, use: PowerUse, reason: str, actor: Person, at: datetime) -> PowerUse:
    """Return what a leader proposed, with the reason.

    :raises NoReason: the reason is empty
    """
    SETTLE_USE.require(actor, use, at=at)
    if not reason.strip():
        raise NoReason
    USE_FLOW.advance(use, "return", settled_by=actor, settled_at=at, settling_note=reason.strip())
    _record(PROPOSAL_RETURNED, use.power, actor, at, use)
    return use


def _refuse_use(power: LeaderPower, listed: Power, day: date, actor: Person, at: datetime) -> None:
    is_granted = power.valid_from <= day and (power.valid_until is None or day < power.valid_until)
    if not USE_POWER.allows(actor, power, at=at) or not is_granted:
        raise PowerNotHeld(day=day, power=listed.name)
    if listed.way == PowerWay.DAILY and day > local_day(at):
        raise NotYet(day=day)
    leader = pair_states([power.link], min(day, local_day(at)))[0].leader
    if leader is None or leader.pk != actor.pk:
        raise NotLeaderNow(day=day, group=power.link.group.name, team=power.link.team.name)


def _listed(code: str) -> Power:
    listed = power_named(code)
    if listed is None:
        raise NoSuchPower(power=code)
    return listed


def _record(
    kind: FactKind, power: LeaderPower, actor: Person, at: datetime, source: LeaderPower | PowerUse, **said: object
) -> None:
    record(
        Draft(kind, at, actor, about=power.leader, body=power.link.group_id, unit=power.link.team_id,
              attributes={"power": power.power, **said}, source=source)
    )  # fmt: skip
