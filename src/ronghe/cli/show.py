"""`ronghe show`: 三亮四比一创建."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.finding import body_called, person_called, row_called
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.org.models import Person
    from ronghe.domain.shows.models import ShowCompeteCampaign

EPILOG = """\b
举例：
  ronghe --as shuji show card 韩雪松
  ronghe --as dangyuan show agree --part posts --part promises
  ronghe --as shuji show badges 南八党支部 胸牌.pdf --address https://ronghe.example
  ronghe --as dangqun show wall --body 3 --state overdue
"""

_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
_address = click.option(
    "--address", envvar="RONGHE_ADDRESS", default="http://127.0.0.1:8000", show_default=True, help="二维码里平台的地址"
)


@click.group(epilog=EPILOG, short_help=_("三亮四比一创建"))
def show() -> None:
    """三亮四比一创建：党员名片、胸牌、岗位标准、承诺墙。"""


@show.command("card", short_help=_("看党员名片"))
@click.argument("who")
@_json
def card(who: str, as_json: bool) -> None:
    """看 WHO 的党员名片。"""
    actor, now = acting_now()
    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.domain.shows.selectors.cards import card_of

    found = card_of(_person(actor, now, who), local_day(now), now)
    data = {
        "name": found.person.name, "status": found.status, "body": found.body, "posts": list(found.posts),
        "standards": [one.text for one in found.standards],
        "promises": [{"id": one.line.item_id, "title": one.title, "state": one.state.value} for one in found.promises],
        "percent": str(found.ratio.percent) if found.ratio.percent is not None else None,
    }  # fmt: skip
    lines = [f"{found.person.name}  {found.status}  {found.body}", *found.posts, *(one.text for one in found.standards)]
    lines += [f"{one.line.item_id:>6}  {one.title}  {one.state.label}" for one in found.promises]
    _answer(data, lines, as_json=as_json)


@show.command("agree", short_help=_("同意公开胸牌内容"))
@click.option("--part", "parts", multiple=True, required=True, help="name、posts、standards、promises、stars")
@_json
def agree(parts: tuple[str, ...], as_json: bool) -> None:
    """同意扫胸牌的人看到哪些，只能本人办。"""
    actor, now = acting_now()
    from ronghe.domain.shows.services.badges import agree_badge

    consent = agree_badge(person=actor, parts=parts, actor=actor, at=now)
    _answer({"parts": consent.parts}, [_("已同意，扫胸牌的人能看到所选内容。")], as_json=as_json)


@show.command("withdraw", short_help=_("撤回公开胸牌内容"))
def withdraw() -> None:
    """撤回同意，胸牌从此什么都不显示。"""
    actor, now = acting_now()
    from ronghe.domain.shows.services.badges import withdraw_badge

    withdraw_badge(person=actor, actor=actor, at=now)
    click.echo(_("已撤回，扫胸牌的人看不到您的任何内容。"))


@show.command("badge", short_help=_("打印一张胸牌"))
@click.argument("who")
@click.argument("path", type=click.Path(path_type=Path))
@_address
def badge(who: str, path: Path, address: str) -> None:
    """把 WHO 的胸牌写成 PDF，没有的先发放。"""
    actor, now = acting_now()
    from ronghe.domain.shows.services.badges import issue_badge

    path.write_bytes(
        _pdf([issue_badge(person=_person(actor, now, who), actor=actor, at=now)], now, address, single=True)
    )
    click.echo(_("已写到 %(path)s。") % {"path": path})


@show.command("badges", short_help=_("打印全支部胸牌"))
@click.argument("body")
@click.argument("path", type=click.Path(path_type=Path))
@_address
def badges(body: str, path: Path, address: str) -> None:
    """把 BODY 党员的胸牌写成 A4 的 PDF，一页十张。"""
    actor, now = acting_now()
    from ronghe.domain.org.models import PartyOrg
    from ronghe.domain.shows.rules import ISSUE_BADGES
    from ronghe.domain.shows.services.badges import issue_badges

    bodies = ISSUE_BADGES.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=now)
    found = issue_badges(body=body_called(body, bodies), actor=actor, at=now)
    path.write_bytes(_pdf(found, now, address, single=False))
    click.echo(_("已写到 %(path)s。") % {"path": path})


@show.command("renew", short_help=_("换发胸牌"))
@click.argument("who")
@click.option("--reason", required=True, help="为什么换发")
def renew(who: str, reason: str) -> None:
    """换发 WHO 的胸牌，旧的停用。"""
    actor, now = acting_now()
    from ronghe.domain.shows.services.badges import renew_badge

    renew_badge(person=_person(actor, now, who), reason=reason, actor=actor, at=now)
    click.echo(_("已换发，旧胸牌停用；请打印新的。"))


@show.command("standard", short_help=_("公布岗位标准"))
@click.argument("body")
@click.argument("text")
@click.option("--role", default="", help="职务，例如 secretary；不写是全体党员")
def standard(body: str, text: str, role: str) -> None:
    """公布 BODY 里一个职务的标准。"""
    actor, now = acting_now()
    from ronghe.domain.org.models import PartyOrg
    from ronghe.domain.shows.rules import SET_STANDARD
    from ronghe.domain.shows.services.standards import set_standard

    bodies = SET_STANDARD.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=now)
    set_standard(body=body_called(body, bodies), role=role, text=text, actor=actor, at=now)
    click.echo(_("岗位标准已公布，名片上看得到。"))


@show.command("wall", short_help=_("承诺墙"))
@click.option("--body", type=int, help="党组织的编号，含下级")
@click.option("--zone", type=int, help="协作区的编号")
@click.option("--unit", type=int, help="班组或单位的编号，含下级")
@click.option("--state", default="", help="open、overdue、reported、kept、not_kept")
@click.option("--words", default="", help="搜承诺、姓名、载体、组织")
@_json
def wall(body: int | None, zone: int | None, unit: int | None, state: str, words: str, as_json: bool) -> None:
    """列出公示的承诺，谁来评，兑现没有。"""
    actor, now = acting_now()
    from ronghe.domain.shows.selectors.wall import WallAsked, sums
    from ronghe.domain.shows.selectors.wall import wall as read

    asked = WallAsked(words, state, body, zone, unit)
    _listed, lines = read(actor, now, asked, size=500)
    found = sums(actor, now, asked)
    rows = [
        {"id": one.line.item_id, "title": one.line.item.title, "carrier": one.line.carrier.name, "state": one.state.value,
         "judge": one.judge}
        for one in lines
    ]  # fmt: skip
    told = [
        f"{one.line.item_id:>6}  {one.line.item.title}  {one.line.carrier.name}  {one.state.label}" for one in lines
    ]
    if found.ratio.percent is not None:
        told.append(_("一年来兑现率 %(percent)s%%") % {"percent": found.ratio.percent})
    percent = str(found.ratio.percent) if found.ratio.percent is not None else None
    _answer({"promises": rows, "percent": percent}, told, as_json=as_json)


@show.command("campaign", short_help=_("看三亮四比一创建"))
@click.argument("number", type=int, metavar="NUMBER")
@click.option("--quarter", default="", help="季度，例如 2026Q3；不写为最近的")
@_json
def campaign(number: int, quarter: str, as_json: bool) -> None:
    """看一个三亮四比一创建在一个季度里的名次和兑现率。"""
    actor, now = acting_now()
    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.domain.shows.selectors.campaigns import asked_quarter, campaign_in

    found = _campaign(actor, now, number)
    told = campaign_in(found, asked_quarter(found, local_day(now), quarter))
    places = [
        {"contest": contest.name, "place": line.place, "name": line.entry.name, "total": str(line.total)}
        for contest, table in told.contests for line in table.lines
    ]  # fmt: skip
    ratios = [{"body": one.body.name, "percent": str(one.ratio.percent)} for one in told.branches]
    data = {"id": found.pk, "name": found.name, "quarter": told.quarter.label, "places": places, "promises": ratios}
    lines = [f"{found.name}  {told.quarter.label}"]
    lines += [f"{row['place']:>3}  {row['name']}  {row['total']}" for row in places]
    lines += [f"{row['body']}  {row['percent']}%" for row in ratios]
    _answer(data, lines, as_json=as_json)


@show.command("open", short_help=_("发起三亮四比一创建"))
@click.argument("name")
@click.option("--body", required=True, help="哪个组织发起")
@click.option("--fourth", required=True, help="第四比")
@click.option("--creates", required=True, help="创建什么")
@_json
def open_(name: str, body: str, fourth: str, creates: str, as_json: bool) -> None:
    """发起叫 NAME 的三亮四比一创建，今天开始。"""
    actor, now = acting_now()
    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.domain.shows.selectors.campaigns import bodies_to_open_for
    from ronghe.domain.shows.services.campaigns import CampaignText, open_campaign

    day = local_day(now)
    held_by = body_called(body, bodies_to_open_for(actor, now, day))
    made = open_campaign(body=held_by, text=CampaignText(name, fourth, creates), starts_on=day, actor=actor, at=now)
    _answer({"id": made.pk, "name": made.name}, [_("三亮四比一创建已开始。")], as_json=as_json)


@show.command("change", short_help=_("修改三亮四比一创建"))
@click.argument("number", type=int, metavar="NUMBER")
@click.option("--name", required=True, help="名称")
@click.option("--fourth", required=True, help="第四比")
@click.option("--creates", required=True, help="创建什么")
def change(number: int, name: str, fourth: str, creates: str) -> None:
    """修改三亮四比一创建"""
    actor, now = acting_now()
    from ronghe.domain.shows.services.campaigns import CampaignText, change_campaign

    text = CampaignText(name, fourth, creates)
    change_campaign(campaign=_campaign(actor, now, number), text=text, actor=actor, at=now)
    click.echo(_("已改好。"))


@show.command("end", short_help=_("结束三亮四比一创建"))
@click.argument("number", type=int, metavar="NUMBER")
def end(number: int) -> None:
    """结束一个三亮四比一创建，各季度的情况还看得到。"""
    actor, now = acting_now()
    from ronghe.domain.shows.services.campaigns import end_campaign

    end_campaign(campaign=_campaign(actor, now, number), actor=actor, at=now)
    click.echo(_("已结束，各季度的情况还看得到。"))


def _person(actor: Person, now: datetime, who: str) -> Person:
    from ronghe.domain.shows.selectors.cards import people_with_card

    return person_called(who, people_with_card(actor, now))


def _campaign(actor: Person, now: datetime, number: int) -> ShowCompeteCampaign:
    from ronghe.domain.shows.selectors.campaigns import campaigns_seen_by

    return row_called(number, campaigns_seen_by(actor, now))


def _pdf(found: Any, now: datetime, address: str, *, single: bool) -> bytes:
    from django.urls import reverse

    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.domain.shows.documents import badges_pdf
    from ronghe.domain.shows.selectors.badges import faces_of

    at = {one.pk: address.rstrip("/") + reverse("web:badge_public", args=[one.token]) for one in found}
    return badges_pdf(found, faces_of([one.person for one in found], local_day(now)), at, at=now, single=single)


def _answer(data: Any, lines: list[str], *, as_json: bool) -> None:
    click.echo(json.dumps(data, ensure_ascii=False) if as_json else "\n".join(lines))
