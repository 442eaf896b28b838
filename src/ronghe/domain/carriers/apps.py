from __future__ import annotations

from django.apps import AppConfig


class CarriersConfig(AppConfig):
    name = "ronghe.domain.carriers"
    label = "carriers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.carriers import facts, handlers, rules  # noqa: F401 - declares kinds, permissions, handlers
        from ronghe.domain.carriers.selectors import judging  # noqa: F401 - declares who is judged
        from ronghe.domain.carriers.services import waiting  # noqa: F401 - declares what waits for whom
