from __future__ import annotations

from django.apps import AppConfig


class RegroupingConfig(AppConfig):
    name = "ronghe.domain.regrouping"
    label = "regrouping"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.regrouping import facts, rules, tasks  # noqa: F401 - declares and registers
