from __future__ import annotations

from django.apps import AppConfig


class TodayConfig(AppConfig):
    name = "ronghe.domain.today"
    label = "today"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.today import rules, tasks  # noqa: F401 - declares permissions and jobs
        from ronghe.domain.today.services import inboxes, meetings, work  # noqa: F401 - declare what waits
