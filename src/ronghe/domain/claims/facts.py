"""任务领办清单: what the room records of a sheet; the steps of its tasks tell of themselves (`items.moved`, item `claim`)."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Flag, Whole, declare
from ronghe.kernel.words import N_

SHEET_DRAWN_UP = declare("claims.sheet_drawn_up", N_("起草任务领办清单"), attributes={"points": Whole()})
SHEET_PUBLISHED = declare(
    "claims.sheet_published", N_("发布任务领办清单"), attributes={"version": Whole(), "tasks": Whole()}
)
SHEET_SIGNED = declare("claims.sheet_signed", N_("签署任务领办清单"), attributes={"version": Whole()})
SHEET_CLOSED = declare(
    "claims.sheet_closed",
    N_("任务领办清单办结"),
    attributes={"tasks": Whole(), "accepted": Whole(), "on_time": Whole(), "days": Whole()},
)
TASK_ACCEPTED = declare(
    "claims.task_accepted", N_("领办任务验收"), attributes={"item": Code(), "on_time": Flag(), "rounds": Whole()}
)
"""As `work.task_accepted` of a task that was given: points and rates count the two alike. `on_time` is whether the work
that was accepted was handed in by its deadline, however long the judge took; `rounds` is how often it was handed in."""
