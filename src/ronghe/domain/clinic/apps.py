from __future__ import annotations

from django.apps import AppConfig


class ClinicConfig(AppConfig):
    name = "ronghe.domain.clinic"
    label = "clinic"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.clinic import facts, rules  # noqa: F401 - declares kinds and permissions
        from ronghe.domain.clinic.selectors import inboxes  # noqa: F401 - declares what waits
