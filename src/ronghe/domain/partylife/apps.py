from __future__ import annotations

from django.apps import AppConfig


class PartylifeConfig(AppConfig):
    name = "ronghe.domain.partylife"
    label = "partylife"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.partylife import facts, handlers, rules  # noqa: F401 - declares kinds and permissions, listens
