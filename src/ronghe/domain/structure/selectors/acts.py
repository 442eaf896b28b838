"""Acts as an actor may see them, those that wait for the actor, and those of one body."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules import SEE_PARTY_ORG
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.structure.enums import ActState
from ronghe.domain.structure.models import BodyAct, BodyCharter
from ronghe.domain.structure.rules import DECIDE_ACT, NOTE_ACT, SEE_ACT
from ronghe.domain.structure.selectors.figures import figures_in_force
from ronghe.kernel.access.listing import Listed, list_seen

JOINED = ("body", "parent", "approver", "reports_to", "proposed_by", "decided_by", "known_by", "unit")


def acts_seen_by(actor: Person, at: datetime) -> QuerySet[BodyAct]:
    """Return the acts that `actor` may see, to be cut to one or a few."""
    rows = SEE_ACT.narrow(actor, BodyAct.objects.all(), at=at, walk=True)
    return rows.select_related(*JOINED).order_by("-proposed_at", "-pk")


def list_acts(
    actor: Person, at: datetime, *, filters: Q | None = None, page: int = 1, size: int = 20
) -> Listed[BodyAct]:
    """Return one page of the acts that `actor` may see, the latest proposed first."""
    rows = BodyAct.objects.filter(filters or Q()).select_related(*JOINED)
    return list_seen(SEE_ACT, actor, rows, order_by=("-proposed_at",), at=at, page=page, size=size)


def acts_to_decide(actor: Person, at: datetime) -> QuerySet[BodyAct]:
    """Return the proposed acts that wait for `actor` to decide, the most urgent first (PO-11)."""
    rows = DECIDE_ACT.narrow(actor, BodyAct.objects.filter(state=ActState.PROPOSED), at=at)
    return rows.select_related(*JOINED).order_by("due_on", "proposed_at", "pk")


def acts_to_note(actor: Person, at: datetime) -> QuerySet[BodyAct]:
    """Return what branches decided about their groups and `actor` has not noted yet, oldest first (PO-08)."""
    waiting = BodyAct.objects.filter(state=ActState.CARRIED_OUT, known_at=None, reports_to__isnull=False)
    return NOTE_ACT.narrow(actor, waiting, at=at).select_related(*JOINED).order_by("carried_out_at", "pk")


def acts_due(day: date) -> QuerySet[BodyAct]:
    """Return the approved acts whose day has come, in the order in which they take effect."""
    return BodyAct.objects.filter(state=ActState.APPROVED, effective_on__lte=day).order_by("effective_on", "pk")


def acts_of(body: PartyOrg) -> list[BodyAct]:
    """Return the acts in which a body had a part, the latest first."""
    mine = Q(body=body) | Q(parts__body=body) | Q(parent=body)
    rows = BodyAct.objects.filter(mine).distinct().select_related("body", "parent", "proposed_by", "decided_by")
    return list(rows.order_by("-effective_on", "-pk"))


def open_act_of(body: PartyOrg) -> BodyAct | None:
    """Return the act that a body is spoken for by, `None` where it is free."""
    rows = BodyAct.objects.unsettled().filter(parts__body=body, parts__is_open=True, parts__place="source")
    return rows.order_by("pk").first()


def charters_ending(actor: Person, at: datetime) -> list[BodyCharter]:
    """Return the temporary bodies whose project ends soon, as far as `actor` may see them, the soonest first (PO-06)."""
    until = local_day(at) + timedelta(days=figures_in_force()["temporary.remind_days"])
    bodies = SEE_PARTY_ORG.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=at)
    rows = BodyCharter.objects.filter(planned_end_on__lte=until, body__in=bodies).select_related("body")
    return list(rows.order_by("planned_end_on", "pk"))
