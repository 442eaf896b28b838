"""The kernel as a Django app: its tables, its triggers, its checks."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class KernelConfig(AppConfig):
    name = "ronghe.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.contenttypes.management import create_contenttypes

        from ronghe.kernel import tasks  # noqa: F401 - declares the kernel's schedules
        from ronghe.kernel.db import append_only, limits

        connection_created.connect(limits.watch, dispatch_uid="ronghe.limits")
        # Rights come from posts (kernel.access.permissions); Django's rows of permissions would only pretend otherwise.
        post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
        post_migrate.disconnect(create_contenttypes)
        post_migrate.connect(_restore_triggers, sender=self, dispatch_uid="ronghe.append_only")
        checks.register(append_only.check_triggers, checks.Tags.database)


def _restore_triggers(*, using: str, **_kwargs: Any) -> None:
    """SQLite drops triggers silently when a migration rebuilds a table, so they are put back after every one."""
    from ronghe.kernel.db import append_only

    append_only.restore_triggers(using)
