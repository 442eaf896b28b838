from __future__ import annotations

from django.apps import AppConfig


class HonoursConfig(AppConfig):
    name = "ronghe.domain.honours"
    label = "honours"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.honours import facts, rules  # noqa: F401 - declares kinds and permissions
