"""The risk register as an actor may see it, and what permits read: the risks of areas on a day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery

from ronghe.domain.org.enums import MembershipKind
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person, PostHolding
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.selectors.adoptions import keys_of
from ronghe.domain.risks.calc.grading import next_review
from ronghe.domain.risks.enums import RiskGrade
from ronghe.domain.risks.models import Risk, RiskArea, RiskVersion
from ronghe.domain.risks.rules import KEEP_AREA, OPEN_AREA, REVIEW_RISK, SEE_AREA, SEE_RISK
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import descendants, on_day
from ronghe.kernel.inbox import Act, Inbox, Says, Topic, Weight, declare_inbox
from ronghe.kernel.words import N_

JOINED = ("area__body", "area__unit", "area__zone", "owner")
WORST_FIRST = ("-grade",)


def areas_seen_by(actor: Person, at: datetime) -> QuerySet[RiskArea]:
    """Return the areas in use that `actor` may see, by name."""
    rows = SEE_AREA.narrow(actor, RiskArea.objects.filter(closed_at=None), at=at)
    return rows.select_related("body", "unit", "zone").order_by("name", "pk")


def areas_counted(actor: Person, at: datetime, words: str = "") -> QuerySet[Any]:
    """Return the areas that `actor` may see with `count` of standing risks, the `worst` grade and how many are `raised`."""
    rows = areas_seen_by(actor, at)
    if words:
        rows = rows.filter(Q(name__contains=words) | Q(bounds__contains=words) | Q(body__name__contains=words))
    standing = Q(risks__closed_at=None)
    return rows.annotate(
        count=Count("risks", filter=standing), worst=Max("risks__grade", filter=standing),
        raised=Count("risks", filter=standing & Q(risks__raised_at__isnull=False)),
    )  # fmt: skip


def areas_to_keep(actor: Person, at: datetime) -> QuerySet[RiskArea]:
    """Return the areas in which `actor` enters risks, by name."""
    rows = KEEP_AREA.narrow(actor, RiskArea.objects.filter(closed_at=None), at=at)
    return rows.select_related("body", "unit", "zone").order_by("name", "pk")


def bodies_to_open_for(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies for which `actor` may mark out an area, by name."""
    return OPEN_AREA.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=at).order_by("name", "pk")


def risks_seen_by(actor: Person, at: datetime) -> QuerySet[Risk]:
    """Return the risks that `actor` may see, closed ones too, the worst first: to be cut to one or a few."""
    rows = SEE_RISK.narrow(actor, Risk.objects.all(), at=at, walk=True)
    return rows.select_related(*JOINED, "raised_by", "entered_by", "closed_by").order_by("-grade", "pk")


def risks_filtered(
    actor: Person, at: datetime, *, words: str = "", area: int | None = None, grade: RiskGrade | None = None,
    zone: int | None = None, mine: bool = False, raised: bool = False, due: bool = False, closed: bool = False,
) -> QuerySet[Risk]:  # fmt: skip
    """Return risks by these filters, whoever may see them; those that stand unless `closed`."""
    rows: Any = Risk.objects.select_related(*JOINED).filter(closed_at__isnull=not closed)
    if words:
        rows = rows.matching(words)
    if area is not None:
        rows = rows.filter(area=area)
    if zone is not None:
        rows = rows.filter(area__zone=zone)
    if grade is not None:
        rows = rows.filter(grade=grade)
    if mine:
        rows = rows.filter(owner=actor)
    if raised:
        rows = rows.filter(raised_at__isnull=False)
    return rows.due(local_day(at)) if due else rows  # type: ignore[no-any-return]


def list_risks(
    actor: Person, at: datetime, rows: QuerySet[Risk], *, order_by: Sequence[Any] = WORST_FIRST, page: int = 1,
    size: int = 20,
) -> Listed[Risk]:  # fmt: skip
    """Return one page of `rows` as far as `actor` may see them; two statements."""
    return list_seen(SEE_RISK, actor, rows, order_by=order_by, at=at, page=page, size=size)


def risks_at(area_ids: Collection[int], on: date) -> list[RiskVersion]:
    """Return how the risks of these areas stood on `on`, the worst first, whoever asks: what a permit is written on.

    One statement. A risk that was closed by the end of `on` is not among them.
    """
    latest = RiskVersion.objects.filter(risk=OuterRef("pk"), valid_from__lte=on).order_by("-number")
    standing = Risk.objects.filter(Q(closed_at=None) | Q(closed_at__date__gt=on), area__in=list(area_ids))
    found = standing.annotate(at_day=Subquery(latest.values("pk")[:1])).filter(at_day__isnull=False).order_by()
    rows = RiskVersion.objects.filter(pk__in=found.values("at_day"))
    return list(rows.select_related("risk__area", "owner").order_by("-grade", "risk_id"))


def versions_of(risk: Risk) -> list[RiskVersion]:
    """Return the versions of a risk, the latest first."""
    return list(risk.versions.select_related("owner", "by").order_by("-number"))


def risks_to_review(actor: Person, at: datetime) -> QuerySet[Risk]:
    """Return the risks that wait for `actor` to look at them again: raised, or due."""
    rows: Any = Risk.objects.all()
    due = REVIEW_RISK.narrow(actor, rows.due(local_day(at)), at=at)
    return due.select_related("area").order_by("review_on", "pk")


def own_raised(actor: Person, at: datetime) -> QuerySet[Risk]:  # noqa: ARG001 - as every inbox
    """Return the risks of which `actor` has to know that they were raised: who answers for their measures."""
    return Risk.objects.filter(owner=actor, closed_at=None, raised_at__isnull=False).order_by("raised_at", "pk")


def people_for(area: RiskArea, at: datetime) -> QuerySet[Person]:
    """Return who may answer for a risk of the area, by name: of its body and below, its zone, its unit, or with a post there."""
    return people_of_areas([area], at)


def people_of_areas(areas: Collection[RiskArea], at: datetime) -> QuerySet[Person]:
    """Return everybody who may answer for a risk in one of these areas, by name."""
    day = local_day(at)
    zones = [area.zone.body_id for area in areas if area.zone is not None and area.zone.body_id is not None]
    units = [area.unit_id for area in areas if area.unit_id is not None]
    below = descendants(PartyOrg, [*(area.body_id for area in areas), *zones], day=day)
    kinds = (MembershipKind.HOME, MembershipKind.PARTICIPATION)
    inside = Membership.objects.filter(on_day(day), kind__in=kinds, body_id__in=below).order_by()
    who = Q(pk__in=inside.values("person_id"))
    who |= Q(pk__in=PostHolding.objects.held_on(day).filter(body_id__in=below).order_by().values("person_id"))
    who |= Q(unit__in=descendants(AdminUnit, units, day=day))
    return Person.objects.filter(who, valid_until=None).select_related("unit").order_by("name", "pk")


def review_day(area: RiskArea, grade: RiskGrade, day: date) -> date:
    """Return when a risk that was looked at on `day` is due again, by the parameters of the area's body."""
    names = {f"risk_review_days_{one.code}": one.code for one in RiskGrade}
    days = keys_of(list(names), area.body_id, day)
    return next_review(day, grade.code, {code: days[name] for name, code in names.items()})


TO_REVIEW = declare_inbox(
    Inbox("risks_to_review", N_("风险等您复评"), "risks", risks_to_review, Topic.DECIDING,
          Says(what="title", where="area__name", due_on="review_on", since="valid_from"), page="risk_detail",
          weight=Weight.HEAVY)
)  # fmt: skip
RAISED = declare_inbox(
    Inbox("risks_raised", N_("您负责的风险已升级，请核对控制措施"), "risks", own_raised, Topic.KNOWING,
          Says(what="title", where="area__name", since="raised_at"), page="risk_detail",
          acts=(Act(N_("查看")),))
)  # fmt: skip
