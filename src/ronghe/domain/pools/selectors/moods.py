"""思想共管: levels and topics as an actor may see them, and what is to be followed up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from ronghe.domain.org.models import Person
from ronghe.domain.pools.models import MoodFollowUp, MoodNote, Pool
from ronghe.domain.pools.rules import SEE_MOOD
from ronghe.domain.pools.selectors.pools import SIDE_READ, of_pool
from ronghe.kernel.access.listing import Listed, list_seen

LEAST_PEOPLE = 3
"""Fewer people than these are not told apart from each other: their number is not shown."""
OF_NOTE = ("zone", *SIDE_READ, "noted_by")


def moods_seen_by(actor: Person, at: datetime) -> QuerySet[MoodNote]:
    rows = SEE_MOOD.narrow(actor, MoodNote.objects.all(), at=at)
    return rows.select_related(*OF_NOTE).prefetch_related("follow_ups__person").order_by("-day", "-pk")


def list_moods(
    actor: Person, at: datetime, *, level: str = "", pool: Pool | None = None, page: int = 1, size: int = 20
) -> Listed[MoodNote]:
    """Return one page of the notes that `actor` may see, the latest first."""
    rows: Any = MoodNote.objects.select_related(*OF_NOTE).prefetch_related("follow_ups__person")
    if level:
        rows = rows.filter(level=level)
    if pool is not None:
        rows = rows.filter(of_pool(pool))
    return list_seen(SEE_MOOD, actor, rows, order_by=["-day"], at=at, page=page, size=size)


def follow_ups_of(actor: Person) -> QuerySet[MoodFollowUp]:
    """Return what `actor` has to follow up, the most pressing first."""
    rows = actor.mood_follow_ups.filter(done_at=None).select_related(*(f"note__{path}" for path in OF_NOTE))
    return rows.order_by("due_on", "pk")


def follow_ups_to_finish(actor: Person, at: datetime) -> QuerySet[MoodFollowUp]:
    """Return what `actor` is to follow up, and what there is of the notes that `actor` sees."""
    seen = moods_seen_by(actor, at).order_by().values("pk")
    rows = MoodFollowUp.objects.filter(Q(pk__in=follow_ups_of(actor).order_by().values("pk")) | Q(note__in=seen))
    return rows.select_related("person", *(f"note__{path}" for path in OF_NOTE)).order_by("due_on", "pk")


def trend_of(pool: Pool, actor: Person, at: datetime) -> dict[str, list[str]]:
    """Return the levels of each side's last eight notes, the oldest first, by the side's name."""
    rows = SEE_MOOD.narrow(actor, MoodNote.objects.filter(of_pool(pool)), at=at).select_related(*SIDE_READ)
    found: dict[str, list[str]] = {}
    for note in rows.order_by("-day", "-pk")[:200]:
        levels = found.setdefault(note.side.name, [])
        if len(levels) < 8:
            levels.insert(0, note.level)
    return dict(sorted(found.items()))
