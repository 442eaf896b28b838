from __future__ import annotations

from django.apps import AppConfig


class OrgConfig(AppConfig):
    name = "ronghe.domain.org"
    label = "org"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ronghe.domain.org import facts, rules  # noqa: F401 - declares kinds and permissions
        from ronghe.domain.org.selectors.people import home_branches
        from ronghe.kernel.facts.record import stamp_homes_with

        stamp_homes_with(home_branches)
