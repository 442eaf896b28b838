"""Lists: tables that become cards on a phone, filters held in the query string, paging, choosing rows."""

# ruff: noqa: ARG001 - Django hands every block its `content`; most components only place it

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page
from django.http import QueryDict
from django.template import Context, Library
from django.utils.safestring import SafeString

from ronghe.ui.component import Props, component
from ronghe.ui.families.marks import sprite

register = Library()

KEPT_ASIDE = frozenset({"page", "sort", "view", "on", "pick", "scope"})
"""Query words that arrange a list and do not filter it."""

Choice = tuple[str, str]
"""What stands in the query string, and the word shown for it."""


@component(register, family="lists", block=True)
def table(
    content: SafeString,
    *,
    label: str,
    cards: bool = True,
    sticky: bool = False,
    dense: bool = False,
    id: str = "",  # noqa: A002
) -> Props:
    """A table; under 720 px each row becomes a card. Cells carry `data-label`, the first is the card's title, `class="cell-state"` goes to its top right, `class="cell-hide"` is left out there, `class="num"` is a figure: {% table label="参建单位" %}<thead>…</thead><tbody>…</tbody>{% endtable %}"""
    return {"label": label, "cards": cards, "sticky": sticky, "dense": dense, "id": id}


@component(register, family="lists", context=True)
def column(context: Context, text: str, *, sort: str = "", num: bool = False, hidden: bool = False) -> Props:
    """A table head; with `sort` a link that sorts by that word and turns round the second time: {% column "到期" sort="due_at" %}"""
    query = _query(context)
    current = query.get("sort", "")
    direction = {sort: "ascending", f"-{sort}": "descending"}.get(current, "") if sort else ""
    following = f"-{sort}" if direction == "ascending" else sort
    return {
        "text": text,
        "num": num,
        "hidden": hidden,
        "href": _with(query, sort=following) if sort else "",
        "direction": direction,
        "icon_href": f"{sprite()}#i-{ {'ascending': 'up', 'descending': 'down'}.get(direction, 'sort') }",
    }


@component(register, family="lists", block=True, context=True)
def filters(context: Context, content: SafeString, *, label: str = "", target: str = "") -> Props:
    """The filter bar; 清除 appears with the first filter. `target` is the id that htmx replaces: {% filters target="rows" %}{% segments name="period" options=periods label="时段" %}{% endfilters %}"""
    query = _query(context)
    active = any(value for word, value in query.items() if word not in KEPT_ASIDE)
    kept = {word: value for word, value in query.items() if word in KEPT_ASIDE and word != "page"}
    return {
        "label": label,
        "target": target,
        "clear_href": f"?{urlencode(kept)}" if active else "",
    }


@component(register, family="lists", context=True)
def segments(context: Context, *, name: str, options: Iterable[Choice], label: str, default: str = "") -> Props:
    """A few choices of which one holds, as links in the query string: {% segments name="period" options=periods label="时段" default="quarter" %}"""
    query = _query(context)
    current = query.get(name, default)
    return {
        "label": label,
        "options": [
            {"href": _with(query, **{name: value}), "word": word, "current": value == current}
            for value, word in options
        ],
    }


@component(register, family="lists", block=True, context=True)
def chip(context: Context, content: SafeString, *, name: str, value: str = "1") -> Props:
    """A filter that is on or off: {% chip name="owed" %}只看待办和漏办{% endchip %}"""
    query = _query(context)
    on = query.get(name) == value
    return {"on": on, "href": _with(query, **{name: "" if on else value})}


@component(register, family="lists", context=True)
def chip_menu(context: Context, *, name: str, label: str, options: Iterable[Choice]) -> Props:
    """A filter with many values behind a chip that names the one in force: {% chip_menu name="owner" label="谁负责" options=owners %}"""
    query = _query(context)
    current = query.get(name, "")
    rows = [
        {"href": _with(query, **{name: "" if value == current else value}), "word": word, "current": value == current}
        for value, word in options
    ]
    chosen = next((row["word"] for row in rows if row["current"]), "")
    return {"label": label, "chosen": chosen, "options": rows, "down_href": f"{sprite()}#i-down"}


@component(register, family="lists", context=True)
def filter_search(context: Context, *, name: str = "q", label: str, target: str = "") -> Props:
    """A search field of the filter bar that keeps the other filters: {% filter_search label="搜标题、负责人" %}"""
    query = _query(context)
    others = [(word, value) for word, value in query.items() if word not in {name, "page"} and value]
    return {
        "name": name,
        "label": label,
        "value": query.get(name, ""),
        "others": others,
        "target": target,
        "icon_href": f"{sprite()}#i-search",
    }


@component(register, family="lists", context=True)
def pagination(context: Context, page: Page[Any], *, target: str = "", at_most: int = 1000) -> Props:
    """Earlier and later, with a count that stops at `at_most` ("1,000+ 项"): {% pagination page target="rows" %}"""
    query = _query(context)
    paginator = page.paginator
    count = paginator.count
    capped = count > at_most
    return {
        "page": page,
        "target": target,
        "count": f"{at_most if capped else count:,}{'+' if capped else ''}",
        "first": f"{page.start_index():,}",
        "last": f"{page.end_index():,}",
        "earlier_href": _with(query, page=page.previous_page_number()) if page.has_previous() else "",
        "later_href": _with(query, page=page.next_page_number()) if page.has_next() else "",
        "left_href": f"{sprite()}#i-left",
        "right_href": f"{sprite()}#i-right",
    }


@component(register, family="lists", block=True)
def bulk_bar(content: SafeString, *, of: str = "") -> Props:
    """Acts on the chosen rows; shown when the first one is chosen. `of` is the form's id: {% bulk_bar of="rows-form" %}{% button form="rows-form" %}改派{% endbutton %}{% endbulk_bar %}"""
    return {"of": of}


@component(register, family="lists", cached=True)
def choose(value: str | int, *, label: str, name: str = "chosen", form: str = "") -> Props:
    """The box that chooses a row (key x): {% choose task.pk label=task.title %}"""
    return {"value": value, "label": label, "name": name, "form": form}


def _query(context: Context) -> QueryDict:
    request = context.get("request")
    return request.GET if request is not None else QueryDict()


def _with(query: Mapping[str, str], **changes: object) -> str:
    """The query string with some words changed; empty ones are dropped, and so is the page unless it is the change."""
    words = {word: value for word, value in query.items() if word != "page"}
    words.update({word: str(value) for word, value in changes.items()})
    return "?" + urlencode({word: value for word, value in words.items() if value})
