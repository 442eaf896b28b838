"""`ronghe person`: statuses and votes, homes and groups, trades, mentors, corrections, the member card."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.cli.finding import body_called, person_called
from ronghe.cli.person_placing import drop, identity, open_, place, unplace
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person

EPILOG = """\b
举例：
  ronghe --as dangqun person list --body 南区党支部
  ronghe --as dangqun person status 王新 01 --since 2026-07-01
  ronghe --as dangqun person join 王新 南区党支部 --group 第一小组 --since 2026-07-01
  ronghe --as wangxin person correct ask education 本科 --reason 已毕业
  ronghe --as dangqun person skill import 技能表.xlsx

\b
退出码：0 已办；1 不能办，原因见提示；2 文件或写法看不懂。
"""

_who = click.argument("who", metavar="PERSON")
_number = click.argument("number", type=int, metavar="NUMBER")
_since = click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="从哪天起；不写就是今天")
_until = click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="到哪天止，不含当天；不写就是今天")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE")


@click.group(epilog=EPILOG, short_help=_("人员档案：技能、师带徒、更正"))
def person() -> None:
    """人员档案：政治面貌、组织关系、工种技能、师带徒、更正、党员卡。"""


person.add_command(place)
person.add_command(unplace)
person.add_command(identity)


@person.command("list", short_help=_("列出人员"))
@click.option("--body", help="只看组织关系在这个党组织及其下级的人")
@click.option("--q", "text", default="", help="姓名、首字母或工号")
@click.option("--trade", default="", help="只看会这个工种的人")
@click.option("--page", default=1, show_default=True)
@_json
def list_(body: str | None, text: str, trade: str, page: int, as_json: bool) -> None:
    """列出您能看到的人和他们的工种。"""
    actor, now = acting_person(), _now()
    from ronghe.domain.members.selectors.matrix import skill_matrix

    inside = _body(actor, body).pk if body else None
    matrix = skill_matrix(actor, now, body=inside, text=text, trade=trade, page=page, size=50)
    rows: list[dict[str, Any]] = [
        {
            "id": one.pk, "name": one.name, "staff_number": one.staff_number, "unit": one.unit.name if one.unit else None,
            "political_status": one.political_status, "trades": [skill.trade for skill in matrix.held[one.pk]],
        }
        for one in matrix.people
    ]  # fmt: skip
    lines = [f"{row['id']:>7}  {row['name']}  {row['unit'] or '—'}  {' '.join(row['trades'])}" for row in rows]
    lines.append(_("共 %(count)s 人，第 %(page)s 页，共 %(pages)s 页。")
                 % {"count": matrix.people.count, "page": matrix.people.page, "pages": matrix.people.pages})  # fmt: skip
    _answer({"count": matrix.people.count, "pages": matrix.people.pages, "items": rows}, lines, as_json=as_json)


@person.command("show", short_help=_("看一个人的档案"))
@_who
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="看哪一天的；不写就是今天")
@_json
def show(who: str, day: datetime | None, as_json: bool) -> None:
    """看一个人的政治面貌、组织、工种、师徒；负责人还能看表决权。"""
    actor, now = acting_person(), _now()
    found = _person(actor, who)
    from ronghe.domain.members.selectors.skills import skills_of
    from ronghe.domain.org.rules import SEE_VOTING_BARS
    from ronghe.domain.org.selectors.records import memberships_of
    from ronghe.domain.org.selectors.voting import may_vote, status_on

    on = _day(day)
    said: dict[str, Any] = {
        "id": found.pk, "name": found.name, "unit": found.unit.name if found.unit else None,
        "political_status": status_on(found, on),
        "may_vote": may_vote(found, on) if SEE_VOTING_BARS.allows(actor, found, at=now) else None,
        "memberships": [_membership_row(row) for row in memberships_of(found)],
        "skills": [{"trade": one.trade, "is_main": one.is_main, "grade": one.grade} for one in skills_of([found.pk])[found.pk]],
    }  # fmt: skip
    lines = [f"#{found.pk} {found.name}  {said['unit'] or '—'}  {said['political_status'] or '—'}"]
    lines += [f"  {row['body']}  {row['group'] or '—'}  {row['valid_from']} – {row['valid_until'] or ''}"
              for row in said["memberships"]]  # fmt: skip
    lines += [f"  {one['trade']}  {one['grade'] or ''}" for one in said["skills"]]
    _answer(said, lines, as_json=as_json)


@person.command("status", short_help=_("变更政治面貌"))
@_who
@click.argument("status", metavar="CODE")
@_since
@_json
def status(who: str, status: str, since: datetime | None, as_json: bool) -> None:
    """从某一天起变更政治面貌；CODE 是 GB/T 4762 代码：01 中共党员，02 预备党员，13 群众……"""
    actor = acting_person()
    from ronghe.domain.org.enums import PoliticalStatus
    from ronghe.domain.org.services.statuses import set_status

    if status not in PoliticalStatus.values:
        raise click.BadParameter(status, param_hint="CODE")
    row = set_status(
        person=_person(actor, who), status=PoliticalStatus(status), since=_day(since), actor=actor, at=_now()
    )
    _answer({"political_status": row.status, "since": row.valid_from.isoformat()}, [_("已登记。")], as_json=as_json)


@person.command("bar", short_help=_("中止表决权"))
@_who
@click.option("--reason", required=True, type=click.Choice(["party_probation", "detained", "membership_stopped"]),
              help="party_probation 留党察看；detained 被留置、逮捕；membership_stopped 停止党籍")  # fmt: skip
@click.option("--decision", required=True, help="决定文号")
@_since
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="到哪天止，不含当天")
@_json
def bar(who: str, reason: str, decision: str, since: datetime | None, until: datetime | None, as_json: bool) -> None:
    """按党组织的决定中止一名党员的表决权（PE-08）。"""
    actor = acting_person()
    from ronghe.domain.org.enums import VotingBarReason
    from ronghe.domain.org.services.statuses import bar_vote

    made = bar_vote(
        person=_person(actor, who), reason=VotingBarReason(reason), decision_ref=decision, since=_day(since),
        until=until.date() if until else None, actor=actor, at=_now(),
    )  # fmt: skip
    _answer(
        {"id": made.pk, "since": made.valid_from.isoformat()},
        [_("已登记，编号 %(id)s。") % {"id": made.pk}],
        as_json=as_json,
    )


@person.command("unbar", short_help=_("恢复表决权"))
@_number
@_until
@_json
def unbar(number: int, until: datetime | None, as_json: bool) -> None:
    """结束一次中止表决权，NUMBER 是登记时的编号。"""
    actor = acting_person()
    from ronghe.domain.org.models import VotingBar
    from ronghe.domain.org.rules import SEE_VOTING_BARS
    from ronghe.domain.org.services.statuses import restore_vote

    found = VotingBar.objects.select_related("person").filter(pk=number).first()
    if found is None or not SEE_VOTING_BARS.allows(actor, found.person, at=_now()):
        raise NotFound
    restore_vote(bar=found, until=_day(until), actor=actor, at=_now())
    _answer({"id": found.pk, "until": _day(until).isoformat()}, [_("表决权已恢复。")], as_json=as_json)


@person.command("join", short_help=_("编入、转接或参加活动"))
@_who
@click.argument("body", metavar="BODY")
@click.option("--group", help="党小组")
@click.option("--take-part", is_flag=True, help="只参加活动，组织关系留在原支部")
@_since
@_json
def join(who: str, body: str, group: str | None, take_part: bool, since: datetime | None, as_json: bool) -> None:
    """把组织关系编入一个党支部（原来的同日结束），或编入工作载体参加活动。"""
    actor = acting_person()
    from ronghe.domain.org.enums import MembershipKind
    from ronghe.domain.org.services.people import join_body

    found = _body(actor, body)
    made = join_body(
        person=_person(actor, who), body=found, group=_group(group, found), since=_day(since), actor=actor, at=_now(),
        kind=MembershipKind.PARTICIPATION if take_part else MembershipKind.HOME,
    )  # fmt: skip
    _answer(_membership_row(made), [_("已编入“%(body)s”。") % {"body": found.name}], as_json=as_json)


@person.command("leave", short_help=_("离开一个组织"))
@_who
@click.argument("body", metavar="BODY")
@_until
@_json
def leave(who: str, body: str, until: datetime | None, as_json: bool) -> None:
    """结束一个人在一个组织里的关系。"""
    actor = acting_person()
    from ronghe.domain.org.services.people import leave_body

    row = _present(actor, who, body)
    leave_body(membership=row, until=_day(until), actor=actor, at=_now())
    _answer(_membership_row(row), [_("已离开“%(body)s”。") % {"body": row.body.name}], as_json=as_json)


@person.command("group", short_help=_("换党小组"))
@_who
@click.argument("group", metavar="GROUP", required=False)
@_since
@_json
def group(who: str, group: str | None, since: datetime | None, as_json: bool) -> None:
    """在本支部里换党小组；不写 GROUP 就是不编入小组。"""
    actor = acting_person()
    from ronghe.domain.org.services.people import move_in_group

    row = _present(actor, who, None)
    moved = move_in_group(
        membership=row, group=_group(group, row.body), since=_day(since), actor=actor, at=_now()
    )  # fmt: skip
    _answer(_membership_row(moved), [_("党小组已调整。")], as_json=as_json)


@person.command("unplaced", short_help=_("没有编入的党员"))
@_json
def unplaced(as_json: bool) -> None:
    """列出没有组织关系、或支部有小组而没有编入小组的党员，并写出怎么办（PO-13）。"""
    actor, now = acting_person(), _now()
    from ronghe.domain.org.rules import SEE_PERSON
    from ronghe.domain.org.selectors.people import members_without_group, members_without_home

    day = _day(None)
    rows = [
        {"id": one.pk, "name": one.name, "gap": gap, "act": act % {"name": one.name}}
        for gap, act, found in (
            ("home", _("ronghe person join %(name)s 党支部"), members_without_home(day)),
            ("group", _("ronghe person group %(name)s 党小组"), members_without_group(day)),
        )
        for one in SEE_PERSON.narrow(actor, found, at=now).order_by("name", "pk")
    ]
    _answer(rows, [f"{row['id']:>7}  {row['name']}  {row['act']}" for row in rows], as_json=as_json)


@person.group("skill", short_help=_("工种：登记、确认、导入"))
def skill() -> None:
    """工种和技能。"""


@skill.command("add", short_help=_("登记或申报工种"))
@_who
@click.argument("trade")
@click.option("--main", "is_main", is_flag=True, help="这是主工种")
@click.option("--grade", help="技能等级")
@click.option("--certificate", help="证书编号")
@_since
@_json
def skill_add(
    who: str, trade: str, is_main: bool, grade: str | None, certificate: str | None, since: datetime | None,
    as_json: bool,
) -> None:  # fmt: skip
    """登记一个工种；本人登记的等负责人确认。"""
    actor = acting_person()
    from ronghe.domain.members.services.skills import claim_skill, enter_skill

    found = _person(actor, who)
    enter = claim_skill if found.pk == actor.pk else enter_skill
    made = enter(
        person=found, trade=trade, is_main=is_main, grade=grade, certificate_ref=certificate, since=_day(since),
        actor=actor, at=_now(),
    )  # fmt: skip
    _answer({"id": made.pk, "trade": made.trade, "state": made.state},
            [_("已登记，编号 %(id)s。") % {"id": made.pk}], as_json=as_json)  # fmt: skip


@skill.command("settle", short_help=_("确认、不认可或取消工种"))
@_number
@click.argument("how", type=click.Choice(["confirm", "refuse", "end"]))
@_json
def skill_settle(number: int, how: str, as_json: bool) -> None:
    """确认（confirm）、不认可（refuse）或取消（end）一个工种。"""
    actor = acting_person()
    from ronghe.domain.members.models import PersonSkill
    from ronghe.domain.members.services.skills import confirm_skill, end_skill, refuse_skill
    from ronghe.domain.org.selectors.people import person_seen_by

    found = PersonSkill.objects.select_related("person").filter(pk=number).first()
    if found is None or not person_seen_by(actor, _now()).filter(pk=found.person_id).exists():
        raise NotFound
    {"confirm": confirm_skill, "refuse": refuse_skill, "end": end_skill}[how](skill=found, actor=actor, at=_now())
    _answer({"id": found.pk, "state": found.state}, [str(found.get_state_display())], as_json=as_json)


@skill.command("import", short_help=_("导入技能表"))
@_file
@_json
def skill_import(file: Path, as_json: bool) -> None:
    """导入 Excel 技能表；有一行不对就一行也不导入。"""
    actor = acting_person()
    from ronghe.domain.members.services.skill_import import import_skills

    done = import_skills(path=file, name=file.name, actor=actor, at=_now())
    said = {"rows": done.rows, "added": done.added, "changed": done.changed, "same": done.same}
    _answer(said, [_("新增 %(added)s 项，更新 %(changed)s 项，%(same)s 项没有变化。") % said], as_json=as_json)


@person.group("broad", short_help=_("大岗位、大工种对照"))
def broad() -> None:
    """原岗位、原工种归入哪个大岗位、大工种。"""


broad.add_command(drop)


@broad.command("list", short_help=_("看对照"))
@click.argument("unit")
@_json
def broad_list(unit: str, as_json: bool) -> None:
    """看一个单位的对照，上级单位的也算。"""
    actor = acting_person()
    from ronghe.domain.members.selectors.broad import broad_of

    table = broad_of(_unit(actor, unit), _day(None))
    lines = [f"{old} → {new}" for names in (table.posts, table.trades) for old, new in sorted(names.items())]
    _answer({"posts": dict(table.posts), "trades": dict(table.trades)}, lines, as_json=as_json)


@broad.command("set", short_help=_("记一条对照"))
@click.argument("unit")
@click.argument("kind", type=click.Choice(["post", "trade"]))
@click.argument("old")
@click.argument("new")
@_json
def broad_set(unit: str, kind: str, old: str, new: str, as_json: bool) -> None:
    """记一条：原岗位（post）或原工种（trade）归入哪里。"""
    actor = acting_person()
    from ronghe.domain.members.enums import BroadKind
    from ronghe.domain.members.services.broad_names import keep_broad_name

    row = keep_broad_name(unit=_unit(actor, unit), kind=BroadKind(kind), old=old, broad=new, actor=actor, at=_now())
    _answer({"old": row.old, "broad": row.broad}, [_("已记下。")], as_json=as_json)


@broad.command("import", short_help=_("导入对照表"))
@click.argument("unit")
@_file
@_json
def broad_import(unit: str, file: Path, as_json: bool) -> None:
    """导入 Excel 对照表，三列：类别、原名称、归入。"""
    actor = acting_person()
    from ronghe.domain.members.services.broad_names import import_broad_names

    count = import_broad_names(unit=_unit(actor, unit), path=file, name=file.name, actor=actor, at=_now())
    _answer({"entries": count}, [_("已导入 %(count)s 条对照。") % {"count": count}], as_json=as_json)


@person.group("mentor", short_help=_("传帮带、师带徒"))
def mentor() -> None:
    """传帮带、师带徒。"""


@mentor.command("add", short_help=_("结对"))
@click.argument("teacher", metavar="MENTOR")
@click.argument("learner", metavar="APPRENTICE")
@click.option("--topic", required=True, help="带什么")
@click.option("--goal", help="目标")
@click.option("--kind", default="apprenticeship", show_default=True,
              type=click.Choice(["passing_on", "apprenticeship"]), help="passing_on 传帮带；apprenticeship 师带徒")  # fmt: skip
@_since
@_json
def mentor_add(
    teacher: str, learner: str, topic: str, goal: str | None, kind: str, since: datetime | None, as_json: bool
) -> None:
    """师傅 MENTOR 带徒弟 APPRENTICE。"""
    actor = acting_person()
    from ronghe.domain.members.enums import MentorKind
    from ronghe.domain.members.services.mentors import pair_mentor

    pair = pair_mentor(
        mentor=_person(actor, teacher), apprentice=_person(actor, learner), kind=MentorKind(kind), topic=topic,
        goal=goal, since=_day(since), actor=actor, at=_now(),
    )  # fmt: skip
    _answer({"id": pair.pk, "topic": pair.topic}, [_("已结对，编号 %(id)s。") % {"id": pair.pk}], as_json=as_json)


@mentor.command("end", short_help=_("结束"))
@_number
@_until
@_json
def mentor_end(number: int, until: datetime | None, as_json: bool) -> None:
    """结束一对传帮带。"""
    actor = acting_person()
    from ronghe.domain.members.models import MentorPair
    from ronghe.domain.members.services.mentors import part_mentor
    from ronghe.domain.org.selectors.people import person_seen_by

    pair = MentorPair.objects.select_related("mentor", "apprentice").filter(pk=number).first()
    if pair is None or not person_seen_by(actor, _now()).filter(pk=pair.apprentice_id).exists():
        raise NotFound
    part_mentor(pair=pair, until=_day(until), actor=actor, at=_now())
    _answer({"id": pair.pk, "until": _day(until).isoformat()}, [_("传帮带已结束。")], as_json=as_json)


@person.group("correct", short_help=_("更正档案"))
def correct() -> None:
    """申请更正自己的档案；支部处理申请。"""


correct.add_command(open_)


@correct.command("ask", short_help=_("申请更正"))
@click.argument("field")
@click.argument("value")
@click.option("--reason", default="", help="为什么")
@_json
def correct_ask(field: str, value: str, reason: str, as_json: bool) -> None:
    """申请更正自己档案里的一项：name、born_on、education、phone……"""
    actor = acting_person()
    from ronghe.domain.members.enums import CorrectionField
    from ronghe.domain.members.services.corrections import ask_correction

    if field not in CorrectionField.values:
        raise click.BadParameter(", ".join(CorrectionField.values), param_hint="FIELD")
    made = ask_correction(
        person=actor, field=CorrectionField(field), value=value, reason=reason, actor=actor, at=_now()
    )
    _answer(
        {"id": made.pk, "state": made.state}, [_("申请已交给“%(body)s”。") % {"body": made.body.name}], as_json=as_json
    )


@correct.command("list", short_help=_("等我处理的申请"))
@_json
def correct_list(as_json: bool) -> None:
    """列出等您处理的更正申请；证件号和电话只显示前 3 位和后 4 位。"""
    actor = acting_person()
    from ronghe.domain.members.selectors.corrections import corrections_waiting, shown

    found = [shown(row) for row in corrections_waiting(actor, _now())]
    rows = [
        {"id": one.correction.pk, "person": one.correction.person.name, "field": one.correction.field, "old": one.old,
         "new": one.new, "reason": one.correction.reason}
        for one in found
    ]  # fmt: skip
    lines = [f"{row['id']:>7}  {row['person']}  {row['field']}  {row['old']} → {row['new']}" for row in rows]
    _answer(rows, lines, as_json=as_json)


@correct.command("settle", short_help=_("更正、不采纳或撤回"))
@_number
@click.argument("how", type=click.Choice(["accept", "refuse", "withdraw"]))
@click.option("--reason", default="", help="不采纳的原因")
@_json
def correct_settle(number: int, how: str, reason: str, as_json: bool) -> None:
    """更正（accept）、不采纳（refuse，须写原因），或撤回自己的申请（withdraw）。"""
    actor = acting_person()
    from ronghe.domain.members.selectors.corrections import corrections_seen_by
    from ronghe.domain.members.services.corrections import accept_correction, refuse_correction, withdraw_correction

    found = corrections_seen_by(actor, _now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    if how == "refuse":
        refuse_correction(correction=found, reason=reason, actor=actor, at=_now())
    else:
        {"accept": accept_correction, "withdraw": withdraw_correction}[how](correction=found, actor=actor, at=_now())
    _answer({"id": found.pk, "state": found.state}, [str(found.get_state_display())], as_json=as_json)


@person.command("card", short_help=_("党员卡：亮身份、撤回"))
@click.argument("how", type=click.Choice(["show", "hide"]))
@_json
def card(how: str, as_json: bool) -> None:
    """同意（show）或撤回（hide）让同事扫码看到自己的党员身份。"""
    actor = acting_person()
    from ronghe.domain.members.services.cards import hide_card, show_card

    (show_card if how == "show" else hide_card)(person=actor, actor=actor, at=_now())
    said = _("已同意亮身份。") if how == "show" else _("已撤回亮身份。")
    _answer({"shown": how == "show"}, [said], as_json=as_json)


def _now() -> datetime:
    from django.utils import timezone

    return timezone.now()


def _day(said: datetime | None) -> date:
    from ronghe.kernel.calendar.moments import day_of

    return said.date() if said is not None else day_of(_now())


def _person(actor: Person, who: str) -> Person:
    from ronghe.domain.org.selectors.people import people_seen_by

    return person_called(who, people_seen_by(actor, _now()).filter(valid_until=None))


def _body(actor: Person, name: str) -> PartyOrg:
    from ronghe.domain.org.selectors.people import bodies_seen_by

    return body_called(name, bodies_seen_by(actor, _now()))


def _unit(actor: Person, name: str) -> AdminUnit:
    from ronghe.domain.org.selectors.people import units_seen_by

    units = units_seen_by(actor, _now())
    found = units.filter(pk=int(name)) if name.isascii() and name.isdigit() else units.filter(name=name)
    rows = list(found[:2])
    if len(rows) != 1:
        raise NotFound
    return rows[0]


def _group(name: str | None, body: PartyOrg) -> PartyOrg | None:
    from ronghe.domain.org.models import PartyOrg as Body

    return body_called(name, Body.objects.filter(parent=body, valid_until=None)) if name else None


def _present(actor: Person, who: str, body: str | None) -> Membership:
    """Return the person's present membership in a body, or at home where none is named."""
    rows = _person(actor, who).memberships.filter(valid_until=None).select_related("person", "body", "group")
    found = rows.filter(body=_body(actor, body)) if body else rows.filter(kind="home")
    row = found.order_by("pk").first()
    if row is None:
        raise NotFound
    return row


def _membership_row(row: Membership) -> dict[str, Any]:
    return {
        "id": row.pk, "body": row.body.name, "kind": row.kind, "group": row.group.name if row.group else None,
        "valid_from": row.valid_from.isoformat(), "valid_until": row.valid_until.isoformat() if row.valid_until else None,
    }  # fmt: skip


def _answer(said: Any, lines: list[str], *, as_json: bool) -> None:
    for line in [json.dumps(said, ensure_ascii=False)] if as_json else lines:
        click.echo(line)
