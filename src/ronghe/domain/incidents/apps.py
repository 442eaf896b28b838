from __future__ import annotations

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "ronghe.domain.incidents"
    label = "incidents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.incidents import facts, rules, selectors  # noqa: F401 - declares kinds, permissions and what waits
