from __future__ import annotations

from django.apps import AppConfig


class FloatingConfig(AppConfig):
    name = "ronghe.domain.floating"
    label = "floating"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.floating import facts, rules  # noqa: F401 - declares kinds and permissions
