"""Addresses under which a calendar elsewhere reads: made, read, revoked."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from ronghe.domain.calendars.facts import FEED_MADE, FEED_REVOKED
from ronghe.domain.calendars.models import CalendarFeed
from ronghe.domain.calendars.rules import KEEP_FEED, MAKE_FEED
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.language import reader_language
from ronghe.kernel.sealed import keyed_digest
from ronghe.kernel.words import N_

SECRET_BYTES = 16
"""128 random bits: nobody finds an address by trying."""
READ_NOTED_EVERY = timedelta(hours=1)


class FeedThere(DomainError):
    code = "feed_there"
    sentence = N_("这个日历已经有订阅地址。地址只显示一次，忘了的请先停用，再生成新的。")


@transaction.atomic
def make_feed(*, actor: Person, at: datetime, body: PartyOrg | None = None) -> tuple[CalendarFeed, str]:
    """Make the address of the actor's own calendar, or of a body's; return it with its secret, which is shown once.

    :raises NotAllowed: the actor may not see the body's calendar
    :raises FeedThere: there is one that was not revoked
    """
    if body is not None:
        MAKE_FEED.require(actor, body, at=at)
    secret = secrets.token_hex(SECRET_BYTES)
    try:
        with transaction.atomic():
            feed = CalendarFeed.objects.create(
                owner=actor, body=body, digest=keyed_digest(secret), language=reader_language(), made_at=at
            )
    except IntegrityError as error:
        raise FeedThere from error
    _record(FEED_MADE, feed, actor, at)
    return feed, secret


@transaction.atomic
def revoke_feed(*, feed: CalendarFeed, actor: Person, at: datetime) -> CalendarFeed:
    """End an address; calendars that read it find nothing any more.

    :raises NotAllowed: it is somebody else's
    :raises Stale: it was revoked before
    """
    KEEP_FEED.require(actor, feed, at=at)
    if not CalendarFeed.objects.filter(pk=feed.pk, revoked_at=None).update(revoked_at=at):
        raise Stale
    feed.revoked_at = at
    _record(FEED_REVOKED, feed, actor, at)
    return feed


def feed_behind(secret: str, at: datetime) -> CalendarFeed | None:
    """Return the feed of an address, `None` where it is unknown, revoked, or its owner may not read it any more."""
    rows = CalendarFeed.objects.standing().select_related("owner__account", "body")
    feed = rows.filter(digest=keyed_digest(secret), owner__valid_until=None).first()
    if feed is None or feed.owner.account is None or not feed.owner.account.is_active:
        return None
    if feed.body is not None and not MAKE_FEED.allows(feed.owner, feed.body, at=at):
        return None
    return feed


def note_read(feed: CalendarFeed, at: datetime) -> None:
    """Keep when the address was last read, at most once an hour: clients come every few minutes."""
    if feed.read_at is None or at - feed.read_at >= READ_NOTED_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(read_at=at)
        feed.read_at = at


def _record(kind: FactKind, feed: CalendarFeed, actor: Person, at: datetime) -> None:
    scope = "person" if feed.body_id is None else "body"
    record(Draft(kind, at, actor, body=feed.body_id, source=feed, attributes={"scope": scope}))
