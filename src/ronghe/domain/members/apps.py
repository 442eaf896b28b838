from __future__ import annotations

from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "ronghe.domain.members"
    label = "members"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.members import facts, rules, tasks  # noqa: F401 - declares and registers
