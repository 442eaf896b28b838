"""评估与解散: what came of a zone, what its sides say, what its end takes with it, and what stays in the archive."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.appraisal.models import Result, Run
from ronghe.domain.appraisal.selectors.zones import final_score_of
from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.selectors.zone_endings import left_open
from ronghe.domain.zones.enums import ZONE_FLOW, ZoneState
from ronghe.domain.zones.models import CollaborationZone, ParticipatingUnit, ZoneDissolution, ZoneEvaluation
from ronghe.domain.zones.rules import FOUND_ZONE, RUN_ZONE, SPEAK_FOR_SIDE
from ronghe.domain.zones.selectors.endings import what_ends
from ronghe.domain.zones.selectors.records import archive_of, in_words
from ronghe.domain.zones.services.dissolving import dissolve_zone
from ronghe.domain.zones.services.evaluating import comment_evaluation, evaluate_zone
from ronghe.web.requests import actor_of
from ronghe.web.zones.acting import do, linked, seen
from ronghe.web.zones.forms import CommentForm, DissolveForm, EvaluateForm

HERE = "web:zone_evaluation"


@login_required
def zone_evaluation(request: HttpRequest, pk: int) -> HttpResponse:
    zone = seen(request, pk)
    if request.method != "POST":
        return _evaluation(request, zone)
    form = EvaluateForm(request.POST)
    score = _final_score(zone)

    def act(actor: Person, at: datetime) -> None:
        quoted: dict[str, Any] = {}
        if score is not None:
            run, result = score
            quoted = {
                "score": result.score, "grade": result.grade or "", "score_source": f"#{run.pk} {run.period}",
            }  # fmt: skip
        evaluate_zone(zone=zone, actor=actor, at=at, **form.cleaned_data, **quoted)

    return do(request, form, act, lambda failed: _evaluation(request, zone, failed), said=_("已评估，请各方写意见。"),
              to=HERE, pk=pk)  # fmt: skip


@login_required
@require_POST
def zone_comment(request: HttpRequest, pk: int, party: int) -> HttpResponse:
    zone, form = seen(request, pk), CommentForm(request.POST)
    rows = ParticipatingUnit.objects.select_related("zone", "unit", "contact")
    found = get_object_or_404(rows, pk=party, zone=zone)

    def act(actor: Person, at: datetime) -> None:
        comment_evaluation(party=found, text=form.cleaned_data["text"], actor=actor, at=at)

    return do(request, form, act, lambda failed: _evaluation(request, zone, comment=(party, failed)),
              said=_("意见已记下。"), to=HERE, pk=pk)  # fmt: skip


@login_required
def zone_dissolve(request: HttpRequest, pk: int) -> HttpResponse:
    """What the end brings, counted, before it is done; there is no way back."""
    zone = seen(request, pk)
    FOUND_ZONE.require(actor_of(request), zone, at=timezone.now())
    if not ZONE_FLOW.allows(zone, "dissolve"):
        return redirect(HERE if zone.state == ZoneState.RUNNING else "web:zone_detail", pk)
    form = DissolveForm(request.POST or None)

    def act(actor: Person, at: datetime) -> None:
        dissolve_zone(zone=zone, actor=actor, at=at, **form.cleaned_data)

    if request.method != "POST":
        return _preview(request, zone, form)
    return do(request, form, act, lambda failed: _preview(request, zone, failed), said=_("协作区已解散，记录都在存档里。"),
              to="web:zone_archive", pk=pk)  # fmt: skip


@login_required
def zone_archive(request: HttpRequest, pk: int) -> HttpResponse:
    zone = seen(request, pk)
    dissolution = ZoneDissolution.objects.filter(zone=zone).select_related("dissolved_by").first()
    kept = {row["kind"]: row["count"] for row in dissolution.archive} if dissolution is not None else None
    context: dict[str, Any] = {
        "zone": zone, "dissolution": dissolution, "kept": in_words(kept) if kept is not None else archive_of(zone),
        "evaluation": ZoneEvaluation.objects.filter(zone=zone).first(),
        "units": list(
            zone.participating_units.select_related("unit").order_by("unit__name", "role", "pk")
        ),
        "project_rows": list(zone.zone_projects.select_related("project").order_by("project__name", "pk")),
    }  # fmt: skip
    context |= linked(request, [], [zone.agreement_id])
    return render(request, "zones/zone_archive.html", context)


def _evaluation(
    request: HttpRequest, zone: CollaborationZone, failed: Any = None, comment: tuple[int, Any] | None = None
) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    evaluation = ZoneEvaluation.objects.filter(zone=zone).select_related("evaluated_by").first()
    comments = {}
    if evaluation is not None:
        comments = {row.unit_id: row for row in evaluation.comments.select_related("made_by", "unit")}
    parties: dict[int, ParticipatingUnit] = {}
    for party in zone.participating_units.select_related("unit", "contact", "zone").order_by("unit__name", "pk"):
        parties.setdefault(party.unit_id, party)
    is_open = zone.state == ZoneState.EVALUATED
    speakers = [
        (
            party, comments.get(unit),
            is_open and unit not in comments and SPEAK_FOR_SIDE.allows(actor, party, at=now),
            comment[1] if comment is not None and comment[0] == party.pk else CommentForm(),
        )
        for unit, party in parties.items()
    ]  # fmt: skip
    may = RUN_ZONE.allows(actor, zone, at=now) and ZONE_FLOW.allows(zone, "evaluate")
    context = {
        "zone": zone, "evaluation": evaluation, "speakers": speakers, "may_evaluate": may,
        "form": failed or EvaluateForm(), "score": _final_score(zone) if may else None,
        "spoken": len(comments), "points": evaluation.score / 10_000 if evaluation and evaluation.score else None,
        "may_dissolve": FOUND_ZONE.allows(actor, zone, at=now) and ZONE_FLOW.allows(zone, "dissolve"),
    }  # fmt: skip
    wrong = failed is not None or comment is not None
    return render(request, "zones/zone_evaluation.html", context, status=422 if wrong else 200)


def _preview(request: HttpRequest, zone: CollaborationZone, form: DissolveForm) -> HttpResponse:
    going = what_ends(zone)
    context = {
        "zone": zone, "form": form, "going": going, "left": left_open(zone), "kept": archive_of(zone),
        "is_blocked": bool(going.unsettled or going.in_the_way),
    }  # fmt: skip
    return render(request, "zones/zone_dissolve.html", context, status=422 if form.errors else 200)


def _final_score(zone: CollaborationZone) -> tuple[Run, Result] | None:
    return final_score_of(zone.body_id) if zone.body_id is not None else None
