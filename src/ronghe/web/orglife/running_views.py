"""The marking, the committee's grades, telling and reporting, and the list of corrections."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from ronghe.domain.org.models import Person
from ronghe.domain.orglife.enums import ListLevel, ReviewGrade, SessionState
from ronghe.domain.orglife.models import Correction
from ronghe.domain.orglife.rules import RUN_SESSION
from ronghe.domain.orglife.selectors.members import members_of, people_here, shares_of, views_of
from ronghe.domain.orglife.services.correcting import (
    carry_over,
    close_session,
    list_correction,
    review_list,
    take_back_carrying,
)
from ronghe.domain.orglife.services.grading import propose_grade, propose_rest
from ronghe.domain.orglife.services.marking import admit_late, count_marks, open_marking, stop_marking
from ronghe.domain.orglife.services.telling import report_up, tell_results
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.web.orglife.forms import CorrectionForm, GradesForm, NoteForm, ReasonForm
from ronghe.web.orglife.presenting import members_here, seen_session
from ronghe.web.orglife.views import act_on
from ronghe.web.requests import actor_of

REASONS = gettext_lazy("评定%(name)s的理由")


@login_required
@require_POST
def session_open(request: HttpRequest, pk: int) -> HttpResponse:
    session = seen_session(request, pk)
    return act_on(
        request, session, None, lambda a, t: open_marking(session=session, actor=a, at=t),
        _("测评已开始，到会的人在今日看得到。"),
    )  # fmt: skip


@login_required
@require_POST
def session_admit(request: HttpRequest, pk: int) -> HttpResponse:
    session = seen_session(request, pk)
    return act_on(
        request, session, None, lambda a, t: admit_late(session=session, actor=a, at=t), _("后来签到的人已加入名单。")
    )


@login_required
@require_POST
def session_stop(request: HttpRequest, pk: int) -> HttpResponse:
    session, form = seen_session(request, pk), ReasonForm(request.POST)

    def act(actor: Person, at: datetime) -> Any:
        stop_marking(session=session, actor=actor, at=at, **form.cleaned_data)

    return act_on(request, session, form, act, _("测评已作废，可以重来。"))


@login_required
@require_POST
def session_count(request: HttpRequest, pk: int) -> HttpResponse:
    session = seen_session(request, pk)
    return act_on(
        request,
        session,
        None,
        lambda a, t: count_marks(session=session, actor=a, at=t),
        _("已计票，请支委会评定等次。"),
    )


@login_required
@cache_control(no_store=True)
def session_grades(request: HttpRequest, pk: int) -> HttpResponse:
    """Every member with self-appraisal, ratings and marks in sum, and the grade that the committee agrees on."""
    session, actor, now = seen_session(request, pk), actor_of(request), timezone.now()
    RUN_SESSION.require(actor, session, at=now)
    if session.state != SessionState.OPINION:
        return redirect("web:life_session", session.pk)
    members = members_of(session)
    graded = [member for member in members if member.takes_grade and member.person_id != actor.pk]
    initial = {f"grade_{member.pk}": member.grade for member in graded}
    form = GradesForm(request.POST or None, members=graded, words=REASONS, needs=False, initial=initial)
    if request.method == "POST" and form.is_valid():
        if _graded(form, actor, now):
            toasts.done(request, _("等次已记下。"))
            return redirect("web:life_grades", session.pk)
        members = members_of(session)
    views = {view.member.pk: view for view in views_of(session, members, actor, now)}
    context = {
        "session": session, "form": form, "shares": shares_of(session, members),
        "rows": [(views[member.pk], grade, say) for member, grade, say in form.rows],
        "own": next((member for member in members if member.person_id == actor.pk and member.takes_grade), None),
    }  # fmt: skip
    return render(request, "orglife/grades_form.html", context, status=422 if form.errors else 200)


def _graded(form: GradesForm, actor: Person, at: datetime) -> bool:
    """Put down every grade that changed or has new words, poorer ones first; tell whether all could be."""
    order = list(ReviewGrade)
    by_pk = {member.pk: member for member in form.members}
    given = [(pk, grade, say) for pk, (grade, say) in form.given().items() if say or by_pk[pk].grade != grade]
    try:
        with transaction.atomic():
            for pk, grade, say in sorted(given, key=lambda one: -order.index(ReviewGrade(one[1]))):
                propose_grade(member=by_pk[pk], grade=ReviewGrade(grade), reasons=say, actor=actor, at=at)
    except NotAllowed:
        raise
    except DomainError as error:
        form.add_error(f"say_{pk}" if error.code == "life_reasons_missing" else None, str(error))
        return False
    return True


@login_required
@require_POST
def session_rest(request: HttpRequest, pk: int) -> HttpResponse:
    session = seen_session(request, pk)
    return act_on(
        request, session, None, lambda a, t: propose_rest(session=session, actor=a, at=t), _("其余的人已定为合格。"),
        then="web:life_grades",
    )  # fmt: skip


@login_required
@require_POST
def session_tell(request: HttpRequest, pk: int) -> HttpResponse:
    session = seen_session(request, pk)
    return act_on(
        request, session, None, lambda a, t: tell_results(session=session, actor=a, at=t),
        _("已告知，各人在今日看得到自己的结果。"),
    )  # fmt: skip


@login_required
@require_POST
def session_report(request: HttpRequest, pk: int) -> HttpResponse:
    session = seen_session(request, pk)
    return act_on(request, session, None, lambda a, t: report_up(session=session, actor=a, at=t), _("已记为报上级。"))


@login_required
@require_POST
def session_close(request: HttpRequest, pk: int) -> HttpResponse:
    session = seen_session(request, pk)
    return act_on(request, session, None, lambda a, t: close_session(session=session, actor=a, at=t), _("已办结。"))


@login_required
@require_POST
def session_review(request: HttpRequest, pk: int) -> HttpResponse:
    session, form = seen_session(request, pk), NoteForm(request.POST)

    def act(actor: Person, at: datetime) -> Any:
        review_list(session=session, actor=actor, at=at, **form.cleaned_data)

    return act_on(request, session, form, act, _("回顾已记下。"))


@login_required
@require_POST
def correction_add(request: HttpRequest, pk: int) -> HttpResponse:
    session = seen_session(request, pk)
    form = CorrectionForm(request.POST, members=members_here(session), people=people_here(session))

    def act(actor: Person, at: datetime) -> Any:
        given = {**form.cleaned_data, "level": ListLevel(form.cleaned_data["level"])}
        list_correction(session=session, actor=actor, at=at, **given)

    return act_on(request, session, form, act, _("已列入整改清单。"))


@login_required
@require_POST
def correction_carry(request: HttpRequest, pk: int, correction: int) -> HttpResponse:
    session, form = seen_session(request, pk), ReasonForm(request.POST)
    row = get_object_or_404(
        Correction.objects.select_related("session__body", "task__assignee"), pk=correction, session=session
    )

    def act(actor: Person, at: datetime) -> Any:
        carry_over(correction=row, actor=actor, at=at, **form.cleaned_data)

    return act_on(request, session, form, act, _("已转入下一年。"))


@login_required
@require_POST
def correction_keep(request: HttpRequest, pk: int, correction: int) -> HttpResponse:
    session = seen_session(request, pk)
    row = get_object_or_404(Correction.objects.select_related("session__body"), pk=correction, session=session)
    return act_on(
        request,
        session,
        None,
        lambda a, t: take_back_carrying(correction=row, actor=a, at=t),
        _("已撤回，仍在今年整改。"),
    )
