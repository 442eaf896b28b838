from __future__ import annotations

from django.apps import AppConfig


class ContractorsConfig(AppConfig):
    name = "ronghe.domain.contractors"
    label = "contractors"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.contractors import facts, rules  # noqa: F401 - declares kinds and permissions
        from ronghe.domain.contractors.selectors import judging  # noqa: F401 - declares who is judged
        from ronghe.domain.contractors.services import waiting  # noqa: F401 - declares what waits for whom
