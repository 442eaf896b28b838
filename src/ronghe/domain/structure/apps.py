from __future__ import annotations

from django.apps import AppConfig


class StructureConfig(AppConfig):
    name = "ronghe.domain.structure"
    label = "structure"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.structure import facts, rules, tasks  # noqa: F401 - declares kinds, permissions and schedules
