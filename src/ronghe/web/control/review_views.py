"""审图: the list with its pace, submitting, one review with its rounds, opinions, issuing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.control.calc.hours import in_days, in_hours
from ronghe.domain.control.enums import Opinion, ReviewSide, ReviewState
from ronghe.domain.control.models import DesignReview
from ronghe.domain.control.rules import COMMENT, DESIGN, ISSUE, SUBMIT_REVIEW
from ronghe.domain.control.selectors.clocks import worked
from ronghe.domain.control.selectors.reviews import pace_of_project, review_record, reviews_of, seats_of
from ronghe.domain.control.selectors.sides import lots_offered
from ronghe.domain.control.selectors.standards import ReviewPace
from ronghe.domain.control.services.reviewing import (
    give_opinion,
    issue,
    resubmit,
    submit_review,
    withdraw_review,
)
from ronghe.domain.items.models import WorkItem
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import _
from ronghe.ui import toasts
from ronghe.web.control.forms import OpinionForm, ReasonForm, ReviewForm
from ronghe.web.control.presenting import (
    REVIEW_SHAPES,
    people_for,
    project_of,
    review_of,
    settle,
    uploads_of,
)
from ronghe.web.files import excel_answer
from ronghe.web.items.presenting import PANELS, line_of
from ronghe.web.paging import asked_filters, asked_page
from ronghe.web.requests import actor_of

A_PAGE = 20


@login_required
def control_reviews(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    project = project_of(request, pk)
    pace = pace_of_project(project, local_day(now))
    page = Paginator(reviews_of(project, **_filters(request)), A_PAGE).get_page(asked_page(request))
    context = {
        "project": project,
        "page": page,
        "lines": [_line(one, pace.baseline) for one in page.object_list],
        "pace": pace,
        "states": [("all", _("全部")), ("open", _("没签发")), *ReviewState.choices],
        "may_submit": SUBMIT_REVIEW.allows(actor, project, at=now),
        "asked_text": request.GET.get("q", "").strip(),
        "export_query": asked_filters(request),
    }
    wanted = "control/reviews.html#rows" if request.htmx else "control/reviews.html"  # type: ignore[attr-defined]
    answer = render(request, wanted, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def control_reviews_export(request: HttpRequest, pk: int) -> HttpResponseBase:
    project, now = project_of(request, pk), timezone.now()
    pace = pace_of_project(project, local_day(now)).baseline
    heads = [_("图号"), _("图纸、文件"), _("专业"), _("标段"), _("状态"), _("轮次"), _("送审人"), _("送审时间"), _("应签发"), _("签发时间"),
             _("用时（工作小时）"), _("用时（工作日）"), _("未确认意见")]  # fmt: skip
    rows = (_cells(_line(one, pace)) for one in reviews_of(project, **_filters(request)))
    sheet = SheetOut(title=_("审图"), head=heads, rows=rows, widths=[12, 36, 12, 12, 12, 6, 10, 17, 17, 17, 12, 12, 10])
    return excel_answer([sheet], f"{project.name}_{_('审图')}_{local_day(now):%Y%m%d}.xlsx")


@login_required
def control_review_create(request: HttpRequest, pk: int) -> HttpResponse:
    project, actor, now = project_of(request, pk), actor_of(request), timezone.now()
    SUBMIT_REVIEW.require(actor, project, at=now)
    people = people_for(request, project).exclude(pk=actor.pk)
    form = ReviewForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        try:
            review = submit_review(project=project, text=form.text(), actor=actor, at=now, uploads=uploads_of(request))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已送审，按工作时间开始计时。"))
            return redirect("web:control_review", review.pk)
    context = {"project": project, "form": form, "known_lots": lots_offered(project)}
    return render(request, "control/review_form.html", context, status=422 if form.errors else 200)


@login_required
def control_review(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, review_of(request, pk))


@login_required
@require_POST
def control_review_opinion(request: HttpRequest, pk: int) -> HttpResponse:
    review, actor, now = review_of(request, pk), actor_of(request), timezone.now()
    form = OpinionForm(request.POST)
    if not form.is_valid():
        return _show(request, review, failed=form, status=422)
    opinion = Opinion.AGREES if request.POST.get("opinion") == Opinion.AGREES else Opinion.COMMENTS
    try:
        review = give_opinion(
            review=review, opinion=opinion, actor=actor, at=now, comments=form.comments(),
            note=form.cleaned_data["note"],
        )  # fmt: skip
    except NotAllowed:
        raise
    except DomainError as error:
        form.add_error(None, str(error))
        return _show(request, review, failed=form, status=422)
    toasts.done(request, _("意见已提。") if opinion == Opinion.COMMENTS else _("已同意。"))
    return redirect("web:control_review", pk)


@login_required
@require_POST
def control_review_resubmit(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(
        request, pk,
        lambda one: resubmit(review=one, actor=actor_of(request), at=timezone.now(), uploads=uploads_of(request)),
        _("已送下一轮。"),
    )  # fmt: skip


@login_required
@require_POST
def control_review_issue(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(
        request, pk, lambda one: issue(review=one, actor=actor_of(request), at=timezone.now()), _("已签发，计时停止。")
    )


@login_required
@require_POST
def control_review_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    form = ReasonForm(request.POST)

    def act(one: DesignReview) -> None:
        withdraw_review(review=one, reason=form.cleaned_data["reason"], actor=actor_of(request), at=timezone.now())

    return _act(request, pk, act, _("已撤回送审。"), form)


def fill_comment(request: HttpRequest, item: WorkItem) -> dict[str, Any]:  # noqa: ARG001 - as every panel
    """The way from a comment to its review."""
    return {"review": DesignReview.objects.filter(pk=item.source_id or 0).first()}


PANELS[COMMENT.id] = ("control/_comment_panel.html", fill_comment)


def _act(
    request: HttpRequest, pk: int, act: Callable[[DesignReview], Any], done: str, form: Any = None
) -> HttpResponse:
    review = review_of(request, pk)
    return settle(request, lambda _actor: act(review), done, "web:control_review", pk, form=form)


def _show(request: HttpRequest, review: DesignReview, *, failed: Any = None, status: int = 200) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    record = review_record(review, now)
    is_designer = DESIGN.allows(actor, review, at=now)
    seats = seats_of(review, actor)
    context = {
        "review": review,
        "project": review.project,
        "line": _line(review, record.pace),
        "record": record,
        "comments": [line_of(item, now) for item in record.comments],
        "turns": [
            (turn, str(ReviewSide(turn.side).label), in_hours(worked(turn.began_at, turn.ended_at or now, record.pace)))
            for turn in record.turns
        ],
        "waited": [(str(side.label), in_hours(seconds)) for side, seconds in record.clock.by_side.items()],
        "my_seats": seats,
        "stands_in": bool(seats) and all(seat.person_id != actor.pk for seat in seats),
        "opinion_form": (failed or OpinionForm()) if seats else None,
        "failed": failed is not None,
        "can_resubmit": is_designer and review.state == ReviewState.ANSWERING,
        "can_withdraw": is_designer and review.state not in (ReviewState.ISSUED, ReviewState.WITHDRAWN),
        "can_issue": review.state == ReviewState.AGREED and ISSUE.allows(actor, review, at=now),
    }  # fmt: skip
    return render(request, "control/review.html", context, status=status)


def _line(review: DesignReview, pace: ReviewPace) -> dict[str, Any]:
    """A review in a list: its clock so far, in hours and days of the unit."""
    now = timezone.now()
    is_open = review.state not in (ReviewState.ISSUED, ReviewState.WITHDRAWN)
    seconds = review.worked_seconds
    if seconds is None:
        seconds = worked(review.submitted_at, now, pace) if is_open else 0
    late = is_open and now > review.due_at
    return {
        "review": review,
        "shape": "failed" if late else REVIEW_SHAPES[ReviewState(review.state)],
        "word": _("已超期") if late else review.get_state_display(),
        "hours": in_hours(seconds),
        "days": in_days(seconds, pace.hours),
        "is_over": seconds > pace.target_seconds,
        "comments": getattr(review, "open_comments", 0),
    }


def _cells(line: dict[str, Any]) -> list[Any]:
    review = line["review"]
    moments = [
        f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""
        for moment in (review.submitted_at, review.due_at, review.issued_at)
    ]
    return [
        review.number, review.title, review.get_discipline_display(), review.lot, line["word"], review.round,
        review.submitted_by.name, *moments, line["hours"], line["days"], line["comments"],
    ]  # fmt: skip


def _filters(request: HttpRequest) -> dict[str, Any]:
    return {
        "state": request.GET.get("state", ""),
        "words": request.GET.get("q", "").strip(),
        "late_at": timezone.now() if request.GET.get("late") else None,
    }
