"""One topic of a meeting: what was said, how it was voted on, what was decided, who does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.ballots.enums import BallotState
from ronghe.domain.ballots.selectors import progress_of
from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.enums import ActivityState, AttendanceStatus, Matter, VoteMethod
from ronghe.domain.rhythm.models import Activity, AgendaDissent, AgendaItem, AgendaSpeech
from ronghe.domain.rhythm.rules import RUN_ACTIVITY
from ronghe.domain.rhythm.selectors import activities_seen_by, expected_people
from ronghe.domain.rhythm.selectors.voting import applicants_for, checks_of, floor_of, needs_of
from ronghe.domain.rhythm.services.agenda import add_speech, edit_agenda_item, make_task, take_back_speech
from ronghe.domain.rhythm.services.voting import (
    admit_late_voters,
    note_dissent,
    note_written_opinions,
    open_item_ballot,
    record_vote,
    set_matter,
)
from ronghe.kernel.errors import DomainError
from ronghe.ui import toasts
from ronghe.web.requests import actor_of
from ronghe.web.rhythm.record_forms import (
    DissentForm,
    MatterForm,
    SpeechForm,
    TaskForm,
    TopicEditForm,
    VoteForm,
    WrittenForm,
)


@login_required
def topic_detail(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    return render(request, "rhythm/topic_detail.html", _context(request, _item(request, pk, item_pk)))


@login_required
@require_POST
def topic_edit(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    item, form = _item(request, pk, item_pk), TopicEditForm(request.POST)

    def act(given: dict[str, Any]) -> str:
        edit_agenda_item(item=item, actor=actor_of(request), at=timezone.now(), **given)
        return _("已记下。")

    return _filled(request, item, "edit_form", form, act)


@login_required
@require_POST
def speech_add(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    item = _item(request, pk, item_pk)
    form = SpeechForm(request.POST, people=_present(item.activity))

    def act(given: dict[str, Any]) -> str:
        add_speech(item=item, actor=actor_of(request), at=timezone.now(), **given)
        return ""

    return _filled(request, item, "speech_form", form, act)


@login_required
@require_POST
def speech_withdraw(request: HttpRequest, pk: int, item_pk: int, speech_pk: int) -> HttpResponse:
    item = _item(request, pk, item_pk)
    speech = get_object_or_404(AgendaSpeech.objects.select_related("item"), pk=speech_pk, item=item)
    return _done(request, item, lambda: take_back_speech(speech=speech, actor=actor_of(request), at=timezone.now()))


@login_required
@require_POST
def topic_matter(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    item = _item(request, pk, item_pk)
    form = MatterForm(request.POST, people=applicants_for(item.activity, actor_of(request), timezone.now()))

    def act(given: dict[str, Any]) -> str:
        set_matter(
            item=item, matter=Matter(given["matter"]), applicant=given["applicant"], actor=actor_of(request),
            at=timezone.now(),
        )  # fmt: skip
        return ""

    return _filled(request, item, "matter_form", form, act)


@login_required
@require_POST
def topic_vote(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    item, form = _item(request, pk, item_pk), VoteForm(request.POST)

    def act(given: dict[str, Any]) -> str:
        given["method"] = VoteMethod(given["method"])
        voted = record_vote(item=item, actor=actor_of(request), at=timezone.now(), **given)
        return str(voted.get_vote_outcome_display() or "")

    return _filled(request, item, "vote_form", form, act)


@login_required
@require_POST
def topic_written(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    item, form = _item(request, pk, item_pk), WrittenForm(request.POST)

    def act(given: dict[str, Any]) -> str:
        note_written_opinions(item=item, actor=actor_of(request), at=timezone.now(), **given)
        return _("书面意见已记下，计票时一并计入。")

    return _filled(request, item, "written_form", form, act)


@login_required
@require_POST
def topic_ballot(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    item = _item(request, pk, item_pk)
    try:
        ballot = open_item_ballot(item=item, actor=actor_of(request), at=timezone.now())
    except DomainError as error:
        toasts.refused(request, str(error))
        return redirect("web:topic_detail", pk, item_pk)
    return redirect("web:ballot_detail", ballot.pk)


@login_required
@require_POST
def topic_ballot_admit(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    item = _item(request, pk, item_pk)

    def act() -> None:
        count = admit_late_voters(item=item, actor=actor_of(request), at=timezone.now())
        toasts.done(request, _("补入 %(count)s 人。") % {"count": count})

    return _done(request, item, act)


@login_required
@require_POST
def dissent_add(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    item = _item(request, pk, item_pk)
    form = DissentForm(request.POST, people=_present(item.activity))

    def act(given: dict[str, Any]) -> str:
        note_dissent(item=item, actor=actor_of(request), at=timezone.now(), **given)
        return _("不同意见已记入。")

    return _filled(request, item, "dissent_form", form, act)


@login_required
@require_POST
def topic_task(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    item, now = _item(request, pk, item_pk), timezone.now()
    form = TaskForm(request.POST, people=expected_people(item.activity), now=now)

    def act(given: dict[str, Any]) -> str:
        made = make_task(item=item, actor=actor_of(request), at=now, **given)
        who = made.task.assignee.name if made.task else ""
        return _("已转为任务，由%(name)s办。") % {"name": who}

    return _filled(request, item, "task_form", form, act)


def _filled(
    request: HttpRequest, item: AgendaItem, name: str, form: forms.Form, act: Callable[[dict[str, Any]], str]
) -> HttpResponse:
    """Act with what the form holds and go back to the topic; what cannot be stands beside the form, as it was typed."""
    if form.is_valid():
        try:
            said = act(form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            if said:
                toasts.done(request, said)
            return redirect("web:topic_detail", item.activity_id, item.pk)
    fresh = _item(request, item.activity_id, item.pk)
    return render(request, "rhythm/topic_detail.html", _context(request, fresh, **{name: form}), status=422)


def _done(request: HttpRequest, item: AgendaItem, act: Callable[[], Any]) -> HttpResponse:
    try:
        act()
    except DomainError as error:
        toasts.refused(request, str(error))
    return redirect("web:topic_detail", item.activity_id, item.pk)


def _context(request: HttpRequest, item: AgendaItem, **given: Any) -> dict[str, Any]:
    actor, now, activity = actor_of(request), timezone.now(), item.activity
    is_open = activity.state == ActivityState.OPEN
    can_run = is_open and RUN_ACTIVITY.allows(actor, activity, at=now)
    floor = floor_of(activity, Matter(item.matter)) if is_open else None
    people, present = expected_people(activity), _present(activity)
    known, there = (list(people), list(present)) if can_run else ([], [])
    may_vote = can_run and item.ballot is None and not item.has_vote
    running = item.ballot is not None and item.ballot.state == BallotState.OPEN
    return {
        "item": item,
        "activity": activity,
        "is_open": is_open,
        "can_run": can_run,
        "floor": floor,
        "needs": needs_of(floor) if floor is not None and not item.has_vote else checks_of(item),
        "may_vote": may_vote,
        "is_running": running,
        "progress": progress_of(item.ballot) if running and item.ballot is not None else None,
        "is_admission": item.matter == Matter.ADMISSION,
        "is_ruled": floor is not None and floor.rule is not None,
        "edit_form": TopicEditForm(
            initial={"topic": item.topic, "notes": item.notes, "decision": item.decision or ""}
        ),
        "speech_form": SpeechForm(people=present, known=there),
        "dissent_form": DissentForm(people=present, known=there),
        "matter_form": MatterForm(
            people=applicants_for(activity, actor, now), initial={"matter": item.matter, "applicant": item.applicant_id}
        ),
        "vote_form": VoteForm(initial=_usual(item)),
        "written_form": WrittenForm(
            initial={"yes": item.written_for, "no": item.written_against, "abstained": item.written_abstained}
        ),
        "task_form": TaskForm(people=people, known=known, now=now),
        **given,
    }  # fmt: skip


def _usual(item: AgendaItem) -> dict[str, Any]:
    secret = item.matter == Matter.ADMISSION
    return {"method": VoteMethod.SECRET_BALLOT if secret else VoteMethod.SHOW_OF_HANDS}


def _present(activity: Activity) -> Any:
    came = activity.attendances.filter(status=AttendanceStatus.PRESENT).order_by().values("person_id")
    return Person.objects.filter(pk__in=came).select_related("unit").order_by("name", "pk")


def _item(request: HttpRequest, pk: int, item_pk: int) -> AgendaItem:
    activity = get_object_or_404(activities_seen_by(actor_of(request), timezone.now()), pk=pk)
    rows = AgendaItem.objects.select_related("task__assignee", "ballot", "applicant").prefetch_related(
        Prefetch("speeches", AgendaSpeech.objects.select_related("person").order_by("pk")),
        Prefetch("dissents", AgendaDissent.objects.select_related("person").order_by("pk")),
    )
    item = get_object_or_404(rows, pk=item_pk, activity=activity)
    item.activity = activity
    return item
