"""Adoptions as an actor may see them, and what bodies work by."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import QuerySet

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.playbooks.calc.keys import key_default
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


def key_of(name: str, body: PartyOrg, day: date) -> int:
    """Return a whole number that the body's playbook sets, else its nearest superior's, else the shipped default."""
    return keys_of([name], body.pk, day)[name]


def keys_of(names: Collection[str], body_id: int, day: date) -> dict[str, int]:
    """Return several such numbers by name; two statements, however many numbers and however deep the tree."""
    links = PartyOrg.links().filter(on_day(day), descendant_id=body_id).order_by("depth")
    depth = dict(links.values_list("ancestor_id", "depth"))
    rows = Adoption.objects.filter(on_day(day), body__in=depth).select_related("version").order_by("valid_from", "pk")
    found: dict[str, int] = {}
    for adoption in sorted(rows, key=lambda row: depth[row.body_id]):
        own = adoption.version.playbook.keys
        for name in names:
            if name in own:
                found.setdefault(name, int(own[name]))
    return {name: found[name] if name in found else int(key_default(name)) for name in names}


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
