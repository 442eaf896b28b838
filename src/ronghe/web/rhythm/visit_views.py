"""走访: recorded on a phone in a few taps, read by those who were visited."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.contacts.models import ContactPoint
from ronghe.domain.contacts.selectors import contacts_of
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import bodies_seen_by, units_seen_by
from ronghe.domain.rhythm.enums import AnswerRating, Seen, VisitCorrectionKind, VisitKind
from ronghe.domain.rhythm.models import Visit, VisitProblem
from ronghe.domain.rhythm.rules import CORRECT_VISIT, READ_CARE, SEE_RAISER, SEE_VISIT, questions_of
from ronghe.domain.rhythm.selectors.answers import answer_figures
from ronghe.domain.rhythm.selectors.visits import (
    bodies_to_visit,
    body_of_contact,
    findings_of,
    list_visits,
    people_around,
    problems_of,
    responsible_body,
    visits_seen_by,
)
from ronghe.domain.rhythm.services.codes import station_code, station_of_code
from ronghe.domain.rhythm.services.visits import (
    CareText,
    Place,
    correct_visit,
    kind_of,
    open_care,
    record_visit,
)
from ronghe.domain.work.enums import TaskState
from ronghe.domain.work.models import Task
from ronghe.domain.work.rules import SEE_TASK
from ronghe.domain.work.services.files import Upload
from ronghe.kernel.errors import DomainError, NotAllowed, NotFound
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import _ as spoken
from ronghe.ui import toasts
from ronghe.web.choosing import OFFERED
from ronghe.web.files import excel_answer
from ronghe.web.paging import asked_filters, asked_page, number_of, page_of
from ronghe.web.requests import actor_of
from ronghe.web.rhythm.visit_forms import VisitCorrectionForm, VisitForm

BODIES_OFFERED = 200
RATING_SHAPES = {AnswerRating.SATISFIED.value: "done", AnswerRating.UNSATISFIED.value: "attention"}
TASK_SHAPES = {
    TaskState.OPEN: "due",
    TaskState.SUBMITTED: "running",
    TaskState.RETURNED: "attention",
    TaskState.ACCEPTED: "done",
    TaskState.CANCELLED: "waived",
}


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """What the raiser was told: after how many days, and what came of it. His words only for those who may read who he is."""

    days: int
    state: str
    word: str
    words: str
    follow_up: Task | None
    href: str


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """A problem with its answer; `href` where the reader may see the task itself."""

    task: Task
    state: str
    word: str
    href: str
    raiser: str = ""
    """Who raised it, for those who may read it."""
    answers: tuple[AnswerLine, ...] = ()


@login_required
def visit_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    body, unit = _asked_place(request, actor, now)
    page = page_of(list_visits(actor, now, filters=_filters(request), page=asked_page(request), size=20))
    context = {
        "page": page,
        "visits": page.object_list,
        "kinds": VisitKind.choices,
        "place": unit or body,
        "unit": unit,
        "export_query": asked_filters(request),
        "place_query": f"?unit={unit.pk}" if unit else f"?body={body.pk}" if body else "",
        "answers": answer_figures(actor, now, _filters(request)),
        "can_visit": bool(_contacts(actor, now)) or bodies_to_visit(actor, now).exists(),
    }
    template = "rhythm/visit_list.html#rows" if request.htmx else "rhythm/visit_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def visit_export(request: HttpRequest) -> FileResponse:
    """What the list shows with these filters, whole, as a workbook; of care visits that they were held."""
    actor, now = actor_of(request), timezone.now()
    rows = SEE_VISIT.narrow(actor, Visit.objects.filter(_filters(request)), at=now)
    rows = rows.select_related("visitor", "body", "unit", "person").order_by("-day", "-pk")
    heads = [_("日期"), _("类别"), _("去了哪里"), _("组织"), _("谁去的"), _("看到什么"), _("作废")]
    lines: Iterator[Sequence[Any]] = (
        [row.day, str(row.get_kind_display()), _where(row), row.body.name, row.visitor.name, row.note,
         _("是") if row.voided_at else ""]
        for row in rows.iterator(chunk_size=2000)
    )  # fmt: skip
    sheet = SheetOut(title=_("走访"), head=heads, rows=lines, widths=[12, 12, 30, 30, 10, 40, 8])
    return excel_answer([sheet], _("走访") + f"_{local_day(now):%Y%m%d}.xlsx")


@login_required
def visit_create(request: HttpRequest) -> HttpResponse:
    """记走访: to a contact (`?contact=`), a unit or a body (`?unit=`, `?body=`); else to the contact that is due first."""
    actor, now = actor_of(request), timezone.now()
    to = _asked_to(request, actor, now)
    if to is None:
        return _choose_place(request, actor, now)
    day = local_day(now)
    kind, (body, unit) = kind_of(to), _around(to, now)
    people = people_around(body, unit, day)
    form = VisitForm(
        request.POST if request.method == "POST" else None,
        questions=questions_of(kind),
        people=people,
        known=sorted(people[:OFFERED], key=lambda person: person.pk == actor.pk),  # nobody asks himself first
        today=day,
        initial={"entry": uuid.uuid4().hex},
    )
    if request.method == "POST" and form.is_valid():
        uploads = [Upload(file.name or "", file) for file in request.FILES.getlist("photo")]
        try:
            visit = record_visit(
                to=to, day=form.cleaned_data["day"], account=form.account(), actor=actor, at=now, uploads=uploads,
                entry=form.cleaned_data["entry"],
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            count = visit.problems.count()
            said = _("走访已记下，%(count)s 个问题已变成任务。") if count else _("走访已记下。")
            toasts.done(request, said % {"count": count} if count else said)
            return redirect("web:visit_detail", visit.pk)
    here = reverse("web:visit_create")
    context = {
        "form": form,
        "to": to,
        "kind": kind,
        "target": to.target if isinstance(to, ContactPoint) else (to.unit or to.body),
        "contact": to if isinstance(to, ContactPoint) else None,
        "is_care": kind == VisitKind.CARE,
        "others": [(one, f"{here}?contact={one.pk}") for one in _contacts(actor, now) if one != to],
    }
    return render(request, "rhythm/visit_form.html", context, status=422 if form.errors else 200)


@login_required
def visit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "rhythm/visit_detail.html", _context(request, _seen(request, pk)))


@login_required
@require_POST
def visit_text(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was said on a care visit; a POST, since the look is recorded."""
    visit = _seen(request, pk)
    said = open_care(visit=visit, actor=actor_of(request), at=timezone.now())
    answer = render(request, "rhythm/visit_detail.html", _context(request, visit, said=said))
    answer["Cache-Control"] = "no-store"
    return answer


@login_required
@require_POST
def visit_correct(request: HttpRequest, pk: int) -> HttpResponse:
    visit, actor = _seen(request, pk), actor_of(request)
    form = VisitCorrectionForm(request.POST)
    if form.is_valid():
        kind = VisitCorrectionKind.VOID if form.cleaned_data["is_void"] else VisitCorrectionKind.TEXT
        try:
            correct_visit(visit=visit, text=form.cleaned_data["text"], kind=kind, actor=actor, at=timezone.now())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            voided = kind == VisitCorrectionKind.VOID
            toasts.done(request, _("这次走访已作废。") if voided else _("已追加更正。"))
            return redirect("web:visit_detail", pk)
    return render(request, "rhythm/visit_detail.html", _context(request, visit, correction=form), status=422)


@login_required
def visit_code(request: HttpRequest) -> HttpResponse:
    """The code for the wall of a unit: whoever scans it comes to the form with the unit filled in."""
    actor, now = actor_of(request), timezone.now()
    unit = get_object_or_404(units_seen_by(actor, now), pk=number_of(request.GET.get("unit")))
    address = request.build_absolute_uri(reverse("web:visit_scan", args=[station_code(unit)]))
    return render(request, "rhythm/visit_code.html", {"unit": unit, "address": address})


@login_required
def visit_scan(request: HttpRequest, code: str) -> HttpResponse:  # noqa: ARG001 - Django hands it
    unit = station_of_code(code)
    return redirect(f"{reverse('web:visit_create')}?unit={unit.pk}")


def _seen(request: HttpRequest, pk: int) -> Visit:
    rows = visits_seen_by(actor_of(request), timezone.now()).select_related("contact__holder")
    return get_object_or_404(rows, pk=pk)


def _contacts(actor: Person, now: datetime) -> list[ContactPoint]:
    return list(contacts_of(actor, local_day(now)))


def _asked_to(request: HttpRequest, actor: Person, now: datetime) -> ContactPoint | Place | None:
    """Return where the visit was to, `None` where it is still to be chosen.

    :raises NotFound: the address names what is not the actor's to visit
    :raises NotAllowed: there is nothing at all that the actor could visit
    """
    mine = _contacts(actor, now)
    if "contact" in request.GET:
        asked = number_of(request.GET.get("contact"))
        return _first([one for one in mine if one.pk == asked])
    if "unit" in request.GET:
        unit = AdminUnit.objects.filter(pk=number_of(request.GET.get("unit")) or 0, valid_until=None).first()
        if unit is None:
            raise NotFound
        body = responsible_body(unit, local_day(now))
        own = [one for one in mine if one.to_unit_id == unit.pk]
        return own[0] if own else _place(actor, now, body, unit)
    if "body" in request.GET:
        asked = number_of(request.GET.get("body")) or 0
        own = [one for one in mine if one.to_body_id == asked]
        return own[0] if own else _place(actor, now, PartyOrg.objects.filter(pk=asked).first(), None)
    if mine:
        return mine[0]
    if not bodies_to_visit(actor, now).exists():
        raise NotAllowed
    return None


def _first(found: list[ContactPoint]) -> ContactPoint:
    if not found:
        raise NotFound
    return found[0]


def _place(actor: Person, now: datetime, body: PartyOrg | None, unit: AdminUnit | None) -> Place:
    if body is None or not bodies_to_visit(actor, now).filter(pk=body.pk).exists():
        raise NotFound
    return Place(body, unit)


def _around(to: ContactPoint | Place, now: datetime) -> tuple[PartyOrg, AdminUnit | None]:
    if isinstance(to, ContactPoint):
        return body_of_contact(to, local_day(now)), to.to_unit
    return to.body, to.unit


def _choose_place(request: HttpRequest, actor: Person, now: datetime) -> HttpResponse:
    here = reverse("web:visit_create")
    places = [(body, f"{here}?body={body.pk}") for body in bodies_to_visit(actor, now)[:BODIES_OFFERED]]
    return render(request, "rhythm/visit_choose.html", {"places": places})


def _filters(request: HttpRequest) -> Q:
    found = Q()
    if (kind := request.GET.get("kind", "")) in VisitKind.values:
        found &= Q(kind=kind)
    if (body := number_of(request.GET.get("body"))) is not None:
        found &= Q(body_id=body)
    if (unit := number_of(request.GET.get("unit"))) is not None:
        found &= Q(unit_id=unit)
    if request.GET.get("problems"):
        found &= Q(pk__in=Visit.objects.filter(problems__isnull=False).order_by().values("pk"))
    return found


def _asked_place(request: HttpRequest, actor: Person, now: datetime) -> tuple[PartyOrg | None, AdminUnit | None]:
    """The place whose visits are listed, for the heading; one out of sight has no name here."""
    unit, body = number_of(request.GET.get("unit")), number_of(request.GET.get("body"))
    return (
        bodies_seen_by(actor, now).filter(pk=body).first() if body is not None else None,
        units_seen_by(actor, now).filter(pk=unit).first() if unit is not None else None,
    )


def _where(visit: Visit) -> str:
    return visit.unit.name if visit.unit else visit.person.name if visit.person else visit.body.name


def _context(
    request: HttpRequest, visit: Visit, *, said: CareText | None = None, correction: Any = None
) -> dict[str, Any]:
    actor, now = actor_of(request), timezone.now()
    texts = {question.code: spoken(question.text) for question in questions_of(VisitKind(visit.kind))}
    if said is not None:
        findings = [
            (texts.get(code, code), one.seen, str(one.seen.label), one.note) for code, one in said.findings.items()
        ]
    else:
        findings = [
            (texts.get(row.question, row.question), Seen(row.seen), str(row.get_seen_display()), row.note)
            for row in findings_of(visit)
        ]
    problems = list(problems_of(visit))
    again = [answer.follow_up_id for row in problems for answer in row.answers.all() if answer.follow_up_id]
    tasks = Task.objects.filter(pk__in=[*(row.task_id for row in problems), *again])
    readable = set(SEE_TASK.narrow(actor, tasks, at=now, walk=True).values_list("pk", flat=True))
    return {
        "visit": visit,
        "where": _where(visit),
        "findings": findings,
        "note": said.note if said is not None else visit.note,
        "said": said,
        "problems": [
            _problem_line(row, now, readable, knows_raiser=SEE_RAISER.allows(actor, row, at=now)) for row in problems
        ],
        "met": list(visit.met.order_by("name", "pk")),
        "photos": list(visit.photos.select_related("file").order_by("added_at", "pk")),
        "corrections": list(visit.corrections.select_related("made_by").order_by("made_at", "pk")),
        "can_read": visit.is_care and READ_CARE.allows(actor, visit, at=now),
        "can_correct": visit.voided_at is None and CORRECT_VISIT.allows(actor, visit, at=now),
        "correction_form": correction or VisitCorrectionForm(),
    }


def _problem_line(row: VisitProblem, now: datetime, readable: set[int], *, knows_raiser: bool) -> ProblemLine:
    task = row.task
    overdue = task.is_overdue(now)
    return ProblemLine(
        task,
        "failed" if overdue else TASK_SHAPES[TaskState(task.state)],
        _("已超期") if overdue else str(task.get_state_display()),
        _task_href(task, readable),
        raiser=row.raised_by.name if row.raised_by is not None and knows_raiser else "",
        answers=tuple(
            AnswerLine(
                answer.days,
                RATING_SHAPES.get(answer.rating or "", "upcoming"),
                str(answer.get_rating_display()) if answer.rating else _("已答复，等评价"),
                answer.words if knows_raiser else "",
                answer.follow_up,
                _task_href(answer.follow_up, readable) if answer.follow_up is not None else "",
            )
            for answer in row.answers.all()
        ),
    )


def _task_href(task: Task, readable: set[int]) -> str:
    return reverse("web:task_detail", args=[task.pk]) if task.pk in readable else ""
