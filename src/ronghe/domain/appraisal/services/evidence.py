"""Decisions that a run takes in as facts: a veto raised, a tie settled, somebody left out, a figure brought in.

Nothing here changes a computed run: what is recorded now counts when the run is computed again. The panel's reasons are
papers, named by `item`; the fact holds no remark (RT-07 asks for evidence, review and a term: later issues bring them).
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from ronghe.domain.appraisal.facts import FIGURE_VALUE, LEFT_OUT, TIE_SETTLED, VETO_RAISED
from ronghe.domain.appraisal.rules import SETTLE_QUESTION
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record


def raise_veto(
    *, body: PartyOrg, veto: str, actor: Person, at: datetime, person: Person | None = None
) -> Fact:  # fmt: skip
    """Record that the veto of this id fell on `body`, or on `person` whose branch it is (RT-07).

    `at` is when what it is for happened: it counts in that period.
    """
    return _decide(VETO_RAISED, body=body, person=person, item=veto, quantity=None, actor=actor, at=at)


def settle_tie(
    *, body: PartyOrg, item: str, place: int, actor: Person, at: datetime, person: Person | None = None
) -> Fact:  # fmt: skip
    """Record the place, 1 first, that the panel gave to one of the tied."""
    return _decide(TIE_SETTLED, body=body, person=person, item=item, quantity=Decimal(place), actor=actor, at=at)


def leave_out(*, body: PartyOrg, decision: str, actor: Person, at: datetime, person: Person | None = None) -> Fact:
    """Record that a subject takes no part in the period of `at`; `decision` is the number of the branch's decision."""
    return _decide(LEFT_OUT, body=body, person=person, item=decision, quantity=None, actor=actor, at=at)


def record_figure(
    *, body: PartyOrg, item: str, value: Decimal, actor: Person, at: datetime, person: Person | None = None
) -> Fact:  # fmt: skip
    """Record a figure that the sheet takes from elsewhere, to four decimal places."""
    return _decide(FIGURE_VALUE, body=body, person=person, item=item, quantity=value, actor=actor, at=at)


def _decide(
    kind: FactKind, *, body: PartyOrg, person: Person | None, item: str, quantity: Decimal | None, actor: Person,
    at: datetime,
) -> Fact:  # fmt: skip
    SETTLE_QUESTION.require(actor, body, at=at)
    return record(Draft(kind, at, actor, about=person, body=body.pk, quantity=quantity, attributes={"item": item}))
