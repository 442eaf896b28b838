"""A score sheet, read: for whom, which tree, which vetoes, which grades."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ronghe.scoring.measures.base import Measure
from ronghe.scoring.measures.facts import Facts
from ronghe.scoring.nodes import read_node
from ronghe.scoring.nodes.base import Node
from ronghe.scoring.records import KEY_OF_LEVEL, LEFT_OUT
from ronghe.scoring.sheets.duty import Consequence, read_consequences
from ronghe.scoring.sheets.grades import Grades, read_grades
from ronghe.scoring.sheets.vetoes import Veto, read_veto

PEER_SIZES = (7, 21, 51)
"""Where a sheet says nothing: fewer than 7 members, 7 to 20, 21 to 50, more than 50."""

DECISION = Facts(kinds=(LEFT_OUT,))
"""Whether a decision leaves the subject out."""


@dataclass(frozen=True)
class Sheet:
    """One published sheet."""

    id: str
    title: Mapping[str, str] = field(hash=False)
    level: str
    root: Node
    periods: tuple[str, ...] = ()
    rank: str = "off"
    only: tuple[str, ...] = ()
    """Whose category is none of these the sheet does not score at all; empty for everybody of the level."""
    left_out: tuple[str, ...] = ()
    peer_sizes: tuple[int, ...] = PEER_SIZES
    """With how many members the second, the third … group of peers begins; empty: bodies of every size are peers."""
    note: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What readers of a result are to know of the sheet, for example that the unit settles its weights itself."""
    vetoes: tuple[Veto, ...] = ()
    grades: Grades | None = None
    consequences: tuple[Consequence, ...] = ()

    @property
    def key(self) -> str:
        """Which column of a fact says whom it counts for."""
        return KEY_OF_LEVEL[self.level]

    @property
    def nodes(self) -> list[Node]:
        """Every node from the top down."""
        return list(self.root.walk())

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What vetoes, bands and decisions need besides the tree, for the whole period."""
        conditions = [veto.condition for veto in self.vetoes]
        if self.grades:
            conditions += [band.condition for band in self.grades.bands if band.condition]
        found = tuple(measure for condition in conditions for measure in condition.measures)
        return found + ((DECISION,) if self.left_out else ())


def read_sheet(doc: dict[str, Any]) -> Sheet:
    """Build a sheet from a mapping that `check_sheet` has nothing against."""
    level = doc["level"]
    period = doc.get("period", ())
    return Sheet(
        id=doc["id"],
        title=doc["title"],
        level=level,
        root=read_node(doc["root"]),
        periods=(period,) if isinstance(period, str) else tuple(period),
        # Persons are not ranked unless the sheet asks for it; bodies are.
        rank=doc.get("rank", "off" if level == "member" else "all"),
        only=tuple(doc.get("only", ())),
        left_out=tuple(doc.get("left_out", ())),
        peer_sizes=tuple(sorted(doc.get("peer_sizes", PEER_SIZES))),
        note=doc.get("note", {}),
        vetoes=tuple(read_veto(veto) for veto in doc.get("vetoes", ())),
        grades=read_grades(doc["grades"]) if "grades" in doc else None,
        consequences=read_consequences(doc),
    )
