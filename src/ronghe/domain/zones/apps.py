from __future__ import annotations

from django.apps import AppConfig


class ZonesConfig(AppConfig):
    name = "ronghe.domain.zones"
    label = "zones"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.zones import facts, rules  # noqa: F401 - declares kinds and permissions
