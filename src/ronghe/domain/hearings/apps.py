from __future__ import annotations

from django.apps import AppConfig


class HearingsConfig(AppConfig):
    name = "ronghe.domain.hearings"
    label = "hearings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.hearings import facts, rules  # noqa: F401 - declares kinds and permissions
