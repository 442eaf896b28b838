"""What the explain tree shows: plain values, numbers already written as text with their exact decimals."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

NodeKind = Literal["normal", "na", "vetoed", "capped"]


@dataclass(frozen=True, slots=True)
class ExplainFact:
    """One fact behind a number. A reversed one stays, struck through, with what reversed it in `reversed_by`."""

    at: str
    what: str
    where: str = ""
    who: str = ""
    counted: str = ""
    href: str = ""
    reversed_by: str = ""


@dataclass(frozen=True, slots=True)
class ExplainNode:
    """One line of the tree.

    `measured` is what was found (10 / 10 个班组), `method` how it is scored, `weight` its share, `score` its points,
    `counted` what it adds to its parent, `full` the share of the possible reached (0…1, for the bar).
    `kind` `na` strikes the weight and `note` says where it went; `vetoed` and `capped` give their reason in `note`.
    `facts_href` fetches the facts when the node is opened for the first time; `rule` and `period` head them.
    """

    name: str
    measured: str = ""
    method: str = ""
    weight: str = ""
    score: str = ""
    counted: str = ""
    full: Decimal | None = None
    kind: NodeKind = "normal"
    note: str = ""
    open: bool = False
    id: str = ""
    rule: str = ""
    rule_href: str = ""
    period: str = ""
    facts: tuple[ExplainFact, ...] = ()
    facts_href: str = ""
    children: tuple[ExplainNode, ...] = ()

    @property
    def width(self) -> str:
        """Width of the bar in percent of its track, as an SVG length."""
        share = min(max(self.full or Decimal(0), Decimal(0)), Decimal(1))
        return f"{share * 100:.2f}%"

    @property
    def opens(self) -> bool:
        """Whether there is anything behind this line."""
        return bool(self.children or self.facts or self.facts_href)
