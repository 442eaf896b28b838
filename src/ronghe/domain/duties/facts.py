"""四方责任: what the room records of a sheet; its rows tell of themselves where they live."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Flag, Whole, declare
from ronghe.kernel.words import N_

SHEET_OPENED = declare("duties.sheet_opened", N_("起四方责任清单"), attributes={"rows": Whole()})
ROWS_GATHERED = declare("duties.rows_gathered", N_("收进四方责任清单"), attributes={"source": Code(), "rows": Whole()})
ROW_CHANGED = declare("duties.row_changed", N_("改四方分工"), attributes={"source": Code(), "sides": Whole()})
ROW_DROPPED = declare("duties.row_dropped", N_("移出四方责任清单"), attributes={"source": Code()})
SHEET_ISSUED = declare(
    "duties.sheet_issued",
    N_("发布四方责任清单"),
    attributes={"version": Whole(), "rows": Whole(), "changed": Whole()},
)
SIDE_AGREED = declare(
    "duties.side_agreed", N_("确认四方责任"), attributes={"version": Whole(), "side": Code(), "is_again": Flag()}
)
SIDE_OBJECTED = declare("duties.side_objected", N_("对四方责任提异议"), attributes={"version": Whole(), "side": Code()})
