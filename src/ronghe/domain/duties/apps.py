"""四方责任."""

from __future__ import annotations

from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "ronghe.domain.duties"
    label = "duties"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.duties import facts, rules, tasks  # noqa: F401 - declares kinds, permissions and jobs
        from ronghe.domain.duties.selectors import inboxes  # noqa: F401 - declares what waits
