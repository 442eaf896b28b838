"""One member of a session: what the member writes, what is read of the member, exemption, measure, result and objection."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from ronghe.domain.org.models import Person
from ronghe.domain.orglife.enums import Exemption, ListLevel, MeasureKind, ReviewGrade
from ronghe.domain.orglife.models import SessionMember
from ronghe.domain.orglife.selectors.members import member_of, own_sheet, people_here, to_rate
from ronghe.domain.orglife.services.correcting import list_correction
from ronghe.domain.orglife.services.grading import take_measure
from ronghe.domain.orglife.services.planning import exempt_member, take_back_exemption
from ronghe.domain.orglife.services.preparing import appraise_self, hand_in_statement, note_criticism
from ronghe.domain.orglife.services.telling import acknowledge, answer_objection, object_to_grade
from ronghe.domain.orglife.services.voices import rate_peers
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.web.orglife.forms import (
    AnswerForm,
    CriticismForm,
    ExemptForm,
    GradesForm,
    MeasureForm,
    ObjectionForm,
    OwnCorrectionForm,
    SelfForm,
    StatementForm,
)
from ronghe.web.orglife.member_page import member_context
from ronghe.web.orglife.presenting import seen_member, seen_session
from ronghe.web.requests import actor_of

COMMENT = gettext_lazy("对%(name)s说一句")


@login_required
@cache_control(no_store=True)
def member_detail(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    row = _row(request, pk, member)
    return render(request, "orglife/member_detail.html", member_context(request, row))


@login_required
@cache_control(no_store=True)
@require_POST
def member_read(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    """Sealed words about a member, on the page once; the look is recorded."""
    row = _row(request, pk, member)
    return render(request, "orglife/member_detail.html", member_context(request, row, reads=True))


@login_required
@cache_control(no_store=True)
def session_peers(request: HttpRequest, pk: int) -> HttpResponse:
    """Rate the others, each with a grade and a few words."""
    session, actor, now = seen_session(request, pk), actor_of(request), timezone.now()
    mine = member_of(session, actor)
    if mine is None or not session.has_review:
        raise Http404
    others, given = list(to_rate(mine)), own_sheet(mine)
    initial = {f"grade_{key}": value[0] for key, value in given.items()}
    initial |= {f"say_{key}": value[1] for key, value in given.items()}
    form = GradesForm(request.POST or None, members=others, words=COMMENT, needs=True, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            ratings = {key: (ReviewGrade(grade), say) for key, (grade, say) in form.given().items()}
            rate_peers(member=mine, ratings=ratings, actor=actor, at=now)
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("互评已交，测评开始前还可以改。"))
            return redirect("web:life_session", session.pk)
    context = {"session": session, "form": form, "rows": form.rows, "is_again": bool(given), "mine": mine}
    return render(request, "orglife/peers_form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def member_statement(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    row, form = _row(request, pk, member), StatementForm(request.POST)
    return _act(
        request, row, form, lambda a, t: hand_in_statement(member=row, actor=a, at=t, **form.cleaned_data),
        _("对照检查已交，测评开始前还可以改。"),
    )  # fmt: skip


@login_required
@require_POST
def member_self(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    row, form = _row(request, pk, member), SelfForm(request.POST)

    def act(actor: Person, at: datetime) -> Any:
        given = form.cleaned_data
        appraise_self(member=row, grade=ReviewGrade(given["grade"]), text=given["text"], actor=actor, at=at)

    return _act(request, row, form, act, _("自评已交，测评开始前还可以改。"))


@login_required
@require_POST
def member_criticism(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    row = _row(request, pk, member)
    form = CriticismForm(request.POST, people=people_here(row.session))
    return _act(
        request, row, form, lambda a, t: note_criticism(member=row, actor=a, at=t, **form.cleaned_data), _("已记下。")
    )


@login_required
@require_POST
def member_exempt(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    row, form = _row(request, pk, member), ExemptForm(request.POST)

    def act(actor: Person, at: datetime) -> Any:
        given = form.cleaned_data
        exempt_member(member=row, reason=Exemption(given["reason"]), note=given["note"], actor=actor, at=at)

    return _act(request, row, form, act, _("已记为免参加。"))


@login_required
@require_POST
def member_take_in(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    row = _row(request, pk, member)
    return _act(request, row, None, lambda a, t: take_back_exemption(member=row, actor=a, at=t), _("已恢复参加。"))


@login_required
@require_POST
def member_measure(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    row = _row(request, pk, member)
    if row.grade not in (ReviewGrade.BASIC, ReviewGrade.UNQUALIFIED):
        raise Http404
    form = MeasureForm(request.POST, grade=row.grade, people=people_here(row.session))

    def act(actor: Person, at: datetime) -> Any:
        given = {**form.cleaned_data, "kind": MeasureKind(form.cleaned_data["kind"])}
        take_measure(member=row, actor=actor, at=at, **given)

    return _act(request, row, form, act, _("已记下，告知本人时变成任务。"))


@login_required
@require_POST
def member_acknowledge(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    row = _row(request, pk, member)
    return _act(request, row, None, lambda a, t: acknowledge(member=row, actor=a, at=t), _("已知悉。"))


@login_required
@require_POST
def member_object(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    row, form = _row(request, pk, member), ObjectionForm(request.POST)
    return _act(
        request, row, form, lambda a, t: object_to_grade(member=row, actor=a, at=t, **form.cleaned_data),
        _("异议已提出，由别人答复。"),
    )  # fmt: skip


@login_required
@require_POST
def member_answer(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    row, form = _row(request, pk, member), AnswerForm(request.POST)

    def act(actor: Person, at: datetime) -> Any:
        grade = form.cleaned_data["grade"]
        answer_objection(
            member=row, is_upheld=form.cleaned_data["is_upheld"], answer=form.cleaned_data["answer"], actor=actor,
            at=at, grade=ReviewGrade(grade) if grade else None,
        )  # fmt: skip

    return _act(request, row, form, act, _("已答复。"))


@login_required
@require_POST
def member_correction(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    row, form = _row(request, pk, member), OwnCorrectionForm(request.POST)

    def act(actor: Person, at: datetime) -> Any:
        list_correction(
            session=row.session, level=ListLevel.MEMBER, member=row, actor=actor, at=at, **form.cleaned_data
        )

    return _act(request, row, form, act, _("已列入整改清单。"))


def _row(request: HttpRequest, pk: int, member: int) -> SessionMember:
    return seen_member(request, seen_session(request, pk), member)


def _act(
    request: HttpRequest, row: SessionMember, form: Any, act: Callable[[Person, datetime], Any], said: str
) -> HttpResponse:
    """Do one act; what stands against it is said beside its form, or above the page where there is none."""
    where = ("web:life_member", row.session_id, row.pk)
    if form is None or form.is_valid():
        try:
            act(actor_of(request), timezone.now())
        except NotAllowed:
            raise
        except DomainError as error:
            if form is None:
                toasts.refused(request, str(error))
                return redirect(*where)
            form.add_error(None, str(error))
        if form is None or not form.errors:
            toasts.done(request, said)
            return redirect(*where)
    fresh = _row(request, row.session_id, row.pk)
    return render(request, "orglife/member_detail.html", member_context(request, fresh, failed=form), status=422)
