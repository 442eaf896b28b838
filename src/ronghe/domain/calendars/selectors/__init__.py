"""What stands on a calendar, whose calendar it is, and what one record could meet at once."""

from ronghe.domain.calendars.selectors import activities, dated, duties  # noqa: F401 - register where entries come from
from ronghe.domain.calendars.selectors.scopes import Scope, own_scope, scope_named, scopes_to_choose
from ronghe.domain.calendars.selectors.sources import entries_in

__all__ = ["Scope", "entries_in", "own_scope", "scope_named", "scopes_to_choose"]
