from __future__ import annotations

from django.apps import AppConfig


class ShowsConfig(AppConfig):
    name = "ronghe.domain.shows"
    label = "shows"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.shows import facts, handlers, rules  # noqa: F401 - declares kinds, permissions and handlers
