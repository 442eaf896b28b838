from __future__ import annotations

from django.apps import AppConfig


class NeedsConfig(AppConfig):
    name = "ronghe.domain.needs"
    label = "needs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.needs import facts, handlers, rules  # noqa: F401 - declares kinds, listens and declares permissions
