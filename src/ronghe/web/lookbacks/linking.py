"""The way from any record to a look-back on it, for whoever may raise one."""

from __future__ import annotations

from datetime import datetime

from ronghe.domain.items.selectors import bodies_to_raise_for
from ronghe.domain.lookbacks.rules import LOOKBACK
from ronghe.domain.org.models import Person


def look_back_on(label: str, key: int, actor: Person, at: datetime) -> str:
    """Return what a look-back on this record names as its source, "" for a reader who may raise none."""
    return f"{label}:{key}" if bodies_to_raise_for(LOOKBACK, actor, at).exists() else ""
