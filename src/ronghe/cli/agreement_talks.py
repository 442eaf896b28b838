"""The part of `ronghe agreement` in which sides talk: remarks, consent, who signs, supplements, answers to an ending."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.finding import person_called, row_called
from ronghe.cli.telling import DAY, JSON, NUMBER, tell
from ronghe.kernel.errors import NotAllowed, NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.agreements.models import Agreement, AgreementParty
    from ronghe.domain.org.models import Person

ANSWERS = ("agree", "decline", "withdraw")


@click.command("remarks", short_help=_("各方的意见"))
@NUMBER
@JSON
def remarks(number: int, as_json: bool) -> None:
    """列出各方对意向书 NUMBER 提的意见和回复。"""
    actor, now = acting_now()
    from ronghe.domain.agreements.rules import SEE_NEGOTIATION
    from ronghe.domain.agreements.selectors.negotiation import threads_of

    found = agreement_seen(actor, number)
    SEE_NEGOTIATION.require(actor, found, at=now)
    rows, lines = [], []
    for thread in threads_of(found):
        head = thread.head
        replies = [reply.text for reply in thread.replies]
        rows.append(
            {"id": head.pk, "section": head.section, "side": head.party.name, "text": head.text,
             "is_settled": thread.is_settled, "replies": replies}
        )  # fmt: skip
        lines += [f"{head.pk:>6}  {head.party.name}  {head.text}", *(f"        {text}" for text in replies)]
    tell(rows, "\n".join(lines), as_json=as_json)


@click.command("comment", short_help=_("提意见或回复"))
@NUMBER
@click.option("--text", required=True, help="意见")
@click.option("--section", default="", help="对哪一节，不写为全文")
@click.option("--reply-to", type=int, help="回复哪条意见的编号")
@JSON
def comment_(number: int, text: str, section: str, reply_to: int | None, as_json: bool) -> None:
    """代表本方对意向书 NUMBER 提意见，或回复一条意见。"""
    actor, now = acting_now()
    from ronghe.domain.agreements.models import AgreementComment
    from ronghe.domain.agreements.services.negotiating import comment

    found = agreement_seen(actor, number)
    rows = AgreementComment.objects.filter(agreement=found)
    made = comment(
        agreement=found, party=side_of(found, actor), text=text, section=section,
        reply_to=row_called(reply_to, rows) if reply_to is not None else None, actor=actor, at=now,
    )  # fmt: skip
    tell({"id": made.pk}, _("已提出，对方看得到。"), as_json=as_json)


@click.command("settle", short_help=_("意见办结或重新打开"))
@NUMBER
@click.argument("remark", type=int)
@click.option("--reopen", is_flag=True, help="重新打开")
@JSON
def settle(number: int, remark: int, reopen: bool, as_json: bool) -> None:
    """把对意向书 NUMBER 的意见 REMARK 标为办结，或重新打开。"""
    actor, now = acting_now()
    from ronghe.domain.agreements.models import AgreementComment
    from ronghe.domain.agreements.services.negotiating import settle_comment

    found = agreement_seen(actor, number)
    rows = AgreementComment.objects.select_related("agreement").filter(agreement=found, reply_to=None)
    settle_comment(
        remark=row_called(remark, rows), party=side_of(found, actor), is_settled=not reopen, actor=actor, at=now
    )
    tell(
        {"id": remark, "is_settled": not reopen}, _("意见又打开了。") if reopen else _("意见已办结。"), as_json=as_json
    )


@click.command("consent-back", short_help=_("撤回同意"))
@NUMBER
@JSON
def consent_back(number: int, as_json: bool) -> None:
    """别的方还没有都同意时，撤回本方对意向书 NUMBER 的同意。"""
    actor, now = acting_now()
    from ronghe.domain.agreements.services.negotiating import withdraw_consent

    found = agreement_seen(actor, number)
    withdraw_consent(agreement=found, party=side_of(found, actor), actor=actor, at=now)
    tell(_state(found), _("同意已撤回。"), as_json=as_json)


@click.command("call-off", short_help=_("取消意向书"))
@NUMBER
@JSON
def call_off_(number: int, as_json: bool) -> None:
    """取消还没有各方签字的意向书 NUMBER，文本留存可查。"""
    actor, now = acting_now()
    from ronghe.domain.agreements.services.drafting import call_off

    found = agreement_seen(actor, number)
    made = call_off(agreement=found, party=side_of(found, actor), actor=actor, at=now)
    tell(_state(made), _("已取消，文本留存可查。"), as_json=as_json)


@click.command("signer", short_help=_("授权签字人"))
@NUMBER
@click.argument("who")
@click.option("--document", required=True, help="凭什么授权：文件的名称、文号")
@JSON
def signer(number: int, who: str, document: str, as_json: bool) -> None:
    """书面授权 WHO（姓名或员工号）代表本方在意向书 NUMBER 上签字。"""
    actor, now = acting_now()
    from django.utils import timezone

    from ronghe.domain.agreements.selectors.sides import people_of_side
    from ronghe.domain.agreements.services.signing import authorize_signer

    side = side_of(agreement_seen(actor, number), actor, power="names")
    person = person_called(who, people_of_side(side, timezone.localdate(now)))
    authorize_signer(party=side, person=person, document=document, actor=actor, at=now)
    tell({"signer": person.name}, _("已授权%(name)s签字。") % {"name": person.name}, as_json=as_json)


@click.command("signer-back", short_help=_("收回签字授权"))
@NUMBER
@JSON
def signer_back(number: int, as_json: bool) -> None:
    """收回本方在意向书 NUMBER 上的签字授权；已经签的有效。"""
    actor, now = acting_now()
    from ronghe.domain.agreements.services.signing import withdraw_authorization

    side = side_of(agreement_seen(actor, number), actor, power="names")
    given = side.authorizations.filter(withdrawn_at=None).select_related("party__agreement").first()
    if given is None:
        raise NotFound
    withdraw_authorization(authorization=given, actor=actor, at=now)
    tell({"id": given.pk}, _("授权已收回。"), as_json=as_json)


@click.command("supplement", short_help=_("订补充协议"))
@NUMBER
@click.option("--from", "starts_on", type=DAY, help="从哪一天起，不写为今天")
@click.option("--until", "ends_on", type=DAY, required=True, help="到哪一天止")
@JSON
def supplement(number: int, starts_on: datetime | None, ends_on: datetime, as_json: bool) -> None:
    """给生效的意向书 NUMBER 起草一份补充协议，各方相同。"""
    actor, now = acting_now()
    from django.utils import timezone

    from ronghe.domain.agreements.services.drafting import draft_supplement

    found = agreement_seen(actor, number)
    made = draft_supplement(
        agreement=found, party=side_of(found, actor), ends_on=ends_on.date(), actor=actor, at=now,
        starts_on=starts_on.date() if starts_on else timezone.localdate(now),
    )  # fmt: skip
    tell(_state(made), _("已起草，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@click.command("answer-ending", short_help=_("答复或撤回终止提议"))
@NUMBER
@click.argument("answer", type=click.Choice(ANSWERS))
@click.option("--reason", default="", help="不同意的原因")
@JSON
def answer_ending(number: int, answer: str, reason: str, as_json: bool) -> None:
    """答复对意向书 NUMBER 的终止提议：agree 同意，decline 不同意，withdraw 撤回本方的提议。"""
    actor, now = acting_now()
    from ronghe.domain.agreements.enums import EndingState
    from ronghe.domain.agreements.services.ending import agree_to_ending, decline_ending, withdraw_ending

    found = agreement_seen(actor, number)
    ending = found.endings.select_related("agreement", "party").filter(state=EndingState.PROPOSED).first()
    if ending is None:
        raise NotFound
    if answer == "withdraw":
        withdraw_ending(ending=ending, actor=actor, at=now)
        said = _("终止提议已撤回。")
    elif answer == "agree":
        agree_to_ending(ending=ending, party=side_of(found, actor), actor=actor, at=now)
        said = _("已同意终止。")
    else:
        decline_ending(ending=ending, party=side_of(found, actor), reason=reason, actor=actor, at=now)
        said = _("已答复不同意，意向书继续有效。")
    tell(_state(agreement_seen(actor, number)), said, as_json=as_json)


def agreement_seen(actor: Person, number: int) -> Agreement:
    """Return the agreement of this number that `actor` may see.

    :raises NotFound: there is none
    """
    from django.utils import timezone

    from ronghe.domain.agreements.selectors import agreements_seen_by

    rows = agreements_seen_by(actor, timezone.now()).select_related("project", "supplements", "safety_officer")
    return row_called(number, rows)


def side_of(found: Agreement, actor: Person, *, power: str = "acts") -> AgreementParty:
    """Return the side for which `actor` may act, sign (`signs`) or name who signs (`names`).

    :raises NotAllowed: for none
    """
    from django.utils import timezone

    from ronghe.domain.agreements.selectors.sides import acting_of

    sides: tuple[AgreementParty, ...] = getattr(acting_of(found, actor, timezone.now()), power)
    if not sides:
        raise NotAllowed
    return sides[0]


def _state(found: Agreement) -> dict[str, Any]:
    return {"id": found.pk, "title": found.title, "state": found.state}


TALKS = (remarks, comment_, settle, consent_back, call_off_, signer, signer_back, supplement, answer_ending)
"""Commands that `ronghe agreement` takes in."""
