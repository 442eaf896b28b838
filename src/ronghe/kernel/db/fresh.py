"""An empty database gets its tables straight from the models; one with tables is led there by the migrations.

Walking through every migration renders the state of all models again at every step: a minute and more for what takes two
seconds. Both ways end with the same tables, which `tools/check_migrations.py` proves on both databases.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def bring_up_to_date() -> bool:
    """Create or migrate the tables of the settings' database, and tell whether it was empty.

    Killed in the middle, an empty database is left with tables and no record of migrations; it is then told to be so by
    Django, and nothing was in it yet.
    """
    if connection.introspection.table_names():
        call_command("migrate", interactive=False, verbosity=0)
        return False
    with _without_migrations():
        call_command("migrate", interactive=False, verbosity=0, run_syncdb=True)
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for app, name in sorted(MigrationLoader(None).disk_migrations or {}):
        recorder.record_applied(app, name)
    return True


class _None(dict[str, Any]):
    """Says of every app that it has no migrations."""

    def __contains__(self, app: object) -> bool:
        return True

    def __getitem__(self, app: str) -> None:
        return None

    def get(self, app: str, default: Any = None) -> None:  # noqa: ARG002
        return None


@contextmanager
def _without_migrations() -> Iterator[None]:
    known = settings.MIGRATION_MODULES
    settings.MIGRATION_MODULES = _None()
    try:
        yield
    finally:
        settings.MIGRATION_MODULES = known
