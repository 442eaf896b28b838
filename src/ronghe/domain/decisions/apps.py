from __future__ import annotations

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "ronghe.domain.decisions"
    label = "decisions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.decisions import facts, handlers, rules  # noqa: F401 - declares kinds and permissions, registers handlers
