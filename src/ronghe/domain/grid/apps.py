from __future__ import annotations

from django.apps import AppConfig


class GridConfig(AppConfig):
    name = "ronghe.domain.grid"
    label = "grid"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.grid import facts, rules, tasks  # noqa: F401 - declares and registers
