from __future__ import annotations

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "ronghe.domain.agreements"
    label = "agreements"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.agreements import facts, rules  # noqa: F401 - declares kinds and permissions
