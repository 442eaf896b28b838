from __future__ import annotations

from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "ronghe.domain.claims"
    label = "claims"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.claims import facts, handlers, rules  # noqa: F401 - declares kinds, permissions, handlers
