from __future__ import annotations

from django.apps import AppConfig


class PairingConfig(AppConfig):
    name = "ronghe.domain.pairing"
    label = "pairing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.pairing import facts, rules  # noqa: F401 - declares kinds and permissions
