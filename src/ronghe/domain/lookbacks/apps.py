from __future__ import annotations

from django.apps import AppConfig


class LookbacksConfig(AppConfig):
    name = "ronghe.domain.lookbacks"
    label = "lookbacks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.lookbacks import facts, rules  # noqa: F401 - declares kinds and permissions
