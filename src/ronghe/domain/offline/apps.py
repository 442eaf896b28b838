from __future__ import annotations

from django.apps import AppConfig


class OfflineConfig(AppConfig):
    name = "ronghe.domain.offline"
    label = "offline"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.offline import facts, rules, tasks  # noqa: F401 - declares kinds, permissions and jobs
