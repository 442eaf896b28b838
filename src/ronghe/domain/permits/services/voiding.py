"""A phone was lost: what its key signed from then on does not stand, and the work that rests on it stops."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ronghe.domain.org.models import Person
from ronghe.domain.permits.enums import OVER
from ronghe.domain.permits.facts import SIGNATURE_VOIDED
from ronghe.domain.permits.models import Permit, PermitSignature, SignatureVoid
from ronghe.domain.permits.services.telling import locked, note_step, tell
from ronghe.domain.permits.services.working import recheck
from ronghe.kernel.words import _

RULE = "PM-15"
"""Nobody signs for somebody else; of a lost phone nobody knows who held it."""


@transaction.atomic
def void_signatures(*, key: str, since: datetime, actor: Person, at: datetime) -> int:
    """Void what `key` signed from `since` on, and return how many; what it signed before stands.

    Asked by the room that keeps the keys, where the right to stop a phone was looked at. Said again, nothing changes.
    """
    rows = PermitSignature.objects.filter(signing_key=key, signed_at__gte=since, voiding=None) if key else None
    if rows is None:
        return 0
    count = 0
    for number in sorted(set(rows.order_by().values_list("permit_id", flat=True))):
        permit = locked(Permit(pk=number))
        for row in rows.filter(permit=number).order_by("pk"):
            made = SignatureVoid.objects.create(signature=row, rule=RULE, since=since, by=actor, at=at)
            tell(permit, SIGNATURE_VOIDED, actor, at, about=row.person, source=made, role=row.role)
            words = _("%(name)s的“%(role)s”因手机报失作废（%(rule)s）。")
            note = words % {"name": row.person.name, "role": row.get_role_display(), "rule": RULE}
            note_step(permit, "void_signature", actor, at, note=note)
            count += 1
        if permit.state not in OVER:
            recheck(permit, actor, at)
    return count
