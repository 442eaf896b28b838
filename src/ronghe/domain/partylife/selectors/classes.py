"""The rota of 党史小课堂 as an actor may see it, and its gaps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.partylife.models import HistoryClass
from ronghe.domain.partylife.rules import LIST_CLASS, SEE_CLASS
from ronghe.domain.partylife.selectors.sites import bodies_going
from ronghe.domain.rhythm.enums import ActivityState
from ronghe.kernel.access.listing import Listed, list_seen

WITH = ("body", "teller", "activity", "material")


def classes_seen_by(actor: Person, at: datetime) -> QuerySet[HistoryClass]:
    rows = SEE_CLASS.narrow(actor, HistoryClass.objects.all(), at=at, walk=True)
    return rows.select_related(*WITH, "body__unit").order_by("planned_on", "pk")


def list_classes(
    actor: Person, at: datetime, *, filters: Q | None = None, page: int = 1, size: int = 20
) -> Listed[HistoryClass]:
    """Return one page of the lines on the rotas that `actor` may see, the latest first; two statements."""
    rows = HistoryClass.objects.filter(filters or Q(), dropped_at=None).select_related(*WITH)
    return list_seen(SEE_CLASS, actor, rows, order_by=("-planned_on", "-pk"), at=at, page=page, size=size)


def classes_to_tell(actor: Person, at: datetime) -> QuerySet[HistoryClass]:
    """Return the lines that `actor` is to tell and that are not over, the next first."""
    rows = HistoryClass.objects.filter(teller=actor, told_on=None, dropped_at=None)
    return rows.filter(planned_on__gte=local_day(at)).select_related(*WITH).order_by("planned_on", "pk")


def bodies_with_rota(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies on whose rota `actor` puts lines, by name."""
    going = bodies_going(actor, at).order_by()
    rows = LIST_CLASS.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=at)
    return rows.filter(pk__in=going.values("pk")).order_by("name", "pk")


@dataclass(frozen=True, slots=True)
class Gaps:
    """What is still to do on a rota: lines that went by untold, lines without a teller, months to come without a line."""

    behind: list[HistoryClass]
    nobody: list[HistoryClass]
    empty_months: list[date]

    def __bool__(self) -> bool:
        return bool(self.behind or self.nobody or self.empty_months)


def gaps_of(body: PartyOrg, day: date) -> Gaps:
    """Return the gaps of a body's rota this year; a month is empty from the present one on. One read."""
    rows = HistoryClass.objects.filter(body=body, dropped_at=None, planned_on__year=day.year).select_related("activity")
    lines = list(rows.order_by("planned_on", "pk"))
    owed = [line for line in lines if line.told_on is None]
    under_way = (ActivityState.OPEN, ActivityState.CLOSED)
    held = {line.planned_on.month for line in lines}
    return Gaps(
        [line for line in owed
         if line.planned_on < day and not (line.activity is not None and line.activity.state in under_way)],
        [line for line in owed if line.teller_id is None and line.planned_on >= day],
        [date(day.year, month, 1) for month in range(day.month, 13) if month not in held],
    )  # fmt: skip
