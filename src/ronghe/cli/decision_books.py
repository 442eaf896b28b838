"""The part of `ronghe decision` that is about the list of matters and the rules of procedure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.finding import body_called, row_called
from ronghe.cli.telling import JSON, NUMBER, tell
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.decisions.models import DecisionList, ListEntry
    from ronghe.domain.org.models import Person

SHARES = click.Choice(["1/2", "2/3", "3/4", "4/5"])
MAJORITIES = click.Choice(["1/2", "2/3", "3/4"])
COUNTED = click.Choice(["should", "present"])
FORUMS = click.Choice(
    ["party_committee", "branch_committee", "members_meeting", "leading_group", "workers_congress"]
)  # fmt: skip
CATEGORIES = click.Choice(["decision", "personnel", "project", "funds", "own"])
METHODS = click.Choice(["show_of_hands", "secret_ballot", "oral"])

_quorum = click.option("--quorum", type=SHARES, help="到会不少于几成")
_majority = click.option("--majority", type=MAJORITIES, help="赞成要几成")
_majority_of = click.option("--majority-of", type=COUNTED, help="按应到还是实到人数计")
_document = click.option("--document", required=True, help="由哪次会议或文件通过")


@click.command("lists", short_help=_("列出决策事项清单"))
@JSON
def lists(as_json: bool) -> None:
    """列出您能看到的各版决策事项清单。"""
    actor, now = acting_now()
    from ronghe.domain.decisions.selectors.rulebooks import lists_seen_by

    rows = list(lists_seen_by(actor, now)[:200])
    lines = [f"{row.pk:>6}  {row.body.name}  v{row.number}  {row.get_state_display()}" for row in rows]
    tell([_list(row) for row in rows], "\n".join(lines), as_json=as_json)


@click.command("draft-list", short_help=_("起草下一版清单"))
@click.argument("body")
@JSON
def draft_list_(body: str, as_json: bool) -> None:
    """照现行的一版起草 BODY（名称或编号）的下一版决策事项清单。"""
    actor, now = acting_now()
    from ronghe.domain.decisions.selectors.rulebooks import bodies_to_keep
    from ronghe.domain.decisions.services.lists import draft_list

    made = draft_list(body=body_called(body, bodies_to_keep(actor, now)), actor=actor, at=now)
    tell(_list(made), _("已起草，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@click.command("list-show", short_help=_("看一版清单的各事项"))
@NUMBER
@JSON
def list_show(number: int, as_json: bool) -> None:
    """看编号 NUMBER 的清单里有哪些事项，各由谁决定、怎样表决。"""
    actor, _now = acting_now()
    entries = list(_seen(actor, number).entries.order_by("key"))
    lines = [f"{row.pk:>6}  {row.title}  {row.category_name}  {row.get_forum_display()}" for row in entries]
    tell([_entry(row) for row in entries], "\n".join(lines), as_json=as_json)


@click.command("set-entry", short_help=_("在清单草稿里加或改一个事项"))
@NUMBER
@click.option("--entry", type=int, help="改哪个事项的编号；不写就是加一个")
@click.option("--title", help="事项")
@click.option("--category", type=CATEGORIES, help="类别")
@click.option("--own-category", help="其他类别的名称")
@click.option("--forum", type=FORUMS, help="谁决定")
@click.option("--study/--no-study", "needs_study", default=None, help="是否须党委会前置研究")
@click.option("--legal/--no-legal", "needs_legal_check", default=None, help="是否须合法合规审查")
@click.option("--preparer", help="谁准备")
@click.option("--consulted", help="先听取谁的意见")
@_quorum
@_majority
@_majority_of
@click.option("--vote-method", type=METHODS, help="表决方式")
@click.option("--basis", help="依据的文件和条款")
@JSON
def set_entry_(number: int, entry: int | None, as_json: bool, **said: Any) -> None:
    """在编号 NUMBER 的清单草稿里加一个事项，或改一个；改时没有写的不动。"""
    actor, now = acting_now()
    from dataclasses import fields

    from ronghe.domain.decisions.models import ListEntry
    from ronghe.domain.decisions.services.lists import EntryText, set_entry

    of_list = _seen(actor, number)
    found = row_called(entry, ListEntry.objects.filter(of_list=of_list)) if entry is not None else None
    stood = {field.name: getattr(found, field.name) for field in fields(EntryText)} if found is not None else {}
    given = {"title": ""} | stood | {name: value for name, value in said.items() if value is not None}
    made = set_entry(of_list=of_list, text=EntryText(**given), entry=found, actor=actor, at=now)
    tell(_entry(made), _("已记下，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@click.command("drop-entry", short_help=_("从清单草稿里去掉一个事项"))
@NUMBER
@click.argument("entry", type=int)
@JSON
def drop_entry_(number: int, entry: int, as_json: bool) -> None:
    """从编号 NUMBER 的清单草稿里去掉编号 ENTRY 的事项。"""
    actor, now = acting_now()
    from ronghe.domain.decisions.models import ListEntry
    from ronghe.domain.decisions.services.lists import drop_entry

    of_list = _seen(actor, number)
    rows = ListEntry.objects.select_related("of_list__body").filter(of_list=of_list)
    drop_entry(entry=row_called(entry, rows), actor=actor, at=now)
    tell(_list(of_list), _("已去掉。"), as_json=as_json)


@click.command("adopt-list", short_help=_("清单通过生效"))
@NUMBER
@_document
@JSON
def adopt_list_(number: int, document: str, as_json: bool) -> None:
    """让编号 NUMBER 的清单草稿生效；原来的一版留着可查。"""
    actor, now = acting_now()
    from ronghe.domain.decisions.services.lists import adopt_list

    made = adopt_list(of_list=_seen(actor, number), document=document, actor=actor, at=now)
    tell(_list(made), _("清单已生效，原来的一版留着可查。"), as_json=as_json)


@click.command("adopt-rules", short_help=_("议事规则生效"))
@click.argument("body")
@_document
@_quorum
@_majority
@_majority_of
@click.option("--notice-days", type=click.IntRange(0, 60), help="议题提前几天通知，自然日；0 为不要求")
@click.option("--observers", help="谁可以列席")
@click.option("--avoids/--no-avoids", default=None, help="涉及本人的是否回避")
@click.option("--urgent/--no-urgent", "allows_urgent", default=None, help="有没有紧急程序")
@click.option("--urgent-words", help="紧急时怎样办")
@JSON
def adopt_rules_(body: str, as_json: bool, **said: Any) -> None:
    """让 BODY（名称或编号）的新一版议事规则生效；没有写的照现行的一版。"""
    actor, now = acting_now()
    from dataclasses import fields

    from ronghe.domain.decisions.models import ProcedureRules
    from ronghe.domain.decisions.selectors.rulebooks import bodies_to_keep, in_force
    from ronghe.domain.decisions.services.lists import RulesText, adopt_rules

    of_body = body_called(body, bodies_to_keep(actor, now))
    current = in_force(ProcedureRules, of_body)
    stood = {field.name: getattr(current, field.name) for field in fields(RulesText)} if current is not None else {}
    given = stood | {name: value for name, value in said.items() if value is not None}
    made = adopt_rules(body=of_body, text=RulesText(**given), actor=actor, at=now)
    data = {"id": made.pk, "body": of_body.name, "number": made.number, "state": made.state}
    tell(data, _("议事规则已生效，原来的一版留着可查。"), as_json=as_json)


def _seen(actor: Person, number: int) -> DecisionList:
    from django.utils import timezone

    from ronghe.domain.decisions.selectors.rulebooks import lists_seen_by

    return row_called(number, lists_seen_by(actor, timezone.now()))


def _list(row: DecisionList) -> dict[str, Any]:
    return {
        "id": row.pk, "body": row.body.name, "number": row.number, "state": row.state, "document": row.document,
    }  # fmt: skip


def _entry(row: ListEntry) -> dict[str, Any]:
    return {
        "id": row.pk, "key": row.key, "title": row.title, "category": row.category, "forum": row.forum,
        "quorum": row.quorum, "majority": row.majority, "basis": row.basis,
    }  # fmt: skip


BOOKS = (lists, draft_list_, list_show, set_entry_, drop_entry_, adopt_list_, adopt_rules_)
"""Commands that `ronghe decision` takes in."""
