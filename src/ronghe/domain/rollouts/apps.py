from __future__ import annotations

from django.apps import AppConfig


class RolloutsConfig(AppConfig):
    name = "ronghe.domain.rollouts"
    label = "rollouts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.rollouts import facts, rules  # noqa: F401 - declares kinds and permissions
