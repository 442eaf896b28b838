from __future__ import annotations

from django.apps import AppConfig


class ScheduleConfig(AppConfig):
    name = "ronghe.domain.schedule"
    label = "schedule"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.schedule import facts, rules, tasks  # noqa: F401 - declares and registers
        from ronghe.domain.schedule.services import inboxes  # noqa: F401 - declares what waits
