from __future__ import annotations

from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "ronghe.domain.inspections"
    label = "inspections"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.inspections import facts, handlers, rules  # noqa: F401 - declares kinds and permissions, listens
        from ronghe.domain.inspections.selectors import waiting  # noqa: F401 - declares what waits
