from __future__ import annotations

from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    name = "ronghe.domain.calendars"
    label = "calendars"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.calendars import facts, rules, selectors  # noqa: F401 - declares and registers
