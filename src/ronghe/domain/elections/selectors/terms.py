"""Terms as they run out, bodies without a head, and what a person is to be reminded of; the number of reads is fixed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import DateField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from ronghe.domain.elections.calc.terms import add_months, due_word
from ronghe.domain.elections.enums import HEAD_ROLES, RUNNING, TERM_KINDS, TermDue
from ronghe.domain.elections.models import Election, Term
from ronghe.domain.elections.rules import figures_in_force
from ronghe.domain.org.enums import PostSource, tree_of
from ronghe.domain.org.models import PartyOrg, Person, PostHolding
from ronghe.domain.org.rules import LEADERS, MASS_LEADERS, SEE_PARTY_ORG
from ronghe.domain.org.rules.reaches import local_day, posts_of
from ronghe.kernel.db.tree import descendants, on_day

NEVER = date(1, 1, 1)
"""Stands for "no term" where bodies are sorted by the end of their term."""
ORDER = list(TermDue)
NAMED = 500
"""So many bodies are named in a statement; for more of them everything is read, which costs less than naming them."""


@dataclass(frozen=True, slots=True)
class TermState:
    """A body, its present term, how near the end is, and the election that is under way."""

    body: PartyOrg
    term: Term | None
    due: TermDue
    days_left: int | None
    """Days until the end; negative once it is over."""
    election: Election | None

    @property
    def is_pressing(self) -> bool:
        return self.due in (TermDue.OVERDUE, TermDue.ONE_MONTH)


@dataclass(frozen=True, slots=True)
class HeadState:
    """Who leads a body: the post held, acting or not; none is a gap that a by-election closes (PE-11)."""

    body: PartyOrg
    post: PostHolding | None

    @property
    def is_vacant(self) -> bool:
        return self.post is None

    @property
    def is_acting(self) -> bool:
        return self.post is not None and self.post.source == PostSource.ACTING


def electing_bodies() -> QuerySet[PartyOrg]:
    """Return the bodies in force that have terms."""
    return PartyOrg.objects.filter(valid_until=None, kind__in=TERM_KINDS)


def term_states(bodies: Iterable[PartyOrg], day: date) -> list[TermState]:
    """Return how the term of each body stands on `day`, in the order of `bodies`: two reads."""
    rows = list(bodies)
    keys = [body.pk for body in rows]
    terms = {term.body_id: term for term in Term.objects.filter(body__in=keys, ended_on=None).order_by("pk")}
    running = Election.objects.filter(body__in=keys, state__in=RUNNING).order_by("pk")
    elections = {election.body_id: election for election in running}
    months = figures_in_force().remind_months
    return [_state(body, terms.get(body.pk), elections.get(body.pk), day, months) for body in rows]


def terms_running_out(bodies: Iterable[PartyOrg] | None, day: date) -> list[TermState]:
    """Return the bodies whose term is over, ends within six months, or was never recorded; the most pressing first.

    `None` asks for all bodies. Three reads, whatever their number (PE-06).
    """
    if bodies is None:
        ends = Term.objects.filter(body=OuterRef("pk"), ended_on=None).order_by().values("ends_on")[:1]
        limit = add_months(day, figures_in_force().remind_months)
        rows: Any = electing_bodies().annotate(term_ends=Subquery(ends))
        chosen = rows.filter(Q(term_ends=None) | Q(term_ends__lte=limit)).order_by("name", "pk")
    else:
        chosen = [body for body in bodies if body.kind in TERM_KINDS]
    states = [state for state in _of_many(chosen, day) if state.due != TermDue.RUNNING]
    return sorted(states, key=lambda state: (ORDER.index(state.due), state.days_left or 0, state.body.pk))


def _of_many(bodies: Iterable[PartyOrg], day: date) -> list[TermState]:
    """Return the states without naming the bodies in a statement: terms and elections are read whole."""
    terms = {term.body_id: term for term in Term.objects.filter(ended_on=None).order_by("pk")}
    elections = {row.body_id: row for row in Election.objects.filter(state__in=RUNNING).order_by("pk")}
    months = figures_in_force().remind_months
    return [_state(body, terms.get(body.pk), elections.get(body.pk), day, months) for body in bodies]


def _state(body: PartyOrg, term: Term | None, election: Election | None, day: date, months: int) -> TermState:
    due = TermDue(due_word(term.ends_on if term else None, day, remind_months=months))
    return TermState(body, term, due, (term.ends_on - day).days if term else None, election)


def bodies_by_due(rows: QuerySet[PartyOrg], due: str, day: date) -> Any:
    """Return `rows` with the end of their term as `ends`, those without one first; cut to `due` where it is one."""
    ends = Term.objects.filter(body=OuterRef("pk"), ended_on=None).order_by().values("ends_on")[:1]
    dated: Any = rows.annotate(ends=Coalesce(Subquery(ends), Value(NEVER), output_field=DateField()))
    bounds = _bounds(day)
    if due in bounds:
        after, until = bounds[due]
        dated = dated.filter(ends__gt=after, ends__lte=until)
    elif due == TermDue.MISSING:
        dated = dated.filter(ends=NEVER)
    elif due == "pressing":
        dated = dated.filter(ends__lte=bounds[TermDue.SIX_MONTHS][1])
    return dated


def _bounds(day: date) -> dict[str, tuple[date, date]]:
    """Return for each state the days between which its terms end: after the first, until the second."""
    one, three, six = (add_months(day, months) for months in (1, 3, figures_in_force().remind_months))
    return {
        TermDue.OVERDUE: (NEVER, day),
        TermDue.ONE_MONTH: (day, one),
        TermDue.THREE_MONTHS: (one, three),
        TermDue.SIX_MONTHS: (three, six),
        TermDue.RUNNING: (six, date.max),
    }


def terms_of(body: PartyOrg) -> list[Term]:
    """Return the terms of a body, the newest first, each with its shifts."""
    rows = body.terms.select_related("recorded_by").prefetch_related("shifts__decided_by")
    return list(rows.order_by("-number", "pk"))


def head_states(bodies: Iterable[PartyOrg], day: date) -> list[HeadState]:
    """Return who leads each body on `day`: one read. Whoever holds the post outright comes before one who acts."""
    rows = list(bodies)
    posts = PostHolding.objects.filter(on_day(day), body__isnull=False, role__in=HEAD_ROLES.values())
    if len(rows) <= NAMED:
        posts = posts.filter(body__in=[body.pk for body in rows])
    held: dict[tuple[int | None, str], PostHolding] = {}
    for post in posts.select_related("person").order_by("pk"):
        place = (post.body_id, post.role)
        if place not in held or held[place].source == PostSource.ACTING:
            held[place] = post
    return [HeadState(body, held.get((body.pk, HEAD_ROLES[tree_of(body.kind)]))) for body in rows]


def bodies_without_head(bodies: Iterable[PartyOrg] | None, day: date) -> list[HeadState]:
    """Return the bodies that nobody leads, or somebody leads only for the time being: gaps that a by-election closes."""
    asked = electing_bodies().order_by("name", "pk") if bodies is None else bodies
    states = head_states((body for body in asked if body.kind in TERM_KINDS), day)
    return [state for state in states if state.is_vacant or state.is_acting]


@dataclass(frozen=True, slots=True)
class Reminder:
    """What somebody is reminded of: one body's term, or how many terms below run out."""

    states: list[TermState]
    below: int


def reminders_for(actor: Person, at: datetime) -> Reminder:
    """Return the terms running out of the bodies that `actor` leads, and how many do below the actor's committee.

    Nothing is read for whoever holds no such post; otherwise three statements (PE-06).
    """
    day = local_day(at)
    posts = [post for post in posts_of(actor, day) if post.body_id is not None]
    led = {post.body_id for post in posts if post.role in LEADERS | MASS_LEADERS}
    offices = {post.body_id for post in posts if post.role == "committee_clerk"}
    if not led:
        return Reminder([], 0)
    limit = add_months(day, figures_in_force().remind_months)
    ending = Term.objects.filter(ended_on=None, ends_on__lte=limit, body__valid_until=None)
    own = ending.filter(body__in=led).select_related("body").order_by("ends_on", "pk")
    elections = Election.objects.filter(body__in=led, state__in=RUNNING).order_by("pk")
    by_body = {election.body_id: election for election in elections}
    months = figures_in_force().remind_months
    states = [_state(term.body, term, by_body.get(term.body_id), day, months) for term in own]
    below = 0
    if offices:
        reached = descendants(PartyOrg, sorted(offices, key=int), day=day)
        below = ending.filter(body__in=reached).exclude(body__in=led).count()
    return Reminder(states, below)


def electing_bodies_seen_by(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies with terms that `actor` may see: to be cut to one or a few."""
    rows = SEE_PARTY_ORG.narrow(actor, electing_bodies(), at=at, walk=True)
    return rows.select_related("parent", "unit").order_by("name", "pk")


def open_term(body: PartyOrg) -> Term | None:
    """Return the present term of a body."""
    return body.terms.filter(ended_on=None).first()
