from __future__ import annotations

from django.apps import AppConfig


class PoolsConfig(AppConfig):
    name = "ronghe.domain.pools"
    label = "pools"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.pools import facts, handlers, rules  # noqa: F401 - declares kinds, permissions and what follows
