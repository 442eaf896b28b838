"""联合学习计划: the list, one programme month by month, one topic with materials and questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from ronghe.domain.exchange.calc.months import MonthState, first_of, months_between
from ronghe.domain.exchange.documents import programme_document
from ronghe.domain.exchange.enums import LineState, ProgrammeState, StudyMode, TopicKind
from ronghe.domain.exchange.models import StudyLine, StudyProgramme, StudyQuestion
from ronghe.domain.exchange.rules import KEEP_PROGRAMME, PREPARE_LINE
from ronghe.domain.exchange.selectors.circles import bodies_to_plan_in, people_around
from ronghe.domain.exchange.selectors.holders import points_to_study
from ronghe.domain.exchange.selectors.study import (
    LineView,
    body_to_plan,
    lines_seen_by,
    list_programmes,
    months_with_lines,
    programmes_seen_by,
    rows_of,
)
from ronghe.domain.exchange.services.planning import plan_study
from ronghe.domain.exchange.services.programmes import (
    ProgrammeText,
    add_line,
    add_material,
    add_point,
    answer_question,
    ask_question,
    drop_line,
    end_programme,
    open_programme,
    take_line_back,
)
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.rhythm.models import AgendaItem
from ronghe.domain.rhythm.rules import SEE_ACTIVITY
from ronghe.domain.work.services.files import Upload, path_of
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import listed
from ronghe.web.exchange.acting import acted, asked_words, next_week
from ronghe.web.exchange.forms import AnswerForm, LineForm, MaterialForm, PlanForm, ProgrammeForm, QuestionForm
from ronghe.web.exchange.holding import chosen_holder, holders_to_choose
from ronghe.web.files import excel_answer, paper_answer
from ronghe.web.paging import asked_page, page_of
from ronghe.web.requests import actor_of

MONTH_SHAPES = {
    MonthState.HELD: "done",
    MonthState.PLANNED: "running",
    MonthState.DUE: "due",
    MonthState.MISSED: "failed",
    MonthState.UPCOMING: "upcoming",
}
LINE_SHAPES = {
    LineState.LISTED: "due",
    LineState.PLANNED: "running",
    LineState.HELD: "done",
    LineState.DROPPED: "waived",
}
EXPORTED = 500


@login_required
def programme_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    words, state = asked_words(request), request.GET.get("state", "")
    state = state if state in ProgrammeState.values else ""
    page = page_of(list_programmes(actor, now, words=words, state=state, page=asked_page(request)))
    rows = rows_of(list(page.object_list), local_day(now))
    context: dict[str, Any] = {
        "page": page, "states": ProgrammeState.choices, "is_filtered": bool(words or state),
        "lines": [(row, [MONTH_SHAPES[month.state] for month in row.months]) for row in rows],
    }  # fmt: skip
    if not request.htmx:  # type: ignore[attr-defined]
        context["can_open"] = bodies_to_plan_in(actor, now).exists()
    template = "exchange/programme_list.html#rows" if request.htmx else "exchange/programme_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def programme_export(request: HttpRequest) -> FileResponse:
    """The programmes that the reader sees, a line for each topic."""
    actor, now = actor_of(request), timezone.now()
    listed_rows = list_programmes(actor, now, words=asked_words(request), size=EXPORTED)
    lines = (
        lines_seen_by(actor, now).filter(programme__in=list(listed_rows.rows)).order_by("programme_id", "month", "pk")
    )
    heads = [
        _("计划"),
        _("组织"),
        _("月份"),
        _("类别"),
        _("学什么"),
        _("谁准备"),
        _("状态"),
        _("哪天学的"),
        _("下一步"),
    ]
    table: Iterator[Sequence[Any]] = (
        [line.programme.title, line.programme.body.name, line.month.strftime("%Y-%m"), line.get_kind_display(),
         line.topic, line.preparer.name if line.preparer else "", line.get_state_display(), line.held_on,
         line.activity.next_step if line.activity else ""]
        for line in lines
    )  # fmt: skip
    sheet = SheetOut(title=_("联合学习计划"), head=heads, rows=table, widths=[26, 26, 9, 14, 34, 10, 9, 12, 34])
    return excel_answer([sheet], _("联合学习计划") + f"_{local_day(now):%Y%m%d}.xlsx")


@login_required
def programme_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    today = local_day(now)
    holders = holders_to_choose(actor, now)
    if not holders:
        raise NotAllowed
    asked = request.GET.get("holder", "")
    initial = {
        "holder": asked, "starts_on": first_of(today), "ends_on": date(today.year, 12, 31), "mode": StudyMode.BOTH,
    }  # fmt: skip
    form = ProgrammeForm(request.POST or None, holders=holders, initial=initial)
    made: list[StudyProgramme] = []

    def act(person: Person, at: datetime) -> None:
        given = dict(form.cleaned_data)
        chosen, name = chosen_holder(given.pop("holder"), person, at)
        title = given.pop("title") or _("%(name)s联合学习计划") % {"name": name[:60]}
        text = ProgrammeText(title=title, **{**given, "mode": StudyMode(given["mode"])})
        made.append(open_programme(text=text, actor=person, at=at, **chosen))

    if request.method == "POST" and acted(request, act, _("计划已定，请加题目。"), form):
        return redirect("web:exchange_programme", made[0].pk)
    return render(request, "exchange/programme_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def programme_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _seen(request, pk))


@login_required
@require_POST
def line_add(request: HttpRequest, pk: int) -> HttpResponse:
    programme = _seen(request, pk)
    form = _line_form(programme, data=request.POST)

    def act(actor: Person, at: datetime) -> None:
        given = dict(form.cleaned_data)
        month = date.fromisoformat(given.pop("month"))
        add_line(
            programme=programme, month=month, kind=TopicKind(given["kind"]), topic=given["topic"],
            preparer=given["preparer"], mode=StudyMode(given["mode"]), actor=actor, at=at,
        )  # fmt: skip

    if acted(request, act, _("题目已列入。"), form):
        return redirect("web:exchange_programme", pk)
    return _show(request, programme, failed=form)


@login_required
@require_POST
def point_add(request: HttpRequest, pk: int, point: int) -> HttpResponse:
    programme = _seen(request, pk)
    found = get_object_or_404(points_to_study(programme, actor_of(request), timezone.now()), pk=point)
    acted(
        request, lambda a, t: add_point(programme=programme, point=found, actor=a, at=t), _("难点已列为学习题目。")
    )  # fmt: skip
    return redirect("web:exchange_programme", pk)


@login_required
@require_POST
def programme_end(request: HttpRequest, pk: int) -> HttpResponse:
    programme = _seen(request, pk)
    acted(request, lambda a, t: end_programme(programme=programme, actor=a, at=t), _("计划已结束，学过的都在。"))
    return redirect("web:exchange_programme", pk)


@login_required
def programme_print(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    programme, today = _seen(request, pk), local_day(timezone.now())
    sides = [side.body.name for side in programme.sides.select_related("body").order_by("pk")]
    document = programme_document(programme, months_with_lines(programme, today), sides, printed_on=today)
    return paper_answer(request, document, form, source=programme)


@login_required
def line_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show_line(request, _seen_line(request, pk))


@login_required
@require_POST
def line_plan(request: HttpRequest, pk: int) -> HttpResponse:
    line, form = _seen_line(request, pk), PlanForm(request.POST)

    def act(actor: Person, at: datetime) -> str:
        planned = plan_study(line=line, actor=actor, at=at, **form.cleaned_data)
        if not planned.left_out:
            return _("学习已安排。")
        names = listed(body.name for body in planned.left_out)
        return _("学习已安排。%(names)s请自己的负责人加入联办。") % {"names": names}

    if acted(request, act, "", form):
        return redirect("web:exchange_line", pk)
    return _show_line(request, line, failed=form)


@login_required
@require_POST
def line_drop(request: HttpRequest, pk: int) -> HttpResponse:
    line = _seen_line(request, pk)
    back = line.state == LineState.DROPPED
    done = take_line_back if back else drop_line
    acted(
        request, lambda a, t: done(line=line, actor=a, at=t), _("题目已恢复。") if back else _("题目已取消，可以恢复。")
    )
    return redirect("web:exchange_line", pk)


@login_required
@require_POST
def line_ask(request: HttpRequest, pk: int) -> HttpResponse:
    line, form = _seen_line(request, pk), QuestionForm(request.POST)
    if acted(
        request, lambda a, t: ask_question(line=line, text=form.cleaned_data["text"], actor=a, at=t),
        _("已问，准备的人看得到。"), form,
    ):  # fmt: skip
        return redirect("web:exchange_line", pk)
    return _show_line(request, line, failed=form)


@login_required
@require_POST
def line_answer(request: HttpRequest, pk: int, question: int) -> HttpResponse:
    line, form = _seen_line(request, pk), AnswerForm(request.POST)
    found = get_object_or_404(line.questions.select_related("line__programme"), pk=question)
    if not acted(
        request, lambda a, t: answer_question(question=found, answer=form.cleaned_data["answer"], actor=a, at=t),
        _("已答复。"), form,
    ):  # fmt: skip
        return _show_line(request, line, failed=form, question=question)
    return redirect("web:exchange_line", pk)


@login_required
@require_POST
def line_material(request: HttpRequest, pk: int) -> HttpResponse:
    line, form = _seen_line(request, pk), MaterialForm(request.POST, request.FILES)

    def act(actor: Person, at: datetime) -> None:
        file = form.cleaned_data["file"]
        add_material(line=line, upload=Upload(file.name, file), actor=actor, at=at)

    if acted(request, act, _("材料已放好。"), form):
        return redirect("web:exchange_line", pk)
    return _show_line(request, line, failed=form)


@login_required
@cache_control(private=True)
def material_file(request: HttpRequest, pk: int, material: int) -> HttpResponseBase:
    found = get_object_or_404(_seen_line(request, pk).materials.select_related("file"), pk=material)
    path = path_of(found.file.sha256)
    if not path.is_file():
        raise Http404
    answer = FileResponse(path.open("rb"), content_type=found.file.media_type, filename=found.name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _seen(request: HttpRequest, pk: int) -> StudyProgramme:
    return get_object_or_404(programmes_seen_by(actor_of(request), timezone.now()), pk=pk)


def _seen_line(request: HttpRequest, pk: int) -> StudyLine:
    return get_object_or_404(lines_seen_by(actor_of(request), timezone.now()), pk=pk)


def _line_form(programme: StudyProgramme, *, data: Any = None, today: date | None = None) -> LineForm:
    months = [(f"{one}", f"{one:%Y-%m}") for one in months_between(programme.starts_on, programme.ends_on)]
    here = first_of(today or programme.starts_on)
    people = people_around(programme.body, local_day(timezone.now()))
    initial = {"mode": programme.mode, "month": f"{here}"}
    return LineForm(data, months=months, people=people, initial=initial)


def _show(request: HttpRequest, programme: StudyProgramme, *, failed: Any = None) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    today = local_day(now)
    may_keep = KEEP_PROGRAMME.allows(actor, programme, at=now) and programme.state == ProgrammeState.RUNNING
    months = months_with_lines(programme, today)
    context = {
        "programme": programme,
        "months": [
            (
                view,
                MONTH_SHAPES[view.month.state],
                [(one, LINE_SHAPES[LineState(one.line.state)]) for one in view.lines],
            )
            for view in months
        ],
        "sides": list(programme.sides.select_related("body").order_by("pk")),
        "may_keep": may_keep,
        "held": sum(view.month.state == MonthState.HELD for view in months),
        "missed": sum(view.month.state == MonthState.MISSED for view in months),
        "points": list(points_to_study(programme, actor, now)[:10]) if may_keep else [],
        "line_form": failed or (_line_form(programme, today=today) if may_keep else None),
        "failed": failed is not None,
    }
    return render(request, "exchange/programme_detail.html", context, status=422 if failed is not None else 200)


def _show_line(request: HttpRequest, line: StudyLine, *, failed: Any = None, question: int = 0) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    view = LineView(line)
    view.materials = list(line.materials.order_by("pk"))
    view.questions = list(line.questions.select_related("asked_by", "answered_by").order_by("pk"))
    if line.activity_id is not None:
        rows = AgendaItem.objects.filter(activity=line.activity_id, task__isnull=False)
        view.tasks = list(rows.select_related("task__assignee").order_by("number"))
    may_keep = KEEP_PROGRAMME.allows(actor, line.programme, at=now)
    is_running = line.programme.state == ProgrammeState.RUNNING
    may_plan = may_keep and is_running and line.state == LineState.LISTED
    body = body_to_plan(line.programme, actor, now) if may_plan else None
    initial = {"place": line.programme.place, **next_week(now)}
    context: dict[str, Any] = {
        "view": view,
        "line": line,
        "shape": LINE_SHAPES[LineState(line.state)],
        "may_keep": may_keep and is_running,
        "may_prepare": PREPARE_LINE.allows(actor, line, at=now),
        "may_ask": line.state in (LineState.LISTED, LineState.PLANNED),
        "sees_activity": line.activity is not None and SEE_ACTIVITY.allows(actor, line.activity, at=now),
        "plan_body": body,
        "plan_form": failed if isinstance(failed, PlanForm) else PlanForm(initial=initial),
        "question_form": failed if isinstance(failed, QuestionForm) else QuestionForm(),
        "material_form": failed if isinstance(failed, MaterialForm) else MaterialForm(),
        "questions": [
            (
                row,
                failed if isinstance(failed, AnswerForm) and row.pk == question else _answer_form(row),
                row.pk == question,
            )
            for row in view.questions
        ],
        "failed": type(failed).__name__ if failed is not None else "",
    }
    return render(request, "exchange/line_detail.html", context, status=422 if failed is not None else 200)


def _answer_form(row: StudyQuestion) -> AnswerForm:
    return AnswerForm(auto_id=f"id_q{row.pk}_%s", initial={"answer": row.answer})
