from __future__ import annotations

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "ronghe.domain.campaigns"
    label = "campaigns"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.campaigns import facts, handlers, rules  # noqa: F401 - declares kinds and permissions, listens
