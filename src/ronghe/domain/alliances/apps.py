from __future__ import annotations

from django.apps import AppConfig


class AlliancesConfig(AppConfig):
    name = "ronghe.domain.alliances"
    label = "alliances"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.alliances import facts, rules  # noqa: F401 - declares kinds and permissions
