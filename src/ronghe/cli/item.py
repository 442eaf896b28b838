"""`ronghe item`: work items of every kind — what there is, raising one, taking its steps, noting how it goes on."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now, acting_person
from ronghe.cli.finding import body_called, moment_said, person_called
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.words import N_, _

if TYPE_CHECKING:
    from datetime import datetime

    from ronghe.domain.items.models import WorkItem
    from ronghe.domain.items.rules import ItemKind
    from ronghe.domain.org.models import Person

EPILOG = """\b
举例：
  ronghe --as shuji item kinds
  ronghe --as gongren item raise need --body 3 --title 抄表要跑三个站 --set tag=efficiency
  ronghe --as dangyuan item list --mine
  ronghe --as dangyuan item step 12 claim
  ronghe --as dangyuan item step 12 submit --note 五座站已完成 --photo 现场.jpg

\b
退出码：0 已办；1 不能办，原因见提示；2 文件或写法看不懂。
"""


class NoSuchKind(DomainError):
    code = "no_such_item_kind"
    sentence = N_("没有“%(kind)s”这类事项。可写：%(known)s。")
    status = 404


class ValueUnreadable(DomainError):
    code = "item_value_unreadable"
    sentence = N_("看不懂“%(text)s”。请写成 字段=值，多选用逗号隔开。")
    status = 422


_number = click.argument("number", type=int, metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
_set = click.option("--set", "values", multiple=True, metavar="FIELD=VALUE", help="填一个字段，可写多个")
_photo = click.option(
    "--photo", "files", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="照片（JPEG、PNG、WebP）或 PDF，可写多个",
)  # fmt: skip


@click.group(epilog=EPILOG, short_help=_("工作事项：提出、领办、办理、核实"))
def item() -> None:
    """工作事项：领办任务、需求、榜单、效益点等各类事项的提出和办理。"""


@item.command("kinds", short_help=_("有哪几类，各有哪些字段和步骤"))
@click.argument("kind", required=False)
@_json
def kinds(kind: str | None, as_json: bool) -> None:
    """列出事项的类别；写了 KIND 就列这一类的字段和步骤。"""
    acting_person()
    from ronghe.domain.items.rules import declared_kinds

    chosen = [_kind(kind)] if kind else list(declared_kinds().values())
    if as_json:
        _print([{"id": one.id, "title": _(one.title), "steps": [step.id for step in one.steps]} for one in chosen])
        return
    for one in chosen:
        click.echo(f"{one.id:<12} {_(one.title)}")
        if kind:
            for spec in one.fields:
                needed = _("（必填）") if spec.is_required else ""
                words = ", ".join(f"{code}={_(word)}" for code, word in spec.choices)
                click.echo(f"    {spec.id:<16} {_(spec.title)}{needed} {words}")
            for step in one.steps:
                click.echo(f"  > {step.id:<16} {_(step.title)}  {' | '.join(sorted(step.sources))} → {step.target}")


@item.command("list", short_help=_("列出事项"))
@click.option("--kind", help="只看这一类")
@click.option("--state", help="只看这种状态")
@click.option("--mine", is_flag=True, help="只看我提出的和我负责的")
@click.option("--all", "all_", is_flag=True, help="办结的也看")
@click.option("--page", default=1, show_default=True)
@_json
def list_(kind: str | None, state: str | None, mine: bool, all_: bool, page: int, as_json: bool) -> None:
    """列出您能看到的事项，先到期的在前。"""
    actor = acting_person()
    from django.db.models import Q
    from django.utils import timezone

    from ronghe.domain.items.rules import kind_of
    from ronghe.domain.items.selectors import list_items

    filters = Q(state=state) if state else Q() if all_ else Q(closed_at=None)
    if mine:
        filters &= Q(owner=actor) | Q(raised_by=actor)
    known = _kind(kind).id if kind else ""
    listed = list_items(actor, timezone.now(), kind=known, filters=filters, page=page, size=50)
    if as_json:
        rows = [_row(row) for row in listed]
        _print({"count": listed.count, "page": listed.page, "pages": listed.pages, "items": rows})
        return
    for row in listed:
        state_word = _(kind_of(row).state_by_id[row.state].title)
        owner = row.owner.name if row.owner else "—"
        click.echo(f"{row.pk:>7}  {_moment(row.due_at)}  {state_word}  {owner}  {row.title}")
    click.echo(_("共 %(count)s 件，第 %(page)s 页，共 %(pages)s 页。")
               % {"count": f"{listed.count}", "page": listed.page, "pages": listed.pages})  # fmt: skip


@item.command("show", short_help=_("看一件事项"))
@_number
@_json
def show(number: int, as_json: bool) -> None:
    """看一件事项：内容、经过、凭据，您现在可以做什么。"""
    actor = acting_person()
    found = _seen(actor, number)
    from django.utils import timezone

    from ronghe.domain.items.rules import kind_of
    from ronghe.domain.items.selectors import record_of
    from ronghe.domain.items.services.filling import in_words
    from ronghe.domain.items.services.steps import steps_open_to

    now = timezone.now()
    kind, record, steps = kind_of(found), record_of(found, now), steps_open_to(found, actor, now)
    if as_json:
        history = [{"step": row.step, "to_state": row.to_state, "at": row.at.isoformat()} for row in record.steps]
        more = {"text": found.text, "values": found.values, "history": history, "open_steps": [one.id for one in steps]}
        _print(_row(found) | more)
        return
    click.echo(f"#{found.pk} {found.title}  {_(kind.state_by_id[found.state].title)}")
    if found.text:
        click.echo("  " + found.text)
    for spec, words in in_words(kind, found.values):
        click.echo(f"  {_(spec.title)}: {words}")
    for row in record.steps:
        spec_of = kind.step_by_id.get(row.step)
        title = _(spec_of.title) if spec_of else row.step
        click.echo(f"  {_moment(row.at)}  {title}  {row.by.name if row.by else ''}  {row.note}")
    for one in steps:
        click.echo(f"  > {one.id}  {_(one.title)}")


@item.command("raise", short_help=_("提出一件"))
@click.argument("kind")
@click.option("--body", required=True, help="交给哪个组织：名称或编号")
@click.option("--title", required=True, help="什么事")
@click.option("--text", default="", help="说明")
@click.option("--place", default="", help="地点")
@click.option("--due", help="何时办完，如 2026-12-31 18:00")
@_set
@_photo
@_json
def raise_(
    kind: str, body: str, title: str, text: str, place: str, due: str | None, values: tuple[str, ...],
    files: tuple[Path, ...], as_json: bool,
) -> None:  # fmt: skip
    """提出一件 KIND 类的事项。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.items.selectors import bodies_to_raise_for
    from ronghe.domain.items.services.raising import ItemText, raise_item
    from ronghe.domain.work.services.files import Upload

    now, wanted = timezone.now(), _kind(kind)
    chosen = body_called(body, bodies_to_raise_for(wanted, actor, now))
    given = ItemText(title, text, _values(wanted, values), moment_said(due) if due else None, place)
    with ExitStack() as opened:
        uploads = [Upload(path.name, opened.enter_context(path.open("rb"))) for path in files]
        made = raise_item(kind=wanted, text=given, body=chosen, actor=actor, at=now, uploads=uploads)
    _tell(made, _("已提出，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@item.command("step", short_help=_("办一步"))
@_number
@click.argument("step")
@click.option("--note", default="", help="说明")
@click.option("--owner", help="由谁来办：姓名或员工号")
@click.option("--due", help="何时办完")
@_set
@_photo
@_json
def step_(
    number: int, step: str, note: str, owner: str | None, due: str | None, values: tuple[str, ...],
    files: tuple[Path, ...], as_json: bool,
) -> None:  # fmt: skip
    """给编号 NUMBER 的事项办 STEP 这一步；有哪几步看 `ronghe item show`。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.items.rules import kind_of
    from ronghe.domain.items.selectors import people_to_ask
    from ronghe.domain.items.services.steps import Said, take_step
    from ronghe.domain.work.services.files import Upload

    now, found = timezone.now(), _seen(actor, number)
    chosen = person_called(owner, people_to_ask(found, actor, now)) if owner else None
    with ExitStack() as opened:
        uploads = [Upload(path.name, opened.enter_context(path.open("rb"))) for path in files]
        said = Said(
            note=note, values=_values(kind_of(found), values), uploads=uploads, owner=chosen,
            due_at=moment_said(due) if due else None,
        )  # fmt: skip
        take_step(item=found, step=step, actor=actor, at=now, said=said)
    _tell(found, _(kind_of(found).step_by_id[step].said), as_json=as_json)


@item.command("note", short_help=_("记进展"))
@_number
@click.argument("text")
@click.option("--percent", type=click.IntRange(0, 100), help="完成百分之几")
@_photo
@_json
def note_(number: int, text: str, percent: int | None, files: tuple[Path, ...], as_json: bool) -> None:
    """给编号 NUMBER 的事项记一条进展。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.items.services.changing import add_note
    from ronghe.domain.work.services.files import Upload

    found = _seen(actor, number)
    with ExitStack() as opened:
        uploads = [Upload(path.name, opened.enter_context(path.open("rb"))) for path in files]
        add_note(item=found, text=text, percent=percent, actor=actor, at=timezone.now(), uploads=uploads)
    _tell(found, _("已记下。"), as_json=as_json)


@item.command("change", short_help=_("更改事项"))
@_number
@click.option("--title", help="什么事")
@click.option("--text", help="说明")
@click.option("--place", help="地点")
@click.option("--due", help="何时办完，如 2026-10-01 18:00")
@click.option("--set", "values", multiple=True, metavar="FIELD=VALUE", help="一项内容，可写几个")
@click.option("--reason", default="", help="为什么改")
@_json
def change(
    number: int, title: str | None, text: str | None, place: str | None, due: str | None, values: tuple[str, ...],
    reason: str, as_json: bool,
) -> None:  # fmt: skip
    """更改编号 NUMBER 的事项；没有写的不动，原来的留着可查。"""
    actor, now = acting_now()
    from ronghe.domain.items.rules import kind_of
    from ronghe.domain.items.services.changing import Changed, change_item

    found = _seen(actor, number)
    given = _values(kind_of(found), values) if values else None
    changed = Changed(title, text, given, moment_said(due) if due else None, place)
    _tell(change_item(item=found, changed=changed, actor=actor, at=now, reason=reason), _("已更改。"), as_json=as_json)


@item.command("join", short_help=_("让人参加"))
@_number
@click.argument("who")
@click.argument("part")
@click.option("--duty", default="", help="负责什么")
@_json
def join(number: int, who: str, part: str, duty: str, as_json: bool) -> None:
    """让 WHO（姓名或员工号）以 PART 参加编号 NUMBER 的事项。"""
    actor, now = acting_now()
    from ronghe.domain.items.selectors import people_to_ask
    from ronghe.domain.items.services.changing import let_in

    found = _seen(actor, number)
    person = person_called(who, people_to_ask(found, actor, now))
    let_in(item=found, person=person, part=part, duty=duty, actor=actor, at=now)
    _tell(found, _("已加入。"), as_json=as_json)


@item.command("leave", short_help=_("不再参加"))
@_number
@click.argument("who")
@_json
def leave(number: int, who: str, as_json: bool) -> None:
    """让 WHO（姓名或员工号）不再参加编号 NUMBER 的事项；自己随时可以退出。"""
    actor, now = acting_now()
    from ronghe.domain.items.services.changing import let_go
    from ronghe.domain.org.models import Person

    found = _seen(actor, number)
    rows = found.people.filter(until=None)
    person = person_called(who, Person.objects.filter(pk__in=rows.order_by().values("person_id")))
    for row in rows.filter(person=person).select_related("item", "person"):
        let_go(row=row, actor=actor, at=now)
    _tell(found, _("已退出。"), as_json=as_json)


def _kind(name: str) -> ItemKind:
    from ronghe.domain.items.rules import declared_kinds

    known = declared_kinds()
    if name not in known:
        raise NoSuchKind(kind=name, known=", ".join(known))
    return known[name]


def _values(kind: ItemKind, given: tuple[str, ...]) -> dict[str, object]:
    from ronghe.domain.items.calc.fields import FieldType

    values: dict[str, object] = {}
    for one in given:
        name, equals, value = one.partition("=")
        spec = kind.field_by_id.get(name.strip())
        if not equals or spec is None:
            raise ValueUnreadable(text=one)
        several = spec.type == FieldType.SEVERAL
        values[spec.id] = value.replace("，", ",").split(",") if several else value.strip()
    return values


def _seen(actor: Person, number: int) -> WorkItem:
    from django.utils import timezone

    from ronghe.domain.items.selectors import items_seen_by

    found = items_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _row(row: WorkItem) -> dict[str, Any]:
    return {
        "id": row.pk, "kind": row.kind, "title": row.title, "state": row.state, "body": row.body.name,
        "owner": row.owner.name if row.owner else None, "due_at": row.due_at.isoformat() if row.due_at else None,
        "closed_at": row.closed_at.isoformat() if row.closed_at else None,
    }  # fmt: skip


def _moment(moment: datetime | None) -> str:
    from django.utils import timezone

    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment is not None else "—" * 8


def _tell(row: WorkItem, words: str, *, as_json: bool) -> None:
    if as_json:
        _print(_row(row))
    else:
        click.echo(words)


def _print(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
