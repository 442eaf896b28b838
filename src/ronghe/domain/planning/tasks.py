"""Every night: what the records of the day show of the four checks is proposed, so that the walk begins with it."""

from __future__ import annotations

from django.utils import timezone

from ronghe.domain.planning.enums import PlanState
from ronghe.domain.planning.models import Plan
from ronghe.domain.planning.services.checking import fill_checks
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.calendar.periods import PeriodKind, period_around
from ronghe.kernel.jobs.jobs import job
from ronghe.kernel.jobs.schedules import every


@job(retries=2)
def propose_checks() -> None:
    now = timezone.now()
    day = day_of(now)
    quarter = period_around(day, PeriodKind.QUARTER)
    for plan in Plan.objects.filter(state=PlanState.AGREED, from_on__lte=day, until_on__gt=day).order_by("pk"):
        fill_checks(plan=plan, quarter=quarter, at=now)


every("35 1 * * *", "propose_checks", propose_checks)
