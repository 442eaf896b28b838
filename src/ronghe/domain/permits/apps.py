from __future__ import annotations

from django.apps import AppConfig


class PermitsConfig(AppConfig):
    name = "ronghe.domain.permits"
    label = "permits"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.permits import facts, rules, tasks  # noqa: F401 - declares kinds, permissions, jobs
        from ronghe.domain.permits.services import waiting  # noqa: F401 - declares what waits for whom
