from __future__ import annotations

from django.apps import AppConfig


class RhythmConfig(AppConfig):
    name = "ronghe.domain.rhythm"
    label = "rhythm"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.rhythm import facts, handlers, rules  # noqa: F401 - declares kinds and permissions, listens
