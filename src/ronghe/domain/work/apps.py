from __future__ import annotations

from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "ronghe.domain.work"
    label = "work"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.work import facts, rules  # noqa: F401 - declares kinds and permissions
