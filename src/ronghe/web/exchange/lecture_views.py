"""党员上讲台: the wall of offers, one lecture with its sessions, wanting, planning and rating."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.exchange.calc.ratings import Means
from ronghe.domain.exchange.enums import LectureKind, LectureState, SessionState
from ronghe.domain.exchange.models import Lecture
from ronghe.domain.exchange.rules import KEEP_LECTURE
from ronghe.domain.exchange.selectors.lectures import (
    bodies_to_lecture_in,
    lecture_view,
    lectures_seen_by,
    list_lectures,
    means_by_lecture,
    record_of,
)
from ronghe.domain.exchange.services.lectures import (
    change_lecture,
    offer_again,
    offer_lecture,
    rate_session,
    want_lecture,
    withdraw_lecture,
)
from ronghe.domain.exchange.services.planning import plan_lecture
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.web.exchange.acting import acted, asked_words, next_week
from ronghe.web.exchange.forms import LectureForm, PlanLectureForm, RateForm
from ronghe.web.files import excel_answer
from ronghe.web.paging import asked_page, page_of
from ronghe.web.requests import actor_of

SESSION_SHAPES = {SessionState.PLANNED: "upcoming", SessionState.GIVEN: "done", SessionState.CALLED_OFF: "waived"}
EXPORTED = 1000


@login_required
def lecture_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    words, kind, order = asked_words(request), request.GET.get("kind", ""), request.GET.get("order", "newest")
    kind = kind if kind in LectureKind.values else ""
    withdrawn = request.GET.get("withdrawn") == "1"
    listed = list_lectures(
        actor, now, words=words, kind=kind, order=order, withdrawn=withdrawn, page=asked_page(request)
    )
    means = means_by_lecture(listed.rows)
    page = page_of(listed)
    context = {
        "page": page, "lines": [(row, means.get(row.pk, Means(0))) for row in page.object_list],
        "kinds": LectureKind.choices,
        "orders": [("newest", _("最新")), ("wanted", _("最想听")), ("given", _("讲得最多"))],
        "is_filtered": bool(words or kind or withdrawn), "me": actor.pk,
    }  # fmt: skip
    template = "exchange/lecture_list.html#rows" if request.htmx else "exchange/lecture_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def lecture_export(request: HttpRequest) -> FileResponse:
    actor, now = actor_of(request), timezone.now()
    rows: Any = list_lectures(actor, now, words=asked_words(request), size=EXPORTED).rows
    means = means_by_lecture(rows)
    heads = [
        _("讲什么"),
        _("类别"),
        _("谁讲"),
        _("党组织"),
        _("分钟"),
        _("讲给谁听"),
        _("想听"),
        _("讲过"),
        _("有用"),
        _("听懂"),
    ]
    table: Iterator[Sequence[Any]] = (
        [row.title, row.get_kind_display(), row.lecturer.name, row.body.name, row.minutes, row.audience,
         row.wanted, row.times, means.get(row.pk, Means(0)).usefulness, means.get(row.pk, Means(0)).clarity]
        for row in rows
    )  # fmt: skip
    sheet = SheetOut(title=_("党员上讲台"), head=heads, rows=table, widths=[30, 10, 10, 26, 8, 20, 8, 8, 8, 8])
    return excel_answer([sheet], _("党员上讲台") + f"_{local_day(now):%Y%m%d}.xlsx")


@login_required
def lecture_create(request: HttpRequest) -> HttpResponse:
    initial = {"minutes": 45, "kind": LectureKind.BUSINESS}
    form = LectureForm(request.POST or None, initial=initial)
    made: list[Lecture] = []

    def act(actor: Person, at: datetime) -> None:
        made.append(offer_lecture(lecturer=actor, actor=actor, at=at, **_given(form)))

    if request.method == "POST" and acted(request, act, _("已报名，大家看得到，想听的人会点“想听”。"), form):
        return redirect("web:exchange_lecture", made[0].pk)
    context = {"form": form, "lecture": None}
    return render(request, "exchange/lecture_form.html", context, status=422 if form.errors else 200)


@login_required
def lecture_edit(request: HttpRequest, pk: int) -> HttpResponse:
    lecture = _seen(request, pk)
    KEEP_LECTURE.require(actor_of(request), lecture, at=timezone.now())
    initial = {name: getattr(lecture, name) for name in ("title", "kind", "minutes", "audience", "outline")}
    form = LectureForm(request.POST or None, initial=initial)

    def act(actor: Person, at: datetime) -> None:
        change_lecture(lecture=lecture, actor=actor, at=at, **_given(form))

    if request.method == "POST" and acted(request, act, _("已改好。"), form):
        return redirect("web:exchange_lecture", pk)
    context = {"form": form, "lecture": lecture}
    return render(request, "exchange/lecture_form.html", context, status=422 if form.errors else 200)


@login_required
def lecture_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _seen(request, pk))


@login_required
@require_POST
def lecture_want(request: HttpRequest, pk: int) -> HttpResponse:
    """One tap: wanted, or no more."""
    lecture = _seen(request, pk)
    wants = request.POST.get("wanted") == "1"

    def act(actor: Person, at: datetime) -> str:
        count = want_lecture(lecture=lecture, is_wanted=wants, actor=actor, at=at)
        return _("已有 %(count)s 人想听。") % {"count": count} if wants else _("已不再想听。")

    acted(request, act, "")
    back = request.POST.get("from")
    return redirect("web:exchange_lectures") if back == "wall" else redirect("web:exchange_lecture", pk)


@login_required
@require_POST
def lecture_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    lecture = _seen(request, pk)
    back = lecture.state == LectureState.WITHDRAWN
    done = offer_again if back else withdraw_lecture
    said = _("又可以讲了。") if back else _("已收回，可以再报名。")
    acted(request, lambda a, t: done(lecture=lecture, actor=a, at=t), said)
    return redirect("web:exchange_lecture", pk)


@login_required
@require_POST
def lecture_plan(request: HttpRequest, pk: int) -> HttpResponse:
    lecture = _seen(request, pk)
    form = PlanLectureForm(request.POST, bodies=bodies_to_lecture_in(actor_of(request), timezone.now()))
    if acted(
        request, lambda a, t: plan_lecture(lecture=lecture, actor=a, at=t, **form.cleaned_data),
        _("已安排，到时扫码签到；结束以后听课的人来评。"), form,
    ):  # fmt: skip
        return redirect("web:exchange_lecture", pk)
    return _show(request, lecture, failed=form)


@login_required
@require_POST
def session_rate(request: HttpRequest, pk: int, session: int) -> HttpResponse:
    lecture, form = _seen(request, pk), RateForm(request.POST)
    found = get_object_or_404(lecture.sessions.select_related("lecture__lecturer", "activity"), pk=session)
    if acted(
        request, lambda a, t: rate_session(session=found, actor=a, at=t, **form.cleaned_data),
        _("已评，一个星期内可以改；讲课的人看不到是谁评的。"), form,
    ):  # fmt: skip
        return redirect("web:exchange_lecture", pk)
    return _show(request, lecture, failed=form, session=session)


def _given(form: LectureForm) -> dict[str, Any]:
    return {**form.cleaned_data, "kind": LectureKind(form.cleaned_data["kind"])}


def _seen(request: HttpRequest, pk: int) -> Lecture:
    return get_object_or_404(lectures_seen_by(actor_of(request), timezone.now()), pk=pk)


def _show(request: HttpRequest, lecture: Lecture, *, failed: Any = None, session: int = 0) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    view = lecture_view(lecture, actor, now)
    bodies = bodies_to_lecture_in(actor, now)
    may_plan = lecture.state == LectureState.OFFERED and bodies.exists()
    sessions = []
    for one in view.sessions:
        form = None
        if one.may_rate:
            own = one.own
            initial = {"usefulness": own.usefulness, "clarity": own.clarity, "word": own.word} if own else {}
            form = failed if isinstance(failed, RateForm) and session == one.session.pk else None
            form = form or RateForm(initial=initial, auto_id=f"id_s{one.session.pk}_%s")
        sessions.append((one, SESSION_SHAPES[SessionState(one.session.state)], form))
    initial = {"place": lecture.body.unit.name if lecture.body.unit else "", **next_week(now, minutes=lecture.minutes)}
    plan_form = failed if isinstance(failed, PlanLectureForm) else None
    if may_plan and plan_form is None:
        plan_form = PlanLectureForm(bodies=bodies, initial={**initial, "body": lecture.body_id})
    context = {
        "lecture": lecture, "view": view, "sessions": sessions, "is_mine": lecture.lecturer_id == actor.pk,
        "is_offered": lecture.state == LectureState.OFFERED, "may_keep": KEEP_LECTURE.allows(actor, lecture, at=now),
        "plan_form": plan_form if may_plan else None, "record": record_of(lecture.lecturer),
        "failed": type(failed).__name__ if failed is not None else "",
    }  # fmt: skip
    return render(request, "exchange/lecture_detail.html", context, status=422 if failed is not None else 200)
