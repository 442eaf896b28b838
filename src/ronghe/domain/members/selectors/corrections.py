"""Requests for correction: what the person asked, what waits for a leader, old and new side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from ronghe.domain.members.calc.fields import DAYS
from ronghe.domain.members.enums import SEALED_FIELDS, CorrectionField, CorrectionState
from ronghe.domain.members.models import RecordCorrection
from ronghe.domain.members.rules import DECIDE_CORRECTION, SEE_CORRECTION
from ronghe.domain.org.enums import Gender, MembershipKind
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.sealed import masked, open_text
from ronghe.kernel.words import _


@dataclass(frozen=True, slots=True)
class ShownCorrection:
    """A request with its old and new value in words; numbers masked (PI-09)."""

    correction: RecordCorrection
    old: str
    new: str
    is_sealed: bool


def corrections_seen_by(actor: Person, at: datetime) -> QuerySet[RecordCorrection]:
    """Return the requests that `actor` made or may decide about, newest first: to be cut to one or a few."""
    rows = SEE_CORRECTION.narrow(actor, RecordCorrection.objects.all(), at=at)
    return rows.select_related("person", "person__unit", "body", "decided_by").order_by("-asked_at", "-pk")


def corrections_of(person: Person) -> QuerySet[RecordCorrection]:
    """Return what the person asked for, newest first."""
    rows = person.record_corrections.select_related("person", "body", "decided_by")
    return rows.order_by("-asked_at", "-pk")


def corrections_waiting(actor: Person, now: datetime) -> QuerySet[RecordCorrection]:
    """Return the requests that wait for `actor` to decide, the longest waiting first; never the own ones."""
    waiting = RecordCorrection.objects.filter(state=CorrectionState.ASKED).exclude(person_id=actor.pk)
    rows = DECIDE_CORRECTION.narrow(actor, waiting, at=now)
    return rows.select_related("person", "person__unit", "body", "decided_by").order_by("asked_at", "pk")


def shown(correction: RecordCorrection) -> ShownCorrection:
    """Return the request with its values in words, the numbers masked."""
    old = open_text(correction.old_sealed) if correction.old_sealed else ""
    return ShownCorrection(
        correction,
        worded(correction.field, old),
        worded(correction.field, open_text(correction.new_sealed)),
        correction.field in SEALED_FIELDS,
    )


def worded(field: str, value: str) -> str:
    """Return a value as it is shown: a gender in words, a number masked (PI-09), — for nothing."""
    if not value:
        return "—"
    if field in SEALED_FIELDS:
        return masked(value)
    return _(str(Gender(value).label)) if field == CorrectionField.GENDER else value


def value_on_record(person: Person, field: CorrectionField) -> str:
    """Return what stands in the field now, in the form in which it is asked for; "" for nothing."""
    if field in SEALED_FIELDS:
        sealed = person.phone_sealed if field == CorrectionField.PHONE else person.id_sealed
        return open_text(sealed) if sealed else ""
    value = getattr(person, field.value)
    if value is None:
        return ""
    return value.isoformat() if field in DAYS else str(value)


def deciding_body(person: Person, day: date) -> PartyOrg | None:
    """Return the body that decides: the home, else the one of the person's unit or of the nearest unit above it."""
    home = person.memberships.filter(on_day(day), kind=MembershipKind.HOME).select_related("body").first()
    if home is not None:
        return home.body
    above = AdminUnit.links().filter(on_day(day), descendant_id=person.unit_id).order_by("depth")
    depth = dict(above.values_list("ancestor_id", "depth"))
    bodies = PartyOrg.objects.filter(on_day(day), unit_id__in=depth)
    found = sorted(bodies, key=lambda body: (depth[body.unit_id], body.pk))
    return found[0] if found else None
