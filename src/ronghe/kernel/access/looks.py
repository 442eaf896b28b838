"""The record of looks at sealed data. Written in its own short transaction, before the page is shown."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ronghe.kernel.access.models import Look
from ronghe.kernel.facts.record import HasToken


@transaction.atomic
def record_look(*, by: HasToken, about: HasToken | None, compartment: str, at: datetime) -> Look:
    """Keep that `by` looked into `compartment` of `about`; nothing is shown if this fails."""
    return Look.objects.create(by=by.token, about=about.token if about else None, compartment=compartment, at=at)
