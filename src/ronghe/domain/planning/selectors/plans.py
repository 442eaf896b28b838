"""四同检查: plans as an actor may see them, whom they may name, and what waits for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from ronghe.domain.org.enums import PARTY_KINDS, PostRole
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person, PostHolding
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.planning.calc.contents import ItemText
from ronghe.domain.planning.enums import PlanState, RoundState, Side
from ronghe.domain.planning.models import CheckRound, Plan, PlanConfirmation, PlanItem
from ronghe.domain.planning.rules import (
    CHECK_PLAN,
    CONFIRM_FOR_PARTY,
    CONFIRM_FOR_PRODUCTION,
    DRAW_PLAN,
    SEE_PLAN,
)
from ronghe.domain.planning.selectors.sides import PRODUCTION_POSTS
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.calendar.periods import DaySpan, Period, PeriodKind, period_around, periods_in
from ronghe.kernel.db.tree import descendants, on_day
from ronghe.kernel.words import N_, _

OPEN_DAYS = 20
"""The last days of a quarter in which its check is asked for; after the quarter it is owed at once. A default."""


def plans_seen_by(actor: Person, at: datetime) -> QuerySet[Plan]:
    """Return the plans that `actor` may see: to be cut to one or a few."""
    rows = SEE_PLAN.narrow(actor, Plan.objects.all(), at=at, walk=True)
    return rows.select_related("body__unit", "production_head", "drawn_from").order_by("-from_on", "-pk")


def list_plans(actor: Person, at: datetime, *, filters: Q | None = None, page: int = 1, size: int = 20) -> Listed[Plan]:
    """Return one page of the plans that `actor` may see, the latest first."""
    rows = Plan.objects.filter(filters or Q()).select_related("body", "production_head")
    return list_seen(SEE_PLAN, actor, rows, order_by=("-from_on",), at=at, page=page, size=size)


def items_seen_by(actor: Person, at: datetime) -> QuerySet[PlanItem]:
    """Return the items of the plans that `actor` may see: to be cut to one or a few."""
    seen = SEE_PLAN.narrow(actor, Plan.objects.filter(pk=OuterRef("plan_id")), at=at, walk=True)
    rows = PlanItem.objects.filter(Exists(seen))
    return rows.select_related("plan__body", "plan__production_head", "production_owner", "party_owner")


def bodies_to_plan_for(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the Party bodies for which `actor` may draw up a plan, by name."""
    rows = PartyOrg.objects.filter(on_day(local_day(at)), kind__in=PARTY_KINDS)
    return DRAW_PLAN.narrow(actor, rows, at=at).order_by("name", "pk")


def people_for(body: PartyOrg, day: date) -> QuerySet[Person]:
    """Return who may answer for items or head the production side: who belongs to the body or below it, or works there."""
    below = descendants(PartyOrg, [body.pk], day=day)
    units = PartyOrg.objects.filter(pk__in=below, unit__isnull=False).order_by().values("unit_id")
    under = descendants(AdminUnit, units, day=day)
    found = Q(memberships__body_id__in=below) | Q(posts__body_id__in=below) | Q(unit_id__in=under)
    rows = Person.objects.filter(found).filter(on_day(day)).order_by()
    return Person.objects.filter(pk__in=rows.values("pk")).select_related("unit").order_by("name", "pk")


def head_proposed(body: PartyOrg, day: date) -> Person | None:
    """Return who may well confirm for the production side: whoever held a production post there first, managers before others."""
    posts = PostHolding.objects.held_on(day).filter(role__in=PRODUCTION_POSTS)
    place = Q(body=body) | (Q(unit=body.unit_id) if body.unit_id is not None else Q())
    order = [PostRole.PROJECT_MANAGER, PostRole.ZONE_LEAD, PostRole.TEAM_LEADER, PostRole.HSE_OFFICER]
    found = sorted(
        posts.filter(place).select_related("person"), key=lambda post: (order.index(PostRole(post.role)), post.pk)
    )
    return found[0].person if found else None


def text_of(item: PlanItem) -> ItemText:
    """Return what is written of an item."""
    return ItemText(
        item.title, item.kind, item.production_owner_id, item.party_owner_id, item.due_on, item.goal, item.figure,
        item.unit, item.weight,
    )  # fmt: skip


def earlier_plans(body: PartyOrg) -> QuerySet[Plan]:
    """Return the body's plans from which a new one may be drawn, the latest first."""
    return Plan.objects.filter(body=body).exclude(state=PlanState.DRAFT).order_by("-from_on", "-pk")


def quarters_of(plan: Plan) -> list[Period]:
    """Return the quarters of a plan in their order."""
    return periods_in(DaySpan(plan.from_on, plan.until_on), PeriodKind.QUARTER)


def quarter_shown(plan: Plan, asked: str, day: date) -> Period:
    """Return the quarter asked for where it is the plan's, else that of `day`, else the nearest one."""
    own = quarters_of(plan)
    named = next((quarter for quarter in own if quarter.label == asked), None)
    if named is not None:
        return named
    around = period_around(day, PeriodKind.QUARTER)
    return next((one for one in own if one.label == around.label), own[0] if day < plan.from_on else own[-1])


_HALVES = (N_("%(year)s 年上半年"), N_("%(year)s 年下半年"))
_QUARTERS = (
    N_("%(year)s 年一季度"), N_("%(year)s 年二季度"), N_("%(year)s 年三季度"), N_("%(year)s 年四季度"),
)  # fmt: skip


def period_words(label: str) -> str:
    """Return a period as people say it: 2026Q3 is 2026 年三季度."""
    year, rest = label[:4], label[4:]
    if rest[:1] == "H":
        return _(_HALVES[int(rest[1]) - 1]) % {"year": year}
    if rest[:1] == "Q":
        return _(_QUARTERS[int(rest[1]) - 1]) % {"year": year}
    return _("%(year)s 年") % {"year": year}


def periods_offered(day: date) -> list[str]:
    """Return for which periods a plan may well be drawn up on `day`: the running ones and the next of each length."""
    found = []
    for kind in (PeriodKind.QUARTER, PeriodKind.HALF, PeriodKind.YEAR):
        now = period_around(day, kind)
        found += [now.label, now.next().label]
    return found


def period_after(plan: Plan) -> str:
    """Return the label of the period that follows a plan's."""
    return period_around(plan.until_on, PeriodKind(plan.kind)).label


@dataclass(frozen=True, slots=True)
class Agreement:
    """What each head said of the items as they stand; `None` where nothing yet."""

    party: PlanConfirmation | None
    production: PlanConfirmation | None

    @property
    def is_whole(self) -> bool:
        return self.party is not None and self.production is not None


def agreement_of(plan: Plan) -> Agreement:
    """Return who confirmed the items as they stand now."""
    rows = PlanConfirmation.objects.filter(plan=plan, digest=plan.digest).select_related("person")
    given = {row.side: row for row in rows}
    return Agreement(given.get(Side.PARTY), given.get(Side.PRODUCTION))


def plans_to_confirm(actor: Person, at: datetime) -> QuerySet[Plan]:
    """Return the plans, and changes of plans, that wait for `actor` to confirm them for a side."""
    rows = Plan.objects.filter(state__in=[PlanState.OFFERED, PlanState.AGREED])

    def waiting(side: Side) -> Any:
        given = PlanConfirmation.objects.filter(plan=OuterRef("pk"), digest=OuterRef("digest"))
        return rows.filter(~Exists(given.filter(side=side)), ~Exists(given.filter(person=actor))).order_by()

    ours = CONFIRM_FOR_PARTY.narrow(actor, waiting(Side.PARTY), at=at)
    theirs = CONFIRM_FOR_PRODUCTION.narrow(actor, waiting(Side.PRODUCTION), at=at)
    return Plan.objects.filter(Q(pk__in=ours.values("pk")) | Q(pk__in=theirs.values("pk")))


def checks_to_make(actor: Person, at: datetime) -> QuerySet[Plan]:
    """Return the plans whose check of a quarter waits for `actor`: begun ones, that of a quarter that ends soon, and of the last one."""
    day = local_day(at)
    now = period_around(day, PeriodKind.QUARTER)
    before = now.previous()
    asked = [before]
    if (now.span.until_on - day).days <= OPEN_DAYS:
        asked.append(now)
    found: Any = Q(Exists(CheckRound.objects.filter(plan=OuterRef("pk"), state=RoundState.OPEN)))
    for quarter in asked:
        closed = CheckRound.objects.filter(plan=OuterRef("pk"), quarter=quarter.label, state=RoundState.CLOSED)
        begun = Q(agreed_at__lt=quarter.span.moments()[1])
        inside = Q(from_on__lt=quarter.span.until_on, until_on__gt=quarter.span.from_on)
        found |= begun & inside & ~Exists(closed)
    own = Plan.objects.filter(found, state=PlanState.AGREED).order_by()
    return CHECK_PLAN.narrow(actor, own, at=at).filter(_of_own_bodies(actor, day))


def _of_own_bodies(actor: Person, day: date) -> Q:
    """Only the body's own officers are reminded; whoever stands above may check and is not asked to."""
    posts = PostHolding.objects.held_on(day).filter(person=actor, body__isnull=False)
    return Q(body_id__in=posts.order_by().values("body_id"))
