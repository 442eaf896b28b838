from __future__ import annotations

from django.apps import AppConfig


class ContestsConfig(AppConfig):
    name = "ronghe.domain.contests"
    label = "contests"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.contests import facts, rules  # noqa: F401 - declares kinds and permissions
        from ronghe.domain.contests.services import waiting  # noqa: F401 - declares what waits for whom
