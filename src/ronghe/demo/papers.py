"""公文 of the demonstration field."""

from __future__ import annotations

from datetime import date, datetime

from ronghe.demo.organization import Field


def show_papers(field: Field, since: date, now: datetime) -> None:
    """Tell the story of papers."""
