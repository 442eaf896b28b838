"""From the request to the issue: how long, in which stage, for whom; beside the site's own old baseline (PC-05)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ronghe.domain.permits.calc.clock import Spread, Wait, by_stage, by_whom, saved_share, spread_of
from ronghe.domain.permits.enums import OVER, PermitKind
from ronghe.domain.permits.models import Permit, PermitSite, PermitStep
from ronghe.domain.permits.selectors.sites import baselines_of, profile_of

STAGES = {
    "request": "request", "change": "request", "sign_risk_builder": "analysis", "sign_risk_host": "analysis",
    "submit": "request", "sign_co_signer": "cosign", "coordinator": "cosign", "sign_verifier": "verify",
    "sign_approver": "approve",
}  # fmt: skip
"""The steps before the issue, and in which stage the time before each of them was spent."""


@dataclass(frozen=True, slots=True)
class KindClock:
    """How long permits of one kind took from the request to the issue, and before that at this site."""

    kind: str
    title: str
    spread: Spread | None
    baseline_h: Decimal | None
    baseline_source: str
    saved: Decimal | None
    """Percent that the median is shorter than the baseline."""
    open_now: int


@dataclass(frozen=True, slots=True)
class Clock:
    kinds: list[KindClock]
    stages: dict[str, Spread]
    whom: dict[str, Spread]
    aim_h: Decimal


def clock_of(site: PermitSite, since: datetime, until: datetime) -> Clock:
    """Return the clock of a site over the permits issued from `since` up to, not including, `until`; a constant number of statements."""
    profile = profile_of(site)
    aim, baselines = profile.number("clock.issue_p90_h"), baselines_of(site)
    issued = list(
        Permit.objects.filter(site=site, issued_at__gte=since, issued_at__lt=until).order_by("pk")
        .values_list("pk", "kind", "requested_at", "issued_at")
    )  # fmt: skip
    minutes: dict[str, list[int]] = defaultdict(list)
    for _pk, kind, requested, moment in issued:
        if moment is not None:
            minutes[kind].append(int((moment - requested).total_seconds() // 60))
    waiting: dict[str, int] = defaultdict(int)
    open_rows = Permit.objects.filter(site=site, issued_at=None).exclude(state__in=sorted(OVER))
    for kind in open_rows.order_by("pk").values_list("kind", flat=True):
        waiting[kind] += 1
    steps = PermitStep.objects.filter(permit__in=[row[0] for row in issued], step__in=list(STAGES)).order_by("pk")
    waits = [Wait(STAGES[row.step], row.waited_for, row.minutes) for row in steps]
    kinds = []
    for kind in PermitKind:
        spread, baseline = spread_of(minutes[kind], aim), baselines.get(kind)
        kinds.append(
            KindClock(
                kind.value, str(kind.label), spread, baseline.hours if baseline else None,
                baseline.source if baseline else "",
                saved_share(baseline.hours, spread.median) if baseline and spread else None, waiting[kind],
            )
        )  # fmt: skip
    return Clock(kinds, by_stage(waits), by_whom(waits), aim)
