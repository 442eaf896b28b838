"""Roll-outs and their units as an actor may see them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, QuerySet

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.playbooks.calc.model import Playbook
from ronghe.domain.playbooks.models import Adoption
from ronghe.domain.playbooks.rules import ADOPT_PLAYBOOK
from ronghe.domain.rollouts.enums import RolloutState
from ronghe.domain.rollouts.models import Pilot, Rollout, Target
from ronghe.domain.rollouts.rules import ANSWER_TARGET, DRAFT_ROLLOUT, REVIEW_PILOT, SEE_ROLLOUT, SEE_TARGET
from ronghe.kernel.access.listing import Listed, list_seen


def list_rollouts(
    actor: Person, at: datetime, *, state: str = "", text: str = "", page: int = 1, size: int = 20
) -> Listed[Rollout]:
    """Return one page of the roll-outs that `actor` may see, the latest first, each with its number of units."""
    rows: QuerySet[Rollout] = Rollout.objects.select_related("body", "version").annotate(units=Count("targets"))
    if state in RolloutState.values:
        rows = rows.filter(state=state)
    if text:
        rows = rows.filter(title__contains=text)
    return list_seen(SEE_ROLLOUT, actor, rows, order_by=["-drafted_at"], at=at, page=page, size=size)


def rollouts_seen_by(actor: Person, at: datetime) -> QuerySet[Rollout]:
    """Return the roll-outs that `actor` may see, the latest first."""
    rows = SEE_ROLLOUT.narrow(actor, Rollout.objects.all(), at=at)
    return rows.select_related("body", "version__text", "drafted_by").order_by("-drafted_at", "-pk")


def pilots_of(rollout: Rollout) -> QuerySet[Pilot]:
    """Return the pilots, the latest first, with bodies, measures and review."""
    rows = rollout.pilots.select_related("review__reviewed_by", "started_by", "concluded_by")
    return rows.prefetch_related("bodies", "measures").order_by("-number")


def targets_seen_by(actor: Person, at: datetime) -> QuerySet[Target]:
    """Return the units of roll-outs that `actor` may see, the earliest due first."""
    rows = SEE_TARGET.narrow(actor, Target.objects.all(), at=at)
    return rows.select_related("rollout__version__text", "rollout__body", "body__parent", "reason_by").order_by(
        "due_on", "pk"
    )


def pilots_to_review(actor: Person, at: datetime) -> QuerySet[Rollout]:
    """Return the roll-outs whose pilot waits for the actor's review."""
    return REVIEW_PILOT.narrow(actor, Rollout.objects.filter(state=RolloutState.CONCLUDED), at=at)


def bodies_to_draft_for(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies in whose name `actor` may hand something on, by name."""
    return DRAFT_ROLLOUT.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=at).order_by("name", "pk")


def bodies_to_adopt(actor: Person, playbook: Playbook, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies for which `actor` decides and for which the playbook holds something, by name."""
    kinds = {kind.value for mechanism in playbook.mechanisms for kind in mechanism.body_kinds}
    rows = PartyOrg.objects.filter(valid_until=None, kind__in=kinds).select_related("parent")
    return ADOPT_PLAYBOOK.narrow(actor, rows, at=at).order_by("name", "pk")


def bodies_to_roll_out_to(rollout: Rollout, actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the units below the body that hands it on that are not named yet, by name."""
    below = PartyOrg.links().filter(ancestor_id=rollout.body_id, valid_until=None).order_by().values("descendant_id")
    rows = bodies_to_adopt(actor, rollout.version.playbook, at).filter(pk__in=below)
    return rows.exclude(pk__in=rollout.targets.order_by().values("body_id"))


def targets_waiting(actor: Person, at: datetime) -> QuerySet[Target]:
    """Return the units for which the actor answers and which have not taken up a running roll-out, the earliest due first."""
    rows = Target.objects.filter(rollout__state=RolloutState.ROLLED_OUT)
    same = Adoption.objects.filter(
        body=OuterRef("body"), valid_until=None, version__playbook_id=OuterRef("rollout__version__playbook_id")
    )
    rows = ANSWER_TARGET.narrow(actor, rows.filter(~Exists(same)), at=at)
    return rows.select_related("rollout__version", "body").order_by("due_on", "pk")
