"""`ronghe qualification`: certificates, training, health, and who lacks what for which work."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.org.models import Person
    from ronghe.domain.qualifications.models import Certificate, HealthRestriction

EPILOG = """\b
举例：
  ronghe --as anquan qualification list --state due
  ronghe --as anquan qualification lacking hot_work 焊工老刘
  ronghe --as anquan qualification add 焊工老刘 welding_and_cutting T510822... 2024-09-15
  ronghe --as anquan qualification train team 8 焊工老刘 新工小赵 --passed
  ronghe --as anquan qualification import 证件.xlsx --write
"""

_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
_number = click.argument("number", type=int, metavar="NUMBER")
_who = click.argument("who", metavar="WHO")
_on = click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="哪一天，不写为今天")
DAY = click.DateTime(["%Y-%m-%d"])


@click.group(epilog=EPILOG, short_help=_("证件、培训、上票条件"))
def qualification() -> None:
    """证件、三级安全教育、健康限制，谁还缺什么。"""


@qualification.command("list", short_help=_("证件清单"))
@click.option("--search", default="", help="姓名、首字母或完整编号")
@click.option("--kind", default="", help="证件种类编号")
@click.option("--state", type=click.Choice(["held", "due", "over", "withdrawn"]), default="held", help="状态")
@_json
def list_(search: str, kind: str, state: str, as_json: bool) -> None:
    """列出能看到的证件，最早到期的在前。"""
    actor, now = acting_now()
    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.domain.qualifications.selectors.records import certificates_filtered, list_certificates

    rows = certificates_filtered(local_day(now), words=search, kind=kind, which=state)
    found = [_row(one) for one in list_certificates(actor, now, rows, size=500)]
    lines = [f"{row['id']:>6}  {row['person']}  {row['title']}  {row['number']}  {row['due_on']}" for row in found]
    _answer(found, [*lines, _("共 %(count)s 本。") % {"count": len(found)}], as_json=as_json)


@qualification.command("show", short_help=_("一个人的证件和培训"))
@_who
@_json
def show(who: str, as_json: bool) -> None:
    """WHO（员工号或姓名）的证件、培训和进场条件。"""
    actor, now = acting_now()
    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.domain.qualifications.selectors.fitness import lacking
    from ronghe.domain.qualifications.selectors.records import record_of

    about = _seen_person(actor, who)
    record = record_of(about, actor, now)
    lacks = [str(lack) for lack in lacking([about.pk], "entry", local_day(now))[about.pk]]
    said = {
        "person": about.name,
        "certificates": [_row(row) for row in record.certificates],
        "lessons": [
            {"id": row.pk, "level": row.level, "held_on": f"{row.held_on}", "hours": f"{row.hours}",
             "passed": row.passed, "is_withdrawn": row.withdrawn_at is not None}
            for row in record.lessons
        ],
        "violations": [
            {"happened_on": f"{row.happened_on}", "is_grave": row.is_grave, "reference": row.reference, "item": row.item}
            for row in record.violations
        ],
        "restrictions": [row.pk for row in record.restrictions],
        "lacks": lacks,
    }  # fmt: skip
    lines = [f"{row.pk:>6}  {_row(row)['title']}  {row.due_on}" for row in record.certificates]
    lines += [f"{row.pk:>6}  {row.get_level_display()}  {row.held_on}  {row.hours}" for row in record.lessons]
    lines += [f"{_('查实违章')}  {row.happened_on}  {row.reference or f'#{row.item}'}" for row in record.violations]
    _answer(said, [about.name, *lines, *lacks], as_json=as_json)


@qualification.command("lacking", short_help=_("谁还缺什么"))
@click.argument("operation")
@click.argument("people", nargs=-1, required=True, metavar="WHO...")
@_on
@_json
def lacking_(operation: str, people: tuple[str, ...], on: datetime | None, as_json: bool) -> None:
    """各人要做 OPERATION（如 hot_work）还缺什么、依据哪条。"""
    actor, now = acting_now()
    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.domain.qualifications.selectors.fitness import lacking

    found = [_seen_person(actor, who) for who in people]
    lacks = lacking([one.pk for one in found], operation, on.date() if on else local_day(now))
    said = [
        {"person": one.name, "lacks": [{"code": lack.code, "rule": lack.rule} for lack in lacks[one.pk]]}
        for one in found
    ]
    lines = [f"{one.name}  {_('；').join(map(str, lacks[one.pk])) or _('能上')}" for one in found]
    _answer(said, lines, as_json=as_json)


@qualification.command("add", short_help=_("登记证件"))
@_who
@click.argument("kind")
@click.argument("certificate_number", metavar="NUMBER")
@click.argument("issued", type=DAY)
@click.option("--review", type=DAY, help="复审日期，不写就推算")
@click.option("--expires", type=DAY, help="有效期至，不写就推算")
@click.option("--issuer", default="", help="发证机关")
@click.option("--long-service", is_flag=True, help="连续从业满十年且守法")
@_json
def add(
    who: str, kind: str, certificate_number: str, issued: datetime, review: datetime | None, expires: datetime | None,
    issuer: str, long_service: bool, as_json: bool,
) -> None:  # fmt: skip
    """给 WHO 登记一本 KIND 证件，编号 NUMBER，ISSUED 发证。"""
    actor, now = acting_now()
    from ronghe.domain.qualifications.services.certificates import CertificateText, enter_certificate

    text = CertificateText(
        kind, certificate_number, issued.date(), review.date() if review else None, expires.date() if expires else None,
        issuer, long_service,
    )  # fmt: skip
    row = enter_certificate(person=_seen_person(actor, who), text=text, actor=actor, at=now)
    _answer(_row(row), [_("证件已登记。")], as_json=as_json)


@qualification.command("review", short_help=_("登记复审"))
@_number
@click.option("--passed/--failed", default=True, help="通过没有")
@click.option("--hours", default="0", help="复审前培训学时")
@click.option("--long-service", is_flag=True, help="连续从业满十年且守法")
@_on
@_json
def review_(number: int, passed: bool, hours: str, long_service: bool, on: datetime | None, as_json: bool) -> None:
    """登记第 NUMBER 号证件的复审（PC-14、PC-15、PC-16）。"""
    actor, now = acting_now()
    from ronghe.domain.qualifications.services.certificates import review_certificate

    row = review_certificate(
        certificate=_certificate(actor, number), passed=passed, on=_day(on, now), hours=_decimal(hours),
        is_long_service=long_service, actor=actor, at=now,
    )  # fmt: skip
    _answer(_row(row), [_("已登记。")], as_json=as_json)


@qualification.command("practice", short_help=_("登记实操考试"))
@_number
@click.option("--passed/--failed", default=True, help="通过没有")
@_on
def practice(number: int, passed: bool, on: datetime | None) -> None:
    """登记离岗以后的实操考试（PC-15）。"""
    actor, now = acting_now()
    from ronghe.domain.qualifications.services.certificates import examine_practice

    examine_practice(certificate=_certificate(actor, number), passed=passed, on=_day(on, now), actor=actor, at=now)
    click.echo(_("已登记。"))


@qualification.command("withdraw", short_help=_("注销证件"))
@_number
@click.argument("reason")
@_json
def withdraw(number: int, reason: str, as_json: bool) -> None:
    """注销一本证件，写明理由。"""
    actor, now = acting_now()
    from ronghe.domain.qualifications.services.certificates import withdraw_certificate

    row = withdraw_certificate(certificate=_certificate(actor, number), reason=reason, actor=actor, at=now)
    _answer(_row(row), [_("已注销。")], as_json=as_json)


@qualification.command("number", short_help=_("看完整编号，留记录"))
@_number
def number_(number: int) -> None:
    """打开完整编号；看一次记一次。"""
    actor, now = acting_now()
    from ronghe.domain.qualifications.services.certificates import open_number

    click.echo(open_number(certificate=_certificate(actor, number), actor=actor, at=now))


@qualification.command("train", short_help=_("登记培训"))
@click.argument("level", type=click.Choice(["company", "project", "team", "yearly", "special", "review"]))
@click.argument("hours")
@click.argument("people", nargs=-1, required=True, metavar="WHO...")
@click.option("--passed/--failed", default=None, help="考核结果，没有考核不写")
@click.option("--topic", default="", help="内容")
@_on
@_json
def train(
    level: str, hours: str, people: tuple[str, ...], passed: bool | None, topic: str, on: datetime | None, as_json: bool
) -> None:
    """给一人或一班登记 HOURS 学时培训。"""
    actor, now = acting_now()
    from ronghe.domain.qualifications.enums import LessonLevel
    from ronghe.domain.qualifications.services.lessons import LessonText, note_lesson, note_lessons

    text = LessonText(LessonLevel(level), _day(on, now), _decimal(hours), topic, passed=passed)
    found = [_seen_person(actor, who) for who in people]
    if len(found) == 1:
        done = [note_lesson(person=found[0], text=text, actor=actor, at=now)]
    else:
        done = note_lessons(people=found, text=text, actor=actor, at=now)
    _answer([row.pk for row in done], [_("已为 %(count)s 人登记培训。") % {"count": len(done)}], as_json=as_json)


@qualification.command("untrain", short_help=_("撤销录错的培训"))
@_number
def untrain(number: int) -> None:
    """撤销第 NUMBER 条培训，学时不再算。"""
    actor, now = acting_now()
    from ronghe.cli.finding import row_called
    from ronghe.domain.qualifications.models import Lesson
    from ronghe.domain.qualifications.selectors.records import people_to_keep
    from ronghe.domain.qualifications.services.lessons import withdraw_lesson

    mine = Lesson.objects.filter(person__in=people_to_keep(actor, now).order_by()).select_related("person")
    withdraw_lesson(lesson=row_called(number, mine), actor=actor, at=now)
    click.echo(_("已撤销。"))


@qualification.command("break", short_help=_("登记转岗离岗"))
@_who
@click.argument("kind", type=click.Choice(["transfer", "leave"]))
@click.argument("began", type=DAY)
@click.argument("ended", type=DAY)
def break_(who: str, kind: str, began: datetime, ended: datetime) -> None:
    """登记转岗（两个日期相同）或离岗又回来（PC-12）。"""
    actor, now = acting_now()
    from ronghe.domain.qualifications.enums import BreakKind
    from ronghe.domain.qualifications.services.lessons import note_break

    about = _seen_person(actor, who)
    note_break(person=about, kind=BreakKind(kind), began_on=began.date(), ended_on=ended.date(), actor=actor, at=now)
    click.echo(_("已登记。"))


@qualification.command("violation", short_help=_("登记查实违章"))
@_who
@click.argument("reference")
@click.option("--grave", is_flag=True, help="造成严重后果")
@_on
def violation(who: str, reference: str, grave: bool, on: datetime | None) -> None:
    """登记查实的违章，REFERENCE 是文书编号（PC-16）。"""
    actor, now = acting_now()
    from ronghe.domain.qualifications.services.lessons import note_violation

    about = _seen_person(actor, who)
    note_violation(person=about, on=_day(on, now), reference=reference, is_grave=grave, actor=actor, at=now)
    click.echo(_("已登记。"))


@qualification.command("restrict", short_help=_("登记健康限制"))
@_who
@click.argument("text")
@click.argument("operations", nargs=-1, required=True)
@_on
def restrict(who: str, text: str, operations: tuple[str, ...], on: datetime | None) -> None:
    """封存医学意见 TEXT，写明不宜从事的 OPERATIONS（PW-11）。"""
    actor, now = acting_now()
    from ronghe.domain.qualifications.services.health import note_restriction

    about = _seen_person(actor, who)
    row = note_restriction(person=about, text=text, operations=operations, on=_day(on, now), actor=actor, at=now)
    click.echo(_("已登记，内容已封存：%(number)s 号。") % {"number": row.pk})


@qualification.command("health", short_help=_("打开健康限制，留记录"))
@_number
def health(number: int) -> None:
    """打开第 NUMBER 号健康限制；看一次记一次。"""
    actor, now = acting_now()
    from ronghe.domain.qualifications.services.health import open_restriction

    click.echo(open_restriction(restriction=_restriction(actor, number, now), actor=actor, at=now))


@qualification.command("lift", short_help=_("解除健康限制"))
@_number
@_on
def lift(number: int, on: datetime | None) -> None:
    """解除第 NUMBER 号健康限制。"""
    actor, now = acting_now()
    from ronghe.domain.qualifications.services.health import lift_restriction

    lift_restriction(restriction=_restriction(actor, number, now), on=_day(on, now), actor=actor, at=now)
    click.echo(_("已解除。"))


@qualification.command("import", short_help=_("导入证件表"))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--write", is_flag=True, help="写入；不写这一项只检查")
@_json
def import_(file: Path, write: bool, as_json: bool) -> None:
    """检查或导入 Excel 证件表；有一行不对就一行也不写。"""
    actor, now = acting_now()
    from ronghe.domain.qualifications.services.importing import import_certificates

    done = import_certificates(path=file, name=file.name, actor=actor, at=now, dry_run=not write)
    said = {"rows": done.rows, "added": done.added, "same": done.same, "is_dry": done.is_dry}
    words = (
        _("检查通过：%(rows)s 行，可新增 %(added)s 本，%(same)s 本已登记。没有写入。")
        if done.is_dry
        else _("已导入：新增 %(added)s 本，%(same)s 本已登记过。")
    )
    _answer(said, [words % said], as_json=as_json)


def _seen_person(actor: Person, who: str) -> Person:
    from django.utils import timezone

    from ronghe.cli.finding import person_called
    from ronghe.domain.qualifications.selectors.records import people_seen_by

    return person_called(who, people_seen_by(actor, timezone.now()))


def _certificate(actor: Person, number: int) -> Certificate:
    from django.utils import timezone

    from ronghe.cli.finding import row_called
    from ronghe.domain.qualifications.selectors.records import certificates_seen_by

    return row_called(number, certificates_seen_by(actor, timezone.now()))


def _restriction(actor: Person, number: int, now: datetime) -> HealthRestriction:
    from ronghe.cli.finding import row_called
    from ronghe.domain.qualifications.models import HealthRestriction
    from ronghe.domain.qualifications.rules import OPEN_HEALTH
    from ronghe.kernel.errors import NotFound

    row = row_called(number, HealthRestriction.objects.select_related("person__unit"))
    if not OPEN_HEALTH.allows(actor, row.person, at=now):
        raise NotFound
    return row


def _day(given: datetime | None, now: datetime) -> date:
    from ronghe.domain.org.rules.reaches import local_day

    return given.date() if given is not None else local_day(now)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise click.BadParameter(_("“%(text)s”不是数。") % {"text": text}) from error


def _row(row: Certificate) -> dict[str, Any]:
    from ronghe.domain.qualifications.selectors.book import current_book

    kind = current_book().kinds.get(row.kind)
    return {
        "id": row.pk, "person": row.person.name, "kind": row.kind, "title": kind.title if kind else row.kind,
        "number": row.number_shown, "review_on": f"{row.review_on}" if row.review_on else None,
        "expires_on": f"{row.expires_on}", "due_on": f"{row.due_on}", "state": row.state,
    }  # fmt: skip


def _answer(said: Any, lines: list[str], *, as_json: bool) -> None:
    click.echo(json.dumps(said, ensure_ascii=False) if as_json else "\n".join(lines))
