from __future__ import annotations

from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "ronghe.domain.papers"
    label = "papers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.papers import facts, rules  # noqa: F401 - declares kinds and permissions
