"""The addresses that somebody made, and what such an address gives."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from ronghe.domain.calendars.calc.entries import Entry
from ronghe.domain.calendars.enums import EntryKind
from ronghe.domain.calendars.models import CalendarFeed
from ronghe.domain.calendars.rules import KEEP_FEED
from ronghe.domain.calendars.selectors.scopes import Scope, own_scope, scope_of_body
from ronghe.domain.calendars.selectors.sources import entries_in
from ronghe.domain.obligations.selectors import Answering
from ronghe.domain.org.models import Person
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.calendar.periods import DaySpan

BACK, AHEAD = timedelta(days=35), timedelta(days=184)
"""What a feed reaches: a month back, half a year ahead."""


def feeds_of(actor: Person, at: datetime) -> QuerySet[CalendarFeed]:
    """Return the standing addresses that `actor` made, the own calendar first, then bodies by name."""
    rows = KEEP_FEED.narrow(actor, CalendarFeed.objects.standing(), at=at)
    return rows.select_related("body").order_by("body__name", "pk")


def scope_of_feed(feed: CalendarFeed, at: datetime) -> Scope:
    """Return whose calendar the address gives, as its owner may see it now."""
    return own_scope(feed.owner, at) if feed.body is None else scope_of_body(feed.body, feed.owner)


def entries_of_feed(feed: CalendarFeed, at: datetime) -> list[Entry]:
    """Return what the address gives: of a body everything, of a person activities and the duties answered for."""
    scope, today = scope_of_feed(feed, at), day_of(at)
    entries = entries_in(scope, DaySpan(today - BACK, today + AHEAD), at)
    return entries if feed.body is not None else answered_by(scope, entries, at)


def answered_by(scope: Scope, entries: list[Entry], at: datetime) -> list[Entry]:
    """Leave out the duties for which the scope's actor does not answer today; one statement."""
    bodies = {entry.body_id for entry in entries if entry.kind == EntryKind.DUTY and entry.body_id is not None}
    answering = Answering.on(bodies & set(scope.posts), day_of(at)) if bodies & set(scope.posts) else None
    return [
        entry
        for entry in entries
        if entry.kind != EntryKind.DUTY
        or (
            answering is not None
            and entry.body_id in scope.posts
            and scope.actor.pk in answering.of(entry.body_id, entry.role).people
        )
    ]
