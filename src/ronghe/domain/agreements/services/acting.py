"""What the acts of this room share: the row held fast, the version on the table, and a fact for a side or for all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ronghe.domain.agreements.models import Agreement, AgreementParty, AgreementVersion
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import NotFound
from ronghe.kernel.facts import record as facts
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft


def held(agreement: Agreement) -> Agreement:
    """Return the agreement as it is now, held until the act is over: whoever acts at the same time waits and sees it."""
    return Agreement.objects.select_for_update().get(pk=agreement.pk)


def current_version(agreement: Agreement) -> AgreementVersion:
    return AgreementVersion.objects.get(agreement=agreement, number=agreement.current)


def refuse_other_side(agreement: Agreement, party: AgreementParty) -> None:
    """Return where the side is one of this agreement's.

    :raises NotFound: it is another agreement's
    """
    if party.agreement_id != agreement.pk:
        raise NotFound


def typed(text: str, longest: int) -> str:
    """Return what somebody typed as it is kept: trimmed, cut, without the sign that no database takes."""
    return text.replace("\x00", "").strip()[:longest]


def record(
    fact: FactKind, agreement: Agreement, party: AgreementParty, actor: Person, at: datetime, **attributes: Any
) -> None:
    """Record one fact of the acting side."""
    facts.record_many([_draft(fact, agreement, party, actor, at, attributes)])


def record_many(fact: FactKind, agreement: Agreement, actor: Person, at: datetime, **attributes: Any) -> None:
    """Record the fact once for each side."""
    facts.record_many(_draft(fact, agreement, party, actor, at, attributes) for party in agreement.sides)


def _draft(
    kind: FactKind, agreement: Agreement, party: AgreementParty, actor: Person, at: datetime, attributes: dict[str, Any]
) -> Draft:
    return Draft(
        kind, at, actor, body=party.body_id, unit=party.unit_id, project=agreement.project_id, attributes=attributes,
        source=agreement,
    )  # fmt: skip
