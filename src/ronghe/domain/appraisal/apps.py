from __future__ import annotations

from django.apps import AppConfig


class AppraisalConfig(AppConfig):
    name = "ronghe.domain.appraisal"
    label = "appraisal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.appraisal import facts, rules, tasks  # noqa: F401 - declares kinds, permissions and jobs
        from ronghe.domain.appraisal.services import waiting  # noqa: F401 - declares what waits
