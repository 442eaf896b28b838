"""What every test may use: people with a role in the story, a database that really commits, a fixed moment."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

SHANGHAI = ZoneInfo("Asia/Shanghai")

# A busy machine is slow and nothing is wrong: time is for the benchmarks, a property says only what holds.
settings.register_profile("ronghe", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ronghe")


DATABASES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only-database", action="store_true",
        help="leave out tests that may not touch the database: what they show is the same on every one",
    )  # fmt: skip


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """pytest-django refuses the database to a test that does not ask for it, so asking is all that counts."""
    if not config.getoption("--only-database"):
        return
    kept = [item for item in items if asks_for_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if not asks_for_database(item)])
    items[:] = kept


def asks_for_database(item: pytest.Item) -> bool:
    return item.get_closest_marker("django_db") is not None or not DATABASES.isdisjoint(
        getattr(item, "fixturenames", ())
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the tables straight from the models; that the migrations end the same is for `tools/check_migrations.py`."""
    config.option.nomigrations = True


@pytest.fixture
def morning() -> datetime:
    """Monday, 14 September 2026, 07:40 in Shanghai."""
    return datetime(2026, 9, 14, 7, 40, tzinfo=SHANGHAI)


@pytest.fixture(scope="session", autouse=True)
def emptying() -> None:
    """Let a committing test empty the database afterwards, quickly.

    Tables that only grow refuse to be emptied, so their triggers are lifted first; the flush puts them back.
    PostgreSQL's TRUNCATE syncs every table to disk, some seconds a test; deleting the few rows takes milliseconds.
    """
    from django.db import connection

    from ronghe.kernel.db.append_only import lift_triggers

    def statements(_style, tables, **_options) -> list[str]:
        lift_triggers()
        return [f"DELETE FROM {connection.ops.quote_name(table)};" for table in tables]

    connection.ops.sql_flush = statements


@pytest.fixture(autouse=True)
def noting_what_is_written() -> Iterator[None]:
    """Tell a story that is asked for first in a test from one that comes later (`tests/factories/kept.py`)."""
    from tests.factories.kept import written

    with written.watching():
        yield


@pytest.fixture
def committing_db(transactional_db: None) -> None:
    """A database whose transactions really commit, for races and for triggers."""


@pytest.fixture(autouse=True)
def no_old_seals(settings) -> Iterator[None]:
    """The log of seals lies outside the database, so no rollback empties it."""
    yield
    settings.HOME.seals_log.unlink(missing_ok=True)


BROWSER_ARGUMENTS = ["--no-sandbox", "--disable-gpu"]


@pytest.fixture(scope="session")
def chromium() -> str | None:
    """The browser on this machine; `make test` names the one that it tried."""
    return os.environ.get("RONGHE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One driver a process: it refuses a second one beside it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: str | None) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER_ARGUMENTS)
    yield browser
    browser.close()
