from __future__ import annotations

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "ronghe.domain.planning"
    label = "planning"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.planning import facts, rules, tasks  # noqa: F401 - declares and registers
