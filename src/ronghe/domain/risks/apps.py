from __future__ import annotations

from django.apps import AppConfig


class RisksConfig(AppConfig):
    name = "ronghe.domain.risks"
    label = "risks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.risks import facts, rules, selectors  # noqa: F401 - declares kinds, permissions and what waits
