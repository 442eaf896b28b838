"""From the request to the issue: how long, in which stage, for whom; beside the site's own old baseline (PC-05)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ronghe.domain.permits.calc.clock import Spread, Wait, by_stage, by_whom, counted, saved_share, spread_of
from ronghe.domain.permits.enums import OVER, PermitKind
from ronghe.domain.permits.models import ClockBaseline, Permit, PermitSite, PermitStep
from ronghe.domain.permits.selectors.sites import baselines_at, profiles_of

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


@dataclass(frozen=True, slots=True)
class Bars:
    """How many permits of a kind took how long: one count for each of `calc.clock.EDGES_H` and one for what took longer."""

    kind: str
    title: str
    spread: Spread | None
    counts: list[int]


@dataclass(frozen=True, slots=True)
class Clocks:
    """Several sites beside each other, and all of them together as a distribution."""

    by_site: dict[int, Clock]
    whole: list[Bars]


def clock_of(site: PermitSite, since: datetime, until: datetime) -> Clock:
    """Return the clock of a site over the permits issued from `since` up to, not including, `until`; five statements."""
    return clocks_of([site], since, until).by_site[site.pk]


def clocks_of(sites: Sequence[PermitSite], since: datetime, until: datetime) -> Clocks:
    """Return the clock of each of these sites and of all together; five statements for any number."""
    keys = [site.pk for site in sites]
    profiles, baselines = profiles_of(sites), baselines_at(keys)
    minutes: dict[tuple[int, str], list[int]] = defaultdict(list)
    at_site: dict[int, int] = {}
    issued = Permit.objects.filter(site__in=keys, issued_at__gte=since, issued_at__lt=until).order_by("pk")
    for pk, site, kind, requested, moment in issued.values_list("pk", "site_id", "kind", "requested_at", "issued_at"):
        at_site[pk] = site
        minutes[site, kind].append(int(((moment or requested) - requested).total_seconds() // 60))
    waiting: dict[tuple[int, str], int] = defaultdict(int)
    open_rows = Permit.objects.filter(site__in=keys, issued_at=None).exclude(state__in=sorted(OVER))
    for site, kind in open_rows.order_by("pk").values_list("site_id", "kind"):
        waiting[site, kind] += 1
    waits: dict[int, list[Wait]] = defaultdict(list)
    steps = PermitStep.objects.filter(permit__in=issued.order_by().values("pk"), step__in=list(STAGES)).order_by("pk")
    for pk, step, whom, spent in steps.values_list("permit_id", "step", "waited_for", "minutes"):
        waits[at_site[pk]].append(Wait(STAGES[step], whom, spent))
    by_site = {}
    for key in keys:
        aim = profiles[key].number("clock.issue_p90_h")
        kinds = [
            _of_kind(kind, minutes[key, kind], baselines.get((key, kind)), waiting[key, kind], aim)
            for kind in PermitKind
        ]
        by_site[key] = Clock(kinds, by_stage(waits[key]), by_whom(waits[key]), aim)
    whole = []
    for kind in PermitKind:
        together = [one for key in keys for one in minutes[key, kind]]
        whole.append(Bars(kind.value, str(kind.label), spread_of(together), counted(together)))
    return Clocks(by_site, whole)


def _of_kind(
    kind: PermitKind, minutes: Sequence[int], baseline: ClockBaseline | None, open_now: int, aim: Decimal
) -> KindClock:
    spread = spread_of(minutes, aim)
    return KindClock(
        kind.value, str(kind.label), spread, baseline.hours if baseline else None, baseline.source if baseline else "",
        saved_share(baseline.hours, spread.median) if baseline and spread else None, open_now,
    )  # fmt: skip
