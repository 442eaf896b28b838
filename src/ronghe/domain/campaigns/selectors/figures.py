"""What bodies did in some days: counted from records in a constant number of statements, never typed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum

from ronghe.domain.campaigns.calc.figures import Changes, Counts, changes_between, span_before
from ronghe.domain.campaigns.calc.stages import is_summary
from ronghe.domain.campaigns.models import Campaign, CampaignStage
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.rhythm.enums import STUDIES, ActivityState, CheckAnswer
from ronghe.domain.rhythm.models import Activity, ActivityCheck, ActivityFigure, Visit, VisitProblem
from ronghe.domain.work.enums import TaskState
from ronghe.domain.work.models import Task
from ronghe.kernel.calendar.periods import DaySpan
from ronghe.kernel.words import N_

TITLES = {
    "duties_done": N_("按期办了"),
    "duties_late": N_("迟办"),
    "duties_missed": N_("漏办"),
    "duties_open": N_("还没到期"),
    "duties_waived": N_("免办"),
    "activities": N_("开展活动"),
    "present": N_("到会人次"),
    "expected": N_("应到人次"),
    "study": N_("其中学习"),
    "visits": N_("走访"),
    "problems": N_("发现问题"),
    "tasks": N_("下达任务"),
    "solved": N_("已解决"),
}
"""What each count is called."""
_DUTIES = {"done": "duties_done", "late": "duties_late", "missed": "duties_missed", "waived": "duties_waived"}


def counts_in(
    body_ids: Collection[int], span: DaySpan, day: date, *, playbook: str | None = None, without: Collection[str] = ()
) -> dict[int, Counts]:
    """Return what each body did in `span`, as it stands on `day`; six statements for any number of bodies.

    Duties are all that count in the span, or those of one playbook but for the mechanisms `without`;
    activities are those that the body itself held.
    """
    found: dict[int, dict[str, int]] = {body: defaultdict(int) for body in body_ids}
    ids = list(found)
    if not ids:
        return {}
    owed: Any = Obligation.objects.filter(body__in=ids, counts_on__gte=span.from_on, counts_on__lt=span.until_on)
    if playbook is not None:
        owed = owed.filter(version__playbook_id=playbook).exclude(mechanism__in=without)
    states = owed.with_state(day).order_by().values_list("body_id", "state").annotate(n=Count("pk"))
    for body, state, count in states:
        found[body][_DUTIES.get(state, "duties_open")] += count
    held = Activity.objects.filter(
        body__in=ids, state=ActivityState.CLOSED, day__gte=span.from_on, day__lt=span.until_on
    ).order_by()  # fmt: skip
    grouped = held.values_list("body_id").annotate(
        n=Count("pk"), present=Sum("present_count"), expected=Sum("expected_count"),
        study=Count("pk", filter=Q(activity_type__in=STUDIES)),
    )  # fmt: skip
    for body, count, present, expected, study in grouped:
        found[body] |= {"activities": count, "present": present or 0, "expected": expected or 0, "study": study}
    visits = Visit.objects.filter(body__in=ids, voided_at=None, day__gte=span.from_on, day__lt=span.until_on).order_by()
    for body, count in visits.values_list("body_id").annotate(n=Count("pk")):
        found[body]["visits"] = count
    checks = ActivityCheck.objects.filter(answer=CheckAnswer.CONCERN, activity__in=held.values("pk")).order_by()
    for body, count in checks.values_list("activity__body_id").annotate(n=Count("pk")):
        found[body]["problems"] += count
    seen = VisitProblem.objects.filter(visit__in=visits.values("pk")).order_by()
    for body, count in seen.values_list("visit__body_id").annotate(n=Count("pk")):
        found[body]["problems"] += count
    begins, ends = span.moments()
    tasks = Task.objects.filter(body__in=ids, opened_at__gte=begins, opened_at__lt=ends).order_by()
    tasks = tasks.exclude(state=TaskState.CANCELLED)
    settled = tasks.values_list("body_id").annotate(n=Count("pk"), ok=Count("pk", filter=Q(state=TaskState.ACCEPTED)))
    for body, count, solved in settled:
        found[body] |= {"tasks": count, "solved": solved}
    return {body: Counts(values) for body, values in found.items()}


def form_figures(campaign: Campaign, span: DaySpan) -> list[dict[str, str]]:
    """Return the figures that the forms of the campaign's mechanisms asked for, as kept with a summary; one statement.

    Of each `title`, `unit` (Chinese), `sum`, and `first` and `last` by day: what is left over is read, not added up.
    """
    rows = ActivityFigure.objects.filter(
        activity__body=campaign.body_id, activity__version__playbook_id=campaign.playbook,
        activity__state=ActivityState.CLOSED, activity__day__gte=span.from_on, activity__day__lt=span.until_on,
    ).annotate(mechanism=F("activity__mechanism"))  # fmt: skip
    values: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    ordered = rows.order_by("activity__day", "activity_id", "pk").values_list("mechanism", "figure_id", "value")
    for held_as, asked, value in ordered:
        values[held_as, asked].append(value)
    lines = []
    for mechanism in campaign.version.playbook.mechanisms:
        for figure in mechanism.figures:
            got = values.get((mechanism.id, figure.id))
            if got:
                lines.append(
                    {"id": figure.id, "mechanism": mechanism.title.zh, "title": figure.title.zh,
                     "unit": figure.unit.zh, "first": plain(got[0]), "last": plain(got[-1]),
                     "sum": plain(sum(got, Decimal(0)))}
                )  # fmt: skip
    return lines


def plain(value: Decimal) -> str:
    """Return a number as text without needless noughts: exact, and the same on both databases."""
    whole = value.to_integral_value()
    return f"{whole:f}" if value == whole else f"{value.normalize():f}"


def figures_now(campaign: Campaign, span: DaySpan, day: date) -> dict[str, Any]:
    """Return what a summary of these days would keep, as it stands on `day`."""
    ids, summaries = [campaign.body_id], summary_mechanisms(campaign)
    counts = counts_in(ids, span, day, playbook=campaign.playbook, without=summaries)[campaign.body_id]
    return counts.as_data() | {"forms": form_figures(campaign, span)}


def summary_mechanisms(campaign: Campaign) -> list[str]:
    """Return the mechanisms that a stage's summary itself meets: no figures of the stage."""
    return [one.id for one in campaign.version.playbook.mechanisms if is_summary(one)]


def days_of_stage(stage: CampaignStage) -> DaySpan:
    """Return the days that a summary counts: from joining on, to the end; `campaign` should be joined."""
    campaign = stage.campaign
    begins = max(stage.from_on, campaign.begun_on)
    return DaySpan(begins, max(min(stage.until_on, campaign.until_on), begins))


def days_of(campaign: Campaign) -> DaySpan:
    """Return the days that the whole campaign counts."""
    begins = max(campaign.starts, campaign.begun_on)
    return DaySpan(begins, max(campaign.until_on, begins))


def changes_of(body_ids: Collection[int], starts: date, ends: date, day: date) -> dict[int, Changes]:
    """Return what changed in each body: the campaign's days so far against as many days before it; twelve statements."""
    until = min(ends, day + timedelta(days=1))
    if until <= starts:
        return {}
    before = counts_in(body_ids, DaySpan(*span_before(starts, until)), day)
    after = counts_in(body_ids, DaySpan(starts, until), day)
    return {body: changes_between(before[body], after[body]) for body in after}
