"""An item as its page shows it; what a kind's own subject adds to the page is registered in `PANELS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from ronghe.domain.items.models import ItemStep, WorkItem
from ronghe.domain.items.rules import ItemKind, State, kind_of
from ronghe.domain.items.services.filling import in_words
from ronghe.kernel.words import _

Panel = Callable[[HttpRequest, WorkItem], Mapping[str, Any]]
"""Returns the context of the kind's own cards."""

PANELS: dict[str, tuple[str, Panel]] = {}
"""Kind → template of its own cards, and what fills it; registered by the kind's pages."""


@dataclass(frozen=True, slots=True)
class Line:
    """An item in a list."""

    item: WorkItem
    kind: ItemKind
    state: State
    shape: str
    word: str
    href: str


@dataclass(frozen=True, slots=True)
class Told:
    """One moment of an item's history."""

    title: str
    at: datetime
    who: str
    note: str
    values: list[str]
    shape: str


def line_of(item: WorkItem, now: datetime) -> Line:
    kind = kind_of(item)
    state = kind.state_by_id[item.state]
    late = item.is_overdue(now)
    return Line(
        item, kind, state, "failed" if late else state.shape, _("已超期") if late else _(state.title), page_of(item)
    )


def page_of(item: WorkItem) -> str:
    """Return the address of an item's page: its subject's own, or the common one."""
    return reverse(kind_of(item).detail_page or "web:item_detail", args=[item.pk])


def history_of(kind: ItemKind, steps: list[ItemStep]) -> list[Told]:
    """Return the steps of an item in words, oldest first."""
    return [
        Told(
            title=_title_of(kind, row),
            at=row.at,
            who=row.by.name if row.by else "",
            note=row.note,
            values=_values_of(kind, row),
            shape="attention" if _is_setback(kind, row) else "done",
        )
        for row in steps
    ]


def _is_setback(kind: ItemKind, row: ItemStep) -> bool:
    spec = kind.step_by_id.get(row.step)
    return row.step == "escalate" or (spec is not None and spec.is_danger)


def _title_of(kind: ItemKind, row: ItemStep) -> str:
    spec = kind.step_by_id.get(row.step)
    if spec is not None:
        return _(spec.title)
    if row.step == "escalate":
        return _("逾期上报第 %(level)s 级") % {"level": row.values.get("level", "")}
    return _("提出") if row.step == "raise" else _("更改")


def _values_of(kind: ItemKind, row: ItemStep) -> list[str]:
    if row.step == "raise":
        return []
    values = row.values.get("values", {}) if row.step == "change" else row.values
    return [f"{_(spec.title)}{_('：')}{words}" for spec, words in in_words(kind, values)] if values else []
