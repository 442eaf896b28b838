"""`ronghe paper`: notices and bulletins, and whether a paper is one of ours."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now, acting_person, start_django
from ronghe.cli.finding import body_called
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.org.models import Person
    from ronghe.domain.papers.models import Paper

EPILOG = """\b
举例：
  ronghe --as shuji paper list
  ronghe --as shuji paper notice 128
  ronghe --as xiequ paper bulletin 12 --from 2026-11-01 --until 2026-11-15
  ronghe --as dangqun paper issue 3 --code 庆油党字
  ronghe --as shuji paper receive 3
  ronghe --as shuji paper print 3 -o 通知.pdf
  ronghe paper check "3f2a 90c1 …"
"""

_number = click.argument("number", type=int, metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")


@click.group(epilog=EPILOG, short_help=_("通知、简报"))
def paper() -> None:
    """通知、简报，和核对一份公文。"""


@paper.command("list", short_help=_("列出公文"))
@_json
def list_(as_json: bool) -> None:
    """列出您能看到的公文，新的在前。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.papers.documents import paper_number
    from ronghe.domain.papers.selectors import list_papers

    rows = list(list_papers(actor, timezone.now()).rows)
    if as_json:
        _print([_row(row) for row in rows])
        return
    for row in rows:
        click.echo(f"{row.pk:>6}  {row.get_state_display()}  {paper_number(row) or '—'}  {row.title}")
    click.echo(_("共 %(count)s 份。") % {"count": len(rows)})


@paper.command("notice", short_help=_("从活动起草通知"))
@click.argument("activity", type=int, metavar="ACTIVITY")
@_json
def notice(activity: int, as_json: bool) -> None:
    """给已安排的活动 ACTIVITY 起草通知。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.papers.services.drafting import draft_notice
    from ronghe.domain.rhythm.selectors import activities_seen_by

    now = timezone.now()
    found = activities_seen_by(actor, now).filter(pk=activity).first()
    if found is None:
        raise NotFound
    _tell(draft_notice(activity=found, actor=actor, at=now), as_json=as_json)


@paper.command("draft", short_help=_("自己写一份"))
@click.argument("kind", type=click.Choice(["notice", "bulletin"]))
@click.option("--body", required=True, help="哪个组织发：名称或编号")
@click.option("--title", required=True, help="标题")
@click.option("--text", required=True, help="正文")
@_json
def draft(kind: str, body: str, title: str, text: str, as_json: bool) -> None:
    """自己写一份通知或简报的草稿。"""
    actor, now = acting_now()
    from ronghe.domain.org.selectors.people import bodies_seen_by
    from ronghe.domain.papers.enums import PaperKind
    from ronghe.domain.papers.services.drafting import draft_paper

    found = body_called(body, bodies_seen_by(actor, now))
    _tell(draft_paper(kind=PaperKind(kind), body=found, title=title, text=text, actor=actor, at=now), as_json=as_json)


@paper.command("revise", short_help=_("改草稿"))
@_number
@click.option("--title", help="标题")
@click.option("--text", help="正文")
@click.option("--copies-to", help="抄送")
@click.option("--to", "recipients", multiple=True, help="发给哪个组织，可写几个；不写就不动")
@_json
def revise(
    number: int, title: str | None, text: str | None, copies_to: str | None, recipients: tuple[str, ...], as_json: bool
) -> None:  # fmt: skip
    """改草稿 NUMBER；没有写的不动。"""
    actor, now = acting_now()
    from ronghe.domain.org.models import PartyOrg
    from ronghe.domain.org.selectors.people import bodies_seen_by
    from ronghe.domain.papers.services.drafting import revise_paper

    found = _seen(actor, number)
    bodies = bodies_seen_by(actor, now)
    to = [body_called(one, bodies) for one in recipients]
    made = revise_paper(
        paper=found, revision=found.revision, title=found.title if title is None else title,
        text=found.text if text is None else text, copies_to=found.copies_to if copies_to is None else copies_to,
        recipients=to or list(PartyOrg.objects.filter(pk__in=found.recipients.order_by().values("body_id"))),
        actor=actor, at=now,
    )  # fmt: skip
    _tell(made, as_json=as_json)


@paper.command("discard", short_help=_("删去草稿"))
@_number
def discard(number: int) -> None:
    """删去还没有印发的草稿 NUMBER。"""
    actor, now = acting_now()
    from ronghe.domain.papers.services.drafting import discard_paper

    discard_paper(paper=_seen(actor, number), actor=actor, at=now)
    click.echo(_("草稿已删去。"))


@paper.command("bulletin", short_help=_("从记录起草简报"))
@click.argument("body", type=int, metavar="BODY")
@click.option("--from", "from_on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="从哪一天")
@click.option("--until", "last_on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="到哪一天（含）")
@_json
def bulletin(body: int, from_on: datetime, last_on: datetime, as_json: bool) -> None:
    """从组织 BODY 这几天的记录起草简报。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.org.selectors.people import bodies_seen_by
    from ronghe.domain.papers.services.drafting import draft_bulletin
    from ronghe.kernel.calendar.periods import DaySpan

    now = timezone.now()
    found = bodies_seen_by(actor, now).filter(pk=body).first()
    if found is None:
        raise NotFound
    if last_on < from_on:
        raise click.BadParameter(_("结束日期不能早于开始日期。"), param_hint="--until")
    span = DaySpan(from_on.date(), last_on.date() + timedelta(days=1))
    _tell(draft_bulletin(body=found, span=span, actor=actor, at=now), as_json=as_json)


@paper.command("show", short_help=_("看一份公文"))
@_number
@_json
def show(number: int, as_json: bool) -> None:
    """看公文 NUMBER 的文字，和谁签收了。"""
    found = _seen(acting_person(), number)
    from ronghe.domain.papers.selectors import recipients_of

    if as_json:
        _print(_row(found) | {"text": found.text})
        return
    click.echo(f"{found.title}\n\n{found.text}\n")
    for row in recipients_of(found):
        click.echo(f"{row.body.name}  {row.received_by.name if row.received_by else _('待签收')}")


@paper.command("issue", short_help=_("印发"))
@_number
@click.option("--code", default="", help="发文机关代字；简报不用")
@click.option("--dated", type=click.DateTime(["%Y-%m-%d"]), help="成文日期，不写为今天")
@_json
def issue(number: int, code: str, dated: datetime | None, as_json: bool) -> None:
    """印发草稿 NUMBER；编号由程序排。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.papers.services.issuing import issue_paper

    found, now = _seen(actor, number), timezone.now()
    day = dated.date() if dated else timezone.localdate(now)
    _tell(issue_paper(paper=found, revision=found.revision, dated=day, code=code, actor=actor, at=now), as_json=as_json)


@paper.command("withdraw", short_help=_("撤回"))
@_number
@click.option("--why", required=True, help="为什么撤回")
@_json
def withdraw(number: int, why: str, as_json: bool) -> None:
    """撤回已印发的公文 NUMBER。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.papers.services.issuing import withdraw_paper

    _tell(withdraw_paper(paper=_seen(actor, number), why=why, actor=actor, at=timezone.now()), as_json=as_json)


@paper.command("receive", short_help=_("签收"))
@_number
def receive(number: int) -> None:
    """替您负责的组织签收公文 NUMBER。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.papers.selectors import papers_to_receive
    from ronghe.domain.papers.services.issuing import receive_paper

    now = timezone.now()
    rows = list(papers_to_receive(actor, now).filter(paper=_seen(actor, number)))
    if not rows:
        raise NotFound
    for row in rows:
        receive_paper(recipient=row, actor=actor, at=now)
        click.echo(_("已替“%(body)s”签收。") % {"body": row.body.name})


@paper.command("print", short_help=_("存成 PDF 或 Word"))
@_number
@click.option(
    "-o", "target", required=True, type=click.Path(dir_okay=False, path_type=Path), help="存到哪里，.pdf 或 .docx"
)
def print_(number: int, target: Path) -> None:
    """把公文 NUMBER 存成 PDF 或 Word。"""
    found = _seen(acting_person(), number)
    from django.utils import timezone

    from ronghe.domain.papers.documents import paper_document
    from ronghe.kernel.printing import PaperForm
    from ronghe.kernel.printing.register import issued

    ending = target.suffix.lower().lstrip(".")
    if ending not in set(PaperForm):
        raise click.BadParameter(_("文件名要以 .pdf 或 .docx 结尾。"), param_hint="-o")
    target.write_bytes(issued(paper_document(found), PaperForm(ending), at=timezone.now(), source=found))
    click.echo(_("已存到 %(path)s。") % {"path": target})


@paper.command("check", short_help=_("核对校验码"))
@click.argument("code")
def check(code: str) -> None:
    """核对末页的校验码 CODE：平台印过没有、此后改过没有。"""
    start_django()
    from ronghe.kernel.printing.register import check_digest

    found = check_digest(code)
    if found is None:
        click.echo(_("平台没有印过这样的内容：校验码抄错了，或内容被改过，或不是本平台印出的。"))
        raise click.exceptions.Exit(1)
    click.echo(
        _("是本平台印出的，内容没有改过：%(title)s %(number)s")
        % {"title": found.paper.title, "number": found.paper.number}
    )
    if found.later:
        click.echo(_("同一记录此后又印过内容不同的一份，请以较新的为准。"))


def _seen(actor: Person, number: int) -> Paper:
    from django.utils import timezone

    from ronghe.domain.papers.selectors import papers_seen_by

    found = papers_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _row(row: Paper) -> dict[str, Any]:
    from ronghe.domain.papers.documents import paper_number

    return {
        "id": row.pk, "kind": row.kind, "title": row.title, "number": paper_number(row), "state": row.state,
        "dated": row.dated.isoformat() if row.dated else None,
    }  # fmt: skip


def _tell(row: Paper, *, as_json: bool) -> None:
    if as_json:
        _print(_row(row))
        return
    from ronghe.domain.papers.documents import paper_number

    click.echo(f"{row.pk:>6}  {row.get_state_display()}  {paper_number(row) or '—'}  {row.title}")


def _print(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
