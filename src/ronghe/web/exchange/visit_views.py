"""观摩、对标、走出去请进来: the list, planning one, and its page with figures and practices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.exchange.documents import visit_document
from ronghe.domain.exchange.enums import Better, PracticeState, VisitDirection, VisitState
from ronghe.domain.exchange.models import LearningVisit
from ronghe.domain.exchange.rules import ANSWER_VISIT, KEEP_VISIT
from ronghe.domain.exchange.selectors.circles import bodies_to_visit_for, hosts_named, people_around
from ronghe.domain.exchange.selectors.visits import adoption_of, benchmarks_of, list_visits, visits_seen_by
from ronghe.domain.exchange.services.planning import plan_visit_activity
from ronghe.domain.exchange.services.practices import take_home
from ronghe.domain.exchange.services.visits import (
    BenchmarkText,
    VisitText,
    answer_visit,
    call_off_visit,
    follow_benchmark,
    hold_visit,
    note_benchmark,
    plan_visit,
    write_seen,
)
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import people_in
from ronghe.domain.rhythm.rules import PLAN_ACTIVITY, SEE_ACTIVITY
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.ui import toasts
from ronghe.web.exchange.acting import acted, asked_words, next_week
from ronghe.web.exchange.forms import SpanForm
from ronghe.web.exchange.visit_forms import (
    BenchmarkForm,
    FollowForm,
    HoldForm,
    PracticeForm,
    SeenForm,
    ThanksForm,
    VisitForm,
)
from ronghe.web.files import excel_answer, paper_answer
from ronghe.web.paging import asked_page, number_of, page_of
from ronghe.web.requests import actor_of

VISIT_SHAPES = {VisitState.PLANNED: "upcoming", VisitState.HELD: "done", VisitState.CALLED_OFF: "waived"}
PRACTICE_SHAPES = {
    PracticeState.OPEN: "due",
    PracticeState.ADOPTED: "done",
    PracticeState.PARTLY: "attention",
    PracticeState.NOT_ADOPTED: "waived",
}
EXPORTED, TICKED, MOST_NAMED = 1000, 60, 100
"""Visits exported, people offered to tick, names typed at once: at most."""


@login_required
def visit_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    words, direction, state = asked_words(request), request.GET.get("direction", ""), request.GET.get("state", "")
    direction = direction if direction in VisitDirection.values else ""
    state = state if state in VisitState.values else ""
    page = page_of(list_visits(actor, now, words=words, direction=direction, state=state, page=asked_page(request)))
    context: dict[str, Any] = {
        "page": page, "lines": [(row, VISIT_SHAPES[VisitState(row.state)]) for row in page.object_list],
        "directions": VisitDirection.choices, "states": VisitState.choices,
        "is_filtered": bool(words or direction or state),
    }  # fmt: skip
    if not request.htmx:  # type: ignore[attr-defined]
        context |= {"adoption": adoption_of(actor, now), "can_plan": bodies_to_visit_for(actor, now).exists()}
    template = "exchange/visit_list.html#rows" if request.htmx else "exchange/visit_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def visit_export(request: HttpRequest) -> FileResponse:
    actor, now = actor_of(request), timezone.now()
    rows: Any = list_visits(actor, now, words=asked_words(request), size=EXPORTED).rows
    heads = [
        _("哪一天"),
        _("哪一种"),
        _("组织"),
        _("去哪里，或请谁来"),
        _("学什么"),
        _("带队"),
        _("人数"),
        _("带回"),
        _("采用"),
        _("待填写"),
        _("状态"),
    ]
    table: Iterator[Sequence[Any]] = (
        [row.day, row.get_direction_display(), row.body.name, row.host_name, row.purpose, row.lead.name, row.went,
         row.taken, row.used, row.waiting, row.get_state_display()]
        for row in rows
    )  # fmt: skip
    sheet = SheetOut(title=_("观摩学习"), head=heads, rows=table, widths=[12, 10, 26, 24, 30, 10, 8, 8, 8, 8, 10])
    return excel_answer([sheet], _("观摩学习") + f"_{local_day(now):%Y%m%d}.xlsx")


@login_required
def visit_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_visit_for(actor, now)
    if not bodies.exists():
        raise NotAllowed
    asked = number_of(request.GET.get("body"))
    initial = {"day": local_day(now), "direction": VisitDirection.OBSERVE, "body": asked}
    form = VisitForm(request.POST or None, bodies=bodies, initial=initial)
    made: list[LearningVisit] = []

    def act(person: Person, at: datetime) -> None:
        given = dict(form.cleaned_data)
        body, name = given.pop("body"), given["host_name"].strip()
        host = next((one for one in hosts_named(name, besides=body.pk)[:20] if one.name == name), None)
        text = VisitText(**{**given, "direction": VisitDirection(given["direction"])}, host_body=host)
        made.append(plan_visit(body=body, text=text, actor=person, at=at))

    if request.method == "POST" and acted(request, act, _("已安排；去过以后在这里记谁去了、带回什么。"), form):
        return redirect("web:exchange_visit", made[0].pk)
    hosts = list(hosts_named("").values_list("name", flat=True)[:200])
    context = {"form": form, "hosts": hosts}
    return render(request, "exchange/visit_form.html", context, status=422 if form.errors else 200)


@login_required
def visit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _seen(request, pk))


@login_required
@require_POST
def visit_hold(request: HttpRequest, pk: int) -> HttpResponse:
    visit = _seen(request, pk)
    form = HoldForm(request.POST, people=_offered(visit))

    def act(actor: Person, at: datetime) -> None:
        people = [*form.cleaned_data["people"], *_named(form, visit)]
        if not form.errors:
            hold_visit(visit=visit, people=people, seen=form.cleaned_data["seen"], actor=actor, at=at)

    if acted(request, act, _("已记下，计入应办事项；请写带回的做法。"), form):
        return redirect("web:exchange_visit", pk)
    return _show(request, visit, failed=form)


@login_required
@require_POST
def visit_plan(request: HttpRequest, pk: int) -> HttpResponse:
    visit, form = _seen(request, pk), SpanForm(request.POST)
    if acted(
        request, lambda a, t: plan_visit_activity(visit=visit, actor=a, at=t, **form.cleaned_data),
        _("已安排成活动，到时扫码签到。"), form,
    ):  # fmt: skip
        return redirect("web:exchange_visit", pk)
    return _show(request, visit, failed=form)


@login_required
@require_POST
def visit_seen(request: HttpRequest, pk: int) -> HttpResponse:
    visit, form = _seen(request, pk), SeenForm(request.POST)
    if acted(
        request,
        lambda a, t: write_seen(visit=visit, seen=form.cleaned_data["seen"], actor=a, at=t),
        _("已写好。"),
        form,
    ):
        return redirect("web:exchange_visit", pk)
    return _show(request, visit, failed=form)


@login_required
@require_POST
def visit_off(request: HttpRequest, pk: int) -> HttpResponse:
    visit = _seen(request, pk)
    acted(request, lambda a, t: call_off_visit(visit=visit, actor=a, at=t), _("已取消。"))
    return redirect("web:exchange_visit", pk)


@login_required
@require_POST
def visit_answer(request: HttpRequest, pk: int) -> HttpResponse:
    visit, form = _seen(request, pk), ThanksForm(request.POST)
    if acted(
        request, lambda a, t: answer_visit(visit=visit, thanks=form.cleaned_data["thanks"], actor=a, at=t),
        _("已反馈，来的人看得到。"), form,
    ):  # fmt: skip
        return redirect("web:exchange_visit", pk)
    return _show(request, visit, failed=form)


@login_required
@require_POST
def benchmark_add(request: HttpRequest, pk: int) -> HttpResponse:
    visit = _seen(request, pk)
    form = BenchmarkForm(request.POST, people=_people(visit))

    def act(actor: Person, at: datetime) -> None:
        given = {**form.cleaned_data, "better": Better(form.cleaned_data["better"])}
        note_benchmark(visit=visit, given=BenchmarkText(**given), actor=actor, at=at)

    if acted(request, act, _("已对上，差距已算好。"), form):
        return redirect("web:exchange_visit", pk)
    return _show(request, visit, failed=form)


@login_required
@require_POST
def benchmark_follow(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    visit, form = _seen(request, pk), FollowForm(request.POST)
    found = get_object_or_404(visit.benchmarks.select_related("visit__body"), pk=line)
    if not form.is_valid():
        toasts.refused(request, _("请填一个数。"))
    else:
        actual = form.cleaned_data["actual"]
        acted(request, lambda a, t: follow_benchmark(line=found, actual=actual, actor=a, at=t), _("已更新。"))
    return redirect("web:exchange_visit", pk)


@login_required
@require_POST
def practice_add(request: HttpRequest, pk: int) -> HttpResponse:
    visit = _seen(request, pk)
    form = PracticeForm(request.POST, people=_people(visit))

    def act(actor: Person, at: datetime) -> str:
        given = form.cleaned_data
        made = take_home(
            visit=visit, title=given["title"], text=given["text"], owner=given["practice_owner"], actor=actor, at=at
        )
        return _("已列入，到 %(day)s 请%(name)s填写是否采用。") % {"day": made.due_on, "name": made.owner.name}

    if acted(request, act, "", form):
        return redirect("web:exchange_visit", pk)
    return _show(request, visit, failed=form)


@login_required
def visit_print(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    visit = _seen(request, pk)
    people = [row.person.name for row in visit.people.select_related("person").order_by("person__name", "pk")]
    lines = benchmarks_of(visit.benchmarks.select_related("owner").order_by("pk"))
    practices = list(visit.practices.select_related("owner").order_by("pk"))
    try:
        document = visit_document(visit, people, lines, practices, printed_on=local_day(timezone.now()))
    except DomainError as error:
        toasts.refused(request, str(error))
        return redirect("web:exchange_visit", pk)
    return paper_answer(request, document, form, source=visit)


def _seen(request: HttpRequest, pk: int) -> LearningVisit:
    return get_object_or_404(visits_seen_by(actor_of(request), timezone.now()), pk=pk)


def _people(visit: LearningVisit) -> Any:
    return people_around(visit.body, local_day(timezone.now()))


def _offered(visit: LearningVisit) -> Any:
    """Return whom the form offers to tick: who belongs to the body, and who is noted already."""
    near = list(
        people_in(visit.body, local_day(timezone.now())).order_by("name", "pk").values_list("pk", flat=True)[:TICKED]
    )
    found = Q(pk__in=near) | Q(learning_visits__visit=visit) | Q(pk=visit.lead_id)
    return Person.objects.filter(found).distinct().select_related("unit").order_by("name", "pk")


def _named(form: HoldForm, visit: LearningVisit) -> list[Person]:
    """Return the people typed by name or staff number; whoever is not found, or not alone, is said beside the field."""
    words = dict.fromkeys(form.cleaned_data["more"].replace("、", " ").replace("，", " ").split()[:MOST_NAMED])
    if not words:
        return []
    found = list(_people(visit).filter(Q(name__in=list(words)) | Q(staff_number__in=list(words))))
    named: list[Person] = []
    for word in words:
        same = [person for person in found if word in (person.name, person.staff_number)]
        if len(same) == 1:
            named.append(same[0])
        elif same:
            form.add_error("more", _("叫“%(who)s”的不止一人，请改写员工号。") % {"who": word})
        else:
            form.add_error("more", _("“%(who)s”不在这里，请核对。") % {"who": word})
    return named


def _show(request: HttpRequest, visit: LearningVisit, *, failed: Any = None) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    today = local_day(now)
    may_keep = KEEP_VISIT.allows(actor, visit, at=now)
    is_planned, is_held = visit.state == VisitState.PLANNED, visit.state == VisitState.HELD
    is_free = is_planned and visit.activity_id is None
    may_answer = visit.host_body_id is not None and is_held and ANSWER_VISIT.allows(actor, visit, at=now)
    known = list(_people(visit)[:200]) if may_keep and visit.state != VisitState.CALLED_OFF else []
    forms: dict[str, Any] = {
        "hold_form": HoldForm(people=_offered(visit), initial={"people": _chosen(visit), "seen": visit.seen})
        if may_keep and is_free and visit.day <= today else None,
        "span_form": SpanForm(initial=next_week(now, minutes=180, days=max((visit.day - today).days, 1)))
        if may_keep and is_free and PLAN_ACTIVITY.allows(actor, visit.body, at=now) else None,
        "seen_form": SeenForm(initial={"seen": visit.seen}) if may_keep and is_held else None,
        "thanks_form": ThanksForm(initial={"thanks": visit.thanks}) if may_answer else None,
        "benchmark_form": BenchmarkForm(people=_people(visit), known=known) if known else None,
        "practice_form": PracticeForm(people=_people(visit), known=known) if known else None,
    }  # fmt: skip
    if failed is not None:
        forms |= {name: failed for name, form in forms.items() if type(form) is type(failed)}
    benchmarks = benchmarks_of(visit.benchmarks.select_related("owner").order_by("pk"))
    practices = visit.practices.select_related("owner").order_by("pk")
    context = forms | {
        "visit": visit,
        "shape": VISIT_SHAPES[VisitState(visit.state)],
        "people": [row.person for row in visit.people.select_related("person__unit").order_by("person__name", "pk")],
        "benchmarks": [
            (one, FollowForm(auto_id=f"id_b{one.line.pk}_%s") if may_keep or one.line.owner_id == actor.pk else None)
            for one in benchmarks
        ],
        "practices": [(row, PRACTICE_SHAPES[PracticeState(row.state)]) for row in practices],
        "may_keep": may_keep,
        "may_call_off": may_keep and is_free,
        "is_held": is_held,
        "is_ahead": is_planned and visit.day > today,
        "sees_activity": visit.activity is not None and SEE_ACTIVITY.allows(actor, visit.activity, at=now),
        "failed": type(failed).__name__ if failed is not None else "",
    }
    return render(request, "exchange/visit_detail.html", context, status=422 if failed is not None else 200)


def _chosen(visit: LearningVisit) -> list[int]:
    known = list(visit.people.order_by().values_list("person_id", flat=True))
    return known or [visit.lead_id]
