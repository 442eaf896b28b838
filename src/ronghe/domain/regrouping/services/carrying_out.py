"""An approved regrouping becomes fact: groups founded and ended, members moved, leaders named, regions drawn.

All of it or nothing, once, dated from the day that was decided; within the day it can be taken back by another act.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from ronghe.domain.org.enums import MembershipKind, PartyOrgKind, PostRole, StaffingMode
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person, PostHolding, StationMode
from ronghe.domain.org.rules import CHANGE_UNITS
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.services.people import leave_post, move_in_group, take_post
from ronghe.domain.org.services.trees import create_party_org, set_station_mode
from ronghe.domain.regrouping.calc.model import Standing
from ronghe.domain.regrouping.enums import REGROUPING_FLOW, RegroupingState
from ronghe.domain.regrouping.facts import REGROUPING_CARRIED_OUT, REGROUPING_UNDONE
from ronghe.domain.regrouping.models import Regrouping
from ronghe.domain.regrouping.rules import CARRY_OUT_REGROUPING
from ronghe.domain.regrouping.selectors.proposals import Arrangement, open_proposal
from ronghe.domain.regrouping.services.deciding import DataChanged, refuse_broken, refuse_changed
from ronghe.domain.structure.facts import BODY_DISSOLVED
from ronghe.kernel.db import tree
from ronghe.kernel.documents.numbering import chinese_number
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record, reverse
from ronghe.kernel.words import N_

GROUP_NAME = N_("第%(number)s党小组")


class NotYet(DomainError):
    code = "not_yet"
    sentence = N_("支委会定的执行日期是 %(day)s，还没有到。到那天会自动执行。")


class UndoneTooLate(DomainError):
    code = "undone_too_late"
    sentence = N_("只能在执行当天撤回；以后要改，请另办一次划分。")


@dataclass(slots=True)
class _Written:
    """What carrying out wrote, so that it can be taken back within the day."""

    since: date
    founded: list[int] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    dissolved: list[int] = field(default_factory=list)
    """Facts of ended groups."""
    moved: list[list[int | None]] = field(default_factory=list)
    """Person, group before, group now."""
    leaders: list[list[int]] = field(default_factory=list)
    """Group and person of posts that were given."""
    left: list[list[int]] = field(default_factory=list)
    """Group and person of posts that ended."""
    regions: list[dict[str, Any]] = field(default_factory=list)
    """Station with its mode before."""

    def plain(self) -> dict[str, Any]:
        return {
            "since": self.since.isoformat(), "founded": self.founded, "ended": self.ended, "dissolved": self.dissolved,
            "moved": self.moved, "leaders": self.leaders, "left": self.left, "regions": self.regions,
        }  # fmt: skip


@transaction.atomic
def carry_out(*, regrouping: Regrouping, actor: Person, at: datetime) -> Regrouping:
    """Carry an approved regrouping out, dated from its day. One that is carried out already is left as it is.

    :raises StepNotAllowed: it is not approved
    :raises NotYet: its day is still to come
    :raises NotReady: a group would break a rule (PO-09)
    :raises DataChanged: people, groups or stations are not what they were when it was proposed
    :raises Stale: somebody else carries it out at this moment
    """
    CARRY_OUT_REGROUPING.require(actor, regrouping, at=at)
    if regrouping.state == RegroupingState.CARRIED_OUT:
        return regrouping
    if regrouping.effective_on is not None and regrouping.effective_on > local_day(at):
        raise NotYet(day=regrouping.effective_on)
    REGROUPING_FLOW.advance(regrouping, "carry_out", carried_out_by=actor, carried_out_at=at, refused_because=None)
    proposal, since = regrouping.chosen, regrouping.effective_on
    opened = open_proposal(proposal) if proposal is not None else None
    if opened is None or since is None:
        raise AssertionError(regrouping)
    refuse_changed(opened.proposal, local_day(at))
    refuse_broken(opened)
    written = _Carrying(opened, regrouping.body, since, actor, at).carry_out()
    regrouping.carried_out = written.plain()
    regrouping.save(update_fields=["carried_out"])
    counts = {
        "founded": len(written.founded), "ended": len(written.ended), "moved": len(written.moved),
        "leaders": len(written.leaders),
    }  # fmt: skip
    record(Draft(REGROUPING_CARRIED_OUT, at, actor, body=regrouping.body_id, attributes=counts, source=regrouping))
    return regrouping


def carry_out_due(*, at: datetime) -> list[Regrouping]:
    """Carry out what was decided for today or before, in the name of who submitted it; a refusal is kept to be read."""
    day = local_day(at)
    due = Regrouping.objects.filter(state=RegroupingState.APPROVED, effective_on__lte=day)
    done = []
    for regrouping in due.select_related("body", "chosen", "submitted_by").order_by("effective_on", "pk"):
        if regrouping.submitted_by is None:
            raise AssertionError(regrouping)
        try:
            done.append(carry_out(regrouping=regrouping, actor=regrouping.submitted_by, at=at))
        except DomainError as error:
            Regrouping.objects.filter(pk=regrouping.pk).update(refused_because=str(error)[:400])
    return done


class _Carrying:
    """One carrying out, inside its transaction."""

    def __init__(self, opened: Arrangement, body: PartyOrg, since: date, actor: Person, at: datetime) -> None:
        self.opened, self.body, self.since, self.actor, self.at = opened, body, since, actor, at
        self.written = _Written(since)

    def carry_out(self) -> _Written:
        groups = self._groups()
        self._move_members(groups)
        self._name_leaders(groups)
        self._end_others(groups)
        self._draw_regions()
        return self.written

    def _groups(self) -> list[PartyOrg]:
        """Today's group where one goes on, else a new one with the next number that is free."""
        names = set(PartyOrg.objects.filter(parent=self.body, valid_until=None).values_list("name", flat=True))
        groups = []
        for area in self.opened.assignment.areas:
            group = self.opened.group_today(area.continues)
            if group is None:
                name = next(
                    name
                    for number in range(1, 100)
                    if (name := GROUP_NAME % {"number": chinese_number(number)}) not in names
                )
                names.add(name)
                group = create_party_org(
                    name=name, kind=PartyOrgKind.PARTY_GROUP, parent=self.body, since=self.since, actor=self.actor,
                    at=self.at, unit=self.opened.units.get(area.hub) if area.hub is not None else None,
                )  # fmt: skip
                self.written.founded.append(group.pk)
            groups.append(group)
        return groups

    def _move_members(self, groups: list[PartyOrg]) -> None:
        """Members of the branch, and only they, are in Party groups; other staff of the area stand in the proposal."""
        party = [one.id for one in self.opened.problem.members if one.standing is not Standing.NONE]
        homes = Membership.objects.filter(
            body=self.body, kind=MembershipKind.HOME, valid_until=None, person__in=party
        ).select_related("person", "body")
        for membership in homes.order_by("pk"):
            group = groups[self.opened.assignment.where[membership.person_id]]
            if membership.group_id != group.pk:
                before = membership.group_id
                move_in_group(membership=membership, group=group, since=self.since, actor=self.actor, at=self.at)
                self.written.moved.append([membership.person_id, before, group.pk])

    def _name_leaders(self, groups: list[PartyOrg]) -> None:
        """One leader a group: who led before and does not any more leaves the post first (PO-09)."""
        wanted = {
            group.pk: leader
            for at, group in enumerate(groups)
            if (leader := self.opened.assignment.leader_of(at)) is not None
        }
        here = {*wanted, *self.opened.proposal.groups_today}
        held = _leading(here)
        for post in held:
            if wanted.get(_body_of(post)) != post.person_id:
                leave_post(post=post, until=self.since, actor=self.actor, at=self.at)
                self.written.left.append([_body_of(post), post.person_id])
        stays = {(post.body_id, post.person_id) for post in held}
        for group in groups:
            leader = wanted.get(group.pk)
            if leader is not None and (group.pk, leader) not in stays:
                take_post(
                    person=self.opened.people[leader], role=PostRole.GROUP_LEADER, body=group, since=self.since,
                    actor=self.actor, at=self.at,
                )  # fmt: skip
                self.written.leaders.append([group.pk, leader])

    def _end_others(self, groups: list[PartyOrg]) -> None:
        """Today's groups that nothing continues end; whoever is left in one was not asked about.

        :raises DataChanged: a group that would end still has members
        """
        kept = {group.pk for group in groups}
        for pk in self.opened.proposal.groups_today:
            if pk in kept:
                continue
            left = Membership.objects.filter(group_id=pk, valid_until=None).count()
            if left:
                raise DataChanged(count=left)
            group = self.opened.groups_today[pk]
            tree.close(group, until=self.since)
            fact = record(Draft(BODY_DISSOLVED, self.at, self.actor, body=pk, source=group))
            self.written.ended.append(pk)
            self.written.dissolved.append(fact.pk)

    def _draw_regions(self) -> None:
        """Say of each station in whose region it lies, where the actor may and it is known how it is manned (AL-16)."""
        modes = StationMode.objects.filter(station__in=self.opened.units, valid_until=None).order_by("pk")
        now = {mode.station_id: mode for mode in modes}
        for area in self.opened.assignment.areas:
            for station in area.stations:
                mode, is_hub = now.get(station), station == area.hub
                hub = None if is_hub or area.hub is None else area.hub
                if mode is None or (mode.is_hub, mode.hub_id) == (is_hub, hub) or mode.valid_from > self.since:
                    continue
                if not CHANGE_UNITS.allows(self.actor, self.opened.units[station], at=self.at):
                    continue
                self.written.regions.append(
                    {"station": station, "staffing": mode.staffing, "is_hub": mode.is_hub, "hub": mode.hub_id}
                )
                set_station_mode(
                    station=self.opened.units[station], staffing=StaffingMode(mode.staffing), since=self.since,
                    actor=self.actor, at=self.at, is_hub=is_hub, hub=None if hub is None else self.opened.units[hub],
                )  # fmt: skip


@transaction.atomic
def undo_carrying_out(*, regrouping: Regrouping, actor: Person, at: datetime) -> Regrouping:
    """Take a carrying out back on the day it was done: everybody and every post as before, as further acts.

    :raises UndoneTooLate: it was another day
    :raises StepNotAllowed: it is not carried out
    :raises DataChanged: somebody was moved since
    """
    CARRY_OUT_REGROUPING.require(actor, regrouping, at=at)
    done_at = regrouping.carried_out_at
    REGROUPING_FLOW.advance(regrouping, "undo")
    if done_at is None or local_day(done_at) != local_day(at):
        raise UndoneTooLate
    written = regrouping.carried_out
    since = date.fromisoformat(written["since"])
    _revive(written, since, actor, at)
    _move_back(regrouping, written, since, actor, at)
    _leaders_back(written, since, actor, at)
    for pk in written["founded"]:
        tree.close(PartyOrg.objects.get(pk=pk), until=since)
    _regions_back(written, since, actor, at)
    counts = {"moved": len(written["moved"])}
    record(Draft(REGROUPING_UNDONE, at, actor, body=regrouping.body_id, attributes=counts, source=regrouping))
    return regrouping


def _revive(written: Mapping[str, Any], since: date, actor: Person, at: datetime) -> None:
    PartyOrg.objects.filter(pk__in=written["ended"], valid_until=since).update(valid_until=None)
    PartyOrg.links().filter(descendant__in=written["ended"], valid_until=since).update(valid_until=None)
    for fact in Fact.objects.filter(pk__in=written["dissolved"]).order_by("pk"):
        reverse(fact, by=actor, at=at)


def _move_back(regrouping: Regrouping, written: Mapping[str, Any], since: date, actor: Person, at: datetime) -> None:
    groups = PartyOrg.objects.in_bulk([before for _person, before, _now in written["moved"] if before is not None])
    homes = Membership.objects.filter(
        body=regrouping.body_id, kind=MembershipKind.HOME, valid_until=None,
        person__in=[person for person, _before, _now in written["moved"]],
    ).select_related("person", "body")  # fmt: skip
    now = {home.person_id: home for home in homes.order_by("pk")}
    for person, before, group in written["moved"]:
        home = now.get(person)
        if home is None or home.group_id != group:
            raise DataChanged(count=1)
        move_in_group(membership=home, group=groups.get(before), since=since, actor=actor, at=at)


def _leaders_back(written: Mapping[str, Any], since: date, actor: Person, at: datetime) -> None:
    given = {(group, person) for group, person in written["leaders"]}
    for post in _leading({group for group, _person in given}):
        if (post.body_id, post.person_id) in given:
            leave_post(post=post, until=since, actor=actor, at=at)
    people = Person.objects.in_bulk([person for _group, person in written["left"]])
    bodies = PartyOrg.objects.in_bulk([group for group, _person in written["left"]])
    for group, person in written["left"]:
        take_post(
            person=people[person], role=PostRole.GROUP_LEADER, body=bodies[group], since=since, actor=actor, at=at
        )


def _regions_back(written: Mapping[str, Any], since: date, actor: Person, at: datetime) -> None:
    places = {row[key] for row in written["regions"] for key in ("station", "hub") if row[key] is not None}
    units = AdminUnit.objects.in_bulk(places)
    for row in written["regions"]:
        set_station_mode(
            station=units[row["station"]], staffing=StaffingMode(row["staffing"]), since=since, actor=actor, at=at,
            is_hub=row["is_hub"], hub=units.get(row["hub"]),
        )  # fmt: skip


def _leading(groups: set[int]) -> list[PostHolding]:
    rows = PostHolding.objects.filter(body__in=groups, role=PostRole.GROUP_LEADER, valid_until=None)
    return list(rows.select_related("person", "body").order_by("pk"))


def _body_of(post: PostHolding) -> int:
    if post.body_id is None:
        raise AssertionError(post)
    return post.body_id
