"""What the tree of organisations shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

OrgKind = Literal["normal", "temporary", "ended"]


@dataclass(frozen=True, slots=True)
class OrgNode:
    """One organisation. `gap` says what is missing (没有党员), `dates` is shown for temporary and ended ones."""

    name: str
    note: str = ""
    count: str = ""
    href: str = ""
    kind: OrgKind = "normal"
    gap: str = ""
    dates: str = ""
    open: bool = False
    current: bool = False
    children: tuple[OrgNode, ...] = ()
    children_href: str = ""
    """Where the children are fetched from when the node is opened, for trees too large to send whole."""
