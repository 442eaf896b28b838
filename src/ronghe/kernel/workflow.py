"""States and steps. A step is one compare-and-set update: equal on both databases, one winner.

TASK_FLOW = Flow("state", {"claim": Step({PUBLISHED}, CLAIMED)})
TASK_FLOW.advance(task, "claim", claimed_by=person)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.words import N_


class StepNotAllowed(DomainError):
    """The thing is not in a state from which this step leads on."""

    code = "step_not_allowed"
    sentence = N_("现在的状态是“%(state)s”，不能做这一步。")


@dataclass(frozen=True, slots=True)
class Step:
    """From any of `sources` to `target`."""

    sources: frozenset[str]
    target: str

    def __init__(self, sources: Iterable[str], target: str) -> None:
        object.__setattr__(self, "sources", frozenset(str(source) for source in sources))
        object.__setattr__(self, "target", str(target))


class Flow:
    """The table of steps of one kind of thing; it says *when*, rules say *who*."""

    def __init__(self, field: str, steps: Mapping[str, Step]) -> None:
        self.field = field
        self.steps = dict(steps)

    def allows(self, row: models.Model, step: str) -> bool:
        """Tell whether `step` starts from the row's state, for the page that offers it."""
        return getattr(row, self.field) in self.steps[step].sources

    def advance(self, row: models.Model, step: str, **changes: Any) -> None:
        """Take the step on the row and set `changes` with it, in one update that has one winner.

        :raises StepNotAllowed: the row, as the caller saw it, is in no state for this step
        :raises Stale: it was, but somebody else moved it a moment ago
        """
        if not self.allows(row, step):
            raise StepNotAllowed(state=self._label(row))
        move = self.steps[step]
        before = getattr(row, self.field)
        values = {self.field: move.target, **changes}
        rows = type(row)._default_manager.filter(pk=row.pk, **{self.field: before})  # noqa: SLF001 - Django's name
        if not rows.update(**values):
            raise Stale
        for name, value in values.items():
            setattr(row, name, value)

    def _label(self, row: models.Model) -> str:
        return str(getattr(row, f"get_{self.field}_display")())
