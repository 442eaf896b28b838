"""A ledger, members, oddities and stars in the shapes that pages show."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from ronghe.domain.appraisal.calc.ledger import LedgerItem
from ronghe.domain.appraisal.calc.oddities import ABOVE, BURST, PAIR
from ronghe.domain.appraisal.selectors.explaining import FactLine
from ronghe.domain.appraisal.selectors.ledgers import LedgerView
from ronghe.domain.appraisal.selectors.oddities import FoundOdd
from ronghe.domain.appraisal.selectors.wording import period_title
from ronghe.domain.items.models import WorkItem
from ronghe.domain.merits.selectors import case_of
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.kernel.facts.kinds import declared_kinds
from ronghe.kernel.language import in_language
from ronghe.kernel.words import N_, _, counted, listed
from ronghe.scoring.exact import shown
from ronghe.web.appraisal.presenting import RECORDS

SOURCES = RECORDS | {"items.workitem": "web:item_detail"}
"""Where the record behind an entry is shown; whether the reader may see it is for that page to say."""
WAYS = {
    "merits.granted": ("web:merit_apply", N_("去申请")),
    "claims.task_accepted": ("web:claims", N_("去领办")),
    "work.task_accepted": ("web:tasks", N_("看任务")),
    "rhythm.attended": ("web:calendar", N_("看日历")),
    "carriers.shift_held": ("web:carriers", N_("看先锋载体")),
}
"""Where more of a kind is to be had, by the kind that the sheet counts."""
ODD_WORDS = {
    BURST: N_("%(who)s在 %(at)s 这一分钟记了 %(count)s 条，来自不同的记录。"),
    PAIR: N_("%(who)s两人互相确认 %(count)s 条，各自一半以上由对方确认。"),
    ABOVE: N_("%(who)s有 %(count)s 条，支部中位数是 %(usual)s 条。"),
}
ODD_TITLES = {BURST: N_("集中记录"), PAIR: N_("互相确认"), ABOVE: N_("远高于支部")}  # fmt: skip
NAMED = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*")


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One line of the account."""

    at: datetime
    what: str
    where: str
    href: str
    item: str
    rule: str
    points: str
    cut: str
    state: str = ""
    """`reversed` for what was taken back, `opening` for what stands there before anything happened."""


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item of the sheet with what is still open in it."""

    title: str
    depth: int
    value: str
    full: str
    rule: str
    percent: int
    applicable: bool
    is_leaf: bool
    adjusted: str
    opened: str
    way: str
    way_word: str


def entries_of(view: LedgerView) -> list[EntryLine]:
    """Return the account, the latest first: every entry of every item, what was taken back, what it began with."""
    lines: list[EntryLine] = []
    titles = _titles(view)
    for item in view.ledger.leaves:
        title, rule = in_language(item.title), _in_words(item.rule, titles)
        for entry in item.entries:
            fact = view.facts.get(entry.fact)
            if fact is None:
                continue
            points = "" if entry.points is None else _signed(entry.points)
            cut = _signed(entry.cut) if entry.cut else ""
            lines.append(EntryLine(entry.at, _what(fact), fact.where, _href(fact), title, rule, points, cut))
    lines += [
        EntryLine(at, _what(fact), fact.where, _href(fact), "", "", "0", "", "reversed")
        for fact, at in view.reversed_facts
    ]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def items_of(view: LedgerView) -> list[ItemLine]:
    """Return the items of the sheet from the top down, the total left out."""
    titles = _titles(view)
    return [
        _item_line(item, titles, period=view.period.name, is_open=not view.is_final) for item in view.ledger.items[1:]
    ]


def _item_line(item: LedgerItem, titles: Mapping[str, str], *, period: str, is_open: bool) -> ItemLine:
    name = in_language(item.title)
    way, word = next(((WAYS[kind]) for kind in item.kinds if kind in WAYS), ("", ""))
    is_open = is_open and item.room > 0
    return ItemLine(
        title=f"{name} {period_title(item.window)}" if item.window and item.window != period else name,
        depth=item.depth,
        value=shown(item.value),
        full=shown(item.full).removesuffix(".00") if item.full > 0 else "",
        rule=_in_words(item.rule, titles),
        percent=min(max(item.value * 100 // item.full, 0), 100) if item.full > 0 else 0,
        applicable=item.applicable,
        is_leaf=item.is_leaf,
        adjusted=_signed(item.adjusted) if item.adjusted else "",
        opened=_opened(item) if is_open else "",
        way=reverse(way) if way and is_open else "",
        way_word=_(word) if word and is_open else "",
    )


def _opened(item: LedgerItem) -> str:
    room = shown(item.room).removesuffix(".00")
    if item.times is None:
        return _("还可得 %(room)s 分") % {"room": room}
    return counted("还可得 %(room)s 分，再 %(count)s 次", item.times) % {"room": room, "count": item.times}


def odd_line(found: FoundOdd) -> dict[str, Any]:
    """Return a finding in words."""
    one = found.oddity
    said = {
        "who": listed(person.name for person in found.people), "count": one.count, "usual": one.usual,
        "at": f"{one.at.astimezone():%m-%d %H:%M}" if one.at is not None else "",
    }  # fmt: skip
    return {
        "found": found,
        "title": _(ODD_TITLES[one.pattern]),
        "words": _(ODD_WORDS[one.pattern]) % said,
    }


def merit_panel(request: HttpRequest, item: WorkItem) -> Mapping[str, Any]:  # noqa: ARG001 - as every panel
    """Fill the application's own card: rule, points, who decided, the notice."""
    case = case_of(item.pk)
    return {
        "case": case,
        "points": f"{case.points:+f}".rstrip("0").rstrip(".") if case is not None else "",
    }


def points_shown(units: int | None) -> Decimal | None:
    return None if units is None else Decimal(units) / 10_000


def _titles(view: LedgerView) -> dict[str, str]:
    found = {name: str(_(kind.title)) for name, kind in declared_kinds().items()}
    return found | {node.id: in_language(node.title) for node in view.sheet.nodes}


def _in_words(rule: str, titles: Mapping[str, str]) -> str:
    return NAMED.sub(lambda found: titles.get(found[0], found[0]), rule)


def _what(fact: FactLine) -> str:
    kinds = {kind.value: str(kind.label) for kind in ActivityType}
    named = [kinds[value] for value in fact.attributes.values() if isinstance(value, str) and value in kinds]
    return _("%(title)s（%(more)s）") % {"title": fact.title, "more": listed(named)} if named else fact.title


def _href(fact: FactLine) -> str:
    if fact.source_type in SOURCES and fact.source_id is not None:
        return reverse(SOURCES[fact.source_type], args=[fact.source_id])
    return ""


def _signed(units: int) -> str:
    text = shown(abs(units)).removesuffix(".00")
    return f"−{text}" if units < 0 else f"+{text}" if units else "0"
