from __future__ import annotations

from django.apps import AppConfig


class MeritsConfig(AppConfig):
    name = "ronghe.domain.merits"
    label = "merits"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.merits import facts, handlers, rules, tasks  # noqa: F401 - declares kinds, rights, jobs
