"""`ronghe partylife`: 组织生活."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.cli.finding import body_called, moment_said, person_called
from ronghe.cli.partylife_keeping import KEEPING
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.org.models import PartyOrg, Person

EPILOG = """\b
举例：
  ronghe --as shuji partylife talk 段小龙 --topic work
  ronghe --as shuji partylife pairs 南区党支部
  ronghe --as shuji partylife birthday 段小龙 何秀兰 --body 南区党支部 --way together
  ronghe --as shuji partylife oath --body 南区党支部 --kind renewal 段小龙 何秀兰
  ronghe --as dangyuan partylife hours
  ronghe --as shuji partylife class 大庆会战 --body 南区党支部 --day 2026-11-20 --teller 段小龙

\b
退出码：0 已办；1 不能办，原因见提示；2 写法看不懂。
"""
TOPICS = ("thought", "work", "life", "family", "before_meeting", "post_change", "safety", "study")
WAYS = ("card", "together", "oath", "book", "talk", "sharing")
FORMS = ("together", "lecture", "off_job", "online")
DOUBTS = ("not_held", "wrong_person", "wrong_day", "twice", "other")

_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
_day = click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="哪一天，不写为今天")
_year = click.option("--year", type=click.IntRange(1950, 2999), help="哪一年，不写为今年")


@click.group("partylife", epilog=EPILOG, short_help=_("组织生活"))
def partylife() -> None:
    """组织生活：谈心谈话、政治生日、宣誓、红色资源、党史小课堂、学时。"""


for _command in KEEPING:
    partylife.add_command(_command)


@partylife.command("talks", short_help=_("列出谈心谈话"))
@click.option("--page", default=1, show_default=True)
@_json
def talks(page: int, as_json: bool) -> None:
    """列出您能看到的谈心谈话，最近的在前；只看谈了没有。"""
    actor, now = _acting()
    from ronghe.domain.partylife.selectors.talks import list_talks

    rows = [
        {"id": row.pk, "day": f"{row.day}", "by": row.by.name, "other": row.other.name, "kind": row.kind,
         "state": str(row.get_state_display())}
        for row in list_talks(actor, now, page=page)
    ]  # fmt: skip
    _rows(rows, as_json=as_json)


@partylife.command("talk", short_help=_("记谈心谈话"))
@click.argument("who")
@_day
@click.option("--topic", "topics", multiple=True, type=click.Choice(TOPICS), help="谈了哪些方面，可以写几次")
@click.option("--text", default="", help="谈了什么，加密保存，只有两个人能看")
@_json
def talk(who: str, day: datetime | None, topics: tuple[str, ...], text: str, as_json: bool) -> None:
    """记一次和 WHO（姓名或员工号）的谈心谈话。"""
    actor, now = _acting()
    from ronghe.domain.partylife.enums import TalkTopic
    from ronghe.domain.partylife.selectors.talks import people_to_talk_with
    from ronghe.domain.partylife.services.talks import record_talk

    other = person_called(who, people_to_talk_with(actor, now))
    chosen = [TalkTopic(topic) for topic in topics]
    made = record_talk(other=other, day=_on(day), topics=chosen, text=text, actor=actor, at=now)
    _tell({"id": made.pk}, _("已记下，等%(name)s确认。") % {"name": other.name}, as_json=as_json)


@partylife.command("confirm", short_help=_("确认谈过"))
@click.argument("number", type=int)
@click.option("--no", "doubt", type=click.Choice(DOUBTS), help="不对：原因")
@_json
def confirm(number: int, doubt: str | None, as_json: bool) -> None:
    """确认编号为 NUMBER 的谈话谈过；不对的写 --no 和原因。"""
    actor, now = _acting()
    from ronghe.domain.partylife.enums import TalkDoubt
    from ronghe.domain.partylife.selectors.talks import talks_seen_by
    from ronghe.domain.partylife.services.talks import confirm_talk, decline_talk

    found = talks_seen_by(actor, now).filter(pk=number).first()
    if found is None:
        raise NotFound
    if doubt:
        decline_talk(talk=found, doubt=TalkDoubt(doubt), actor=actor, at=now)
    else:
        confirm_talk(talk=found, actor=actor, at=now)
    _tell({"id": found.pk, "state": found.state}, str(found.get_state_display()), as_json=as_json)


@partylife.command("read-talk", short_help=_("看谈了什么"))
@click.argument("number", type=int, metavar="NUMBER")
def read_talk_(number: int) -> None:
    """看谈心谈话 NUMBER 记下的内容，只有谈话的两个人能看；每看一次都有记录。"""
    actor, now = _acting()
    from ronghe.cli.finding import row_called
    from ronghe.domain.partylife.selectors.talks import talks_seen_by
    from ronghe.domain.partylife.services.talks import read_talk

    click.echo(read_talk(talk=row_called(number, talks_seen_by(actor, now)), actor=actor, at=now))


@partylife.command("pairs", short_help=_("按对看进度"))
@click.argument("body")
@_year
@_json
def pairs(body: str, year: int | None, as_json: bool) -> None:
    """看一个组织本年谈心谈话按对谈了多少、还缺谁。"""
    actor, now = _acting()
    from ronghe.domain.partylife.selectors.talks import bodies_with_matrix, matrix_of, missing_in

    found = body_called(body, bodies_with_matrix(actor, now))
    matrix = matrix_of(found, year or now.year, _today())
    missing = [
        {"kind": one.kind.value, "who": one.who.name, "other": one.other.name if one.other else ""}
        for one in missing_in(matrix)
    ]
    if as_json:
        _print({"met": len(matrix.progress.met), "total": matrix.progress.total, "missing": missing})
        return
    click.echo(f"{found.name}  {matrix.year}  {len(matrix.progress.met)} / {matrix.progress.total}")
    _rows(missing, as_json=False)


@partylife.command("birthdays", short_help=_("列出政治生日"))
@click.argument("body")
@_year
@click.option("--month", type=click.IntRange(1, 12), help="哪个月")
@_json
def birthdays(body: str, year: int | None, month: int | None, as_json: bool) -> None:
    """列出一个组织的政治生日。"""
    actor, now = _acting()
    from ronghe.domain.org.selectors.people import bodies_seen_by
    from ronghe.domain.partylife.selectors.keeping import birthdays_of

    found = body_called(body, bodies_seen_by(actor, now))
    lines = birthdays_of(found, year or now.year, actor, now, month=month)
    rows = [
        {"day": f"{line.day}", "name": line.person.name, "years": line.years, "kept": line.kept is not None}
        for line in lines
    ]
    _rows(rows, as_json=as_json)


@partylife.command("birthday", short_help=_("记政治生日"))
@click.argument("people", nargs=-1, required=True)
@click.option("--body", required=True, help="党组织的名称或编号")
@click.option("--way", type=click.Choice(WAYS), default="card", show_default=True, help="怎样过的")
@_day
@click.option("--message", default="", help="组织寄语，印在贺卡上")
@_json
def birthday(people: tuple[str, ...], body: str, way: str, day: datetime | None, message: str, as_json: bool) -> None:
    """记 PEOPLE（姓名或员工号）过了政治生日，可以几个人一起。"""
    actor, now = _acting()
    from ronghe.domain.partylife.enums import BirthdayWay
    from ronghe.domain.partylife.selectors.keeping import bodies_keeping, members_of
    from ronghe.domain.partylife.services.birthdays import keep_birthdays

    found = body_called(body, bodies_keeping(actor, now))
    chosen = [person_called(who, members_of(found, actor, now)) for who in people]
    made = keep_birthdays(
        body=found, people=chosen, day=_on(day), way=BirthdayWay(way), message=message, actor=actor, at=now
    )
    _tell({"id": made.pk}, _("已记下。"), as_json=as_json)


@partylife.command("oath", short_help=_("记宣誓"))
@click.argument("people", nargs=-1, required=True)
@click.option("--body", required=True, help="党组织的名称或编号")
@click.option("--kind", type=click.Choice(["admission", "renewal"]), default="renewal", show_default=True)
@click.option("--led-by", default="", help="谁领誓，不写为您自己")
@_day
@click.option("--place", default="", help="地点")
@_json
def oath(
    people: tuple[str, ...], body: str, kind: str, led_by: str, day: datetime | None, place: str, as_json: bool
) -> None:
    """记 PEOPLE（姓名或员工号）宣誓。"""
    actor, now = _acting()
    from ronghe.domain.partylife.enums import OathKind
    from ronghe.domain.partylife.selectors.keeping import bodies_swearing, members_of
    from ronghe.domain.partylife.services.oaths import hold_oath

    found = body_called(body, bodies_swearing(actor, now))
    members = members_of(found, actor, now)
    made = hold_oath(
        body=found, kind=OathKind(kind), people=[person_called(who, members) for who in people],
        led_by=person_called(led_by, members) if led_by else actor, day=_on(day), place=place, actor=actor, at=now,
    )  # fmt: skip
    _tell({"id": made.pk}, _("已记下。"), as_json=as_json)


@partylife.command("sites", short_help=_("列出红色资源"))
@click.option("--from", "place", default="", help="从哪里算距离：zone-编号 或 project-编号")
@_json
def sites(place: str, as_json: bool) -> None:
    """列出红色资源；写了 --from 的按直线距离从近到远。"""
    actor, now = _acting()
    from ronghe.domain.partylife.selectors.sites import nearby, sites_seen_by, zone_or_project

    rows: list[dict[str, Any]]
    found = sites_seen_by(actor, now).filter(closed_at=None)
    if place:
        point = getattr(zone_or_project(place, actor, now), "point", None)
        if point is None:
            raise NotFound
        rows = [{"id": one.site.pk, "km": f"{one.km}", "name": one.site.name} for one in nearby(point, found)]
    else:
        rows = [{"id": site.pk, "name": site.name, "address": site.address} for site in found]
    _rows(rows, as_json=as_json)


@partylife.command("site", short_help=_("登记红色资源"))
@click.argument("name")
@click.option("--body", required=True, help="党组织的名称或编号")
@click.option("--kind", required=True, help="memorial former_site martyrs base enterprise museum other")
@click.option("--address", default="", help="地址")
@click.option("--at", "point", default="", help="纬度,经度，如 46.588,125.103")
@_json
def site(name: str, body: str, kind: str, address: str, point: str, as_json: bool) -> None:
    """登记一处红色资源。"""
    actor, now = _acting()
    from ronghe.domain.partylife.enums import SiteKind
    from ronghe.domain.partylife.selectors.sites import bodies_keeping_sites
    from ronghe.domain.partylife.services.sites import SiteText, keep_site

    if kind not in SiteKind.values:
        raise click.BadParameter(kind, param_hint="--kind")
    latitude, longitude = _point(point)
    text = SiteText(name, SiteKind(kind), address, latitude, longitude)
    found = body_called(body, bodies_keeping_sites(actor, now))
    made = keep_site(text=text, body=found, actor=actor, at=now)
    _tell({"id": made.pk}, _("已登记。"), as_json=as_json)


@partylife.command("import-sites", short_help=_("导入红色资源"))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--body", required=True, help="党组织的名称或编号")
@_json
def import_sites_(file: Path, body: str, as_json: bool) -> None:
    """从 Excel 表导入红色资源；有一行不对就一行也不导入。"""
    actor, now = _acting()
    from ronghe.domain.partylife.selectors.sites import bodies_keeping_sites
    from ronghe.domain.partylife.services.sites import import_sites

    found = body_called(body, bodies_keeping_sites(actor, now))
    count = import_sites(body=found, path=file, name=file.name, actor=actor, at=now)
    _tell({"sites": count}, _("已导入 %(count)s 处。") % {"count": count}, as_json=as_json)


@partylife.command("classes", short_help=_("列出党史小课堂"))
@click.option("--page", default=1, show_default=True)
@_json
def classes(page: int, as_json: bool) -> None:
    """列出党史小课堂，最近的在前。"""
    actor, now = _acting()
    from ronghe.domain.partylife.selectors.classes import list_classes

    rows = [
        {"id": row.pk, "day": f"{row.planned_on}", "topic": row.topic, "teller": row.teller.name if row.teller else "",
         "told": row.told_on is not None}
        for row in list_classes(actor, now, page=page)
    ]  # fmt: skip
    _rows(rows, as_json=as_json)


@partylife.command("class", short_help=_("排一讲小课堂"))
@click.argument("topic")
@click.option("--body", required=True, help="党组织的名称或编号")
@_day
@click.option("--teller", default="", help="谁来讲，以后再定可以不写")
@_json
def class_(topic: str, body: str, day: datetime | None, teller: str, as_json: bool) -> None:
    """排一讲党史小课堂。"""
    actor, now = _acting()
    from ronghe.domain.org.selectors.people import people_in
    from ronghe.domain.partylife.selectors.classes import bodies_with_rota
    from ronghe.domain.partylife.services.classes import list_class

    found = body_called(body, bodies_with_rota(actor, now))
    who = person_called(teller, people_in(found, _today())) if teller else None
    made = list_class(body=found, topic=topic, planned_on=_on(day), teller=who, actor=actor, at=now)
    _tell({"id": made.pk}, _("已排上。"), as_json=as_json)


@partylife.command("plan-class", short_help=_("把一讲安排成活动"))
@click.argument("number", type=int)
@click.option("--from", "begins", required=True, help="开始，如 2026-11-20 16:00")
@click.option("--until", "ends", required=True, help="结束")
@_json
def plan_class_(number: int, begins: str, ends: str, as_json: bool) -> None:
    """把编号为 NUMBER 的一讲安排成活动，由主讲人主持。"""
    actor, now = _acting()
    from ronghe.domain.partylife.selectors.classes import classes_seen_by
    from ronghe.domain.partylife.services.classes import plan_class

    line = classes_seen_by(actor, now).filter(pk=number).first()
    if line is None:
        raise NotFound
    made = plan_class(
        line=line, scheduled_from=moment_said(begins), scheduled_until=moment_said(ends), actor=actor, at=now
    )
    _tell({"activity": made.pk}, _("已安排，由主讲人主持。"), as_json=as_json)


@partylife.command("hours", short_help=_("看学时"))
@click.option("--body", default="", help="看一个组织的，不写为您自己的")
@_year
@click.option("--behind", is_flag=True, help="只看落后的")
@_json
def hours(body: str, year: int | None, behind: bool, as_json: bool) -> None:
    """看学时：自己的每一条怎样算的，或一个组织每个人多少。"""
    actor, now = _acting()
    from ronghe.domain.org.selectors.people import bodies_seen_by
    from ronghe.domain.partylife.selectors.study import people_counted, study_year, study_years

    today, chosen = _today(), year or now.year
    rows: list[dict[str, Any]]
    if body:
        found: PartyOrg = body_called(body, bodies_seen_by(actor, now))
        years = study_years(list(people_counted(found, actor, now)), chosen, today)
        rows = [
            {"name": one.person.name, "hours": f"{one.balance.total}", "goal": f"{one.balance.goal}",
             "behind": one.is_behind(today)}
            for one in years if not behind or one.is_behind(today)
        ]  # fmt: skip
    else:
        own = study_year(actor, chosen, today)
        rows = [
            {"day": f"{one.line.day}", "form": one.line.form.value, "hours": f"{one.line.counted}"}
            for one in own.studied
        ]
        rows.append({"day": "", "form": f"{own.balance.total} / {own.balance.goal}", "hours": f"{own.balance.missing}"})
    _rows(rows, as_json=as_json)


@partylife.command("claim", short_help=_("登记学时"))
@click.argument("title")
@click.option("--form", type=click.Choice(FORMS), required=True, help="集中学习、讲座、脱产培训、线上学习")
@click.option("--amount", required=True, help="几小时、几个半天或几天")
@_day
@click.option("--person", default="", help="替谁登记，不写为您自己")
@click.option("--proof", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="证明文件")
@_json
def claim(
    title: str, form: str, amount: str, day: datetime | None, person: str, proof: Path | None, as_json: bool
) -> None:
    """登记活动以外的学习；自己的要附证明，由书记认定。"""
    actor, now = _acting()
    from ronghe.domain.org.selectors.people import people_seen_by
    from ronghe.domain.partylife.enums import StudyForm
    from ronghe.domain.partylife.services.study import StudyText, claim_hours
    from ronghe.domain.work.services.files import Upload

    who = person_called(person, people_seen_by(actor, now)) if person else actor
    text = StudyText(_on(day), title, StudyForm(form), _decimal(amount, "--amount"))
    if proof is None:
        made = claim_hours(person=who, text=text, actor=actor, at=now)
    else:
        with proof.open("rb") as file:
            made = claim_hours(person=who, text=text, proof=Upload(proof.name, file), actor=actor, at=now)
    _tell(
        {"id": made.pk, "state": made.state, "hours": f"{made.hours}"}, str(made.get_state_display()), as_json=as_json
    )


@partylife.command("confirm-hours", short_help=_("认定学时"))
@click.argument("number", type=int)
@click.option("--no", "reason", default="", help="不认定：原因")
@_json
def confirm_hours(number: int, reason: str, as_json: bool) -> None:
    """认定编号为 NUMBER 的学时登记；不认定的写 --no 和原因。"""
    actor, now = _acting()
    from ronghe.domain.partylife.selectors.study import entries_seen_by
    from ronghe.domain.partylife.services.study import confirm_entry, refuse_entry

    entry = entries_seen_by(actor, now).filter(pk=number).first()
    if entry is None:
        raise NotFound
    if reason:
        refuse_entry(entry=entry, reason=reason, actor=actor, at=now)
    else:
        confirm_entry(entry=entry, actor=actor, at=now)
    _tell({"id": entry.pk, "state": entry.state}, str(entry.get_state_display()), as_json=as_json)


def _acting() -> tuple[Person, datetime]:
    actor = acting_person()
    from django.utils import timezone

    return actor, timezone.now()


def _today() -> date:
    from django.utils import timezone

    return timezone.localdate()


def _on(day: datetime | None) -> date:
    return day.date() if day is not None else _today()


def _decimal(text: str, hint: str) -> Decimal:
    try:
        value = Decimal(text)
    except ArithmeticError as error:
        raise click.BadParameter(text, param_hint=hint) from error
    if not value.is_finite():
        raise click.BadParameter(text, param_hint=hint)
    return value


def _point(text: str) -> tuple[Decimal | None, Decimal | None]:
    if not text:
        return None, None
    latitude, _comma, longitude = text.partition(",")
    return _decimal(latitude, "--at"), _decimal(longitude, "--at")


def _rows(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        _print(rows)
        return
    for row in rows:
        click.echo("  ".join(str(value) for value in row.values()))


def _tell(data: dict[str, Any], said: str, *, as_json: bool) -> None:
    _print(data) if as_json else click.echo(said)


def _print(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))
