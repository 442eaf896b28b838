"""A paper is issued under the next number, received by the bodies it goes to, or withdrawn."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.papers.enums import PAPER_FLOW, PaperKind, PaperState
from ronghe.domain.papers.facts import PAPER_ISSUED, PAPER_RECEIVED, PAPER_WITHDRAWN
from ronghe.domain.papers.models import Paper, PaperRecipient
from ronghe.domain.papers.rules import ISSUE_PAPER, RECEIVE_PAPER
from ronghe.domain.papers.selectors import next_serial
from ronghe.domain.papers.services.drafting import PaperRevised
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_


class CodeMissing(DomainError):
    """DL-04."""

    code = "code_missing"
    sentence = N_("通知要有发文机关代字，例如“庆油党字”。")
    status = 422


class NobodyToSendTo(DomainError):
    code = "nobody_to_send_to"
    sentence = N_("还没有写主送哪些组织，请先选上。")


class WhyMissing(DomainError):
    code = "withdrawing_why_missing"
    sentence = N_("撤回公文要写明原因。")
    status = 422


class NotIssued(DomainError):
    code = "paper_not_issued"
    sentence = N_("这份公文%(state)s，不用签收。")


class ReceivedAlready(DomainError):
    code = "paper_received_already"
    sentence = N_("%(name)s已替“%(body)s”签收。")


@transaction.atomic
def issue_paper(*, paper: Paper, revision: int, dated: date, actor: Person, at: datetime, code: str = "") -> Paper:
    """Issue a draft as it was read at `revision`, under the next number of its body and year (DL-04).

    Two papers issued at once get two numbers: the body's row is locked, on SQLite the transaction is.

    :raises CodeMissing: a notice without the issuer's code
    :raises NobodyToSendTo: no recipient
    :raises PaperRevised: somebody saved the draft meanwhile
    :raises StepNotAllowed: it is issued already
    """
    ISSUE_PAPER.require(actor, paper, at=at)
    code = code.strip() if paper.kind == PaperKind.NOTICE else ""
    if paper.kind == PaperKind.NOTICE and not code:
        raise CodeMissing
    if not paper.recipients.exists():
        raise NobodyToSendTo
    PartyOrg.objects.select_for_update().filter(pk=paper.body_id).values_list("pk").get()
    if not Paper.objects.filter(pk=paper.pk, revision=revision).exists():
        raise PaperRevised
    serial = next_serial(paper.body, paper.kind, code, dated.year)
    PAPER_FLOW.advance(
        paper, "issue", code=code, year=dated.year, serial=serial, dated=dated, issued_by=actor, issued_at=at
    )
    record(
        Draft(PAPER_ISSUED, at, actor, body=paper.body_id, source=paper,
              attributes={"kind": paper.kind, "recipients": paper.recipients.count()})
    )  # fmt: skip
    return paper


@transaction.atomic
def withdraw_paper(*, paper: Paper, why: str, actor: Person, at: datetime) -> Paper:
    """Withdraw an issued paper; it stays to be read, marked, and its number is not given again.

    :raises WhyMissing: no reason
    :raises StepNotAllowed: it is no issued paper
    """
    ISSUE_PAPER.require(actor, paper, at=at)
    if not why.strip():
        raise WhyMissing
    PAPER_FLOW.advance(paper, "withdraw", withdrawn_why=why.strip())
    record(Draft(PAPER_WITHDRAWN, at, actor, body=paper.body_id, source=paper, attributes={"kind": paper.kind}))
    return paper


@transaction.atomic
def receive_paper(*, recipient: PaperRecipient, actor: Person, at: datetime) -> PaperRecipient:
    """Note that a body received the paper; once a body, whoever of its leaders is first.

    :raises NotIssued: it is a draft or was withdrawn
    :raises ReceivedAlready: somebody received it for the body
    """
    RECEIVE_PAPER.require(actor, recipient, at=at)
    if recipient.paper.state != PaperState.ISSUED:
        raise NotIssued(state=recipient.paper.get_state_display())
    open_ = PaperRecipient.objects.filter(pk=recipient.pk, received_at=None)
    if not open_.update(received_by=actor, received_at=at):
        recipient.refresh_from_db()
        by = recipient.received_by
        raise ReceivedAlready(name=by.name if by else "", body=recipient.body.name)
    recipient.received_by, recipient.received_at = actor, at
    record(
        Draft(PAPER_RECEIVED, at, actor, body=recipient.body_id, source=recipient.paper,
              attributes={"kind": recipient.paper.kind})
    )  # fmt: skip
    return recipient
