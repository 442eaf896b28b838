from __future__ import annotations

from django.apps import AppConfig


class OrglifeConfig(AppConfig):
    name = "ronghe.domain.orglife"
    label = "orglife"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.orglife import facts, handlers, rules  # noqa: F401 - declares kinds and permissions, listens
