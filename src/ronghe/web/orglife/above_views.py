"""The view from above and the leaders' double organization life, on the page and as workbooks; printed papers."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.orglife.documents import annex_document, corrections_document, member_document, summary_document
from ronghe.domain.orglife.enums import ReviewGrade, SessionState
from ronghe.domain.orglife.models import SessionMember
from ronghe.domain.orglife.rules import READ_PERSONAL, RUN_SESSION, SEE_GRADE
from ronghe.domain.orglife.selectors.above import (
    BodyLine,
    bodies_above,
    committees_for_leaders,
    leader_lines,
    overview,
    summed,
)
from ronghe.domain.orglife.selectors.corrections import corrections_of, last_years
from ronghe.domain.orglife.selectors.members import members_of, shares_of, views_of
from ronghe.domain.orglife.selectors.sessions import meetings_of, preparations_of
from ronghe.domain.orglife.services.reading import read_personal, read_statement
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.web.files import excel_answer, paper_answer
from ronghe.web.orglife.presenting import SESSION_SHAPES, seen_member, seen_session
from ronghe.web.paging import number_of
from ronghe.web.requests import actor_of

FIRST_YEAR, LAST_YEAR = 2000, 2999


def _asked(request: HttpRequest, bodies: Any) -> tuple[Any, int]:
    """Return the body and the year that the address asks for: the first body and this year unless it does."""
    key, year = number_of(request.GET.get("body")), number_of(request.GET.get("year"))
    body = bodies.filter(pk=key).first() if key else bodies.first()
    if body is None:
        raise NotAllowed
    today = local_day(timezone.now()).year
    return body, year if year and FIRST_YEAR <= year <= LAST_YEAR else today


def _choices(request: HttpRequest, bodies: Any) -> dict[str, Any]:
    today = local_day(timezone.now()).year
    return {
        "bodies": [(str(row.pk), row.name) for row in bodies[:50]],
        "years": [(str(one), str(one)) for one in range(today, today - 4, -1)],
        "export_query": f"?{request.GET.urlencode()}" if request.GET else "",
    }


@login_required
def life_overview(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_above(actor, now)
    body, year = _asked(request, bodies)
    lines = overview(body, year, now)
    total = summed(lines)
    context = {
        "body": body, "year": year, "total": total, **_choices(request, bodies),
        "lines": [(line, SESSION_SHAPES[SessionState(line.session.state)] if line.session else "due", _counts(line))
                  for line in lines],
        "grades": [(str(grade.label), total.grades[grade.value]) for grade in ReviewGrade],
    }  # fmt: skip
    return render(request, "orglife/overview.html", context)


def _counts(line: BodyLine) -> list[tuple[str, int | None]]:
    return [(str(grade.label), line.grades.get(grade.value)) for grade in ReviewGrade]


@login_required
def life_overview_export(request: HttpRequest) -> FileResponse:
    actor, now = actor_of(request), timezone.now()
    body, year = _asked(request, bodies_above(actor, now))
    heads = [_("党组织"), _("状态"), _("会期"), _("党员"), *(str(grade.label) for grade in ReviewGrade)]
    heads += [_("优秀上限"), _("告知本人"), _("报上级"), _("整改"), _("已验收"), _("逾期")]
    rows = []
    for line in overview(body, year, now):
        one = line.session
        rows.append(
            [line.body.name, one.get_state_display() if one else _("没有安排"),
             local_day(one.held_at or one.starts_at) if one else None, line.members,
             *(line.grades.get(grade.value) for grade in ReviewGrade), line.most if line.is_told else None,
             local_day(one.told_at) if one and one.told_at else None,
             local_day(one.reported_at) if one and one.reported_at else None, line.listed, line.done, line.overdue]
        )  # fmt: skip
    sheet = SheetOut(
        title=_("组织生活会和民主评议"), head=heads, rows=iter(rows), widths=[30, 12, 12, *[8] * 5, 10, 12, 12, 8, 8, 8]
    )
    return excel_answer([sheet], f"{body.name}_{year}.xlsx")


@login_required
def life_leaders(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = committees_for_leaders(actor, now)
    body, year = _asked(request, bodies)
    lines = leader_lines(body, year, now)
    missing = [line for line in lines if not line.is_double]
    context = {"body": body, "year": year, "lines": lines, "missing": missing, **_choices(request, bodies)}
    return render(request, "orglife/leaders.html", context)


@login_required
def life_leaders_export(request: HttpRequest) -> FileResponse:
    actor, now = actor_of(request), timezone.now()
    body, year = _asked(request, committees_for_leaders(actor, now))
    heads = [
        _("党员领导干部"),
        _("职务"),
        _("所在支部"),
        _("领导班子民主生活会"),
        _("所在支部组织生活会"),
        _("双重组织生活"),
    ]
    rows = (
        [line.person.name, " ".join(line.posts), line.home.name if line.home else "",
         " ".join(f"{day}" for day in line.leading), " ".join(f"{day}" for day in line.home_days),
         _("都参加了") if line.is_double else _("有缺")]
        for line in leader_lines(body, year, now)
    )  # fmt: skip
    sheet = SheetOut(title=_("双重组织生活"), head=heads, rows=rows, widths=[12, 20, 30, 24, 24, 12])
    return excel_answer([sheet], f"{body.name}_{year}.xlsx")


@login_required
def life_print(request: HttpRequest, pk: int, paper: str, form: str) -> HttpResponse:
    """The summary of grades, the annex to the record of the meeting, or the list of corrections."""
    session, actor, now = seen_session(request, pk), actor_of(request), timezone.now()
    day = local_day(now)
    if paper == "corrections":
        document = corrections_document(session, corrections_of(session), last_years(session), printed_on=day)
        return paper_answer(request, document, form, source=session)
    members = members_of(session)
    if paper == "summary":
        views = views_of(session, members, actor, now)
        if not all(view.is_seen for view in views):
            raise NotAllowed
        document = summary_document(session, views, shares_of(session, members))
        return paper_answer(request, document, form, source=session)
    RUN_SESSION.require(actor, session, at=now)
    document = annex_document(
        session, members, preparations_of(session, members, len(last_years(session))), meetings_of(session),
        corrections_of(session), printed_on=day,
    )  # fmt: skip
    return paper_answer(request, document, form, source=session)


@login_required
def life_member_print(request: HttpRequest, pk: int, member: int, form: str) -> HttpResponse:
    """A member's own sheet of the review; printing it opens sealed words, and the look is recorded."""
    row = seen_member(request, seen_session(request, pk), member)
    actor, now = actor_of(request), timezone.now()
    if row.session.told_at is None or not _reads(row, actor, now):
        raise NotAllowed
    statement = read_statement(member=row, actor=actor, at=now)
    personal = read_personal(member=row, actor=actor, at=now)
    document = member_document(row, statement, personal, printed_on=local_day(now))
    return paper_answer(request, document, form, source=row.session)


def _reads(row: SessionMember, actor: Any, now: Any) -> bool:
    return SEE_GRADE.allows(actor, row, at=now) and READ_PERSONAL.allows(actor, row, at=now)
