"""What waits for somebody: a consent, a signature, a review, an answer to ending."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Value

from ronghe.domain.agreements.enums import AgreementState, EndingState
from ronghe.domain.agreements.models import (
    Agreement,
    AgreementConsent,
    AgreementEnding,
    AgreementParty,
    AgreementRefusal,
    AgreementSignature,
    EndingConsent,
)
from ronghe.domain.agreements.rules import ACT_FOR_SIDE, SIGN_FOR_SIDE
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day

REVIEW_AHEAD = timedelta(days=7)


def consents_waiting(actor: Person, at: datetime) -> QuerySet[AgreementParty]:
    """Return the sides of `actor` that have not agreed to the version on the table, nor refused to sign it."""
    sides = ACT_FOR_SIDE.narrow(actor, AgreementParty.objects.all(), at=at)
    on_table = {"version__agreement_id": OuterRef("agreement_id"), "version__number": OuterRef("agreement__current")}
    given = AgreementConsent.objects.filter(party_id=OuterRef("pk"), version__number=OuterRef("agreement__current"))
    refused = AgreementRefusal.objects.filter(**on_table)
    rows = sides.filter(~Exists(given), ~Exists(refused), agreement__state=AgreementState.NEGOTIATING)
    return rows.select_related("agreement__project", "body")


def signatures_waiting(actor: Person, at: datetime) -> QuerySet[AgreementParty]:
    """Return the sides for which `actor` may sign and nobody has."""
    sides = SIGN_FOR_SIDE.narrow(actor, AgreementParty.objects.all(), at=at)
    given = AgreementSignature.objects.filter(party_id=OuterRef("pk"), version__number=OuterRef("agreement__current"))
    rows = sides.filter(~Exists(given), agreement__state=AgreementState.SIGNING)
    return rows.select_related("agreement__project", "body")


def reviews_waiting(actor: Person, at: datetime) -> QuerySet[Agreement]:
    """Return the agreements of `actor`'s sides whose review is due within a week, the most pressing first."""
    today = local_day(at)
    rows = _mine_in_force(actor, at).filter(review_on__lte=today + REVIEW_AHEAD, valid_until__gt=today)
    return rows.order_by("review_on", "pk")


def ends_waiting(actor: Person, at: datetime) -> QuerySet[Agreement]:
    """Return the agreements of `actor`'s sides whose term is over and that nobody ended, the oldest first."""
    return _mine_in_force(actor, at).filter(valid_until__lte=local_day(at)).order_by("valid_until", "pk")


def endings_waiting(actor: Person, at: datetime) -> QuerySet[AgreementEnding]:
    """Return the proposals to end that wait for the answer of a side of `actor`."""
    sides = ACT_FOR_SIDE.narrow(actor, AgreementParty.objects.all(), at=at)
    answered = EndingConsent.objects.filter(ending_id=OuterRef(OuterRef("pk")), party_id=OuterRef("pk"))
    open_sides = sides.order_by().filter(~Exists(answered), agreement_id=OuterRef("agreement_id"))
    rows = AgreementEnding.objects.filter(Exists(open_sides), state=EndingState.PROPOSED)
    return rows.select_related("agreement__project", "party__body")


def _mine_in_force(actor: Person, at: datetime) -> QuerySet[Agreement]:
    sides = ACT_FOR_SIDE.narrow(actor, AgreementParty.objects.all(), at=at)
    rows = Agreement.objects.filter(state=AgreementState.IN_FORCE, pk__in=sides.order_by().values("agreement_id"))
    return rows.select_related("project")


@dataclass(frozen=True, slots=True)
class Waiting:
    """An agreement that waits for the reader: `what` is signature, consent, ending (a proposal to answer), over (its
    term has passed) or review.
    """

    agreement_id: int
    title: str
    what: str


def waiting_for(actor: Person, at: datetime) -> list[Waiting]:
    """Return what waits for `actor`, signatures first; one statement."""

    def lines(rows: QuerySet[Any], what: str, rank: int, path: str = "agreement__") -> Any:
        title = f"{path}title"
        return (
            rows.order_by()
            .annotate(what=Value(what), rank=Value(rank))
            .values_list("rank", f"{path}pk" if path else "pk", title, "what")
        )

    found = lines(signatures_waiting(actor, at), "signature", 1).union(
        lines(consents_waiting(actor, at), "consent", 2),
        lines(endings_waiting(actor, at), "ending", 3),
        lines(ends_waiting(actor, at), "over", 4, path=""),
        lines(reviews_waiting(actor, at), "review", 5, path=""),
    )
    return [Waiting(pk, title, what) for _rank, pk, title, what in sorted(found)]
