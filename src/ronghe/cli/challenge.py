"""`ronghe challenge`: hard problems with terms, bids, a panel, milestones and rewards; the item itself with `ronghe item`."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.cli.finding import moment_said, opened_files, person_called
from ronghe.cli.telling import IN_FILE
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.words import N_, _

if TYPE_CHECKING:
    from ronghe.domain.challenges.models import Bid, Milestone, Panelist
    from ronghe.domain.items.models import WorkItem
    from ronghe.domain.org.models import Person

EPILOG = """\b
举例：
  ronghe --as dangqun item raise challenge --body 3 --title 井筒结蜡治理 --set field=production --set wanted=清蜡周期翻倍
  ronghe --as dangwei challenge terms 12 --until "2026-12-20 18:00" --reward 50000 --acceptance 连续30天不卡泵
  ronghe --as dangwei challenge publish 12
  ronghe --as dangyuan challenge bid 12 --plan 空心杆电热 --days 60 --cost 12000
  ronghe --as dangwei challenge pledge 12 --milestone 样机,2027-02-01,40 --milestone 运行,2027-04-01,60
"""


class LineUnreadable(DomainError):
    code = "challenge_line_unreadable"
    sentence = N_("看不懂“%(text)s”。请写成 %(form)s。")
    status = 422


_number = click.argument("number", type=int, metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")


@click.group(epilog=EPILOG, short_help=_("揭榜挂帅：发榜、揭榜、评榜、里程碑、兑现"))
def challenge() -> None:
    """揭榜挂帅。提榜、交验以后的验收和退回用 ronghe item。"""


@challenge.command("show", short_help=_("看一道榜题"))
@_number
@_json
def show(number: int, as_json: bool) -> None:
    """看一道榜题的条件、揭榜、里程碑、兑现；截止前只看得到自己的揭榜。"""
    actor = acting_person()
    item = _seen(actor, number)
    from django.utils import timezone

    from ronghe.domain.challenges.selectors import view_of

    view = view_of(item, actor, timezone.now())
    bids = [
        {"id": one.bid.pk, "leader": one.bid.leader.name, "days": one.bid.days, "cost": str(one.bid.cost),
         "state": one.bid.state, "score": str(one.standing.score) if one.standing and one.standing.score else None}
        for one in view.bids
    ]  # fmt: skip
    lines = [{"id": one.pk, "title": one.title, "due_on": one.due_on.isoformat(), "is_checked": one.checked_at is not None}
             for one in view.milestones]  # fmt: skip
    if as_json:
        _print(_row(item) | {"bids_made": view.bids_made, "bids": bids, "milestones": lines, "paid": str(view.paid)})
        return
    click.echo(f"#{item.pk} {item.title}  {_state(item)}")
    for bid in bids:
        click.echo(
            f"{bid['id']:>6}  {bid['leader']}  {bid['days']}  {bid['cost']}  {bid['score'] or '—'}  {bid['state']}"
        )
    for line in lines:
        click.echo(f"{line['id']:>6}  {line['due_on']}  {'✓' if line['is_checked'] else '·'}  {line['title']}")


@challenge.command("terms", short_help=_("定条件"))
@_number
@click.option("--until", required=True, help="揭榜截止，如 2026-12-20 18:00")
@click.option("--reward", required=True, help="奖励（元）")
@click.option("--acceptance", required=True, help="验收标准")
@click.option("--tolerance", default="", help="容错条件")
@click.option(
    "--weights",
    nargs=4,
    type=int,
    default=(40, 25, 20, 15),
    show_default=True,
    help="方案、能力、时间、费用各占百分之几",
)
@_json
def terms(
    number: int, until: str, reward: str, acceptance: str, tolerance: str, weights: tuple[int, ...], as_json: bool
) -> None:
    """发榜前定条件；发榜以后不能改。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.challenges.enums import Criterion
    from ronghe.domain.challenges.services.posting import Terms, set_terms

    item = _seen(actor, number)
    given = Terms(
        moment_said(until), _money(reward), acceptance, "", tolerance,
        dict(zip((criterion.value for criterion in Criterion), weights, strict=True)),
    )  # fmt: skip
    set_terms(item=item, terms=given, actor=actor, at=timezone.now())
    _tell(item, _("条件已定。"), as_json=as_json)


@challenge.command("publish", short_help=_("发榜"))
@_number
@_json
def publish_(number: int, as_json: bool) -> None:
    """发榜，全单位可以揭榜。"""
    from ronghe.domain.challenges.services.posting import publish

    _step(number, publish, _("已发榜。"), as_json=as_json)


@challenge.command("bid", short_help=_("揭榜"))
@_number
@click.option("--plan", required=True, help="怎么解决")
@click.option("--days", required=True, type=click.IntRange(1, 3000), help="要多少天")
@click.option("--cost", required=True, help="要多少钱（元）")
@click.option("--with", "team", multiple=True, metavar="WHO", help="队伍里还有谁：姓名或员工号，可写多个")
@_json
def bid_(number: int, plan: str, days: int, cost: str, team: tuple[str, ...], as_json: bool) -> None:
    """带队揭榜。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.challenges.services.posting import Offer, make_bid

    item = _seen(actor, number)
    people = [person_called(who, _people(actor)) for who in team]
    made = make_bid(item=item, offer=Offer(plan, days, _money(cost), people), actor=actor, at=timezone.now())
    _tell(item, _("已揭榜，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@challenge.command("withdraw", short_help=_("撤回揭榜"))
@_number
@click.argument("bid", type=int)
@_json
def withdraw(number: int, bid: int, as_json: bool) -> None:
    """截止前撤回您带队的揭榜 BID。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.challenges.services.posting import withdraw_bid

    item = _seen(actor, number)
    withdraw_bid(bid=_bid_of(item, bid), actor=actor, at=timezone.now())
    _tell(item, _("揭榜已撤回。"), as_json=as_json)


@challenge.command("judge", short_help=_("截止揭榜，开始评榜"))
@_number
@_json
def judge(number: int, as_json: bool) -> None:
    """过了截止时间，开始评榜。"""
    from ronghe.domain.challenges.services.posting import close_bidding

    _step(number, close_bidding, _("开始评榜。"), as_json=as_json)


@challenge.command("panel", short_help=_("定评榜组"))
@_number
@click.argument("people", nargs=-1, required=True)
@_json
def panel(number: int, people: tuple[str, ...], as_json: bool) -> None:
    """定评榜组 PEOPLE（姓名或员工号），至少三人。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.challenges.services.judging import name_panel

    item = _seen(actor, number)
    named = [person_called(who, _people(actor)) for who in people]
    name_panel(item=item, people=named, actor=actor, at=timezone.now())
    _tell(item, _("评榜组已定。"), as_json=as_json)


@challenge.command("declare", short_help=_("申报利益关系"))
@_number
@click.option(
    "--interest", "interests", multiple=True, metavar="BID=NOTE", help="与哪一方有什么关系，可写多个；没有就不写"
)
@_json
def declare(number: int, interests: tuple[str, ...], as_json: bool) -> None:
    """评榜前申报与各揭榜方有没有利益关系。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.challenges.services.judging import declare_interest

    item = _seen(actor, number)
    found: dict[Bid, str] = {}
    for one in interests:
        key, equals, note = one.partition("=")
        if not equals or not key.strip().isdigit():
            raise LineUnreadable(text=one, form=_("揭榜编号=什么关系"))
        found[_bid_of(item, int(key))] = note
    declare_interest(panelist=_mine(item, actor), interests=found, actor=actor, at=timezone.now())
    _tell(item, _("已申报，可以打分了。"), as_json=as_json)


@challenge.command("score", short_help=_("打分"))
@_number
@click.argument("bid", type=int)
@click.argument("points", nargs=4, type=click.IntRange(0, 100))
@click.option("--comment", default="", help="意见")
@_json
def score(number: int, bid: int, points: tuple[int, ...], comment: str, as_json: bool) -> None:
    """给揭榜 BID 打四项分 POINTS：方案、能力、时间、费用。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.challenges.enums import Criterion
    from ronghe.domain.challenges.services.judging import score_bid

    item = _seen(actor, number)
    given = dict(zip((criterion.value for criterion in Criterion), points, strict=True))
    score_bid(
        panelist=_mine(item, actor),
        bid=_bid_of(item, bid),
        points=given,
        comment=comment,
        actor=actor,
        at=timezone.now(),
    )
    _tell(item, _("已打分。"), as_json=as_json)


@challenge.command("select", short_help=_("定榜"))
@_number
@click.argument("bid", type=int)
@click.option("--reason", default="", help="理由，不是最高分的必须写")
@_json
def select(number: int, bid: int, reason: str, as_json: bool) -> None:
    """选揭榜 BID。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.challenges.services.judging import select_bid

    item = _seen(actor, number)
    select_bid(item=item, bid=_bid_of(item, bid), actor=actor, at=timezone.now(), reason=reason)
    _tell(item, _("已定榜。"), as_json=as_json)


@challenge.command("repost", short_help=_("重新发榜"))
@_number
@click.option("--until", required=True, help="揭榜截止时间，如 2026-12-20 18:00")
@click.option("--reason", required=True, help="为什么重新发榜")
@_json
def repost(number: int, until: str, reason: str, as_json: bool) -> None:
    """没有合适的揭榜，或者中榜的退出了：重新发榜。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.challenges.services.judging import post_again

    item = _seen(actor, number)
    post_again(item=item, until=moment_said(until), reason=reason, actor=actor, at=timezone.now())
    _tell(item, _("已重新发榜。"), as_json=as_json)


@challenge.command("pledge", short_help=_("签军令状"))
@_number
@click.option(
    "--milestone",
    "lines",
    multiple=True,
    required=True,
    metavar="TITLE,DAY,SHARE",
    help="里程碑，按先后写，占比合计 100",
)
@_json
def pledge(number: int, lines: tuple[str, ...], as_json: bool) -> None:
    """定里程碑，签军令状。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.challenges.services.carrying_out import sign_pledge

    item = _seen(actor, number)
    sign_pledge(item=item, milestones=[_milestone_said(line) for line in lines], actor=actor, at=timezone.now())
    _tell(item, _("军令状已签，开始攻关。"), as_json=as_json)


@challenge.command("reach", short_help=_("报里程碑完成"))
@_number
@click.argument("milestone", type=int)
@click.option("--note", required=True, help="做到了什么")
@_json
def reach(number: int, milestone: int, note: str, as_json: bool) -> None:
    """报里程碑 MILESTONE 完成。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.challenges.services.carrying_out import reach_milestone

    item = _seen(actor, number)
    reach_milestone(milestone=_milestone_of(item, milestone), note=note, actor=actor, at=timezone.now())
    _tell(item, _("已报完成，等待核验。"), as_json=as_json)


@challenge.command("check", short_help=_("核验里程碑"))
@_number
@click.argument("milestone", type=int)
@click.option("--back", is_flag=True, help="没有做到，退回")
@_json
def check(number: int, milestone: int, back: bool, as_json: bool) -> None:
    """核验里程碑 MILESTONE。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.challenges.services.carrying_out import check_milestone

    item = _seen(actor, number)
    row = _milestone_of(item, milestone)
    check_milestone(milestone=row, is_reached=not back, actor=actor, at=timezone.now())
    _tell(item, _("已退回，请队伍再做。") if back else _("已核验。"), as_json=as_json)


@challenge.command("hand-in", short_help=_("交验"))
@_number
@click.option("--note", required=True, help="解决得怎样")
@click.option("--photo", "files", multiple=True, type=IN_FILE, help="照片（JPEG、PNG、WebP）或 PDF，可写多个")
@_json
def hand_in_(number: int, note: str, files: tuple[Path, ...], as_json: bool) -> None:
    """里程碑都核验了以后交验，等待验收；验收和退回用 ronghe item。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.challenges.services.carrying_out import hand_in

    item = _seen(actor, number)
    with opened_files(files) as uploads:
        hand_in(item=item, note=note, uploads=uploads, actor=actor, at=timezone.now())
    _tell(item, _("已交验，等待验收。"), as_json=as_json)


@challenge.command("pay", short_help=_("记兑现"))
@_number
@click.argument("amount")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="哪天兑现，不写为今天")
@click.option("--note", default="", help="说明")
@_json
def pay_(number: int, amount: str, day: datetime | None, note: str, as_json: bool) -> None:
    """记一笔兑现 AMOUNT（元）。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.challenges.services.carrying_out import pay

    item, now = _seen(actor, number), timezone.now()
    paid_on = day.date() if day else timezone.localdate(now)
    pay(item=item, amount=_money(amount), paid_on=paid_on, note=note, actor=actor, at=now)
    _tell(item, _("兑现已记下。"), as_json=as_json)


@challenge.command("settle", short_help=_("兑现完毕"))
@_number
@_json
def settle_(number: int, as_json: bool) -> None:
    """奖励兑现完毕，榜题办结。"""
    from ronghe.domain.challenges.services.carrying_out import settle

    _step(number, settle, _("奖励已兑现，榜题办结。"), as_json=as_json)


@challenge.command("fail", short_help=_("认定未成"))
@_number
@click.argument("finding", type=click.Choice(["honest", "not_diligent"]))
@click.option("--reasons", required=True, help="依据")
@click.option("--learnt", default="", help="教训")
@_json
def fail(number: int, finding: str, reasons: str, learnt: str, as_json: bool) -> None:
    """没有做成，认定 FINDING：honest 尽职未成予以容错，not_diligent 未尽职。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.challenges.enums import Finding
    from ronghe.domain.challenges.services.carrying_out import find_failed

    item = _seen(actor, number)
    find_failed(item=item, finding=Finding(finding), reasons=reasons, learnt=learnt, actor=actor, at=timezone.now())
    _tell(item, _("已认定。"), as_json=as_json)


def _step(number: int, service: Any, said: str, *, as_json: bool) -> None:
    actor = acting_person()
    from django.utils import timezone

    item = _seen(actor, number)
    service(item=item, actor=actor, at=timezone.now())
    _tell(item, said, as_json=as_json)


def _seen(actor: Person, number: int) -> WorkItem:
    from django.utils import timezone

    from ronghe.domain.items.selectors import items_seen_by

    found = items_seen_by(actor, timezone.now()).filter(pk=number, kind="challenge").first()
    if found is None:
        raise NotFound
    return found


def _people(actor: Person) -> Any:
    from django.utils import timezone

    from ronghe.domain.org.selectors.people import people_seen_by

    return people_seen_by(actor, timezone.now()).filter(valid_until=None)


def _bid_of(item: WorkItem, number: int) -> Bid:
    found = item.bids.select_related("leader", "item").filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _mine(item: WorkItem, actor: Person) -> Panelist:
    found = item.panel.select_related("item", "person").filter(person=actor).first()
    if found is None:
        raise NotFound
    return found


def _milestone_of(item: WorkItem, number: int) -> Milestone:
    found = item.milestones.select_related("item__owner").filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _milestone_said(line: str) -> Any:
    from ronghe.domain.challenges.services.carrying_out import MilestoneText

    title, day, share = ([*line.replace("，", ",").split(","), "", "", ""])[:3]
    try:
        return MilestoneText(title.strip(), date.fromisoformat(day.strip()), int(share))
    except ValueError as error:
        raise LineUnreadable(text=line, form=_("名称,2026-12-31,40")) from error


def _money(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation as error:
        raise LineUnreadable(text=text, form="50000.00") from error


def _state(item: WorkItem) -> str:
    from ronghe.domain.challenges.rules import CHALLENGE

    return _(CHALLENGE.state_by_id[item.state].title)


def _row(item: WorkItem) -> dict[str, Any]:
    return {"id": item.pk, "title": item.title, "state": item.state, "owner": item.owner.name if item.owner else None}


def _tell(item: WorkItem, words: str, *, as_json: bool) -> None:
    if as_json:
        _print(_row(item))
    else:
        click.echo(words)


def _print(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
