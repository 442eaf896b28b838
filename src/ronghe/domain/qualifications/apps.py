from __future__ import annotations

from django.apps import AppConfig


class QualificationsConfig(AppConfig):
    name = "ronghe.domain.qualifications"
    label = "qualifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.qualifications import facts, rules  # noqa: F401 - declares kinds and permissions
        from ronghe.domain.qualifications.services import waiting  # noqa: F401 - declares what waits for whom
