from __future__ import annotations

from django.apps import AppConfig


class HazardsConfig(AppConfig):
    name = "ronghe.domain.hazards"
    label = "hazards"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.hazards import (  # noqa: F401 - declares kinds, permissions and proven violations, listens
            facts,
            handlers,
            rules,
            selectors,
        )
