"""六项制度, 三化 and the records of a zone: each figure opens to what it was counted from."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from ronghe.domain.appraisal.selectors.zones import last_score_of
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.rhythm.selectors import activities_seen_by
from ronghe.domain.work.models import Task
from ronghe.domain.work.rules import SEE_TASK
from ronghe.domain.zones.selectors.records import archive_of, facts_of, title_of
from ronghe.kernel.calendar.periods import PeriodKind, period_around
from ronghe.kernel.facts.models import Fact
from ronghe.web.paging import asked_page
from ronghe.web.requests import actor_of
from ronghe.web.sources import href_of
from ronghe.web.zones.acting import seen
from ronghe.web.zones.institutions import dimensions_of, institutions_of, month_from

PAGE = 30
SPANS = {"month": PeriodKind.MONTH, "quarter": PeriodKind.QUARTER}


@login_required
def zone_institutions(request: HttpRequest, pk: int) -> HttpResponse:
    zone, now = seen(request, pk), timezone.now()
    day = local_day(now)
    found = institutions_of(zone, now)
    since = month_from(day)
    context = {
        "zone": zone,
        "six": [(one, *one.kept(since, day)) for one in found if one.group == "six_institutions"],
        "rhythm": [(one, *one.kept(since, day)) for one in found if one.group == "project_rhythm"],
        "further": [(one, *one.kept(since, day)) for one in found if one.group not in {"six_institutions", "project_rhythm"}],
    }  # fmt: skip
    return render(request, "zones/zone_institutions.html", context)


@login_required
def zone_integration(request: HttpRequest, pk: int) -> HttpResponse:
    """一体化组织, 标准化管理, 智能化运行: live from what was owed, beside the last published result."""
    zone, now = seen(request, pk), timezone.now()
    day, kind = local_day(now), SPANS.get(request.GET.get("span", ""), PeriodKind.MONTH)
    since = period_around(day, kind).span.from_on
    dimensions = dimensions_of(zone, institutions_of(zone, now), since, day)
    score = last_score_of(zone.body_id, actor_of(request), now) if zone.body_id is not None else None
    context = {
        "zone": zone,
        "dimensions": [(one, [(each, *each.kept(since, day)) for each in one.institutions]) for one in dimensions],
        "score": score,
        "points": score.row.score / 10_000 if score is not None and score.row.score is not None else None,
        "since": since,
        "counts": [row for row in archive_of(zone) if not row.kind.startswith("zones.")][:12],
    }
    return render(request, "zones/zone_integration.html", context)


@login_required
def zone_records(request: HttpRequest, pk: int) -> HttpResponse:
    """What happened in the zone, of one kind (`?kind=`) or all, the latest first."""
    zone = seen(request, pk)
    kind = request.GET.get("kind", "")[:64]
    page = Paginator(facts_of(zone, kind), PAGE).get_page(asked_page(request))
    kinds = archive_of(zone)
    links = _links(list(page.object_list), actor_of(request), timezone.now())
    context = {
        "zone": zone, "page": page, "kinds": [(row.kind, f"{row.title} {row.count}") for row in kinds],
        "rows": [(fact, title_of(fact.kind), links.get(fact.pk, "")) for fact in page.object_list],
        "kind_title": title_of(kind) if kind else "",
    }  # fmt: skip
    return render(request, "zones/zone_records.html", context)


def _links(facts: list[Fact], actor: Person, now: datetime) -> dict[int, str]:
    """Return the page of the meeting or task behind each fact, where the reader may open it; two statements."""
    wanted: dict[str, list[int]] = {"rhythm.activity": [], "work.task": []}
    for fact in facts:
        if fact.source_id is not None and fact.source_type in wanted:
            wanted[fact.source_type].append(fact.source_id)
    tasks = SEE_TASK.narrow(actor, Task.objects.filter(pk__in=wanted["work.task"]), at=now)
    seen_ids = {
        "rhythm.activity": set(
            activities_seen_by(actor, now).filter(pk__in=wanted["rhythm.activity"]).values_list("pk", flat=True)
        ),
        "work.task": set(tasks.values_list("pk", flat=True)),
    }
    return {
        fact.pk: href_of(fact.source_type, fact.source_id)
        for fact in facts
        if fact.source_id in seen_ids.get(fact.source_type or "", set())
    }
