"""`ronghe orglife`: 组织生活会与民主评议."""

from __future__ import annotations

from datetime import timedelta

import click

from ronghe.cli.acting import acting_person
from ronghe.cli.finding import body_called, moment_said, person_called
from ronghe.cli.orglife_finding import (
    json_option,
    member_called,
    number_argument,
    print_json,
    seen_session,
    session_data,
    tell,
)
from ronghe.cli.orglife_members import MEMBER_COMMANDS
from ronghe.cli.orglife_reading import READING_COMMANDS
from ronghe.cli.orglife_running import RUNNING
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

EPILOG = """\b
举例：
  ronghe --as shuji orglife plan --body 3 --theme 对照党章找差距 --chair 陈建国 --from "2026-12-10 14:00" --place 会议室
  ronghe --as dangyuan orglife statement 2 --text 学习不够经常
  ronghe --as dangyuan orglife self 2 qualified --text 还有差距
  ronghe --as shuji orglife open 2
  ronghe --as shuji orglife grade 2 王海 excellent --reasons 带头攻关
  ronghe --as shuji orglife tell 2
  ronghe --as dangqun orglife overview --body 1 --year 2026 --json

\b
退出码：0 已办；1 不能办，原因见提示；2 写法看不懂。
"""


@click.group("orglife", epilog=EPILOG, short_help=_("组织生活会与民主评议"))
def orglife() -> None:
    """组织生活会与民主评议：会前准备、测评、评定、告知、整改。"""


@orglife.command("list", short_help=_("列出组织生活会"))
@click.option("--page", default=1, show_default=True)
@json_option
def list_(page: int, as_json: bool) -> None:
    """列出您能看到的组织生活会，最近的在前。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.orglife.selectors.sessions import list_sessions

    listed = list_sessions(actor, timezone.now(), page=page)
    if as_json:
        rows = [session_data(row) for row in listed]
        print_json({"count": listed.count, "page": listed.page, "pages": listed.pages, "items": rows})
        return
    for row in listed:
        click.echo(f"{row.pk:>6}  {row.year}  {row.body.name}  {row.get_state_display()}")


@orglife.command("plan", short_help=_("安排组织生活会"))
@click.option("--body", required=True, help="支部的名称或编号")
@click.option("--theme", required=True, help="主题")
@click.option("--form", type=click.Choice(["general", "committee", "group"]), default="general", show_default=True)
@click.option("--year", type=int, help="哪一年，不写为今年")
@click.option("--chair", required=True, metavar="WHO", help="谁主持：姓名或员工号")
@click.option("--from", "begins", required=True, help="何时开，如 2026-12-10 14:00")
@click.option("--until", "ends", help="何时结束，不写为三小时后")
@click.option("--place", required=True, help="在哪里开")
@click.option("--review/--no-review", default=True, show_default=True, help="同时民主评议党员")
@click.option("--combined/--apart", default=True, show_default=True, help="一次会开完，或另开评议会")
@json_option
def plan(
    body: str, theme: str, form: str, year: int | None, chair: str, begins: str, ends: str | None, place: str,
    review: bool, combined: bool, as_json: bool,
) -> None:  # fmt: skip
    """安排一年的组织生活会；支部党员按组织关系列好，会议一并排上。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.orglife.enums import MeetingForm
    from ronghe.domain.orglife.selectors.sessions import bodies_to_plan_for, chairs_for
    from ronghe.domain.orglife.services.planning import SessionText, plan_session

    now = timezone.now()
    held_by = body_called(body, bodies_to_plan_for(actor, now))
    starts_at = moment_said(begins)
    text = SessionText(
        year or timezone.localdate(now).year, MeetingForm(form), theme,
        person_called(chair, chairs_for(held_by, timezone.localdate(now))), starts_at,
        moment_said(ends) if ends else starts_at + timedelta(hours=3), place, has_review=review, is_combined=combined,
    )  # fmt: skip
    made = plan_session(body=held_by, text=text, actor=actor, at=now)
    tell(made, _("已安排，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@orglife.command("show", short_help=_("看党员、等次和整改"))
@number_argument
@json_option
def show(number: int, as_json: bool) -> None:
    """看一次组织生活会：谁参加、交没交、等次（您能看的）、整改。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.orglife.selectors.corrections import corrections_of
    from ronghe.domain.orglife.selectors.members import members_of, views_of

    found = seen_session(actor, number)
    views = views_of(found, members_of(found), actor, timezone.now())
    rows = [
        {"id": view.member.pk, "person": view.member.person.name, "standing": view.member.standing,
         "statement": view.member.statement_version > 0, "self": view.member.self_at is not None,
         "grade": view.member.grade if view.is_seen and (found.told_at or view.member.person != actor) else ""}
        for view in views
    ]  # fmt: skip
    lines = [
        {"id": row.pk, "problem": row.task.title, "who": row.task.assignee.name, "state": row.task.state}
        for row in corrections_of(found)
    ]
    if as_json:
        print_json({**session_data(found), "members": rows, "corrections": lines})
        return
    click.echo(f"{found.body.name} {found.year}  {found.get_state_display()}")
    for view, row in zip(views, rows, strict=True):
        grade = view.member.get_grade_display() if row["grade"] else "—"
        click.echo(f"{row['id']:>6}  {row['person']}  {view.member.get_standing_display()}  {grade}")
    for line in lines:
        click.echo(f"{line['id']:>6}  {line['problem']}  {line['who']}  {line['state']}")


@orglife.command("open", short_help=_("开始民主测评"))
@number_argument
@json_option
def open_(number: int, as_json: bool) -> None:
    """开始无记名测评：到会半数以上，到会的人都自评了；各人用 ronghe ballot vote 或手机投。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.orglife.services.marking import open_marking

    made = open_marking(session=seen_session(actor, number), actor=actor, at=timezone.now())
    tell(made, _("测评已开始，到会的人在今日看得到。"), as_json=as_json)


@orglife.command("count", short_help=_("结束测评并计票"))
@number_argument
@json_option
def count(number: int, as_json: bool) -> None:
    """结束测评并计票，只有发起测评的人可以。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.orglife.services.marking import count_marks

    made = count_marks(session=seen_session(actor, number), actor=actor, at=timezone.now())
    tell(made, _("已计票，请支委会评定等次。"), as_json=as_json)


@orglife.command("rest", short_help=_("其余定为合格"))
@number_argument
def rest(number: int) -> None:
    """没有评定的都定为合格；测评偏差的和您自己的除外。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.orglife.services.grading import propose_rest

    done = propose_rest(session=seen_session(actor, number), actor=actor, at=timezone.now())
    click.echo(_("%(count)s 人定为合格。") % {"count": done})


@orglife.command("tell", short_help=_("告知本人"))
@number_argument
@json_option
def tell_(number: int, as_json: bool) -> None:
    """把等次告知每个人；民主评议到此完成。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.orglife.services.telling import tell_results

    made = tell_results(session=seen_session(actor, number), actor=actor, at=timezone.now())
    tell(made, _("已告知，各人在今日看得到自己的结果。"), as_json=as_json)


@orglife.command("correct", short_help=_("列一条整改"))
@number_argument
@click.argument("level", type=click.Choice(["branch", "committee", "member"]))
@click.argument("who")
@click.option("--problem", required=True, help="什么问题")
@click.option("--measure", required=True, help="怎样改")
@click.option("--due", required=True, help="何时改好，如 2026-12-31 18:00")
@json_option
def correct(number: int, level: str, who: str, problem: str, measure: str, due: str, as_json: bool) -> None:
    """把一条整改列入清单，由 WHO 负责。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.orglife.enums import ListLevel
    from ronghe.domain.orglife.services.correcting import list_correction

    session = seen_session(actor, number)
    member = member_called(session, who)
    made = list_correction(
        session=session, level=ListLevel(level), problem=problem, measure=measure, due_at=moment_said(due),
        actor=actor, at=timezone.now(), assignee=member.person, member=member,
    )  # fmt: skip
    print_json({"id": made.pk, "task": made.task_id}) if as_json else click.echo(_("已列入整改清单。"))


@orglife.command("carry", short_help=_("整改转入下一年"))
@number_argument
@click.argument("line", type=int)
@click.option("--reason", required=True, help="原因")
def carry(number: int, line: int, reason: str) -> None:
    """把 LINE 号整改转入下一年；编号见 show。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.orglife.services.correcting import carry_over

    found = (
        seen_session(actor, number)
        .corrections.select_related("session__body", "task__assignee")
        .filter(pk=line)
        .first()
    )
    if found is None:
        raise NotFound
    carry_over(correction=found, reason=reason, actor=actor, at=timezone.now())
    click.echo(_("已转入下一年。"))


@orglife.command("close", short_help=_("办结"))
@number_argument
@json_option
def close(number: int, as_json: bool) -> None:
    """办结：异议期过后，异议都答复、整改都验收或转入下一年。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.orglife.services.correcting import close_session

    made = close_session(session=seen_session(actor, number), actor=actor, at=timezone.now())
    tell(made, _("已办结。"), as_json=as_json)


@orglife.command("overview", short_help=_("各支部情况"))
@click.option("--body", required=True, help="上级党组织的名称或编号")
@click.option("--year", type=int, help="哪一年，不写为今年")
@json_option
def overview_(body: str, year: int | None, as_json: bool) -> None:
    """下面各支部开了没有、各档几人、整改多少。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.orglife.selectors.above import bodies_above, overview

    now = timezone.now()
    lines = overview(body_called(body, bodies_above(actor, now)), year or timezone.localdate(now).year, now)
    if as_json:
        print_json([
            {"body": line.body.name, "state": line.session.state if line.session else "", "members": line.members,
             "grades": line.grades, "corrections": line.listed, "done": line.done, "overdue": line.overdue}
            for line in lines
        ])  # fmt: skip
        return
    for line in lines:
        state = line.session.get_state_display() if line.session else _("没有安排")
        click.echo(f"{line.body.name}  {state}  {line.done}/{line.listed}")


@orglife.command("leaders", short_help=_("双重组织生活"))
@click.option("--body", required=True, help="党委的名称或编号")
@click.option("--year", type=int, help="哪一年，不写为今年")
@json_option
def leaders(body: str, year: int | None, as_json: bool) -> None:
    """班子成员参加民主生活会和所在支部组织生活会的情况。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.orglife.selectors.above import committees_for_leaders, leader_lines

    now = timezone.now()
    found = body_called(body, committees_for_leaders(actor, now))
    lines = leader_lines(found, year or timezone.localdate(now).year, now)
    if as_json:
        print_json([
            {"person": line.person.name, "leading": [f"{day}" for day in line.leading],
             "home": [f"{day}" for day in line.home_days], "is_double": line.is_double}
            for line in lines
        ])  # fmt: skip
        return
    for line in lines:
        click.echo(f"{line.person.name}  {_('都参加了') if line.is_double else _('有缺')}")


for _command in (*READING_COMMANDS, *MEMBER_COMMANDS, *RUNNING):
    orglife.add_command(_command)
