"""项目攻关临时党小组 of the demonstration field."""

from __future__ import annotations

from datetime import date, datetime

from ronghe.demo.organization import Field


def show_taskforces(field: Field, since: date, now: datetime) -> None:
    """Tell the story of taskforces."""
