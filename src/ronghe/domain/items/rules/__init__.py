"""工作事项: what a kind of item is, and who may see and touch one."""

from __future__ import annotations

from ronghe.domain.items.rules.kinds import (
    Gives,
    ItemKind,
    Need,
    State,
    StepSpec,
    Waits,
    declare_kind,
    declared_kinds,
    kind_of,
)
from ronghe.domain.items.rules.rights import (
    ADD_NOTE,
    SEE_ITEM,
    NotBy,
    Open,
    TakingPart,
)

__all__ = [
    "ADD_NOTE",
    "SEE_ITEM",
    "Gives",
    "ItemKind",
    "Need",
    "NotBy",
    "Open",
    "State",
    "StepSpec",
    "TakingPart",
    "Waits",
    "declare_kind",
    "declared_kinds",
    "kind_of",
]
