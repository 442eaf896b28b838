"""One member of a session with everything that the page shows and offers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.orglife.calc.shares import SHORTEST_TERM, months_later
from ronghe.domain.orglife.enums import OVER, POOR, ObjectionState, SessionState
from ronghe.domain.orglife.models import SessionMember
from ronghe.domain.orglife.rules import (
    ANSWER_OBJECTION,
    READ_PERSONAL,
    READ_STATEMENT,
    RUN_SESSION,
    SEE_GRADE,
    SEE_MEASURE,
)
from ronghe.domain.orglife.selectors.members import GRADES, grades_of_person, marks_of, peer_sums, people_here
from ronghe.domain.orglife.services.reading import read_measure, read_personal, read_statement
from ronghe.web.orglife.forms import (
    AnswerForm,
    CriticismForm,
    ExemptForm,
    MeasureForm,
    ObjectionForm,
    OwnCorrectionForm,
    SelfForm,
    StatementForm,
)
from ronghe.web.orglife.presenting import GRADE_SHAPES, TASK_SHAPES, due_default
from ronghe.web.requests import actor_of

HELP_DAYS = 90


def member_context(
    request: HttpRequest, row: SessionMember, *, failed: Any = None, reads: bool = False
) -> dict[str, Any]:
    """Return what a member's page shows; sealed words only to the member, or where the reader has asked for them."""
    actor, now = actor_of(request), timezone.now()
    session, is_mine = row.session, row.person_id == actor.pk
    shown = reads or is_mine
    sees_personal = READ_PERSONAL.allows(actor, row, at=now)
    sees_grade = SEE_GRADE.allows(actor, row, at=now) and (session.told_at is not None or not is_mine)
    may_read = READ_STATEMENT.allows(actor, row, at=now)
    sees_measure = SEE_MEASURE.allows(actor, row, at=now) and (session.told_at is not None or not is_mine)
    context: dict[str, Any] = {
        "row": row,
        "session": session,
        "is_mine": is_mine,
        "shown": shown,
        "sees_grade": sees_grade and bool(row.grade),
        "grade_shape": GRADE_SHAPES.get(row.grade, "upcoming"),
        "sees_personal": sees_personal,
        "may_read": not shown and (may_read or sees_personal or sees_measure),
        "statement": read_statement(member=row, actor=actor, at=now) if shown and may_read else "",
        "personal": read_personal(member=row, actor=actor, at=now) if shown and sees_personal else None,
        "measure": read_measure(member=row, actor=actor, at=now) if shown and sees_measure else None,
        "corrections": [
            (one, TASK_SHAPES.get(one.task.state, "due"))
            for one in row.corrections.select_related("task").order_by("task__due_at", "pk")
        ],
        "sums": _sums(row) if sees_grade and session.counted_at is not None else [],
        "may_acknowledge": is_mine and bool(row.grade) and session.told_at is not None and not row.acknowledged_at,
        "earlier": list(grades_of_person(row.person).exclude(pk=row.pk)[:5]) if is_mine else [],
        "failed": type(failed).__name__ if failed is not None else "",
    }
    return context | _forms(request, row, context, failed)


def _forms(request: HttpRequest, row: SessionMember, context: dict[str, Any], failed: Any) -> dict[str, Any]:
    actor, now = actor_of(request), timezone.now()
    session, is_mine = row.session, context["is_mine"]
    day, objection = local_day(now), getattr(row, "objection", None)
    may_run = RUN_SESSION.allows(actor, session, at=now)
    writes = is_mine and session.takes_papers and not row.exemption
    may_object = (
        is_mine and objection is None and bool(row.grade) and session.state == SessionState.TOLD
        and session.objections_until is not None and day <= session.objections_until
    )  # fmt: skip
    may_answer = (
        objection is not None and objection.state == ObjectionState.OPEN and not is_mine
        and session.state == SessionState.TOLD and ANSWER_OBJECTION.allows(actor, row, at=now)
    )  # fmt: skip
    may_measure = may_run and session.state == SessionState.OPINION and row.grade in POOR
    personal = context["personal"]
    made: dict[str, Any] = {
        "statement_form": StatementForm(initial={"text": context["statement"]}) if writes else None,
        "self_form": SelfForm(
            initial={"grade": row.self_grade or "qualified", "text": personal.self_text if personal else ""}
        ) if writes and session.has_review else None,
        "exempt_form": ExemptForm() if may_run and session.takes_papers and not row.exemption else None,
        "criticism_form": CriticismForm(people=people_here(session).exclude(pk=row.person_id))
        if may_run and session.opened_at and session.state not in OVER else None,
        "measure_form": MeasureForm(
            grade=row.grade, people=people_here(session).exclude(pk=row.person_id),
            initial={"until": _until(row, day)},
        ) if may_measure and SEE_MEASURE.allows(actor, row, at=now) else None,
        "objection_form": ObjectionForm() if may_object else None,
        "answer_form": AnswerForm() if may_answer else None,
        "correction_form": OwnCorrectionForm(initial={"due_at": due_default()})
        if (is_mine or may_run) and session.state not in OVER else None,
    }  # fmt: skip
    if failed is not None:
        made |= {name: failed for name, form in made.items() if form is not None and type(form) is type(failed)}
    return {**made, "may_take_in": may_run and session.takes_papers and bool(row.exemption), "objection": objection}


def _until(row: SessionMember, day: Any) -> Any:
    return day + timedelta(days=HELP_DAYS) if row.grade == "basic" else months_later(day, SHORTEST_TERM)


def _sums(row: SessionMember) -> list[tuple[str, int | None, int | None]]:
    """Return a line a grade: how many of the others, and how many of the secret marks; `None` where too few."""
    one = peer_sums(row.session).get(row.pk)
    peers = one.shown(row.session.least_shown) if one is not None else None
    marks = marks_of(row)
    return [
        (str(grade.label), peers[place] if peers else None, marks[place] if marks else None)
        for place, grade in enumerate(GRADES)
    ]
