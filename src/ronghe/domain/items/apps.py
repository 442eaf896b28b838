from __future__ import annotations

from django.apps import AppConfig


class ItemsConfig(AppConfig):
    name = "ronghe.domain.items"
    label = "items"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.items import facts, rules, tasks  # noqa: F401 - declares kinds, permissions and jobs
        from ronghe.domain.items.services import showing  # noqa: F401 - says whether a task's bytes show an item too
