from __future__ import annotations

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "ronghe.domain.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.exchange import facts, handlers, rules  # noqa: F401 - declares and registers
