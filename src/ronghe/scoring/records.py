"""One subject's evidence as plain records: what the twins and the explanation read.

Also the kinds of fact that scoring itself gives a meaning to. All five carry one attribute, `item`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from ronghe.scoring.period import Window

PANEL_MARK = "panel.mark"
"""One panel member's mark (`quantity`) for the panel item `item`."""

SURVEY_ANSWER = "survey.answer"
"""One answer (`quantity`) to the survey item `item`; it never says whose."""

FIGURE_VALUE = "figure.value"
"""An imported figure (`quantity`) named `item`."""

VETO_RAISED = "veto.raised"
"""The veto `item` was raised against the subject by decision."""

LEFT_OUT = "subject.left_out"
"""The subject takes no part in this period; `item` names the record of the decision."""

TIE_SETTLED = "tie.settled"
"""A tie was settled by the panel: `quantity` is the subject's place among the tied (1 goes first)."""

RESERVED = (PANEL_MARK, SURVEY_ANSWER, FIGURE_VALUE, VETO_RAISED, LEFT_OUT, TIE_SETTLED)
"""Facts of these kinds are *about* their subject, wherever they were recorded."""

ITEM = "item"

MET, LATE, MISSED, WAIVED, OPEN = "done", "late", "missed", "waived", "open"
"""States of an obligation. All others (waived, open, not due yet) count neither for nor against."""

COUNTED_STATES = (MET, LATE, MISSED)

KEY_OF_LEVEL = {
    "member": "subject",
    "post": "subject",
    "area": "subject",
    "contractor": "subject",
    "branch": "body",
    "group": "body",
    "team": "body",
    "general_branch": "body",
    "committee": "body",
    "zone": "body",
    "unit": "body",
}
"""Which column of a fact says whom it counts for at each level."""


@dataclass(frozen=True)
class Fact:
    """One thing that happened. `amount` is its quantity in units of 1/10,000."""

    id: Any
    kind: str
    at: datetime
    subject: Any = None
    body: Any = None
    home: Any = None
    amount: int = 10_000
    attributes: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Obligation:
    """One thing that was owed until `due_until` (that day not included)."""

    mechanism: str
    due_until: date
    state: str
    facts: tuple[Any, ...] = ()
    is_below: bool = False
    """Owed by a body right below the one that is scored."""


@dataclass(frozen=True)
class Evidence:
    """All that counts for one subject in one window. Facts are uncancelled and in order of (at, id)."""

    window: Window
    key: str
    subject: Any
    category: str | None = None
    facts: tuple[Fact, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    previous_total: int | None = None
    previous_grade: str | None = None
    headcounts: Mapping[str, int] = field(default_factory=dict)
    vetoed_items: frozenset[str] = frozenset()
    averages: Mapping[tuple[Any, str], int] = field(default_factory=dict)
    """Averages of the peers in units, by (steady measure, name of the window)."""

    def inside(self, window: Window) -> Evidence:
        """The same evidence seen through a smaller window."""
        return replace(self, window=window)

    def facts_about(self, *, home: bool = False) -> list[Fact]:
        """Facts of the window that count for the subject: by their own body or, with `home`, by the member's home."""
        return [
            fact for fact in self.facts if self.window.holds(fact.at) and self._owner(fact, home=home) == self.subject
        ]

    def obligations_due(self) -> list[Obligation]:
        """Obligations whose last day lies in the window."""
        window = self.window
        return [owed for owed in self.obligations if window.day_from < owed.due_until <= window.day_until]

    def _owner(self, fact: Fact, *, home: bool) -> Any:
        if home:
            return fact.home
        if self.key == "subject":
            return fact.subject
        first, second = (fact.subject, fact.body) if fact.kind in RESERVED else (fact.body, fact.subject)
        return first if first is not None else second
