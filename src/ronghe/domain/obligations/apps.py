from __future__ import annotations

from django.apps import AppConfig


class ObligationsConfig(AppConfig):
    name = "ronghe.domain.obligations"
    label = "obligations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.obligations import facts, handlers, rules, tasks  # noqa: F401 - declares and registers
