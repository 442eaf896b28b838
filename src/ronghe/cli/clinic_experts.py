"""`ronghe clinic expert` and `ronghe clinic field`: who sits, when, and for what."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.finding import body_called, person_called
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _, listed

if TYPE_CHECKING:
    from ronghe.domain.clinic.models import ClinicField, Expert

HELPS = ("post", "skill", "care")
_day = click.DateTime(["%Y-%m-%d"])
_hour = click.DateTime(["%H:%M"])
_fields = click.option("--field", "fields", multiple=True, required=True, help="懂的专业，可写多个")
_helps = click.option("--help-kind", "helps", multiple=True, type=click.Choice(HELPS), default=("post", "skill"),
                      show_default=True, help="做哪些帮助，可写多个")  # fmt: skip
_called = click.option("--called", default="", help="大家怎么称呼")
_about = click.option("--about", default="", help="拿手什么")


@click.group("expert", short_help=_("门诊专家"))
def expert() -> None:
    """门诊专家：谁懂什么、什么时候坐诊。"""


@expert.command("list", short_help=_("列出专家"))
@click.argument("words", default="")
@click.option("--state", default="active", type=click.Choice(["active", "invited", "applied", "declined", "ended"]))
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
def list_(words: str, state: str, as_json: bool) -> None:
    """列出坐诊的专家；WORDS 是姓名、称呼、首字母或专业。"""
    actor, now = acting_now()
    from ronghe.domain.clinic.selectors.experts import figures_of, list_experts

    rows = list_experts(actor, now, words=words, state=state, size=100)
    figures = figures_of(list(rows), now)
    if as_json:
        shown: list[dict[str, Any]] = [
            {
                "id": row.pk, "name": row.person.name, "called": row.called,
                "fields": [one.name for one in row.fields.all()], "helps": [kind.value for kind in row.helps],
                "solved": figures[row.pk].solved, "mean_score": str(figures[row.pk].mean or "") or None,
            }
            for row in rows
        ]  # fmt: skip
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    for row in rows:
        names = listed(one.name for one in row.fields.all())
        click.echo(f"{row.pk:>7}  {row.person.name}  {row.called or '—'}  {names}")


@expert.command("put-up", short_help=_("推荐一位专家"))
@click.argument("who")
@click.option("--body", help="由哪个组织推荐：名称或编号；不写就是您管的第一个")
@_fields
@_helps
@_called
@_about
def put_up(
    who: str, body: str | None, fields: tuple[str, ...], helps: tuple[str, ...], called: str, about: str
) -> None:
    """推荐 WHO（姓名或员工号）坐诊，等本人同意。"""
    actor, now = acting_now()
    from ronghe.domain.clinic.selectors.experts import bodies_putting_up
    from ronghe.domain.clinic.services.experts import put_up_expert
    from ronghe.domain.org.selectors.people import people_seen_by

    person = person_called(who, people_seen_by(actor, now).filter(valid_until=None))
    bodies = bodies_putting_up(actor, now)
    chosen = body_called(body, bodies) if body else bodies.order_by("pk").first()
    if chosen is None:
        raise NotFound
    named = put_up_expert(person=person, card=_card(fields, helps, called, about), body=chosen, actor=actor, at=now)
    click.echo(_("已推荐，编号 %(number)s，等本人同意。") % {"number": named.pk})


@expert.command("apply", short_help=_("自己报名坐诊"))
@_fields
@_helps
@_called
@_about
def apply(fields: tuple[str, ...], helps: tuple[str, ...], called: str, about: str) -> None:
    """自己报名坐诊，等组织同意。"""
    actor, now = acting_now()
    from ronghe.domain.clinic.services.experts import apply_as_expert

    named = apply_as_expert(card=_card(fields, helps, called, about), actor=actor, at=now)
    click.echo(_("已报名，编号 %(number)s，等组织同意。") % {"number": named.pk})


@expert.command("card", short_help=_("改名片"))
@click.argument("number", type=int)
@_fields
@_helps
@_called
@_about
def card_(number: int, fields: tuple[str, ...], helps: tuple[str, ...], called: str, about: str) -> None:
    """改编号 NUMBER 的专家的名片。"""
    actor, now = acting_now()
    from ronghe.domain.clinic.services.experts import change_card

    change_card(expert=_seen(number), card=_card(fields, helps, called, about), actor=actor, at=now)
    click.echo(_("名片已改。"))


@expert.command("agree", short_help=_("同意坐诊"))
@click.argument("number", type=int)
def agree(number: int) -> None:
    """同意编号 NUMBER 的推荐或报名。"""
    actor, now = acting_now()
    from ronghe.domain.clinic.services.experts import accept_expert

    accept_expert(expert=_seen(number), actor=actor, at=now)
    click.echo(_("从现在起坐诊。"))


@expert.command("refuse", short_help=_("回绝"))
@click.argument("number", type=int)
def refuse(number: int) -> None:
    """回绝编号 NUMBER 的推荐或报名。"""
    actor, now = acting_now()
    from ronghe.domain.clinic.services.experts import decline_expert

    decline_expert(expert=_seen(number), actor=actor, at=now)
    click.echo(_("已回绝。"))


@expert.command("end", short_help=_("不再坐诊"))
@click.argument("number", type=int)
def end(number: int) -> None:
    """编号 NUMBER 的专家不再坐诊。"""
    actor, now = acting_now()
    from ronghe.domain.clinic.services.experts import end_expert

    end_expert(expert=_seen(number), actor=actor, at=now)
    click.echo(_("不再坐诊，已约的时间都取消了，等答复的人也告诉了。"))


@expert.command("hours", short_help=_("定坐诊时间"))
@click.option("--weekday", required=True, type=click.IntRange(1, 7), help="1 是周一")
@click.option("--from", "starts", required=True, type=_hour, help="从几点，如 14:00")
@click.option("--until", "ends", required=True, type=_hour, help="到几点")
@click.option("--minutes", default=30, show_default=True, help="每次几分钟")
@click.option("--place", default="", help="见面的地点")
@click.option("--link", default="", help="远程的电话或会议链接；写了就是远程")
def hours(weekday: int, starts: datetime, ends: datetime, minutes: int, place: str, link: str) -> None:
    """定您每周坐诊的时间。"""
    actor, now = acting_now()
    from ronghe.domain.clinic.enums import SlotWay
    from ronghe.domain.clinic.services.hours import HoursText, add_hours

    way = SlotWay.REMOTE if link else SlotWay.ON_SITE
    text = HoursText(weekday, starts.time(), ends.time(), way, minutes, place, link)
    made = add_hours(expert=_own(), text=text, actor=actor, at=now)
    click.echo(_("坐诊时间已定，编号 %(number)s。") % {"number": made.pk})


@expert.command("close-hours", short_help=_("停一个坐诊时间"))
@click.argument("number", type=int)
def close_hours_(number: int) -> None:
    """停编号 NUMBER 的坐诊时间，已约的照旧。"""
    actor, now = acting_now()
    from ronghe.cli.finding import row_called
    from ronghe.domain.clinic.models import ExpertHours
    from ronghe.domain.clinic.services.hours import close_hours

    rows = ExpertHours.objects.filter(expert=_own()).select_related("expert")
    close_hours(hours=row_called(number, rows), actor=actor, at=now)
    click.echo(_("这段时间不再接受预约，已约的照旧。"))


@expert.command("away", short_help=_("登记不坐诊的日子"))
@click.option("--from", "from_on", required=True, type=_day, help="从哪天")
@click.option("--until", "until_on", required=True, type=_day, help="到哪天，含这一天")
def away(from_on: datetime, until_on: datetime) -> None:
    """登记您哪几天不坐诊；这几天已约的会取消。"""
    actor, now = acting_now()
    from ronghe.domain.clinic.services.hours import go_away

    row, fell = go_away(expert=_own(), from_on=from_on.date(), until_on=until_on.date(), actor=actor, at=now)
    click.echo(_("已登记，编号 %(number)s；取消了 %(count)s 个已约的时间。") % {"number": row.pk, "count": fell})


@expert.command("back", short_help=_("取消不坐诊的日子"))
@click.argument("number", type=int)
def back(number: int) -> None:
    """取消编号 NUMBER 的不坐诊的日子。"""
    actor, now = acting_now()
    from ronghe.cli.finding import row_called
    from ronghe.domain.clinic.models import ExpertAway
    from ronghe.domain.clinic.services.hours import come_back

    rows = ExpertAway.objects.filter(expert=_own()).select_related("expert")
    come_back(away=row_called(number, rows), actor=actor, at=now)
    click.echo(_("这几天又可以约了。"))


@click.group("field", short_help=_("门诊专业"))
def field() -> None:
    """门诊专业：开、改名、停。"""


@field.command("list", short_help=_("列出专业"))
def field_list() -> None:
    """列出专业，和各有几位专家坐诊、几条知识。"""
    acting_now()
    from ronghe.domain.clinic.selectors.experts import open_fields

    for row in open_fields():
        words = {"name": row.name, "experts": row.sitting, "pieces": row.told}
        click.echo(f"{row.pk:>7}  {_('%(name)s：%(experts)s 位专家，%(pieces)s 条知识') % words}")


@field.command("open", short_help=_("开一个专业"))
@click.argument("name")
@click.option("--body", required=True, help="归哪个组织管：名称或编号")
def field_open(name: str, body: str) -> None:
    """开专业 NAME。"""
    actor, now = acting_now()
    from ronghe.domain.clinic.selectors.experts import bodies_opening_fields
    from ronghe.domain.clinic.services.experts import open_field

    made = open_field(name=name, body=body_called(body, bodies_opening_fields(actor, now)), actor=actor, at=now)
    click.echo(_("专业已开，编号 %(number)s。") % {"number": made.pk})


@field.command("rename", short_help=_("给专业改名"))
@click.argument("which")
@click.argument("name")
def field_rename(which: str, name: str) -> None:
    """把专业 WHICH（名称或编号）改名为 NAME。"""
    actor, now = acting_now()
    from ronghe.domain.clinic.services.experts import rename_field

    rename_field(field=field_called(which), name=name, actor=actor, at=now)
    click.echo(_("已改名。"))


@field.command("close", short_help=_("停一个专业"))
@click.argument("which")
def field_close(which: str) -> None:
    """停专业 WHICH（名称或编号），知识还在。"""
    actor, now = acting_now()
    from ronghe.domain.clinic.services.experts import close_field

    close_field(field=field_called(which), actor=actor, at=now)
    click.echo(_("已停，知识还在。"))


def expert_called(who: str) -> Expert:
    """Return the sitting expert of this number, name or nickname.

    :raises NotFound: there is none, or several of that name
    """
    from django.db.models import Q

    from ronghe.domain.clinic.selectors.experts import sitting_experts

    rows = sitting_experts()
    wanted = Q(pk=int(who)) if who.isascii() and who.isdigit() else Q(person__name=who) | Q(called=who)
    found = list(rows.filter(wanted)[:2])
    if len(found) != 1:
        raise NotFound
    return found[0]


def field_called(which: str) -> ClinicField:
    """Return the open field of this number or name.

    :raises NotFound: there is none
    """
    from ronghe.domain.clinic.selectors.experts import open_fields

    rows = open_fields()
    numbered = rows.filter(pk=int(which)) if which.isascii() and which.isdigit() else rows.filter(name=which)
    found: ClinicField | None = numbered.first()
    if found is None:
        raise NotFound
    return found


def _card(fields: tuple[str, ...], helps: tuple[str, ...], called: str, about: str) -> Any:
    from ronghe.domain.clinic.enums import HelpKind
    from ronghe.domain.clinic.services.experts import Card

    return Card([field_called(which) for which in fields], [HelpKind(code) for code in helps], called, about)


def _seen(number: int) -> Expert:
    actor, now = acting_now()
    from ronghe.cli.finding import row_called
    from ronghe.domain.clinic.selectors.experts import experts_seen_by

    return row_called(number, experts_seen_by(actor, now))


def _own() -> Expert:
    actor, _now = acting_now()
    from ronghe.domain.clinic.selectors.experts import expert_of

    found = expert_of(actor)
    if found is None:
        raise NotFound
    return found
