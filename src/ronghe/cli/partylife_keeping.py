"""The part of `ronghe partylife` that takes back, changes and puts right: talks, birthdays, oaths, sites, classes, hours."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.finding import body_called, moment_said, opened_files, person_called, row_called
from ronghe.cli.telling import DAY, IN_FILE, JSON, NUMBER, tell
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.org.models import Person
    from ronghe.domain.partylife.models import BirthdayKeeping, HistoryClass, RedSite

DOUBTS = ("not_held", "wrong_person", "wrong_day", "twice", "other")
_reason = click.option("--reason", required=True, help="原因")


@click.command("plan-talk", short_help=_("约谈心"))
@click.argument("who")
@click.option("--day", type=DAY, required=True, help="哪一天谈")
@JSON
def plan_talk_(who: str, day: datetime, as_json: bool) -> None:
    """约好和 WHO（姓名或员工号）谈心，到日子在今日提醒您；只有您看得到。"""
    actor, now = acting_now()
    from ronghe.domain.partylife.selectors.talks import people_to_talk_with
    from ronghe.domain.partylife.services.talks import plan_talk

    other = person_called(who, people_to_talk_with(actor, now))
    made = plan_talk(other=other, day=day.date(), actor=actor, at=now)
    said = _("已约好和%(name)s谈心，到日子提醒您。") % {"name": other.name}
    tell({"id": made.pk, "planned_on": made.planned_on}, said, as_json=as_json)


@click.command("drop-plan", short_help=_("不约了"))
@click.argument("who")
@JSON
def drop_plan_(who: str, as_json: bool) -> None:
    """不再约 WHO（姓名或员工号）谈心。"""
    actor, now = acting_now()
    from ronghe.domain.org.models import Person
    from ronghe.domain.partylife.selectors.talks import plans_of
    from ronghe.domain.partylife.services.talks import drop_plan

    rows = plans_of(actor)
    other = person_called(who, Person.objects.filter(pk__in=rows.order_by().values("other_id")))
    made = drop_plan(plan=rows.get(other=other), actor=actor, at=now)
    tell({"id": made.pk}, _("不约了。"), as_json=as_json)


@click.command("void-talk", short_help=_("作废谈心谈话的记录"))
@NUMBER
@click.argument("doubt", type=click.Choice(DOUBTS))
@JSON
def void_talk_(number: int, doubt: str, as_json: bool) -> None:
    """作废您记错了的谈心谈话 NUMBER，写明哪一种错。"""
    actor, now = acting_now()
    from ronghe.domain.partylife.enums import TalkDoubt
    from ronghe.domain.partylife.selectors.talks import talks_seen_by
    from ronghe.domain.partylife.services.talks import void_talk

    talk = row_called(number, talks_seen_by(actor, now))
    made = void_talk(talk=talk, doubt=TalkDoubt(doubt), actor=actor, at=now)
    tell({"id": made.pk, "state": made.state}, _("已作废，这次谈话不计入。"), as_json=as_json)


@click.command("birthday-photo", short_help=_("给政治生日加照片"))
@NUMBER
@click.argument("files", nargs=-1, required=True, type=IN_FILE)
@JSON
def birthday_photo(number: int, files: tuple[Path, ...], as_json: bool) -> None:
    """给政治生日的记录 NUMBER 加照片，可以几张。"""
    actor, now = acting_now()
    from ronghe.domain.partylife.services.birthdays import add_photo

    keeping = _keeping(actor, number)
    with opened_files(files) as uploads:
        for upload in uploads:
            add_photo(keeping=keeping, upload=upload, actor=actor, at=now)
    tell({"id": keeping.pk}, _("照片已添加。"), as_json=as_json)


@click.command("birthday-words", short_help=_("写过政治生日的人的感言"))
@NUMBER
@click.argument("who")
@click.option("--text", required=True, help="本人感言")
@JSON
def birthday_words(number: int, who: str, text: str, as_json: bool) -> None:
    """写下 WHO（姓名或员工号）在政治生日 NUMBER 上说的话。"""
    actor, now = acting_now()
    from ronghe.domain.org.models import Person
    from ronghe.domain.partylife.services.birthdays import say_words

    rows = _keeping(actor, number).people.select_related("keeping", "person")
    person = person_called(who, Person.objects.filter(pk__in=rows.order_by().values("person_id")))
    made = say_words(row=rows.get(person=person), words=text, actor=actor, at=now)
    tell({"id": made.pk}, _("已写下。"), as_json=as_json)


@click.command("void-birthday", short_help=_("作废政治生日的记录"))
@NUMBER
@_reason
@JSON
def void_birthday(number: int, reason: str, as_json: bool) -> None:
    """作废政治生日的记录 NUMBER，这几个人可以重新记。"""
    actor, now = acting_now()
    from ronghe.domain.partylife.services.birthdays import void_keeping

    made = void_keeping(keeping=_keeping(actor, number), reason=reason, actor=actor, at=now)
    tell({"id": made.pk}, _("已作废，这几个人的政治生日可以重新记。"), as_json=as_json)


@click.command("void-oath", short_help=_("作废宣誓的记录"))
@NUMBER
@_reason
@JSON
def void_oath_(number: int, reason: str, as_json: bool) -> None:
    """作废宣誓的记录 NUMBER。"""
    actor, now = acting_now()
    from ronghe.domain.partylife.selectors.keeping import oaths_seen_by
    from ronghe.domain.partylife.services.oaths import void_oath

    made = void_oath(oath=row_called(number, oaths_seen_by(actor, now)), reason=reason, actor=actor, at=now)
    tell({"id": made.pk}, _("已作废。"), as_json=as_json)


@click.command("close-site", short_help=_("停用红色资源"))
@NUMBER
@_reason
@JSON
def close_site_(number: int, reason: str, as_json: bool) -> None:
    """停用红色资源 NUMBER，去过的记录都在。"""
    actor, now = acting_now()
    from ronghe.domain.partylife.services.sites import close_site

    made = close_site(site=_site(actor, number), reason=reason, actor=actor, at=now)
    tell({"id": made.pk, "name": made.name}, _("已停用。"), as_json=as_json)


@click.command("open-site", short_help=_("恢复使用红色资源"))
@NUMBER
@JSON
def open_site(number: int, as_json: bool) -> None:
    """恢复使用停用的红色资源 NUMBER。"""
    actor, now = acting_now()
    from ronghe.domain.partylife.services.sites import open_site_again

    made = open_site_again(site=_site(actor, number), actor=actor, at=now)
    tell({"id": made.pk, "name": made.name}, _("已恢复使用。"), as_json=as_json)


@click.command("rate-site", short_help=_("给去过的红色资源评分"))
@NUMBER
@click.argument("stars", type=click.IntRange(1, 5))
@JSON
def rate_site_(number: int, stars: int, as_json: bool) -> None:
    """给您参加活动去过的红色资源 NUMBER 评 STARS 颗星。"""
    actor, now = acting_now()
    from ronghe.domain.partylife.services.sites import rate_site

    made = rate_site(site=_site(actor, number), stars=stars, actor=actor, at=now)
    tell({"id": made.pk, "stars": made.stars}, _("谢谢，已记下您的评分。"), as_json=as_json)


@click.command("visit-site", short_help=_("在那里安排主题党日"))
@NUMBER
@click.option("--body", required=True, help="哪个组织去：名称或编号")
@click.option("--from", "begins", required=True, help="何时开始，如 2026-10-20 09:00")
@click.option("--until", "ends", required=True, help="何时结束")
@JSON
def visit_site(number: int, body: str, begins: str, ends: str, as_json: bool) -> None:
    """在红色资源 NUMBER 安排一次主题党日。"""
    actor, now = acting_now()
    from ronghe.domain.partylife.selectors.sites import bodies_going
    from ronghe.domain.partylife.services.sites import plan_visit

    made = plan_visit(
        site=_site(actor, number), body=body_called(body, bodies_going(actor, now)), scheduled_from=moment_said(begins),
        scheduled_until=moment_said(ends), actor=actor, at=now,
    )  # fmt: skip
    tell({"activity": made.pk}, _("主题党日已安排。"), as_json=as_json)


@click.command("site-point", short_help=_("标明现场位置"))
@click.argument("place")
@click.argument("latitude", type=float)
@click.argument("longitude", type=float)
@JSON
def site_point(place: str, latitude: float, longitude: float, as_json: bool) -> None:
    """标明 PLACE（zone-编号 或 project-编号）在哪里，好算红色资源离得多远。"""
    actor, now = acting_now()
    from ronghe.domain.partylife.selectors.sites import may_set_point, zone_or_project
    from ronghe.domain.partylife.services.sites import set_point

    found = zone_or_project(place, actor, now)
    if found is None or not may_set_point(found, actor, now):
        raise NotFound
    made = set_point(
        place=found, latitude=Decimal(str(latitude)), longitude=Decimal(str(longitude)), actor=actor, at=now
    )
    tell({"id": made.pk}, _("位置已标明，距离已算好。"), as_json=as_json)


@click.command("change-class", short_help=_("改一讲小课堂"))
@NUMBER
@click.option("--topic", help="讲什么")
@click.option("--day", type=DAY, help="哪一天讲")
@click.option("--teller", help="谁讲：姓名或员工号")
@JSON
def change_class_(number: int, topic: str | None, day: datetime | None, teller: str | None, as_json: bool) -> None:
    """改还没有安排的一讲 NUMBER；没有写的不动。"""
    actor, now = acting_now()
    from django.utils import timezone

    from ronghe.domain.org.selectors.people import people_in
    from ronghe.domain.partylife.services.classes import change_class

    line = _class(actor, number)
    people = people_in(line.body, timezone.localdate(now))
    planned_on: date = day.date() if day else line.planned_on
    made = change_class(
        line=line, topic=topic or line.topic, planned_on=planned_on,
        teller=person_called(teller, people) if teller else line.teller, actor=actor, at=now,
    )  # fmt: skip
    tell(_class_row(made), _("已修改。"), as_json=as_json)


@click.command("class-material", short_help=_("放一讲的讲稿"))
@NUMBER
@click.argument("file", type=IN_FILE)
@JSON
def class_material(number: int, file: Path, as_json: bool) -> None:
    """给一讲 NUMBER 放讲稿（PDF 或照片），后放的代替先放的。"""
    actor, now = acting_now()
    from ronghe.domain.partylife.services.classes import attach_material

    with opened_files([file]) as uploads:
        made = attach_material(line=_class(actor, number), upload=uploads[0], actor=actor, at=now)
    tell(_class_row(made), _("材料已存下。"), as_json=as_json)


@click.command("drop-class", short_help=_("撤下一讲"))
@NUMBER
@JSON
def drop_class_(number: int, as_json: bool) -> None:
    """撤下还没有安排的一讲 NUMBER。"""
    actor, now = acting_now()
    from ronghe.domain.partylife.services.classes import drop_class

    tell(_class_row(drop_class(line=_class(actor, number), actor=actor, at=now)), _("这一讲已撤下。"), as_json=as_json)


@click.command("restore-class", short_help=_("恢复一讲"))
@NUMBER
@JSON
def restore_class_(number: int, as_json: bool) -> None:
    """恢复撤下的一讲 NUMBER。"""
    actor, now = acting_now()
    from ronghe.domain.partylife.services.classes import restore_class

    tell(_class_row(restore_class(line=_class(actor, number), actor=actor, at=now)), _("已恢复。"), as_json=as_json)


@click.command("withdraw-hours", short_help=_("撤回学时登记"))
@NUMBER
@JSON
def withdraw_hours(number: int, as_json: bool) -> None:
    """撤回还没有认定的学时登记 NUMBER。"""
    actor, now = acting_now()
    from ronghe.domain.partylife.selectors.study import entries_seen_by
    from ronghe.domain.partylife.services.study import withdraw_entry

    made = withdraw_entry(entry=row_called(number, entries_seen_by(actor, now)), actor=actor, at=now)
    tell({"id": made.pk, "state": made.state}, _("已撤回。"), as_json=as_json)


@click.command("dispute-hours", short_help=_("请更正学时"))
@click.option("--text", required=True, help="哪里不对、应该是多少")
@click.option("--year", type=click.IntRange(1950, 2999), help="哪一年，不写为今年")
@JSON
def dispute_hours_(text: str, year: int | None, as_json: bool) -> None:
    """说您自己的学时哪里不对，请支部更正。"""
    actor, now = acting_now()
    from django.utils import timezone

    from ronghe.domain.partylife.services.study import dispute_hours

    chosen = year or timezone.localdate(now).year
    made = dispute_hours(person=actor, year=chosen, text=text, actor=actor, at=now)
    tell({"id": made.pk, "state": made.state}, _("已交给支部，答复后这里看得到。"), as_json=as_json)


@click.command("answer-dispute", short_help=_("答复学时更正"))
@NUMBER
@click.option("--upheld/--dismissed", "is_upheld", required=True, help="该不该更正")
@click.option("--text", required=True, help="怎样处理")
@JSON
def answer_dispute_(number: int, is_upheld: bool, text: str, as_json: bool) -> None:
    """答复一件学时更正 NUMBER。"""
    actor, now = acting_now()
    from ronghe.domain.partylife.models import StudyDispute
    from ronghe.domain.partylife.rules import SEE_DISPUTE
    from ronghe.domain.partylife.services.study import answer_dispute

    rows = SEE_DISPUTE.narrow(actor, StudyDispute.objects.all(), at=now, walk=True).select_related("person")
    made = answer_dispute(dispute=row_called(number, rows), is_upheld=is_upheld, answer=text, actor=actor, at=now)
    tell({"id": made.pk, "state": made.state}, _("已答复。"), as_json=as_json)


@click.command("study-rules", short_help=_("设学时规则"))
@click.argument("body")
@click.option("--from", "valid_from", type=DAY, required=True, help="从哪一天起")
@click.option("--basis", required=True, help="依据的文件")
@click.option("--member-goal", help="党员一年多少学时")
@click.option("--leader-goal", help="书记、委员一年多少学时")
@click.option("--together-hour", help="集中学习一小时计多少")
@click.option("--lecture-half-day", help="讲党课半天计多少")
@click.option("--off-job-day", help="脱产培训一天计多少")
@click.option("--online-cap", help="网上学习一年最多计多少")
@JSON
def study_rules(body: str, valid_from: datetime, basis: str, as_json: bool, **said: str | None) -> None:
    """给 BODY（名称或编号）和下级设一版学时规则；没有写的数照现行的。"""
    actor, now = acting_now()
    from django.utils import timezone

    from ronghe.domain.partylife.selectors.study import bodies_with_rules, rules_in_force, rules_of
    from ronghe.domain.partylife.services.study import StudyFigures, set_study_rules

    held_by = body_called(body, bodies_with_rules(actor, now))
    stood = rules_of(rules_in_force([held_by.pk], timezone.localdate(now))[held_by.pk])
    given: dict[str, Any] = {
        name: getattr(stood, name) if text is None else _figure(text) for name, text in said.items()
    }
    figures = StudyFigures(**given, kinds={kind: form.value for kind, form in stood.kinds.items()})
    made = set_study_rules(
        body=held_by, figures=figures, valid_from=valid_from.date(), basis=basis, actor=actor, at=now
    )
    said_ = _("第 %(version)s 版已设定，适用于本组织和下级。") % {"version": made.version}
    tell({"version": made.version}, said_, as_json=as_json)


def _figure(text: str) -> Decimal:
    try:
        figure = Decimal(text)
    except ArithmeticError as error:
        raise click.BadParameter(text) from error
    if not figure.is_finite() or not 0 <= figure < 10_000:
        raise click.BadParameter(text)
    return figure


def _keeping(actor: Person, number: int) -> BirthdayKeeping:
    from django.utils import timezone

    from ronghe.domain.partylife.selectors.keeping import keepings_seen_by

    return row_called(number, keepings_seen_by(actor, timezone.now()))


def _site(actor: Person, number: int) -> RedSite:
    from django.utils import timezone

    from ronghe.domain.partylife.selectors.sites import sites_seen_by

    found: RedSite = row_called(number, sites_seen_by(actor, timezone.now()))
    return found


def _class(actor: Person, number: int) -> HistoryClass:
    from django.utils import timezone

    from ronghe.domain.partylife.selectors.classes import classes_seen_by

    return row_called(number, classes_seen_by(actor, timezone.now()))


def _class_row(line: HistoryClass) -> dict[str, Any]:
    return {"id": line.pk, "topic": line.topic, "planned_on": line.planned_on}


KEEPING = (
    plan_talk_, drop_plan_, void_talk_, birthday_photo, birthday_words, void_birthday, void_oath_, close_site_, open_site,
    rate_site_, visit_site, site_point, change_class_, class_material, drop_class_, restore_class_, withdraw_hours,
    dispute_hours_, answer_dispute_, study_rules,
)  # fmt: skip
"""Commands that `ronghe partylife` takes in."""
