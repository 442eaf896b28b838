"""Huddles and meetings: open, sign in, keep the record, close."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.org.models import Person
from ronghe.domain.org.selectors.people import bodies_seen_by
from ronghe.domain.rhythm.documents import record_document, summary_document
from ronghe.domain.rhythm.enums import HUDDLES, SAFETY_CHECKS, ActivityState, ActivityType, AttendanceWay
from ronghe.domain.rhythm.models import Activity, ActivityChange, ActivityPhoto, Attendance
from ronghe.domain.rhythm.rules import RUN_ACTIVITY
from ronghe.domain.rhythm.selectors import (
    activities_seen_by,
    expected_people,
    record_of,
    sign_in_sheet,
)
from ronghe.domain.rhythm.services.activities import open_activity, open_check, open_huddle
from ronghe.domain.rhythm.services.agenda import add_agenda_item, add_photo
from ronghe.domain.rhythm.services.closing import PiecesMissing, close_activity, correct_record
from ronghe.domain.rhythm.services.codes import activity_of_code, sign_in_code
from ronghe.domain.rhythm.services.sign_in import (
    note_leave,
    sign_in_with_card,
    sign_in_with_code,
    tick_present,
    withdraw_tick,
)
from ronghe.domain.work.services.files import Upload
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import listed
from ronghe.ui import toasts
from ronghe.web.files import paper_answer
from ronghe.web.paging import number_of
from ronghe.web.requests import actor_of
from ronghe.web.rhythm.forms import CorrectionForm, LeaveForm, SummaryForm, TopicForm
from ronghe.web.rhythm.presenting import activity_context, duties_met_by
from ronghe.web.rhythm.record_forms import CloseForm
from ronghe.web.rhythm.scanning import page_of_code


@login_required
@require_POST
def huddle_open(request: HttpRequest) -> HttpResponse:
    """Open today's huddle or safety check of a body; if somebody was first, go to that one."""
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_seen_by(actor, now), pk=number_of(request.POST.get("body")))
    kind = request.POST.get("type", "")
    if kind not in HUDDLES | SAFETY_CHECKS:
        kind = ActivityType.MORNING_HUDDLE
    begin = open_check if kind in SAFETY_CHECKS else open_huddle
    try:
        activity = begin(body=body, activity_type=ActivityType(kind), actor=actor, at=now)
    except DomainError as error:
        toasts.refused(request, str(error))
        rows = Activity.objects.filter(body=body, activity_type=kind, day=timezone.localdate(now))
        going_on = rows.filter(state=ActivityState.OPEN).order_by("-pk").first()
        found = going_on or rows.order_by("-pk").first()
        return redirect("web:activity_detail", found.pk) if found else redirect("web:today")
    return redirect("web:activity_detail", activity.pk)


@login_required
def activity_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole page; while it is open, the sign-in sheet fetches itself again."""
    answer = _page(request, activity_context(request, _seen(request, pk)), fragment="sheet")
    answer["Vary"] = "HX-Request"
    return answer


@login_required
@require_POST
def activity_open(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, lambda activity, actor: open_activity(activity=activity, actor=actor, at=timezone.now()))


@login_required
def activity_code(request: HttpRequest, pk: int) -> HttpResponse:
    """The code of this half minute, fetched again while it is on the screen."""
    activity, now = _seen(request, pk), timezone.now()
    RUN_ACTIVITY.require(actor_of(request), activity, at=now)
    code = sign_in_code(activity, at=now)
    address = request.build_absolute_uri(reverse("web:sign_in", args=[code]))
    sheet = sign_in_sheet(activity)
    template = "rhythm/activity_code.html#code" if request.htmx else "rhythm/activity_code.html"  # type: ignore[attr-defined]
    answer = render(request, template, {"activity": activity, "address": address, "code": code, "tally": sheet.tally})
    answer["Cache-Control"] = "no-store"
    return answer


@login_required
def sign_in(request: HttpRequest, code: str) -> HttpResponse:
    """Own phone: one page, one button."""
    actor, now = actor_of(request), timezone.now()
    if request.method != "POST":
        activity = activity_of_code(code, at=now)
        return render(request, "rhythm/sign_in.html", {"activity": activity, "code": code})
    attendance = sign_in_with_code(code=code, actor=actor, at=now)
    return render(request, "rhythm/signed_in.html", {"attendance": attendance})


@login_required
def scan(request: HttpRequest) -> HttpResponse:
    """The camera of the bottom bar: every code of the platform leads to its page; what is none is said to be none."""
    if request.method != "POST" or not request.POST.get("code", "").strip(" /"):
        return render(request, "rhythm/scan.html", {})
    try:
        return redirect(page_of_code(request.POST["code"], actor_of(request), timezone.now()))
    except DomainError as error:
        return render(request, "rhythm/scan.html", {"refusal": str(error)}, status=422)


@login_required
def activity_card(request: HttpRequest, pk: int) -> HttpResponse:
    """The lead's camera: somebody's member card."""
    activity = _seen(request, pk)
    if request.method != "POST":
        return render(request, "rhythm/scan_card.html", {"activity": activity})

    def act(activity: Activity, actor: Person) -> None:
        card = request.POST.get("code", "")
        attendance = sign_in_with_card(activity=activity, card=card, actor=actor, at=timezone.now())
        toasts.done(request, _("%(name)s已签到。") % {"name": attendance.person.name})

    return _act(request, pk, act)


@login_required
@require_POST
def activity_tick(request: HttpRequest, pk: int) -> HttpResponse:
    def act(activity: Activity, actor: Person) -> None:
        person = get_object_or_404(expected_people(activity), pk=number_of(request.POST.get("person")))
        attendance = tick_present(activity=activity, person=person, actor=actor, at=timezone.now())
        if attendance.way != AttendanceWay.TICKED:  # the runner signed in for the own person, which no one takes back
            toasts.done(request, _("%(name)s已签到。") % {"name": person.name})
            return
        undo = reverse("web:activity_untick", args=[pk, attendance.pk])
        toasts.done(request, _("%(name)s记为到会，由您代记。") % {"name": person.name}, undo=undo)

    return _act(request, pk, act, fragment="sheet")


@login_required
@require_POST
def activity_untick(request: HttpRequest, pk: int, attendance_pk: int) -> HttpResponse:
    def act(activity: Activity, actor: Person) -> None:
        attendance = get_object_or_404(Attendance.objects.select_related("person"), pk=attendance_pk, activity=activity)
        withdraw_tick(attendance=attendance, actor=actor, at=timezone.now())

    return _act(request, pk, act, fragment="sheet")


@login_required
@require_POST
def activity_leave(request: HttpRequest, pk: int) -> HttpResponse:
    activity, actor = _seen(request, pk), actor_of(request)
    form = LeaveForm(request.POST, people=expected_people(activity))
    if form.is_valid():
        try:
            note_leave(activity=activity, actor=actor, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("%(name)s已记请假。") % {"name": form.cleaned_data["person"].name})
            return _back(request, pk, fragment="sheet")
    context = activity_context(request, activity, leave_form=form)
    return _page(request, context, fragment="sheet", status=422)


@login_required
@require_POST
def topic_add(request: HttpRequest, pk: int) -> HttpResponse:
    activity, actor, now = _seen(request, pk), actor_of(request), timezone.now()
    form = TopicForm(request.POST, people=expected_people(activity), now=now)
    if form.is_valid():
        try:
            add_agenda_item(activity=activity, actor=actor, at=now, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return _back(request, pk, fragment="agenda")
    context = activity_context(request, activity, topic_form=form)
    return _page(request, context, fragment="agenda", status=422)


@login_required
@require_POST
def activity_photo(request: HttpRequest, pk: int) -> HttpResponse:
    def act(activity: Activity, actor: Person) -> None:
        for file in request.FILES.getlist("photo"):
            add_photo(activity=activity, upload=Upload(file.name or "", file), actor=actor, at=timezone.now())

    return _act(request, pk, act)


@login_required
@require_POST
def activity_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close; what the mechanism requires and is not there is named first, and closed without only with a reason."""
    activity, actor, form = _seen(request, pk), actor_of(request), CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, activity_context(request, activity, close_form=form), fragment="close", status=422)
    try:
        closing = close_activity(
            activity=activity, actor=actor, at=timezone.now(), without=form.cleaned_data["without"]
        )
    except PiecesMissing as error:
        form.add_error("without", str(error))
        context = activity_context(request, _seen(request, pk), close_form=form)
        return render(request, "rhythm/activity_detail.html", context, status=422)
    except DomainError as error:
        toasts.refused(request, str(error))
        return _back(request, pk)
    met = duties_met_by(closing.activity)
    said = _("%(title)s已结束，%(present)s 人到场。") % {
        "title": activity.get_activity_type_display(),
        "present": closing.tally.present,
    }
    if met:
        said += _("同时计入：%(duties)s。") % {"duties": listed(duty.title for duty in met)}
    toasts.done(request, said)
    return redirect("web:activity_detail", pk)


@login_required
@require_POST
def activity_correct(request: HttpRequest, pk: int) -> HttpResponse:
    activity, actor = _seen(request, pk), actor_of(request)
    form = CorrectionForm(request.POST)
    if form.is_valid():
        try:
            correct_record(activity=activity, text=form.cleaned_data["text"], actor=actor, at=timezone.now())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("web:activity_detail", pk)
    context = activity_context(request, activity, correction_form=form)
    return render(request, "rhythm/activity_detail.html", context, status=422)


@login_required
def activity_record(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The record as an official document, to keep or to sign."""
    activity = _seen(request, pk)
    document = record_document(record_of(activity))
    name = f"{activity.day:%Y%m%d}{activity.get_activity_type_display()}"
    return paper_answer(request, document, form, source=activity, name=name)


@login_required
def activity_summary(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The red-headed 纪要 of a joint meeting; its number and day come with the address, nothing is written."""
    activity = _seen(request, pk)
    asked = SummaryForm(request.GET)
    if not asked.is_valid():
        context = activity_context(request, activity, summary_form=asked)
        return render(request, "rhythm/activity_detail.html", context, status=422)
    document = summary_document(record_of(activity), **asked.cleaned_data)
    name = f"{activity.day:%Y%m%d}{activity.get_activity_type_display()}纪要"
    return paper_answer(request, document, form, source=activity, name=name)


def _act(request: HttpRequest, pk: int, act: Callable[[Activity, Person], Any], *, fragment: str = "") -> HttpResponse:
    """Do one act on an activity; a refusal is said where the reader looks, and the page shows how things stand."""
    activity = _seen(request, pk)
    try:
        act(activity, actor_of(request))
    except DomainError as error:
        toasts.refused(request, str(error))
    return _back(request, pk, fragment=fragment)


def _back(request: HttpRequest, pk: int, *, fragment: str = "") -> HttpResponse:
    if request.htmx and fragment:  # type: ignore[attr-defined]
        return _page(request, activity_context(request, _seen(request, pk)), fragment=fragment)
    return redirect("web:activity_detail", pk)


def _page(request: HttpRequest, context: dict[str, Any], *, fragment: str, status: int = 200) -> HttpResponse:
    template = f"rhythm/_{fragment}.html" if request.htmx else "rhythm/activity_detail.html"  # type: ignore[attr-defined]
    return render(request, template, {**context, "is_fragment": bool(request.htmx)}, status=status)  # type: ignore[attr-defined]


def _seen(request: HttpRequest, pk: int) -> Activity:
    """The activity with its people joined; most huddles have neither pictures nor changes, and then none are asked for."""
    rows: Any = activities_seen_by(actor_of(request), timezone.now()).select_related("recorder", "body__unit")
    rows = rows.annotate(
        has_photos=Exists(ActivityPhoto.objects.filter(activity=OuterRef("pk"))),
        has_changes=Exists(ActivityChange.objects.filter(activity=OuterRef("pk"))),
    )
    found: Activity = get_object_or_404(rows, pk=pk)
    return found
