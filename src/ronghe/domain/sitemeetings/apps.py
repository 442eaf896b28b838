from __future__ import annotations

from django.apps import AppConfig


class SitemeetingsConfig(AppConfig):
    name = "ronghe.domain.sitemeetings"
    label = "sitemeetings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.sitemeetings import facts, handlers, rules  # noqa: F401 - declares and registers
