"""`ronghe inspection`: visits with a checklist, item by item, grades, and calls for many bodies."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now, acting_person
from ronghe.cli.telling import DAY, JSON, NUMBER, tell
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.inspections.models import Inspection
    from ronghe.domain.inspections.services.arranging import VisitPlan
    from ronghe.domain.org.models import Person

EPILOG = """\b
举例：
  ronghe --as dangqun inspection arrange 采油一队党支部 --form acceptance --checklist acceptance_six_ones --from 2026-12-01 --member 温书宁 --member 费清和
  ronghe --as dangqun inspection show 3
  ronghe --as dangqun inspection judge 3 look_back not_met --words "原因没有写到底"
  ronghe --as dangqun inspection finding 3 look_back
  ronghe --as jijian inspection seal 3 --words 总体较好
  ronghe --as dangwei inspection grade 3 excellent

\b
退出码：0 已办；1 不能办，原因见提示；2 写法看不懂。
"""


@click.group("inspection", epilog=EPILOG, short_help=_("督查：安排、逐项认定、完成、定级"))
def inspection() -> None:
    """达标验收、专项督察、帮扶指导、日常督导：先看平台里已有的，再问缺的。"""


@inspection.command("checklists", short_help=_("列出检查表"))
@JSON
def checklists_(as_json: bool) -> None:
    """列出能用的检查表。"""
    acting_person()
    from ronghe.domain.inspections.selectors.checklists import checklists

    rows = [
        {"id": one.id, "title": one.title, "forms": one.forms, "items": len(one.items), "vetoes": len(one.vetoes)}
        for one in checklists().values()
    ]
    tell(
        rows, "\n".join(f"{one['id']}  {one['title']}  {one['items']}+{one['vetoes']}" for one in rows), as_json=as_json
    )


@inspection.command("list", short_help=_("列出督查"))
@click.option("--state", default="", help="只看这个状态，例如 open、sealed、grading")
@click.option("--form", default="", help="只看这种形式，例如 acceptance")
@click.option("--mine", is_flag=True, help="只看我去的")
@JSON
def list_(state: str, form: str, mine: bool, as_json: bool) -> None:
    """列出您能看到的督查，晚的在前。"""
    actor, now = acting_now()
    from ronghe.domain.inspections.selectors.inspections import inspections_filtered, list_inspections

    filters = inspections_filtered(form=form, state=state, mine=actor if mine else None)
    listed = list_inspections(actor, now, filters=filters, size=500)
    lines = [
        f"{one.pk:>6}  {one.planned_on}  {one.get_form_display()}  {one.get_state_display()}  {one.body.name}"
        for one in listed
    ]
    lines.append(_("共 %(count)s 次。") % {"count": listed.count})
    tell([row_of(one) for one in listed], "\n".join(lines), as_json=as_json)


@inspection.command("arrange", short_help=_("安排督查"))
@click.argument("body")
@click.option(
    "--form", required=True, type=click.Choice(["acceptance", "special", "support", "routine"]), help="为什么去"
)
@click.option("--checklist", required=True, help="检查表，见 checklists")
@click.option("--from", "from_on", required=True, type=DAY, help="从哪天")
@click.option("--until", "until_on", type=DAY, help="到哪天；不写就是一天")
@click.option("--member", "members", multiple=True, required=True, help="督查组的人，可写多个，第一个是组长")
@JSON
def arrange(
    body: str, form: str, checklist: str, from_on: datetime, until_on: datetime | None, members: tuple[str, ...],
    as_json: bool,
) -> None:  # fmt: skip
    """安排到组织 BODY 督查。"""
    actor, now = acting_now()
    from ronghe.cli.finding import body_called
    from ronghe.domain.inspections.selectors.inspections import bodies_to_visit
    from ronghe.domain.inspections.services.arranging import arrange_inspection

    plan = _plan(actor, now, form, checklist, from_on, until_on, members)
    made = arrange_inspection(body=body_called(body, bodies_to_visit(actor, now)), plan=plan, actor=actor, at=now)
    tell(row_of(made), _("已安排，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@inspection.command("show", short_help=_("看一次督查"))
@NUMBER
@JSON
def show(number: int, as_json: bool) -> None:
    """看编号 NUMBER 的督查：每一项平台里已有什么，认定了什么。"""
    actor, now = acting_now()
    from ronghe.domain.inspections.selectors.evidence import held_for
    from ronghe.domain.inspections.selectors.inspections import record_of

    visit = seen(actor, number, now)
    record = record_of(visit, actor, now)
    held = held_for(visit.sheet, visit.body_id, now) if record.is_shown else {}
    items, lines = [], [f"{visit.body.name}  {visit.get_form_display()}  {visit.get_state_display()}"]
    for one in record.judged:
        known, row = held.get(one.item.id), one.verdict
        items.append(
            {"id": one.item.id, "title": one.item.title, "held": known.records if known else 0,
             "is_missing": known.is_missing if known else True, "verdict": row.verdict if row else None,
             "mark": row.mark if row else None, "words": row.words if row else ""}
        )  # fmt: skip
        word = row.get_verdict_display() if row else "—"
        lines.append(f"{one.item.id:<22}{known.records if known else 0:>5}  {word}  {one.item.title}")
    tell(row_of(visit) | {"items": items}, "\n".join(lines), as_json=as_json)


@inspection.command("judge", short_help=_("认定一项"))
@NUMBER
@click.argument("item")
@click.argument("verdict", type=click.Choice(["meets", "partly", "not_met", "not_applicable"]))
@click.option("--mark", default="", help="部分符合得几分；不写按检查表的比例")
@click.option("--words", default="", help="看到了什么")
@JSON
def judge(number: int, item: str, verdict: str, mark: str, words: str, as_json: bool) -> None:
    """把编号 NUMBER 的督查里 ITEM 这一项认定为 VERDICT。"""
    actor, now = acting_now()
    from ronghe.domain.inspections.services.visiting import judge_item

    row = judge_item(
        inspection=seen(actor, number, now), item=item, verdict=verdict, mark=mark, words=words, actor=actor, at=now
    )
    told = {"item": row.item, "verdict": row.verdict, "mark": row.mark, "words": row.words}
    tell(told, _("已记下。"), as_json=as_json)


@inspection.command("finding", short_help=_("列为问题"))
@NUMBER
@click.argument("item")
@JSON
def finding_(number: int, item: str, as_json: bool) -> None:
    """把编号 NUMBER 的督查里不符合的 ITEM 列为问题。"""
    actor, now = acting_now()
    from ronghe.domain.inspections.services.visiting import make_finding

    made = make_finding(inspection=seen(actor, number, now), item=item, actor=actor, at=now)
    tell({"finding": made.pk}, _("已列为问题，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@inspection.command("seal", short_help=_("完成督查"))
@NUMBER
@click.option("--words", default="", help="总体评价")
@JSON
def seal(number: int, words: str, as_json: bool) -> None:
    """完成编号 NUMBER 的督查，认定不能再改。"""
    actor, now = acting_now()
    from ronghe.domain.inspections.services.visiting import seal_inspection

    made = seal_inspection(inspection=seen(actor, number, now), words=words, actor=actor, at=now)
    said = _("督查已完成，得分 %(mark)s / %(full)s。") % {"mark": made.mark, "full": made.full}
    tell(row_of(made), said, as_json=as_json)


@inspection.command("call-off", short_help=_("取消督查"))
@NUMBER
@click.option("--reason", required=True, help="为什么取消")
@JSON
def call_off_(number: int, reason: str, as_json: bool) -> None:
    """取消编号 NUMBER 的督查。"""
    actor, now = acting_now()
    from ronghe.domain.inspections.services.arranging import call_off

    made = call_off(inspection=seen(actor, number, now), reason=reason, actor=actor, at=now)
    tell(row_of(made), _("已取消。"), as_json=as_json)


@inspection.command("grade", short_help=_("定级"))
@NUMBER
@click.argument("grade")
@click.option("--words", default="", help="理由；和建议的不同时要写")
@JSON
def grade_(number: int, grade: str, words: str, as_json: bool) -> None:
    """把编号 NUMBER 的达标验收定为 GRADE，公示期过了才能定。"""
    actor, now = acting_now()
    from ronghe.domain.inspections.services.grading import decide_grade

    made = decide_grade(inspection=seen(actor, number, now), grade=grade, words=words, actor=actor, at=now)
    tell(row_of(made), _("已定级。"), as_json=as_json)


@inspection.command("call", short_help=_("部署专项督察"))
@click.argument("title")
@click.option("--body", required=True, help="由哪个组织部署，名称或编号")
@click.option("--visit", "bodies", multiple=True, required=True, help="去哪个组织，可写多个")
@click.option("--checklist", default="special_fusion", show_default=True, help="检查表")
@click.option("--from", "from_on", required=True, type=DAY, help="从哪天")
@click.option("--until", "until_on", required=True, type=DAY, help="到哪天")
@click.option("--member", "members", multiple=True, required=True, help="督查组的人，可写多个，第一个是组长")
@JSON
def call(
    title: str, body: str, bodies: tuple[str, ...], checklist: str, from_on: datetime, until_on: datetime,
    members: tuple[str, ...], as_json: bool,
) -> None:  # fmt: skip
    """部署专项督察 TITLE。"""
    actor, now = acting_now()
    from ronghe.cli.finding import body_called
    from ronghe.domain.inspections.selectors.inspections import bodies_to_call_for, bodies_to_visit
    from ronghe.domain.inspections.services.arranging import issue_call

    made = issue_call(
        title=title, body=body_called(body, bodies_to_call_for(actor, now)),
        bodies=[body_called(one, bodies_to_visit(actor, now)) for one in bodies],
        plan=_plan(actor, now, "special", checklist, from_on, until_on, members), actor=actor, at=now,
    )  # fmt: skip
    tell({"id": made.pk, "title": made.title}, _("已部署，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@inspection.command("calls", short_help=_("列出专项督察"))
@JSON
def calls(as_json: bool) -> None:
    """列出您能看到的专项督察，和各自的进度。"""
    actor, now = acting_now()
    from ronghe.domain.inspections.selectors.inspections import list_calls

    found: Any = list_calls(actor, now, size=500)
    rows = [{"id": one.pk, "title": one.title, "done": one.done, "bodies": one.bodies} for one in found]
    tell(
        rows,
        "\n".join(f"{one['id']:>6}  {one['done']}/{one['bodies']}  {one['title']}" for one in rows),
        as_json=as_json,
    )


@inspection.command("progress", short_help=_("专项督察的进度和共性问题"))
@NUMBER
@JSON
def progress(number: int, as_json: bool) -> None:
    """看编号 NUMBER 的专项督察：各组织的进度，哪几项不符合的最多。"""
    actor, now = acting_now()
    from ronghe.domain.inspections.selectors.inspections import common_problems, inspections_of_call

    found = _call_seen(actor, number, now)
    visits = list(inspections_of_call(found))
    common = common_problems(found)
    lines = [f"{one.pk:>6}  {one.get_state_display()}  {one.judged}  {one.below}  {one.body.name}" for one in visits]
    lines += [f"{one.below}/{one.judged}  {one.item.title}" for one in common]
    told = {
        "visits": [row_of(one) | {"judged": one.judged, "below": one.below} for one in visits],
        "common": [{"item": one.item.id, "judged": one.judged, "below": one.below} for one in common],
    }
    tell(told, "\n".join(lines), as_json=as_json)


@inspection.command("close", short_help=_("结束专项督察"))
@NUMBER
@click.option("--conclusion", required=True, help="共性问题是什么，下一步怎么办")
@JSON
def close(number: int, conclusion: str, as_json: bool) -> None:
    """结束编号 NUMBER 的专项督察。"""
    actor, now = acting_now()
    from ronghe.domain.inspections.services.arranging import close_call

    made = close_call(call=_call_seen(actor, number, now), conclusion=conclusion, actor=actor, at=now)
    tell({"id": made.pk, "conclusion": made.conclusion}, _("专项督察已结束。"), as_json=as_json)


def seen(actor: Person, number: int, now: datetime) -> Inspection:
    from ronghe.cli.finding import row_called
    from ronghe.domain.inspections.selectors.inspections import inspections_seen_by

    return row_called(number, inspections_seen_by(actor, now))


def row_of(one: Inspection) -> dict[str, Any]:
    return {
        "id": one.pk, "body": one.body.name, "form": one.form, "state": one.state, "checklist": one.checklist,
        "planned_on": one.planned_on, "mark": one.mark, "full": one.full, "vetoes": one.vetoes, "proposed": one.proposed,
        "grade": one.grade, "notice_until": one.notice_until,
    }  # fmt: skip


def _call_seen(actor: Person, number: int, now: datetime) -> Any:
    from ronghe.cli.finding import row_called
    from ronghe.domain.inspections.selectors.inspections import calls_seen_by

    return row_called(number, calls_seen_by(actor, now))


def _plan(
    actor: Person, now: datetime, form: str, checklist: str, from_on: datetime, until_on: datetime | None,
    members: tuple[str, ...],
) -> VisitPlan:  # fmt: skip
    from ronghe.cli.finding import person_called
    from ronghe.domain.inspections.enums import InspectionForm
    from ronghe.domain.inspections.selectors.inspections import people_to_send
    from ronghe.domain.inspections.services.arranging import VisitPlan

    group = [person_called(one, people_to_send(actor, now)) for one in members]
    return VisitPlan(InspectionForm(form), checklist, from_on.date(), (until_on or from_on).date(), group)
