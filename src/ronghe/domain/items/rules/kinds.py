"""What a kind of item is: its fields, its states and steps with who takes them, its evidence and its clocks.

A subject declares its kind in its own `rules.py`; everything that is alike for all kinds reads the declaration. A new kind is
a declaration, not a module: only what no other kind has gets tables of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from ronghe.domain.items.calc.clocks import ClockSpec
from ronghe.domain.items.calc.fields import FieldSpec
from ronghe.domain.items.enums import Visibility
from ronghe.kernel.access.permissions import Permission
from ronghe.kernel.inbox import Weight
from ronghe.kernel.words import _
from ronghe.kernel.workflow import Flow, Step


class Waits(StrEnum):
    """For whom an item waits in a state: it stands in that person's day."""

    OWNER = "owner"
    RAISER = "raiser"
    RUNNER = "runner"
    """Whoever may take the state's first step that is not for owner or raiser."""
    NOBODY = "nobody"


class Need(StrEnum):
    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


class Gives(StrEnum):
    """What a step does to the owner."""

    KEEPS = "keeps"
    ACTOR = "actor"
    """Whoever takes the step: claiming."""
    CHOSEN = "chosen"
    """Somebody named with the step: assigning."""
    NOBODY = "nobody"
    """It is free again: releasing."""


@dataclass(frozen=True, slots=True)
class State:
    """`shape` is how the state is drawn: due, running, attention, done, waived, failed."""

    id: str
    title: str
    shape: str = "running"
    waits: Waits = Waits.NOBODY
    is_final: bool = False
    is_success: bool = False
    """Final, and what was wanted."""


@dataclass(frozen=True, slots=True)
class StepSpec:
    """One thing that somebody does to an item: from any of `sources` to `target`.

    `check(item, actor, at)` refuses what neither state nor right can say. An `is_inner` step is only taken by a service of
    the kind's own, which does more than the step. `judges` marks the steps that settle the owner's work.
    """

    id: str
    title: str
    """What stands on the button."""
    sources: frozenset[str]
    target: str
    right: Permission
    said: str
    """What is said when it is done."""
    asks: tuple[str, ...] = ()
    """Fields filled in with this step; those that the field calls required must be there after it."""
    requires: tuple[str, ...] = ()
    note: Need = Need.OPTIONAL
    note_label: str = ""
    evidence: Need = Need.NONE
    is_shown_anew: bool = False
    """What shows it came since the item is in this state: a picture of the fault is none of its repair."""
    due: Need = Need.NONE
    gives: Gives = Gives.KEEPS
    signs: bool = False
    """The actor signs the item's words."""
    hands_in: bool = False
    """Counts a round."""
    judges: bool = False
    is_danger: bool = False
    is_inner: bool = False
    is_aside: bool = False
    """Not what the item waits for: never the first thing that its page offers, as no danger is."""
    check: Callable[[Any, Any, Any], None] | None = None
    fits: Callable[[Mapping[str, object]], Sequence[tuple[str, str]]] | None = None
    """What is wrong with the values together: field and why, in the codes of `calc.fields`."""


@dataclass(frozen=True)
class ItemKind:
    """A kind of work item. `first` is the state in which it begins; `raise_right` is asked of the body that it is for."""

    id: str
    title: str
    raise_title: str
    """What stands on the button that raises one."""
    states: tuple[State, ...]
    steps: tuple[StepSpec, ...]
    raise_right: Permission
    edit_right: Permission
    """Words, fields, deadline and people, while it is open."""
    fields: tuple[FieldSpec, ...] = ()
    """All of the kind; those that no step asks for are asked for when it is raised."""
    clocks: tuple[ClockSpec, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    """What people may be in it besides owner and raiser: code and word."""
    visibility: Visibility = Visibility.BODY
    involved_right: Permission | None = None
    """Who besides those involved reads and adds to an item that only they may read: whoever has to see to it."""
    due: Need = Need.OPTIONAL
    evidence: Need = Need.OPTIONAL
    """Whether pictures and papers come with raising it."""
    text_label: str = ""
    escalates_after_days: tuple[int, ...] = ()
    """Days after the deadline at which an open item goes up a level; a unit may change them."""
    detail_page: str = ""
    """Address name of the subject's own page; the common one where there is none."""
    weight: Weight = Weight.NORMAL
    """How much hangs on one of it, where two things are due at once (今日)."""
    takes_notes: bool = True
    """Whether a word on the way is added by the common way; not where the kind keeps words of its own."""

    @property
    def first(self) -> State:
        return self.states[0]

    @cached_property
    def state_by_id(self) -> Mapping[str, State]:
        return {state.id: state for state in self.states}

    @cached_property
    def step_by_id(self) -> Mapping[str, StepSpec]:
        return {step.id: step for step in self.steps}

    @cached_property
    def field_by_id(self) -> Mapping[str, FieldSpec]:
        return {spec.id: spec for spec in self.fields}

    @cached_property
    def raised_with(self) -> tuple[FieldSpec, ...]:
        """The fields that are asked for when it is raised."""
        later = {name for step in self.steps for name in step.asks}
        return tuple(spec for spec in self.fields if spec.id not in later)

    @cached_property
    def flow(self) -> Flow:
        return _ItemFlow(self)

    def states_waiting(self, waits: Waits) -> tuple[str, ...]:
        return tuple(state.id for state in self.states if state.waits == waits)


class _ItemFlow(Flow):
    """The steps of a kind; what a state is called stands in the declaration, not in the table."""

    def __init__(self, kind: ItemKind) -> None:
        super().__init__("state", {step.id: Step(step.sources, step.target) for step in kind.steps})
        self._kind = kind

    def _label(self, row: Any) -> str:
        return _(self._kind.state_by_id[row.state].title)


_KINDS: dict[str, ItemKind] = {}


def declare_kind(kind: ItemKind) -> ItemKind:
    """Make a kind known; a declaration that contradicts itself is a fault of the program and stops it."""
    states = set(kind.state_by_id)
    finals = {state.id for state in kind.states if state.is_final}
    for step in kind.steps:
        unknown = (step.sources | {step.target}) - states
        missing = (set(step.asks) | set(step.requires)) - set(kind.field_by_id)
        if unknown or missing:
            message = f"step {step.id} of {kind.id} names what is not there: {sorted(unknown | missing)}"
            raise ValueError(message)
    stuck = states - finals - {source for step in kind.steps for source in step.sources}
    if stuck or kind.id in _KINDS:
        message = f"kind {kind.id} is declared twice" if kind.id in _KINDS else f"no step leads out of {sorted(stuck)}"
        raise ValueError(message)
    _KINDS[kind.id] = kind
    return kind


def declared_kinds() -> Mapping[str, ItemKind]:
    """Return every declared kind by name, in the order of declaration."""
    return _KINDS


def kind_of(item: Any) -> ItemKind:
    """Return the kind of an item."""
    return _KINDS[item.kind]
