"""A body looks back on the joining itself: the records are walked, findings are picked, and the session is closed."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.raising import ItemText, TitleMissing, put_up
from ronghe.domain.items.services.showing import RecordOf
from ronghe.domain.items.services.steps import Said, take_step
from ronghe.domain.lookbacks.facts import FINDING_DROPPED, FINDING_PICKED, SESSION_CLOSED, SESSION_OPENED
from ronghe.domain.lookbacks.models import LookSession, Recurrence, SessionFinding
from ronghe.domain.lookbacks.rules import LOOKBACK, OPEN_SESSION, RUN_SESSION
from ronghe.domain.lookbacks.selectors import lapses_of
from ronghe.domain.lookbacks.services.recurring import note_recurrence
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.zones.models import CollaborationZone
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record, reverse
from ronghe.kernel.words import N_, _

LONGEST = 2000


class SessionOpen(DomainError):
    code = "look_session_open"
    sentence = N_("“%(body)s”有一次回头看还没有完成，请先完成它。")


class SessionClosed(DomainError):
    code = "look_session_closed"
    sentence = N_("这次回头看已经完成，不能再改。要改，请先撤销完成。")


class SpanUnfit(DomainError):
    code = "look_session_span"
    sentence = N_("回头看的时间段要已经开始，最长一年。")
    status = 422


class AlreadyPicked(DomainError):
    code = "look_session_already_picked"
    sentence = N_("“%(title)s”这次已经挑出来了。")


class ConclusionMissing(DomainError):
    code = "look_session_no_conclusion"
    sentence = N_("请写一句结论：融合工作哪里好、哪里没有一起办；没有问题也请写明。")
    status = 422


class AlreadyWorkedOn(DomainError):
    code = "look_session_already_worked_on"
    sentence = N_("“%(title)s”已经有人在查，不能撤下；不成立的，请在它的页面上记不成立。")


@transaction.atomic
def open_session(*, body: PartyOrg, from_on: date, until_on: date, actor: Person, at: datetime) -> LookSession:
    """Begin to look back on a span of days (half open).

    :raises SpanUnfit: not begun yet, or longer than a year
    :raises SessionOpen: another one of the body is not closed
    """
    OPEN_SESSION.require(actor, body, at=at)
    if from_on > local_day(at) or not 0 < (until_on - from_on).days <= 366:
        raise SpanUnfit
    try:
        with transaction.atomic():
            session = LookSession.objects.create(
                body=body, from_on=from_on, until_on=until_on, opened_by=actor, opened_at=at
            )
    except IntegrityError as error:
        raise SessionOpen(body=body.name) from error
    _tell(session, SESSION_OPENED, actor, at, from_on=from_on, until_on=until_on)
    return session


@transaction.atomic
def pick_finding(
    *, session: LookSession, title: str, actor: Person, at: datetime, source: RecordOf | None = None, text: str = ""
) -> SessionFinding:
    """Make a finding of something that did not go. A record that was a finding before is the old problem come back.

    :raises AlreadyPicked: this record is a finding of the session
    :raises SessionClosed: the session is over
    """
    RUN_SESSION.require(actor, session, at=at)
    _refuse_closed(session)
    if not title.strip():
        raise TitleMissing
    item = _known(source) or _new(session, title, text, source, actor, at)
    if item.state == "closed":
        note_recurrence(item=item, text=text or title, actor=actor, at=at, source=source)
    try:
        with transaction.atomic():
            made = SessionFinding.objects.create(
                session=session, item=item, picked_by=actor, picked_at=at,
                source_type=source.source_type if source else None, source_id=source.source_id if source else None,
            )  # fmt: skip
    except IntegrityError as error:
        raise AlreadyPicked(title=item.title) from error
    _tell(session, FINDING_PICKED, actor, at)
    return made


@transaction.atomic
def drop_finding(*, finding: SessionFinding, actor: Person, at: datetime) -> None:
    """Take a finding back that nobody works on yet; what the session itself raised becomes void.

    :raises AlreadyWorkedOn: somebody took it
    """
    session, item = finding.session, finding.item
    RUN_SESSION.require(actor, session, at=at)
    _refuse_closed(session)
    gone, _rows = SessionFinding.objects.filter(pk=finding.pk).delete()
    if not gone:
        raise Stale
    is_own = item.raised_at == finding.picked_at
    if is_own and item.state != "found":
        raise AlreadyWorkedOn(title=item.title)
    if is_own:
        take_step(item=item, step="dismiss", actor=actor, at=at, said=Said(note=_("回头看时撤下")))
    _tell(session, FINDING_DROPPED, actor, at)


@transaction.atomic
def close_session(*, session: LookSession, conclusion: str, actor: Person, at: datetime) -> LookSession:
    """Close a session with what it concluded: this meets the body's duty to look back.

    :raises ConclusionMissing: nothing was concluded
    :raises SessionClosed: somebody was first
    """
    RUN_SESSION.require(actor, session, at=at)
    if not conclusion.strip():
        raise ConclusionMissing
    lapses = lapses_of(session.body, session.from_on, session.until_on, at)
    shown = {lapse.lapse.value: lapse.count for lapse in lapses}
    closed = {"conclusion": conclusion.strip()[:LONGEST], "closed_by": actor, "closed_at": at, "shown": shown}
    if not LookSession.objects.filter(pk=session.pk, closed_at=None).update(**closed):
        raise SessionClosed
    for name, value in closed.items():
        setattr(session, name, value)
    picked = session.findings.values("item_id")
    recurred = Recurrence.objects.filter(item__in=picked).values("item_id").distinct().count()
    older = WorkItem.objects.filter(kind=LOOKBACK.id, body=session.body_id, closed_at=None).exclude(pk__in=picked)
    _tell(
        session, SESSION_CLOSED, actor, at, from_on=session.from_on, until_on=session.until_on,
        shown=sum(shown.values()), found=session.findings.count(), recurred=recurred, open=older.count(),
    )  # fmt: skip
    return session


@transaction.atomic
def reopen_session(*, session: LookSession, actor: Person, at: datetime) -> LookSession:
    """Take back that a session was closed; the duty that it met is open again.

    :raises SessionOpen: the body has begun another one
    :raises Stale: it is open
    """
    RUN_SESSION.require(actor, session, at=at)
    try:
        with transaction.atomic():
            rows = LookSession.objects.filter(pk=session.pk, closed_at__isnull=False)
            changed = rows.update(closed_at=None, closed_by=None, shown={})
    except IntegrityError as error:
        raise SessionOpen(body=session.body.name) from error
    if not changed:
        raise Stale
    session.closed_at, session.closed_by = None, None
    facts = Fact.objects.filter(
        kind=SESSION_CLOSED.name, source_type="lookbacks.looksession", source_id=session.pk, reverses=None
    )
    reverse(facts.latest("pk"), by=actor, at=at)
    return session


def _known(source: RecordOf | None) -> WorkItem | None:
    """Return the look-back that a record led to before, or the record itself where it is one."""
    if source is None:
        return None
    rows = WorkItem.objects.filter(kind=LOOKBACK.id).exclude(state__in=("same", "dismissed")).select_related("owner")
    if source.source_type == "items.workitem" and (own := rows.filter(pk=source.source_id).first()) is not None:
        return own
    return rows.filter(source_type=source.source_type, source_id=source.source_id).order_by("-pk").first()


def _new(session: LookSession, title: str, text: str, source: RecordOf | None, actor: Person, at: datetime) -> WorkItem:
    zone = CollaborationZone.objects.filter(body=session.body_id).first()
    words = ItemText(title.strip()[:120], text=text, values={"area": "joining"}, zone=zone, source=source)
    return put_up(kind=LOOKBACK, text=words, body=session.body, actor=actor, at=at)


def _refuse_closed(session: LookSession) -> None:
    if session.closed_at is not None:
        raise SessionClosed


def _tell(session: LookSession, kind: FactKind, actor: Person, at: datetime, **attributes: object) -> None:
    zone = CollaborationZone.objects.filter(body=session.body_id).values_list("pk", flat=True).first()
    record(
        Draft(
            kind, at, actor, body=session.body_id, unit=session.body.unit_id, zone=zone, attributes=attributes,
            source=session,
        )
    )  # fmt: skip
