"""The skill matrix as a page shows it: people down, trades across, with how many have each trade."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from ronghe.domain.members.enums import SkillState
from ronghe.domain.members.models import MentorPair, PersonSkill
from ronghe.domain.members.rules import KEEP_SKILLS
from ronghe.domain.members.selectors.skills import HeldSkill, skills_of
from ronghe.domain.org.enums import MembershipKind
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person
from ronghe.domain.org.rules import SEE_PERSON
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import descendants, on_day

COLUMNS = 18
"""Trades across; the most frequent ones, the others are found by the filter."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """One page of people, the trades across with their counts over everybody the filters leave, most frequent first."""

    people: Listed[Person]
    trades: list[tuple[str, int]]
    held: dict[int, list[HeldSkill]]

    def cells(self, person: Person) -> list[HeldSkill | None]:
        """Return what the person has in each trade across."""
        known = {skill.trade: skill for skill in self.held.get(person.pk, [])}
        return [known.get(trade) for trade, _count in self.trades]


def skill_matrix(
    actor: Person, at: datetime, *, body: int | None = None, unit: int | None = None, text: str = "", trade: str = "",
    page: int = 1, size: int = 20,
) -> Matrix:  # fmt: skip
    """Return one page of the matrix of whom `actor` may see, in a constant number of statements."""
    rows = _filtered(at, body, unit, text, trade)
    people = list_seen(SEE_PERSON, actor, rows.select_related("unit"), order_by=["name"], at=at, page=page, size=size)
    counts = trade_counts(SEE_PERSON.narrow(actor, rows, at=at))
    return Matrix(people, counts[:COLUMNS], skills_of([person.pk for person in people]))


def skill_lines(
    actor: Person, at: datetime, *, body: int | None = None, unit: int | None = None, text: str = "", trade: str = ""
) -> Iterator[tuple[Person, HeldSkill]]:
    """Yield every trade of everybody the filters leave, person by person, for an export."""
    rows = SEE_PERSON.narrow(actor, _filtered(at, body, unit, text, trade), at=at).select_related("unit")
    people = list(rows.order_by("name", "pk"))
    for start in range(0, len(people), 1_000):
        chunk = people[start : start + 1_000]
        held = skills_of([person.pk for person in chunk])
        for person in chunk:
            for skill in held[person.pk]:
                yield person, skill


def trade_counts(people: QuerySet[Person]) -> list[tuple[str, int]]:
    """Return the trades with how many of `people` have them, the most frequent first: two grouped statements."""
    keys = people.order_by().values("pk")
    confirmed = PersonSkill.objects.filter(state=SkillState.CONFIRMED)
    own = confirmed.filter(person_id=OuterRef("pk")).filter(Q(is_main=True) | Q(trade=OuterRef("trade")))
    counts: Counter[str] = Counter()
    said = confirmed.filter(person_id__in=keys).order_by().values_list("trade").annotate(n=Count("pk"))
    on_roster = Person.objects.filter(~Exists(own), pk__in=keys, trade__isnull=False).exclude(trade="").order_by()
    for rows in (said, on_roster.values_list("trade").annotate(n=Count("pk"))):
        counts.update(dict(rows))
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def claims_waiting(actor: Person, at: datetime) -> QuerySet[PersonSkill]:
    """Return the claimed trades that wait for `actor` to confirm, the longest waiting first; never the own ones."""
    led = KEEP_SKILLS.narrow(actor, Person.objects.exclude(pk=actor.pk), at=at).order_by().values("pk")
    rows = PersonSkill.objects.filter(state=SkillState.CLAIMED, person_id__in=led)
    return rows.select_related("person", "person__unit").order_by("claimed_at", "pk")


def skills_on_file(person: Person) -> QuerySet[PersonSkill]:
    """Return the person's trades, confirmed and waiting ones, the main one first."""
    rows = person.skills.filter(state__in=(SkillState.CLAIMED, SkillState.CONFIRMED))
    return rows.select_related("person", "confirmed_by").order_by("-is_main", "trade", "pk")


def mentor_pairs_of(person: Person) -> QuerySet[MentorPair]:
    """Return the pairs in which the person teaches or learns, present ones first."""
    rows = MentorPair.objects.filter(Q(mentor=person) | Q(apprentice=person)).select_related("mentor", "apprentice")
    return rows.order_by(F("valid_until").desc(nulls_first=True), "-valid_from", "pk")


def _filtered(at: datetime, body: int | None, unit: int | None, text: str, trade: str) -> Any:
    day = local_day(at)
    rows: Any = Person.objects.filter(valid_until=None)
    if body is not None:
        below = descendants(PartyOrg, [body], day=day)
        inside = Membership.objects.filter(on_day(day), kind=MembershipKind.HOME)
        inside = inside.filter(Q(body_id__in=below) | Q(group_id=body))
        rows = rows.filter(pk__in=inside.order_by().values("person_id"))
    if unit is not None:
        rows = rows.filter(unit_id__in=descendants(AdminUnit, [unit], day=day))
    if text.strip():
        rows = rows.matching(text)
    if trade.strip():
        has = PersonSkill.objects.filter(person_id=OuterRef("pk"), trade=trade.strip(), state=SkillState.CONFIRMED)
        rows = rows.filter(Exists(has) | Q(trade=trade.strip()))
    return rows
