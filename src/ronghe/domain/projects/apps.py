from __future__ import annotations

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "ronghe.domain.projects"
    label = "projects"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.projects import facts, rules  # noqa: F401 - declares kinds and permissions
