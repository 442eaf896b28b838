from __future__ import annotations

from django.apps import AppConfig


class ElectionsConfig(AppConfig):
    name = "ronghe.domain.elections"
    label = "elections"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.elections import facts, rules  # noqa: F401 - declares kinds and permissions
