from __future__ import annotations

from django.apps import AppConfig


class TaskforcesConfig(AppConfig):
    name = "ronghe.domain.taskforces"
    label = "taskforces"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.taskforces import facts, handlers, rules  # noqa: F401 - declares and registers
