"""Adoptions as an actor may see them, and what bodies work by."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import QuerySet

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.playbooks.models import Adoption, PlaybookVersion
from ronghe.domain.playbooks.rules import SEE_ADOPTION
from ronghe.kernel.calendar.periods import DaySpan
from ronghe.kernel.db.tree import on_day


def adoptions_seen_by(actor: Person, at: datetime) -> QuerySet[Adoption]:
    """Return the adoptions that `actor` may see, the latest first."""
    rows = SEE_ADOPTION.narrow(actor, Adoption.objects.all(), at=at)
    return rows.select_related("body", "version").order_by("-valid_from", "-pk")


def adoptions_of(body: PartyOrg, day: date) -> QuerySet[Adoption]:
    """Return what `body` works by on `day`, in the order of adopting."""
    return Adoption.objects.filter(on_day(day), body=body).select_related("version").order_by("valid_from", "pk")


def adoptions_in(span: DaySpan, body_ids: Collection[int] | None = None) -> QuerySet[Adoption]:
    """Return the adoptions in force on some day of `span`, of all bodies or of these, by body and day of adopting."""
    rows = Adoption.objects.overlapping(span.from_on, span.until_on)
    if body_ids is not None:
        rows = rows.filter(body_id__in=body_ids)
    found: QuerySet[Adoption] = rows.select_related("version", "body").order_by("body_id", "valid_from", "pk")
    return found


def versions_kept() -> QuerySet[PlaybookVersion]:
    """Return every version that some body adopted, by id and the latest first."""
    return PlaybookVersion.objects.order_by("playbook_id", "-version")
