"""What every test may use: people with a role in the story, a database that really commits, a fixed moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def morning() -> datetime:
    """Monday, 14 September 2026, 07:40 in Shanghai."""
    return datetime(2026, 9, 14, 7, 40, tzinfo=SHANGHAI)


@pytest.fixture
def committing_db(transactional_db: None) -> Iterator[None]:
    """A database whose transactions really commit, for races and for triggers.

    Emptying it afterwards needs the refusing triggers off; the flush that follows puts them back.
    """
    from ronghe.kernel.db.append_only import lift_triggers

    yield
    lift_triggers()


@pytest.fixture(autouse=True)
def no_old_seals(settings) -> Iterator[None]:
    """The log of seals lies outside the database, so no rollback empties it."""
    yield
    settings.HOME.seals_log.unlink(missing_ok=True)
