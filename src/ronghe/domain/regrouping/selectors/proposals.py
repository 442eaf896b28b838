"""Stored proposals as the solver's room knows them, and regroupings as an actor may see them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from django.db.models import Q, QuerySet

from ronghe.domain.org.enums import HOME_KINDS
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.regrouping.calc.judging import Judgement, judge
from ronghe.domain.regrouping.calc.model import Assignment, Problem, Requirements, Weights
from ronghe.domain.regrouping.calc.plain import from_plain
from ronghe.domain.regrouping.calc.proposals import Conflict
from ronghe.domain.regrouping.calc.reasons import Names, Reason, say
from ronghe.domain.regrouping.models import GroupingProposal, Regrouping
from ronghe.domain.regrouping.rules import DRAFT_GROUPS, SEE_REGROUPING
from ronghe.domain.regrouping.selectors.asking import pairs_of, pins_of
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.words import _


def regroupings_seen_by(actor: Person, at: datetime) -> QuerySet[Regrouping]:
    """Return the regroupings that `actor` may see, newest first: to be cut to one or a few."""
    rows = SEE_REGROUPING.narrow(actor, Regrouping.objects.all(), at=at, walk=True)
    return rows.select_related("body", "unit", "chosen", "created_by").order_by("-created_at", "-pk")


def list_regroupings(
    actor: Person, at: datetime, *, filters: Q | None = None, page: int = 1, size: int = 50
) -> Listed[Regrouping]:
    """Return one page of the regroupings that `actor` may see, newest first; two statements."""
    rows = Regrouping.objects.filter(filters or Q()).select_related("body", "unit", "chosen", "created_by")
    return list_seen(SEE_REGROUPING, actor, rows, order_by=("-created_at",), at=at, page=page, size=size)


def bodies_to_regroup(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the branches whose groups `actor` may draw, by name."""
    rows = DRAFT_GROUPS.narrow(actor, PartyOrg.objects.filter(valid_until=None, kind__in=HOME_KINDS), at=at)
    return rows.select_related("unit").order_by("name", "pk")


def proposals_of(regrouping: Regrouping) -> list[GroupingProposal]:
    """Return the proposals, today's first, then by letter: in the order in which they were made."""
    return list(regrouping.proposals.select_related("parent").order_by("pk"))


def letter_name(proposal: GroupingProposal) -> str:
    """Return 现状, or 方案 with its letter."""
    return _("现状") if proposal.is_today else _("方案 %(letter)s") % {"letter": proposal.letter}


@dataclass(frozen=True)
class Arrangement:
    """A proposal opened: the question, the grouping and what it is worth, with everybody's name."""

    proposal: GroupingProposal
    problem: Problem
    assignment: Assignment
    people: dict[int, Person]
    units: dict[int, AdminUnit]
    groups_today: dict[int, PartyOrg]
    """By key."""

    @cached_property
    def judgement(self) -> Judgement:
        return judge(self.problem, self.assignment)

    @cached_property
    def names(self) -> Names:
        return Names(
            {pk: one.name for pk, one in self.people.items()}, {pk: one.name for pk, one in self.units.items()}
        )

    def say(self, reason: Reason) -> str:
        return say(reason, self.names)

    def group_today(self, place: int | None) -> PartyOrg | None:
        """Return the Party group that members' `group` counts by `place`."""
        return None if place is None else self.groups_today.get(self.proposal.groups_today[place])


def open_proposal(proposal: GroupingProposal, assignment: Assignment | None = None) -> Arrangement | None:
    """Return a proposal opened, or another grouping of its question; nothing while none is found. Three reads."""
    if assignment is None:
        if proposal.assignment is None:
            return None
        assignment = from_plain(Assignment, proposal.assignment)
    problem = asked_now(proposal)
    people = Person.objects.select_related("unit").in_bulk([member.id for member in problem.members])
    units = AdminUnit.objects.in_bulk([station.id for station in problem.stations])
    named = replace(
        problem,
        members=tuple(replace(one, name=people[one.id].name) for one in problem.members),
        stations=tuple(replace(one, name=units[one.id].name) for one in problem.stations),
    )
    groups = PartyOrg.objects.in_bulk(proposal.groups_today)
    return Arrangement(proposal, named, assignment, people, units, groups)


def asked_now(proposal: GroupingProposal) -> Problem:
    """Return the proposal's people and stations under what the regrouping asks now, so that all proposals are judged alike.

    What the search itself was asked stays in `proposal.problem`.
    """
    problem, regrouping = from_plain(Problem, proposal.problem), proposal.regrouping
    known = {member.id for member in problem.members}
    return replace(
        problem,
        members=tuple(
            replace(one, may_lead=regrouping.leading.get(str(one.id), one.may_lead)) for one in problem.members
        ),
        requirements=from_plain(Requirements, regrouping.requirements),
        weights=from_plain(Weights, regrouping.weights),
        pins=pins_of(
            regrouping,
            known,
            {group: place for place, group in enumerate(proposal.groups_today)},
            {station.id for station in problem.stations},
        ),
        apart=pairs_of(regrouping, known),
    )


def conflict_of(proposal: GroupingProposal) -> list[Conflict]:
    """Return the stored smallest sets of rules that cannot all be kept."""
    return [from_plain(Conflict, one) for one in proposal.conflict]


def names_in(proposal: GroupingProposal) -> Names:
    """Return the names of everybody and every station in the question, for words about it."""
    problem = proposal.problem
    people = Person.objects.filter(pk__in=[one["id"] for one in problem["members"]]).order_by()
    units = AdminUnit.objects.filter(pk__in=[one["id"] for one in problem["stations"]]).order_by()
    return Names(dict(people.values_list("pk", "name")), dict(units.values_list("pk", "name")))
