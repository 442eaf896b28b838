from __future__ import annotations

from django.apps import AppConfig


class RemindersConfig(AppConfig):
    name = "ronghe.domain.reminders"
    label = "reminders"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.reminders import facts, handlers, rules, tasks  # noqa: F401 - declares and registers
