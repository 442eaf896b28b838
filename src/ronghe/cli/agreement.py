"""`ronghe agreement`: what branches agreed to do together."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.cli.agreement_talks import TALKS, agreement_seen, side_of
from ronghe.kernel.errors import DomainError, NotAllowed, NotFound
from ronghe.kernel.words import N_, _

if TYPE_CHECKING:
    from ronghe.domain.agreements.models import Agreement

EPILOG = """\b
举例：
  ronghe --as shuji agreement draft 3 --partner 21
  ronghe --as shuji agreement text 5 > wenben.json
  ronghe --as shuji agreement revise 5 wenben.json --note 收窄范围
  ronghe --as shuji agreement consent 5 --version 2
  ronghe --as shuji agreement sign 5 --digest 9f2c…
  ronghe --as shuji agreement read 5 hard_points 3 --evidence 攻关台账
  ronghe --as shuji agreement print 5 yixiangshu.pdf
"""

LARGEST_FILE = 500_000

_number = click.argument("number", type=int, metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")


class TextUnreadable(DomainError):
    code = "agreement_text_unreadable"
    sentence = N_("文本读不出来。请用 agreement text 导出的格式，UTF-8 编码。")
    status = 422


class NoSuchGoal(DomainError):
    code = "no_such_goal"
    sentence = N_("没有目标“%(goal)s”，请用 agreement show 列出的代码。")
    status = 404


@click.group(epilog=EPILOG, short_help=_("联创共建合作意向书"))
def agreement() -> None:
    """联创共建合作意向书：起草、协商、签字、目标、回顾、终止。"""


for _command in TALKS:
    agreement.add_command(_command)


@agreement.command("list", short_help=_("列出意向书"))
@click.option("--search", default="", help="标题、项目或党组织里的字")
@click.option("--state", default="", help="状态：negotiating、signing、in_force、ended、called_off")
@click.option("--project", type=int, help="项目编号")
@click.option("--due", is_flag=True, help="只列该回顾或已到期的")
@_json
def list_(search: str, state: str, project: int | None, due: bool, as_json: bool) -> None:
    """列出您能看到的意向书，最多 1000 份。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.agreements.selectors import list_agreements

    listed = list_agreements(actor, timezone.now(), words=search, state=state, project=project, due=due, size=1000)
    if as_json:
        _print([_row(found) for found in listed])
        return
    for found in listed:
        click.echo(f"{found.pk:>6}  {found.get_state_display()}  {found.ends_on}  {found.title}")
    click.echo(_("共 %(count)s 份。") % {"count": listed.count})


@agreement.command("waiting", short_help=_("等我办的意向书"))
@_json
def waiting(as_json: bool) -> None:
    """列出等您同意、签字、回顾或答复的意向书。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.agreements.selectors.waiting import waiting_for

    found = waiting_for(actor, timezone.now())
    if as_json:
        _print([{"id": one.agreement_id, "title": one.title, "what": one.what} for one in found])
        return
    words = {"signature": _("待签字"), "consent": _("等同意"), "review": _("该回顾"), "ending": _("等答复终止"),
             "over": _("期满待结")}  # fmt: skip
    for one in found:
        click.echo(f"{one.agreement_id:>6}  {words[one.what]}  {one.title}")
    click.echo(_("共 %(count)s 份。") % {"count": len(found)})


@agreement.command("draft", short_help=_("起草意向书"))
@click.argument("project", type=int, metavar="PROJECT")
@click.option("--partner", "partners", type=int, multiple=True, required=True, help="另一方的党组织编号，可写几次")
@click.option("--safety", is_flag=True, help="订安全管理协议")
@_json
def draft(project: int, partners: tuple[int, ...], safety: bool, as_json: bool) -> None:
    """为项目 PROJECT 起草意向书，文本按范本填好。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.agreements.enums import AgreementKind
    from ronghe.domain.agreements.selectors.forms import form_named
    from ronghe.domain.agreements.selectors.sides import bodies_to_draft_for, sides_named
    from ronghe.domain.agreements.services.drafting import REVIEW_MONTHS, draft_agreement
    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.domain.projects.selectors import projects_seen_by

    now = timezone.now()
    day, kind = local_day(now), AgreementKind.SAFETY if safety else AgreementKind.LETTER_OF_INTENT
    own = bodies_to_draft_for(actor, now).first()
    if own is None:
        raise NotAllowed
    found = projects_seen_by(actor, now).filter(pk=project).first()
    others = [sides_named("").filter(pk=key).first() for key in partners]
    sides = [own, *(other for other in others if other is not None)]
    if found is None or len(sides) <= len(partners):
        raise NotFound
    form, months = form_named(own, kind, None, day)
    made = draft_agreement(
        project=found, bodies=sides, kind=kind, form=form, starts_on=max(day, found.starts_on), ends_on=found.ends_on,
        review_months=months or REVIEW_MONTHS, actor=actor, at=now,
    )  # fmt: skip
    _tell(made, _("已起草，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@agreement.command("show", short_help=_("一份意向书的目标与各方"))
@_number
@_json
def show(number: int, as_json: bool) -> None:
    """说明意向书 NUMBER 各方办到哪一步，各目标走到哪里。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.agreements.selectors.goals import goal_states
    from ronghe.domain.agreements.selectors.negotiation import version_on_table
    from ronghe.domain.org.rules.reaches import local_day

    found = agreement_seen(actor, number)
    version = version_on_table(found)
    states = goal_states(found, local_day(timezone.now()))
    goals = [{"key": s.goal.key, "title": s.goal.title, "now": s.now_text, "target": s.goal.target_text,
              "unit": s.goal.unit, "share": None if s.share is None else f"{s.share}"} for s in states]  # fmt: skip
    if as_json:
        _print({**_row(found), "version": version.number, "digest": version.digest, "goals": goals})
        return
    click.echo(f"{found.title}  {found.get_state_display()}")
    click.echo(_("第 %(number)s 稿，摘要 %(digest)s") % {"number": version.number, "digest": version.digest})
    for goal in goals:
        click.echo(f"  {goal['key']}  {goal['title']}  {goal['now'] or '—'} / {goal['target']} {goal['unit']}")


@agreement.command("text", short_help=_("文本，作 JSON"))
@_number
def text(number: int) -> None:
    """把意向书 NUMBER 现在的文本写到标准输出，可改后用 revise 存回。"""
    actor = acting_person()
    from ronghe.domain.agreements.selectors.negotiation import version_on_table

    version = version_on_table(agreement_seen(actor, number))
    _print({"base": version.number, **json.loads(version.content)}, indent=2)


@agreement.command("revise", short_help=_("存为新稿"))
@_number
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--note", default="", help="改了什么")
@_json
def revise_(number: int, file: Path, note: str, as_json: bool) -> None:
    """把文件 FILE 里的文本存为意向书 NUMBER 的新稿。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.agreements.calc.content import canonical, read
    from ronghe.domain.agreements.services.negotiating import revise

    found = agreement_seen(actor, number)
    try:
        data = json.loads(file.read_bytes()[:LARGEST_FILE].decode("utf-8-sig"))
        base = int(data.pop("base"))
        content = read(json.dumps(data))
        canonical(content)
    except (ValueError, TypeError, KeyError, ArithmeticError, AttributeError) as error:
        raise TextUnreadable from error
    made = revise(
        agreement=found, party=side_of(found, actor), content=content, base=base, note_text=note,
        safety_officer=found.safety_officer, actor=actor, at=timezone.now(),
    )  # fmt: skip
    said = _("已存为第 %(number)s 稿。") % {"number": made.number}
    _print({"version": made.number, "digest": made.digest}) if as_json else click.echo(said)


@agreement.command("consent", short_help=_("同意文本"))
@_number
@click.option("--version", "wanted", type=int, required=True, help="同意第几稿")
@_json
def consent_(number: int, wanted: int, as_json: bool) -> None:
    """代表本方同意意向书 NUMBER 的一稿。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.agreements.services.negotiating import consent

    found = agreement_seen(actor, number)
    consent(agreement=found, party=side_of(found, actor), number=wanted, actor=actor, at=timezone.now())
    _tell(agreement_seen(actor, number), _("已同意第 %(number)s 稿。") % {"number": wanted}, as_json=as_json)


@agreement.command("sign", short_help=_("签字"))
@_number
@click.option("--digest", required=True, help="看过的文本的摘要，见 agreement show")
@_json
def sign_(number: int, digest: str, as_json: bool) -> None:
    """代表本方在意向书 NUMBER 上签字。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.agreements.services.signing import sign

    found = agreement_seen(actor, number)
    sign(agreement=found, party=side_of(found, actor, power="signs"), digest=digest, actor=actor, at=timezone.now())
    _tell(agreement_seen(actor, number), _("已签字。"), as_json=as_json)


@agreement.command("refuse", short_help=_("拒签"))
@_number
@click.option("--reason", required=True, help="为什么不签")
@_json
def refuse(number: int, reason: str, as_json: bool) -> None:
    """拒签意向书 NUMBER，写明原因，回到协商。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.agreements.services.signing import refuse_to_sign

    found = agreement_seen(actor, number)
    side = side_of(found, actor, power="signs")
    refuse_to_sign(agreement=found, party=side, reason=reason, actor=actor, at=timezone.now())
    _tell(agreement_seen(actor, number), _("已拒签，回到协商。"), as_json=as_json)


@agreement.command("read", short_help=_("登记目标数值"))
@_number
@click.argument("goal")
@click.argument("value")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="哪一天的，不写为今天")
@click.option("--evidence", default="", help="依据")
@_json
def read_(number: int, goal: str, value: str, day: datetime | None, evidence: str, as_json: bool) -> None:
    """登记意向书 NUMBER 的目标 GOAL（代码）现在的数值 VALUE。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.agreements.services.goals import ValueUnfit, read_goal
    from ronghe.domain.org.rules.reaches import local_day

    now, found = timezone.now(), agreement_seen(actor, number)
    known = found.goals.select_related("agreement").filter(key=goal).first()
    if known is None:
        raise NoSuchGoal(goal=goal)
    try:
        amount = Decimal(value)
    except ArithmeticError as error:
        raise ValueUnfit from error
    reading = read_goal(
        goal=known, party=side_of(found, actor), value=amount, day=day.date() if day else local_day(now),
        evidence=evidence, actor=actor, at=now,
    )  # fmt: skip
    data = {"goal": goal, "day": f"{reading.day}", "value": reading.value_text}
    _print(data) if as_json else click.echo(_("数值已登记。"))


@agreement.command("review", short_help=_("记回顾"))
@_number
@click.option("--conclusion", required=True, help="结论")
@_json
def review(number: int, conclusion: str, as_json: bool) -> None:
    """记下今天对意向书 NUMBER 的回顾，各目标的结论按数值判断。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.agreements.services.reviewing import review_agreement
    from ronghe.domain.org.rules.reaches import local_day

    now, found = timezone.now(), agreement_seen(actor, number)
    side = side_of(found, actor)
    review_agreement(agreement=found, party=side, held_on=local_day(now), conclusion=conclusion, actor=actor, at=now)
    _tell(agreement_seen(actor, number), _("回顾已记下。"), as_json=as_json)


@agreement.command("end", short_help=_("终止或提出终止"))
@_number
@click.option("--how", type=click.Choice(["term_over", "both_agree", "broken_off"]), required=True, help="怎样结束")
@click.option("--summary", default="", help="成果小结")
@click.option("--reason", default="", help="原因，单方终止必填")
@_json
def end(number: int, how: str, summary: str, reason: str, as_json: bool) -> None:
    """终止意向书 NUMBER，最终数值取最近一次登记；各方同意的先提出，等答复。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.agreements.enums import EndingKind
    from ronghe.domain.agreements.services.ending import end_agreement

    found = agreement_seen(actor, number)
    end_agreement(
        agreement=found, party=side_of(found, actor), kind=EndingKind(how), summary=summary, reason=reason, actor=actor,
        at=timezone.now(),
    )  # fmt: skip
    made = agreement_seen(actor, number)
    _tell(made, _("现在的状态：%(state)s") % {"state": made.get_state_display()}, as_json=as_json)


@agreement.command("print", short_help=_("印成 PDF 或 Word"))
@_number
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
def print_(number: int, file: Path) -> None:
    """把意向书 NUMBER 印成文件 FILE，按扩展名 .pdf 或 .docx。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.agreements.documents import agreement_document
    from ronghe.domain.agreements.selectors.negotiation import side_states, version_on_table
    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.kernel.printing import PaperForm
    from ronghe.kernel.printing.register import issued

    found = agreement_seen(actor, number)
    version = version_on_table(found)
    form = PaperForm.DOCX if file.suffix.lower() == ".docx" else PaperForm.PDF
    document = agreement_document(found, version, side_states(found, version), printed_on=local_day(timezone.now()))
    file.write_bytes(issued(document, form, at=timezone.now(), source=found))
    click.echo(_("已写到 %(file)s。") % {"file": file})


def _row(found: Agreement) -> dict[str, Any]:
    return {
        "id": found.pk, "title": found.title, "kind": found.kind, "state": found.state, "project": found.project.name,
        "sides": [side.name for side in found.sides], "starts_on": f"{found.starts_on}",
        "ends_on": f"{found.ends_on}", "review_on": f"{found.review_on}" if found.review_on else None,
    }  # fmt: skip


def _tell(found: Agreement, said: str, *, as_json: bool) -> None:
    _print(_row(found)) if as_json else click.echo(said)


def _print(data: Any, *, indent: int | None = None) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=indent))
