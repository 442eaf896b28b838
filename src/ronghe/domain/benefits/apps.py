from __future__ import annotations

from django.apps import AppConfig


class BenefitsConfig(AppConfig):
    name = "ronghe.domain.benefits"
    label = "benefits"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.benefits import facts, rules  # noqa: F401 - declares kinds and permissions
