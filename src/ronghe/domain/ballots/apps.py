from __future__ import annotations

from django.apps import AppConfig


class BallotsConfig(AppConfig):
    name = "ronghe.domain.ballots"
    label = "ballots"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.ballots import facts, rules  # noqa: F401 - declares kinds and permissions
