"""What the pages of project control have in common: finding, shapes and words, and how an act is answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from ronghe.domain.control.enums import NEXT_CHECK, Check, ProcessState, ReviewState
from ronghe.domain.control.models import DesignReview, WorkProcess
from ronghe.domain.control.selectors.reviews import reviews_seen_by
from ronghe.domain.control.selectors.sides import people_of_project, projects_controlled
from ronghe.domain.control.selectors.structure import path_of, processes_seen_by
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import people_seen_by
from ronghe.domain.projects.models import Project
from ronghe.domain.work.services.files import Upload
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, _
from ronghe.ui import toasts
from ronghe.web.control.forms import first_problem, people_first
from ronghe.web.requests import actor_of

SHAPES = {
    ProcessState.WAITING: "upcoming", ProcessState.RUNNING: "running", ProcessState.SELF_CHECKED: "running",
    ProcessState.MUTUAL_CHECKED: "running", ProcessState.SUBMITTED: "attention", ProcessState.ACCEPTED: "done",
}  # fmt: skip
REVIEW_SHAPES = {
    ReviewState.REVIEWING: "running", ReviewState.ANSWERING: "due", ReviewState.AGREED: "attention",
    ReviewState.ISSUED: "done", ReviewState.WITHDRAWN: "waived",
}  # fmt: skip
PROJECT_SHAPES = {"planned": "upcoming", "under_way": "running", "completed": "done", "called_off": "waived"}
CHECK_WORDS = {Check.SELF: N_("自检合格"), Check.MUTUAL: N_("互检合格"), Check.SPECIAL: N_("专检合格，报验")}


@dataclass(frozen=True, slots=True)
class ProcessLine:
    """A process in a list: how it is drawn, where it lies, and the check that is next."""

    process: WorkProcess
    shape: str
    word: str
    path: str
    check: Check | None = None
    check_word: str = ""
    people: list[tuple[str, str]] = field(default_factory=list)


def process_line(process: WorkProcess) -> ProcessLine:
    check = NEXT_CHECK.get(ProcessState(process.state))
    word = _("未到场放行") if process.is_unattended else process.get_state_display()
    path = " › ".join(path_of(process.part))
    people = [
        (str(kind.label), person.name)
        for kind, person in (
            (Check.SELF, process.self_by), (Check.MUTUAL, process.mutual_by), (Check.SPECIAL, process.special_by),
        )
        if person is not None
    ]  # fmt: skip
    shape = SHAPES[ProcessState(process.state)]
    return ProcessLine(process, shape, word, path, check, _(CHECK_WORDS[check]) if check else "", people)


def project_of(request: HttpRequest, pk: int) -> Project:
    """Return the project, as far as the reader sees its control."""
    project: Project = get_object_or_404(projects_controlled(actor_of(request), timezone.now()), pk=pk)
    return project


def process_of(request: HttpRequest, pk: int) -> WorkProcess:
    process: WorkProcess = get_object_or_404(processes_seen_by(actor_of(request), timezone.now()), pk=pk)
    return process


def review_of(request: HttpRequest, pk: int) -> DesignReview:
    review: DesignReview = get_object_or_404(reviews_seen_by(actor_of(request), timezone.now()), pk=pk)
    return review


def people_for(request: HttpRequest, project: Project) -> Any:
    """Return who may be chosen: those of the project's zone; where it has none, those whom the reader sees."""
    now = timezone.now()
    found = people_of_project(project, local_day(now))
    if not found.exists():
        found = people_seen_by(actor_of(request), now).filter(valid_until=None)
    return people_first(found)


def settle(
    request: HttpRequest, act: Callable[[Person], Any], done: str, to: Any, *args: Any, form: Any = None
) -> HttpResponse:
    """Do an act that stands on another page, say so, and go back to `to`."""
    if form is not None and not form.is_valid():
        toasts.refused(request, first_problem(form))
        return redirect(to, *args)
    try:
        act(actor_of(request))
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, done)
    return redirect(to, *args)


def uploads_of(request: HttpRequest) -> Sequence[Upload]:
    """Return the files that came with a form."""
    return [Upload(file.name or "", file) for file in request.FILES.getlist("photo")]
