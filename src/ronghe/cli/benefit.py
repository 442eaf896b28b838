"""`ronghe benefit`: 效益点、效益账. Raising and listing ideas is `ronghe item`."""

from __future__ import annotations

import json
from contextlib import ExitStack
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.cli.benefit_gains import gain
from ronghe.cli.finding import body_called, person_called
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.words import N_, _

if TYPE_CHECKING:
    from ronghe.domain.benefits.calc.reckoning import LineIn
    from ronghe.domain.benefits.selectors.book import Idea
    from ronghe.domain.items.models import WorkItem
    from ronghe.domain.org.models import Person

EPILOG = """\b
举例：
  ronghe --as dangyuan item raise benefit --body 3 --title 胶粘挂网 --set way_before=砸皮露砖 --set way_after=胶粘挂网
  ronghe --as dangyuan benefit estimate 12 --line "墙体维修,㎡,7000,100,1500,100" --days 90:30 --basis 结算单
  ronghe --as xiequ benefit approve 12
  ronghe --as xiequ benefit realise 12 --line "墙体维修,㎡,7000,100,1500,100" --basis 结算单 --photo 结算单.pdf
  ronghe --as shuji benefit verify 12
  ronghe --as shuji benefit book --zone 1 --year 2026
  ronghe --as dangqun benefit gain enter 7 65 --basis 竣工验收单

\b
退出码：0 已办；1 不能办，原因见提示；2 写法看不懂。
"""


class LineUnreadable(DomainError):
    code = "benefit_line_unreadable"
    sentence = N_("看不懂“%(text)s”。请写成 算什么,单位,原来数量,原来单价,现在数量,现在单价。")
    status = 422


class DaysUnreadable(DomainError):
    code = "benefit_days_unreadable"
    sentence = N_("看不懂“%(text)s”。请写成 原来天数:现在天数，如 90:30。")
    status = 422


class ShareUnreadable(DomainError):
    code = "benefit_share_unreadable"
    sentence = N_("看不懂“%(text)s”。请写成 姓名=百分数，如 罗一鸣=60。")
    status = 422


_number = click.argument("number", type=int, metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
_line = click.option(
    "--line", "lines", multiple=True, metavar="WHAT,UNIT,OLD_QTY,OLD_PRICE,NEW_QTY,NEW_PRICE", help="一行测算，可写多行"
)
_days = click.option("--days", default="0:0", help="工期：原来天数:现在天数")
_basis = click.option("--basis", required=True, help="数从哪里来")
_photo = click.option(
    "--photo", "files", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="照片（JPEG、PNG、WebP）或 PDF，可写多个",
)  # fmt: skip
_note = click.option("--note", default="", help="说明")


@click.group("benefit", epilog=EPILOG, short_help=_("效益点、效益账"))
def benefit() -> None:
    """效益点的测算、审核、核定和冲回，以及效益账。提出和列出效益点用 ronghe item。"""


benefit.add_command(gain)


@benefit.command("show", short_help=_("看一个效益点的测算和账"))
@_number
@_json
def show(number: int, as_json: bool) -> None:
    """看编号 NUMBER 的效益点。"""
    _tell(_seen(acting_person(), number), "", as_json=as_json)


@benefit.command("estimate", short_help=_("测算效益"))
@_number
@_line
@_days
@_basis
@_photo
@_json
def estimate(
    number: int, lines: tuple[str, ...], days: str, basis: str, files: tuple[Path, ...], as_json: bool
) -> None:
    """给编号 NUMBER 的效益点测算，交审核。"""
    _reckon(number, lines, days, basis, files, is_actual=False, as_json=as_json)


@benefit.command("realise", short_help=_("填报实际效益"))
@_number
@_line
@_days
@_basis
@_photo
@_json
def realise(number: int, lines: tuple[str, ...], days: str, basis: str, files: tuple[Path, ...], as_json: bool) -> None:
    """给编号 NUMBER 的效益点填报实际效益，要附凭据。"""
    _reckon(number, lines, days, basis, files, is_actual=True, as_json=as_json)


@benefit.command("approve", short_help=_("审核通过"))
@_number
@_note
@_json
def approve(number: int, note: str, as_json: bool) -> None:
    """审核通过编号 NUMBER 的估算；超过复审金额的送上级。退回、不采纳用 ronghe item step。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.benefits.services.reviewing import approve_idea

    item = approve_idea(item=_seen(actor, number), actor=actor, at=timezone.now(), note=note)
    said = _("超过复审金额，已送上级复审。") if item.state == "second" else _("审核通过，等人实施。")
    _tell(item, said, as_json=as_json)


@benefit.command("verify", short_help=_("核定入账"))
@_number
@_note
@_json
def verify(number: int, note: str, as_json: bool) -> None:
    """核定编号 NUMBER 的实际效益，记入效益账。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.benefits.services.booking import verify_idea

    item = _seen(actor, number)
    verify_idea(item=item, actor=actor, at=timezone.now(), note=note)
    _tell(item, _("已核定，记入效益账。"), as_json=as_json)


@benefit.command("reverse", short_help=_("冲回"))
@_number
@click.option("--reason", required=True, help="为什么冲回")
@_json
def reverse_(number: int, reason: str, as_json: bool) -> None:
    """冲回编号 NUMBER 没有保持住的效益。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.benefits.services.booking import reverse_idea

    item = _seen(actor, number)
    reverse_idea(item=item, reason=reason, actor=actor, at=timezone.now())
    _tell(item, _("已冲回，账上记了负数。"), as_json=as_json)


@benefit.command("share", short_help=_("定功劳份额"))
@_number
@click.argument("shares", nargs=-1, required=True, metavar="NAME=PERCENT...")
@_json
def share(number: int, shares: tuple[str, ...], as_json: bool) -> None:
    """给编号 NUMBER 的效益点定功劳份额，合计正好 100。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.benefits.services.booking import set_shares
    from ronghe.domain.org.selectors.people import people_seen_by

    now, item = timezone.now(), _seen(actor, number)
    people = people_seen_by(actor, now).filter(valid_until=None)
    given = []
    for one in shares:
        name, equals, percent = one.partition("=")
        if not equals:
            raise ShareUnreadable(text=one)
        given.append((person_called(name.strip(), people), _decimal(percent, ShareUnreadable(text=one))))
    set_shares(item=item, shares=given, actor=actor, at=now)
    _tell(item, _("功劳份额已定。"), as_json=as_json)


@benefit.command("limit", short_help=_("定复审金额"))
@click.option("--body", required=True, help="哪个组织：名称或编号")
@click.option("--amount", help="估算超过多少元要上级复审；不写就是不要复审")
def limit(body: str, amount: str | None) -> None:
    """定估算超过多少元要上级复审。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.benefits.services.reviewing import LimitUnfit, set_limit
    from ronghe.domain.org.selectors.people import bodies_seen_by

    now = timezone.now()
    yuan = _decimal(amount, LimitUnfit()) if amount is not None else None
    if yuan is not None and (abs(yuan) > 10**12 or yuan != yuan.quantize(Decimal("0.01"))):
        raise LimitUnfit
    fen = None if yuan is None else int(yuan * 100)
    set_limit(body=body_called(body, bodies_seen_by(actor, now)), fen=fen, actor=actor, at=now)
    click.echo(_("复审金额已定。"))


@benefit.command("book", short_help=_("看效益账"))
@click.option("--zone", type=int, help="只看这个协作区（编号）")
@click.option("--project", type=int, help="只看这个项目（编号）")
@click.option("--body", help="只看这个组织和下级：名称或编号")
@click.option("--year", type=click.IntRange(1, 9998), help="只看这一年")
@_json
def book(zone: int | None, project: int | None, body: str | None, year: int | None, as_json: bool) -> None:
    """看效益账：分月的估算、核定、冲回和净额，每个效益点的数。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.benefits.selectors.book import FIELDS, Scope, book_of, ideas_listed, in_yuan, with_lines
    from ronghe.domain.org.selectors.people import bodies_seen_by
    from ronghe.domain.projects.selectors import projects_seen_by
    from ronghe.domain.zones.selectors import zones_seen_by

    now = timezone.now()
    scope = Scope(
        zone=_one(zones_seen_by(actor, now), zone), project=_one(projects_seen_by(actor, now), project),
        body=body_called(body, bodies_seen_by(actor, now)) if body else None, year=year,
    )  # fmt: skip
    found, names = book_of(scope, actor, now), (*FIELDS, "net")
    ideas = with_lines(list(ideas_listed(scope, actor, now)))
    if as_json:
        months = [
            {"month": f"{month:%Y-%m}", **{name: in_yuan(getattr(sums, name)) for name in names}}
            for month, sums in found.months
        ]
        total = {name: in_yuan(getattr(found.total, name)) for name in names}
        _print({"total": total, "months": months, "days": found.days.sum, "days_apart": found.days.apart,
                "ideas": [_row(idea) for idea in ideas]})  # fmt: skip
        return
    for month, sums in found.months:
        click.echo(
            f"{month:%Y-%m}  {in_yuan(sums.verified):>16}  {in_yuan(sums.reversed):>16}  {in_yuan(sums.net):>16}"
        )
    click.echo(_("净额 %(net)s 元，工期 %(days)s 天，另有 %(apart)s 个效益点的天数可能重叠、不相加。")
               % {"net": in_yuan(found.total.net), "days": found.days.sum, "apart": found.days.apart})  # fmt: skip
    for idea in ideas:
        row = _row(idea)
        click.echo(f"{row['id']:>7}  {row['booked'] or row['estimated'] or '—':>16}  {row['title']}")


def _one(rows: Any, number: int | None) -> Any:
    if number is None:
        return None
    found = rows.filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _reckon(
    number: int,
    lines: tuple[str, ...],
    days: str,
    basis: str,
    files: tuple[Path, ...],
    *,
    is_actual: bool,
    as_json: bool,
) -> None:
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.benefits.services.reckoning import ReckoningIn, estimate_idea, realise_idea
    from ronghe.domain.work.services.files import Upload

    before, _colon, after = days.partition(":")
    if not all(text.isascii() and text.isdigit() and len(text) < 6 for text in (before, after)):
        raise DaysUnreadable(text=days)
    given = ReckoningIn([_line_in(text) for text in lines], int(before), int(after), basis)
    item, act = _seen(actor, number), realise_idea if is_actual else estimate_idea
    with ExitStack() as opened:
        uploads = [Upload(path.name, opened.enter_context(path.open("rb"))) for path in files]
        act(item=item, reckoning=given, actor=actor, at=timezone.now(), uploads=uploads)
    _tell(item, _("已填报，等待别人核定。") if is_actual else _("已测算，等待审核。"), as_json=as_json)


def _line_in(text: str) -> LineIn:
    from ronghe.domain.benefits.calc.reckoning import LineIn

    parts = [part.strip() for part in text.replace("，", ",").split(",")]
    if len(parts) != 6:
        raise LineUnreadable(text=text)
    what, unit, *numbers = parts
    return LineIn(what, unit, *(_decimal(number, LineUnreadable(text=text)) for number in numbers))


def _decimal(text: str, otherwise: DomainError) -> Decimal:
    try:
        number = Decimal(text.strip())
    except InvalidOperation as error:
        raise otherwise from error
    if not number.is_finite():
        raise otherwise
    return number


def _seen(actor: Person, number: int) -> WorkItem:
    from django.utils import timezone

    from ronghe.domain.items.selectors import items_seen_by

    found: WorkItem | None = items_seen_by(actor, timezone.now()).filter(pk=number, kind="benefit").first()
    if found is None:
        raise NotFound
    return found


def _row(idea: Idea) -> dict[str, Any]:
    from ronghe.domain.benefits.selectors.book import in_yuan

    return {
        "id": idea.item.pk, "title": idea.item.title, "state": idea.item.state,
        "estimated": in_yuan(idea.estimate.reckoning.fen) if idea.estimate else None,
        "realised": in_yuan(idea.actual.reckoning.fen) if idea.actual else None,
        "booked": in_yuan(idea.net) if idea.net is not None else None, "days": idea.days,
        "shares": {share.person.name: f"{share.percent.normalize():f}" for share, _fen in idea.shares},
    }  # fmt: skip


def _tell(item: WorkItem, words: str, *, as_json: bool) -> None:
    from ronghe.domain.benefits.selectors.book import in_yuan, with_lines
    from ronghe.domain.items.rules import kind_of

    idea = with_lines([item])[0]
    if as_json:
        _print(_row(idea))
        return
    if words:
        click.echo(words)
        return
    click.echo(f"#{item.pk} {item.title}  {_(kind_of(item).state_by_id[item.state].title)}")
    for told in (idea.estimate, idea.actual):
        if told is not None:
            click.echo(f"  {told.reckoning.get_stage_display()}  {in_yuan(told.reckoning.fen)}  {told.reckoning.days}")
            for row in told.lines:
                click.echo(f"    {row.what}  {row.before_quantity:f} × {row.before_price:f} − "
                           f"{row.after_quantity:f} × {row.after_price:f} = {in_yuan(row.fen)}")  # fmt: skip
    for entry in idea.entries:
        click.echo(f"  {entry.booked_on}  {entry.get_kind_display()}  {in_yuan(entry.fen)}  {entry.reason}")


def _print(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
