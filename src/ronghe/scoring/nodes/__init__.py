"""How points come about, by the kind that a sheet names."""

from __future__ import annotations

from typing import Any

from ronghe.scoring.nodes.base import Node
from ronghe.scoring.nodes.best import BestOf
from ronghe.scoring.nodes.conditions_met import AllOf, AnyOf
from ronghe.scoring.nodes.deduct import Deduct
from ronghe.scoring.nodes.each import Each
from ronghe.scoring.nodes.fold import Fold
from ronghe.scoring.nodes.ratio import Ratio
from ronghe.scoring.nodes.steps import Steps
from ronghe.scoring.nodes.total import Sum

NODES: dict[str, type[Node]] = {node.kind: node for node in (Sum, BestOf, AnyOf, AllOf, Each, Deduct, Ratio, Steps)}


def read_node(doc: dict[str, Any]) -> Node:
    """Build a node, and everything below it, from a checked mapping."""
    return Fold.read(doc) if "per" in doc else NODES[doc["kind"]].read(doc)
