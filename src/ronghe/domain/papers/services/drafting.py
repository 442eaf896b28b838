"""A paper is drafted from what is on record, revised by several hands, or thrown away."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import translation

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.papers.calc.wording import bulletin_text, bulletin_title, notice_text, notice_title
from ronghe.domain.papers.enums import PaperKind, PaperState
from ronghe.domain.papers.facts import PAPER_DISCARDED, PAPER_DRAFTED
from ronghe.domain.papers.models import Paper, PaperRecipient
from ronghe.domain.papers.rules import DRAFT_PAPER, EDIT_PAPER
from ronghe.domain.papers.selectors import called_to, decided_in, held_in, owed_in, tasks_done_in
from ronghe.domain.rhythm.enums import ActivityState
from ronghe.domain.rhythm.models import Activity
from ronghe.kernel.calendar.periods import DaySpan
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_

PAPERS_SPEAK = "zh-hans"
"""Whoever drafts it in whichever language of the interface."""


class NothingToCallTo(DomainError):
    code = "nothing_to_call_to"
    sentence = N_("通知只能发给已安排、还没开始的活动；这场活动%(state)s。")


class PaperEmpty(DomainError):
    code = "paper_empty"
    sentence = N_("标题和正文都要写。")
    status = 422


class PaperIssued(DomainError):
    code = "paper_issued"
    sentence = N_("这份公文已印发，文字不能再改；写错了请撤回后另发。")


class PaperRevised(DomainError):
    code = "paper_revised"
    sentence = N_("这份草稿刚被别人改过；请对照现在的内容，把您的修改再存一次。")


@transaction.atomic
def draft_paper(
    *, kind: PaperKind, body: PartyOrg, title: str, text: str, actor: Person, at: datetime,
    recipients: Collection[PartyOrg] = (), copies_to: str = "", activity: Activity | None = None,
    span: DaySpan | None = None,
) -> Paper:  # fmt: skip
    """Put a draft down as it was written.

    :raises PaperEmpty: no title or no text
    """
    DRAFT_PAPER.require(actor, body, at=at)
    if not title.strip() or not text.strip():
        raise PaperEmpty
    paper = Paper.objects.create(
        kind=kind, body=body, activity=activity, from_on=span.from_on if span else None,
        until_on=span.until_on if span else None, title=title.strip(), text=text.strip(), copies_to=copies_to.strip(),
        drafted_by=actor, drafted_at=at,
    )  # fmt: skip
    _send_to(paper, recipients)
    record(Draft(PAPER_DRAFTED, at, actor, body=body.pk, attributes={"kind": kind}, source=paper))
    return paper


@transaction.atomic
def draft_notice(*, activity: Activity, actor: Person, at: datetime) -> Paper:
    """Draft the notice of a planned gathering: time, place, who is expected, topics; to every body that holds it.

    :raises NothingToCallTo: it has begun, was called off, or has no hour yet
    """
    if activity.state != ActivityState.PLANNED or activity.scheduled_from is None:
        raise NothingToCallTo(state=activity.get_state_display())
    with translation.override(PAPERS_SPEAK):
        called = called_to(activity)
    return draft_paper(
        kind=PaperKind.NOTICE, body=activity.body, title=notice_title(called), text=notice_text(called), actor=actor,
        at=at, activity=activity, recipients=[activity.body, *(host.body for host in activity.host_rows)],
    )  # fmt: skip


@transaction.atomic
def draft_bulletin(*, body: PartyOrg, span: DaySpan, actor: Person, at: datetime) -> Paper:
    """Draft a bulletin of the days of `span` from what is on record: figures, gatherings, decisions."""
    with translation.override(PAPERS_SPEAK):
        held = held_in(body, span)
    text = bulletin_text(
        span.from_on, span.until_on, held, decided_in(body, span), owed_in(body, span, at),
        tasks_done=tasks_done_in(body, span),
    )  # fmt: skip
    superior = [body.parent] if body.parent is not None else []
    return draft_paper(
        kind=PaperKind.BULLETIN, body=body, title=bulletin_title(body.name, span.from_on, span.until_on), text=text,
        actor=actor, at=at, recipients=superior, span=span,
    )  # fmt: skip


@transaction.atomic
def revise_paper(
    *, paper: Paper, revision: int, title: str, text: str, copies_to: str, recipients: Collection[PartyOrg],
    actor: Person, at: datetime,
) -> Paper:  # fmt: skip
    """Save a draft that was read at `revision`.

    :raises PaperEmpty: no title or no text
    :raises PaperIssued: its words stand
    :raises PaperRevised: somebody saved it meanwhile
    """
    EDIT_PAPER.require(actor, paper, at=at)
    if not title.strip() or not text.strip():
        raise PaperEmpty
    same = Paper.objects.filter(pk=paper.pk, revision=revision, state=PaperState.DRAFT)
    changed = same.update(
        title=title.strip(), text=text.strip(), copies_to=copies_to.strip(), revision=revision + 1
    )  # fmt: skip
    paper.refresh_from_db()
    if not changed:
        raise PaperRevised if paper.state == PaperState.DRAFT else PaperIssued
    PaperRecipient.objects.filter(paper=paper).exclude(body__in=recipients).delete()
    _send_to(paper, recipients)
    return paper


@transaction.atomic
def discard_paper(*, paper: Paper, actor: Person, at: datetime) -> None:
    """Throw a draft away.

    :raises PaperIssued: it was issued
    """
    EDIT_PAPER.require(actor, paper, at=at)
    kind, body_id = paper.kind, paper.body_id
    gone, _rows = Paper.objects.filter(pk=paper.pk, state=PaperState.DRAFT).delete()
    if not gone:
        raise PaperIssued
    record(Draft(PAPER_DISCARDED, at, actor, body=body_id, attributes={"kind": kind}))


def _send_to(paper: Paper, recipients: Collection[PartyOrg]) -> None:
    there = set(paper.recipients.values_list("body_id", flat=True))
    new = {body.pk for body in recipients} - there
    PaperRecipient.objects.bulk_create(PaperRecipient(paper=paper, body_id=pk) for pk in sorted(new))
