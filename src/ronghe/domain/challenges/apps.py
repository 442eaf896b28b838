from __future__ import annotations

from django.apps import AppConfig


class ChallengesConfig(AppConfig):
    name = "ronghe.domain.challenges"
    label = "challenges"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.challenges import facts, rules  # noqa: F401 - declares kinds and permissions
