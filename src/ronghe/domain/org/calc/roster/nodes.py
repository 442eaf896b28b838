"""Names of units and bodies found in a tree, or given a place in it.

Nodes that exist are known by their id; nodes to be founded by -1, -2, … in the order in which they are founded, parents
before children.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

UNIT_KINDS = (
    ("公司", "company"),
    ("作业区", "operation_area"),
    ("站", "station"),
    ("班", "team"),
    ("组", "team"),
    ("队", "team"),
    ("部", "department"),
    ("科", "department"),
    ("室", "department"),
    ("机关", "department"),
)
BODY_KINDS = (("党小组", "party_group"), ("总支", "general_branch"), ("支部", "branch"), ("党委", "committee"))


@dataclass(frozen=True, slots=True)
class KnownNode:
    """A node of the tree as it stands: `parent` is None at the top."""

    pk: int
    parent: int | None
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class NewNode:
    """A node to be founded below `parent`, which may be one that is founded before it."""

    key: int
    parent: int | None
    name: str
    kind: str


@dataclass(slots=True)
class Nodes:
    """A tree below `root` (None: from the top), and what a roster adds to it."""

    root: int | None
    known: Iterable[KnownNode]
    new: list[NewNode] = field(default_factory=list)
    _children: dict[tuple[int | None, str], int] = field(default_factory=dict)
    _by_name: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _kinds: dict[int, str] = field(default_factory=dict)
    _names: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for node in self.known:
            self._children[node.parent, node.name] = node.pk
            self._by_name[node.name].append(node.pk)
            self._kinds[node.pk] = node.kind
            self._names[node.pk] = node.name

    def name_of(self, key: int) -> str:
        """Return the name of a node by its key, empty for one that lies outside this tree."""
        return self._names.get(key, "")

    def named(self, name: str) -> int | None:
        """Return the one node of that name, None where there is none or more than one."""
        found = self._by_name.get(name, [])
        return found[0] if len(found) == 1 else None

    def kind_of(self, key: int | None) -> str:
        return "" if key is None else self._kinds[key]

    def child(self, parent: int | None, name: str, kind: str) -> int:
        """Return the child of that name, founded where it is missing."""
        key = self._children.get((parent, name))
        if key is None:
            key = -len(self.new) - 1
            self.new.append(NewNode(key, parent, name, kind))
            self._children[parent, name] = key
            self._by_name[name].append(key)
            self._kinds[key] = kind
            self._names[key] = name
        return key


def unit_kind(name: str) -> str:
    """Return what kind of unit a name tells of."""
    bare = name.partition("（")[0]
    return next((kind for end, kind in UNIT_KINDS if bare.endswith(end)), "unit")


def body_kind(name: str) -> str:
    """Return what kind of Party body a name tells of; a branch unless it says otherwise."""
    return next((kind for part, kind in BODY_KINDS if part in name), "branch")


def unit_of(units: Nodes, path: tuple[str, ...]) -> int | None:
    """Return the unit at the end of `path`, its missing parts founded below the root.

    The first name may be any unit of the tree: units call themselves by their own name, not by their whole path.
    """
    if not path:
        return None
    first = units.named(path[0])
    key = first if first is not None else units.child(units.root, path[0], unit_kind(path[0]))
    for name in path[1:]:
        key = units.child(key, name, unit_kind(name))
    return key
