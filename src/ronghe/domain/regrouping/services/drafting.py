"""A regrouping is opened and asked differently: groups, hubs, needs, weights, pins, pairs, who may lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from ronghe.domain.org.enums import HOME_KINDS, UnitKind
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.regrouping.calc.comparing import today
from ronghe.domain.regrouping.calc.model import (
    RELAXING_ORDER,
    Assignment,
    Dimension,
    Problem,
    Requirements,
    Weights,
)
from ronghe.domain.regrouping.calc.plain import to_plain
from ronghe.domain.regrouping.enums import ProposalSource
from ronghe.domain.regrouping.facts import REGROUPING_OPENED
from ronghe.domain.regrouping.models import GroupingProposal, Regrouping
from ronghe.domain.regrouping.rules import DRAFT_GROUPS, DRAFT_REGROUPING
from ronghe.domain.regrouping.selectors.asking import Question, question_of, usual_requirements
from ronghe.domain.regrouping.selectors.crew import crew_of
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_

MOST_GROUPS = 12
MOST_PEOPLE = 1_000
TODAY = "0"
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without I and O, which look like figures on paper."""


class NotSplit(DomainError):
    code = "not_split"
    sentence = N_("“%(body)s”不是党支部，不在这里划分党小组（PO-08）。请选它下面的党支部。")
    status = 422


class NobodyToGroup(DomainError):
    code = "nobody_to_group"
    sentence = N_("“%(body)s”有 %(have)s 人，不能划分 %(need)s 组。请减少组数，或先把人员编入。")
    status = 422


class GroupsOutOfRange(DomainError):
    code = "groups_out_of_range"
    sentence = N_("组数须在 2 到 12 之间，写的是 %(count)s。")
    status = 422


class TooManyHubs(DomainError):
    code = "too_many_hubs"
    sentence = N_("定了 %(hubs)s 个中心站，只划分 %(groups)s 组。请增加组数，或少定几个。")
    status = 422


class DayAhead(DomainError):
    code = "day_ahead"
    sentence = N_("数据日期 %(day)s 还没有到，请改为今天或以前。")
    status = 422


class NotDrafting(DomainError):
    code = "not_drafting"
    sentence = N_("方案已%(state)s，不能再改。要改请先退回。")


class NotInCrew(DomainError):
    code = "not_in_crew"
    sentence = N_("%(name)s不在这次划分的人员里。")
    status = 422


class PairOfOne(DomainError):
    code = "pair_of_one"
    sentence = N_("请选两个不同的人。")
    status = 422


@transaction.atomic
def open_regrouping(
    *, body: PartyOrg, group_count: int, as_of: date, actor: Person, at: datetime, unit: AdminUnit | None = None,
    hubs: Sequence[AdminUnit] = (),
) -> Regrouping:  # fmt: skip
    """Begin to split a branch, or all staff of its operation area, with the usual needs and today's grouping beside.

    :raises NotSplit: the body is no branch (PO-08)
    :raises GroupsOutOfRange, TooManyHubs, DayAhead: what is asked cannot be
    :raises NobodyToGroup: fewer people than groups
    """
    DRAFT_GROUPS.require(actor, body, at=at)
    if body.kind not in HOME_KINDS:
        raise NotSplit(body=body.name)
    _refuse_odd(group_count, len(hubs))
    if as_of > local_day(at):
        raise DayAhead(day=as_of)
    crew = crew_of(body, unit, as_of)
    if len(crew.members) < group_count:
        raise NobodyToGroup(body=body.name, have=len(crew.members), need=group_count)
    regrouping = Regrouping.objects.create(
        body=body,
        unit=unit,
        as_of=as_of,
        group_count=group_count,
        hubs=[hub.pk for hub in hubs],
        requirements=to_plain(usual_requirements(crew.members, group_count)),
        weights=to_plain(Weights()),
        bands=[one.value for one in RELAXING_ORDER],
        created_by=actor,
        created_at=at,
    )
    add_today(regrouping=regrouping, question=question_of(regrouping), actor=actor, at=at)
    record(Draft(REGROUPING_OPENED, at, actor, body=body.pk, attributes={"groups": group_count}, source=regrouping))
    return regrouping


def add_today(*, regrouping: Regrouping, question: Question, actor: Person, at: datetime) -> GroupingProposal | None:
    """Keep the grouping as it is beside the proposals; nothing where nobody has a group."""
    grouping = today_of(question.problem)
    if grouping is None:
        return None
    return GroupingProposal.objects.create(
        regrouping=regrouping,
        letter=TODAY,
        source=ProposalSource.TODAY,
        problem=stored_problem(question.problem),
        groups_today=[group.pk for group in question.crew.groups],
        assignment=to_plain(grouping),
        created_by=actor,
        created_at=at,
    )


def today_of(problem: Problem) -> Assignment | None:
    """Return today's grouping; who has no group today counts where the own station lies."""
    grouping = today(problem)
    if grouping is None:
        return None
    region = {station: place for place, area in enumerate(grouping.areas) for station in area.stations}
    lone = {
        member.id: region[member.home_station]
        for member in problem.members
        if member.id not in grouping.where and member.home_station in region and member.home_station is not None
    }
    return replace(grouping, where={**grouping.where, **lone})


def stored_problem(problem: Problem) -> dict[str, Any]:
    """Return the question as it is kept: without anybody's name."""
    plain: dict[str, Any] = to_plain(problem)
    return plain


def next_letter(regrouping: Regrouping) -> str:
    """Return the letter of the next proposal: A to Z, then A2 and so on."""
    made = regrouping.proposals.exclude(letter=TODAY).count()
    turn, place = divmod(made, len(LETTERS))
    return LETTERS[place] + (str(turn + 1) if turn else "")


@transaction.atomic
def change_question(
    *, regrouping: Regrouping, seen: int, actor: Person, at: datetime, group_count: int | None = None,
    hubs: Sequence[AdminUnit] | None = None, requirements: Requirements | None = None, weights: Weights | None = None,
    bands: Sequence[Dimension] | None = None,
) -> Regrouping:  # fmt: skip
    """Ask differently from now on; proposals that were made keep what they were asked. `seen`: the version looked at.

    :raises GroupsOutOfRange, TooManyHubs: what is asked cannot be
    :raises NotDrafting: it was submitted
    :raises Stale: somebody else changed the question a moment ago
    """
    DRAFT_REGROUPING.require(actor, regrouping, at=at)
    groups = regrouping.group_count if group_count is None else group_count
    fixed = regrouping.hubs if hubs is None else [hub.pk for hub in hubs]
    _refuse_odd(groups, len(fixed))
    changes: dict[str, Any] = {"group_count": groups, "hubs": fixed}
    if requirements is not None:
        changes["requirements"] = to_plain(requirements)
    if weights is not None:
        changes["weights"] = to_plain(weights)
    if bands is not None:
        changes["bands"] = [one.value for one in bands]
    return change(regrouping, seen, **changes)


@transaction.atomic
def pin_person(
    *, regrouping: Regrouping, person: Person, actor: Person, at: datetime, hub: AdminUnit | None = None,
    group: PartyOrg | None = None,
) -> Regrouping:  # fmt: skip
    """Fix a person to the region of a hub station, or to whatever continues a group of today; with neither, free them.

    :raises NotInCrew: the person is not among those placed
    """
    DRAFT_REGROUPING.require(actor, regrouping, at=at)
    _refuse_strangers(regrouping, person)
    pins = [pin for pin in regrouping.pins if pin["member"] != person.pk]
    if hub is not None:
        pins.append({"member": person.pk, "hub": hub.pk, "group": None})
    elif group is not None:
        pins.append({"member": person.pk, "hub": None, "group": group.pk})
    return change(regrouping, regrouping.settings_version, pins=pins)


@transaction.atomic
def set_apart(
    *, regrouping: Regrouping, first: Person, second: Person, actor: Person, at: datetime, apart: bool = True
) -> Regrouping:
    """Keep two people in different groups, or no longer.

    :raises PairOfOne: they are the same person
    :raises NotInCrew: one of them is not among those placed
    """
    DRAFT_REGROUPING.require(actor, regrouping, at=at)
    if first.pk == second.pk:
        raise PairOfOne
    pair = sorted([first.pk, second.pk])
    pairs = [one for one in regrouping.apart if sorted(one) != pair]
    if apart:
        _refuse_strangers(regrouping, first)
        _refuse_strangers(regrouping, second)
        pairs.append(pair)
    return change(regrouping, regrouping.settings_version, apart=pairs)


@transaction.atomic
def set_leading(
    *, regrouping: Regrouping, person: Person, may_lead: bool | None, actor: Person, at: datetime
) -> Regrouping:
    """Say that a person may, or may not, lead Party group and team; `None` leaves it to the records (PO-09)."""
    DRAFT_REGROUPING.require(actor, regrouping, at=at)
    _refuse_strangers(regrouping, person)
    leading: Mapping[str, bool] = {pk: said for pk, said in regrouping.leading.items() if pk != str(person.pk)}
    if may_lead is not None:
        leading = {**leading, str(person.pk): may_lead}
    return change(regrouping, regrouping.settings_version, leading=leading)


def change(regrouping: Regrouping, seen: int, **changes: Any) -> Regrouping:
    """Write changes of the question in one update that has one winner.

    :raises NotDrafting: it was submitted
    :raises Stale: somebody else changed the question a moment ago
    """
    refuse_settled(regrouping)
    rows = Regrouping.objects.filter(pk=regrouping.pk, settings_version=seen, state=regrouping.state)
    if not rows.update(settings_version=seen + 1, **changes):
        raise Stale
    for name, value in {**changes, "settings_version": seen + 1}.items():
        setattr(regrouping, name, value)
    return regrouping


def refuse_settled(regrouping: Regrouping) -> None:
    """Return while proposals are being made.

    :raises NotDrafting: it was submitted
    """
    if not regrouping.is_drafting:
        raise NotDrafting(state=regrouping.get_state_display())


def _refuse_odd(groups: int, hubs: int) -> None:
    if not 2 <= groups <= MOST_GROUPS:
        raise GroupsOutOfRange(count=groups)
    if hubs > groups:
        raise TooManyHubs(hubs=hubs, groups=groups)


def _refuse_strangers(regrouping: Regrouping, person: Person) -> None:
    crew = crew_of(regrouping.body, regrouping.unit, regrouping.as_of)
    if person.pk not in crew.people:
        raise NotInCrew(name=person.name)


def unit_to_regroup(body: PartyOrg) -> AdminUnit | None:
    """Return the operation area of a branch, whose whole staff may be placed; nothing where it has none."""
    unit = body.unit
    return unit if unit is not None and unit.kind == UnitKind.OPERATION_AREA else None
