from __future__ import annotations

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "ronghe.domain.contacts"
    label = "contacts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.contacts import facts, rules  # noqa: F401 - declares kinds and permissions
