"""资源共享、思想共管 of the demonstration field."""

from __future__ import annotations

from datetime import date, datetime

from ronghe.demo.organization import Field


def show_pools(field: Field, since: date, now: datetime) -> None:
    """Tell the story of pools."""
