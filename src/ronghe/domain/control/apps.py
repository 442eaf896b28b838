from __future__ import annotations

from django.apps import AppConfig


class ControlConfig(AppConfig):
    name = "ronghe.domain.control"
    label = "control"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Declares kinds, permissions and what waits, registers handlers and jobs.
        from ronghe.domain.control import facts, handlers, rules, tasks  # noqa: F401
        from ronghe.domain.control.selectors import inboxes  # noqa: F401
