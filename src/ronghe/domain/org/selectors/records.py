"""One person's own record: where they belong, what they hold, what is on file about them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ronghe.domain.org.calc.voting import EVER
from ronghe.domain.org.enums import PoliticalStatus
from ronghe.domain.org.models import Membership, Person, PostHolding, VotingBar
from ronghe.kernel.access.models import Look
from ronghe.kernel.facts.kinds import declared_kinds
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.words import _

SHOWN = 30


@dataclass(frozen=True, slots=True)
class OwnFact:
    """A fact about a person, in words, with what it says and the record it came from."""

    title: str
    at: datetime
    reversed: bool
    attributes: dict[str, Any]
    source_type: str | None
    source_id: int | None


def memberships_of(person: Person) -> list[Membership]:
    """Return where the person belongs and belonged, present ones first."""
    rows = person.memberships.select_related("body", "group").order_by("valid_until", "-valid_from", "pk")
    return sorted(rows, key=lambda row: row.valid_until is not None)


def posts_held(person: Person) -> list[PostHolding]:
    """Return the posts held now, newest first."""
    return list(person.posts.filter(valid_until=None).select_related("body", "unit").order_by("-valid_from", "pk"))


@dataclass(frozen=True, slots=True)
class StatusPeriod:
    """A political status in words, from a day (`None`: as long as the person is on file) until a day."""

    label: str
    since: date | None
    until: date | None
    is_coming: bool


def statuses_of(person: Person, day: date) -> list[StatusPeriod]:
    """Return the person's political statuses, newest first; none where it never changed."""
    return [
        StatusPeriod(
            str(PoliticalStatus(row.status).label) if row.status else "—",
            row.valid_from if row.valid_from > EVER else None,
            row.valid_until,
            row.valid_from > day,
        )
        for row in person.statuses.order_by("-valid_from", "-pk")
    ]


def voting_bars_of(person: Person) -> list[VotingBar]:
    """Return the times in which the person has no vote, newest first (PE-08); for leaders' eyes."""
    return list(person.voting_bars.order_by("-valid_from", "-pk"))


def own_facts(person: Person) -> list[OwnFact]:
    """Return the latest facts about the person, newest first; reversed ones stay and are marked."""
    rows = list(Fact.objects.filter(subject=person.token).order_by("-occurred_at", "-pk")[:SHOWN])
    undone = {row.reverses for row in rows if row.reverses is not None}
    kinds = declared_kinds()
    return [
        OwnFact(
            _(kinds[row.kind].title) if row.kind in kinds else row.kind,
            row.occurred_at,
            row.pk in undone,
            json.loads(row.attributes),
            row.source_type,
            row.source_id,
        )
        for row in rows
        if row.reverses is None
    ]


def looks_about(person: Person) -> list[dict[str, Any]]:
    """Return who looked into the person's sealed data and when, newest first, for the person to see."""
    rows = list(Look.objects.filter(about=person.token).order_by("-at", "-pk")[:SHOWN])
    names = dict(Person.objects.filter(token__in={row.by for row in rows}).values_list("token", "name"))
    return [{"by": names.get(row.by, "—"), "at": row.at, "compartment": row.compartment} for row in rows]
