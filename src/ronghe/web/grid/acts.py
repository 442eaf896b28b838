"""From a gap to the page on which it is closed, where the reader may go."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from ronghe.domain.grid.selectors.coverage import FoundGap


@dataclass(frozen=True, slots=True)
class GapLine:
    """One line of the list of gaps."""

    found: FoundGap
    href: str
    """The page that closes it; nothing where the reader may not, or there is no such page."""
    dismiss_href: str
    """The page on which it is let stand; nothing where the reader may not, or it is decided already."""

    @property
    def label(self) -> str:
        return _(self.found.gap.kind.label)

    @property
    def state(self) -> str:
        if self.found.dismissal is not None:
            return "waived"
        if self.found.task is not None:
            return "running"
        return self.found.gap.kind.severity


def lines_of(found: Iterable[FoundGap], *, dismissible: Container[int], query: str) -> list[GapLine]:
    """Return a line for each gap; `query` is what the page was asked for, so that the way back leads to it."""
    page = reverse("web:grid_gap_dismiss") + (f"{query}&" if query else "?")
    return [
        GapLine(
            row, act_of(row),
            f"{page}{urlencode({'gap': row.gap.key})}" if row.dismissal is None and row.gap.place.body in dismissible else "",
        )
        for row in found
    ]  # fmt: skip


def act_of(row: FoundGap) -> str:
    """Return the address of the act that closes the gap, with what is known filled in."""
    try:
        address = reverse(f"web:{row.gap.kind.act}", args=row.gap.args)
    except NoReverseMatch:
        return ""
    return f"{address}?{urlencode(row.gap.query)}" if row.gap.query else address
