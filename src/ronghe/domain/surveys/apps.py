from __future__ import annotations

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "ronghe.domain.surveys"
    label = "surveys"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.surveys import facts, rules, tasks  # noqa: F401 - declares kinds, permissions and the job
