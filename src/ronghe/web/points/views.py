"""积分星级: my points, those of a branch's members, applications, what looks odd, stars."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from ronghe.domain.appraisal.enums import Level, OddVerdict
from ronghe.domain.appraisal.rules import LOOK_INTO, SEE_MEMBERS_POINTS
from ronghe.domain.appraisal.selectors.ledgers import ledger_for, members_for, periods_for, person_of
from ronghe.domain.appraisal.selectors.member_sheets import first_with_sheet, sheets_for, sheets_of
from ronghe.domain.appraisal.selectors.oddities import oddities_for
from ronghe.domain.appraisal.selectors.sheets import grade_titles, score_shown
from ronghe.domain.appraisal.selectors.stars import STAR_LEVELS, star_board
from ronghe.domain.appraisal.selectors.wording import period_title
from ronghe.domain.appraisal.services.oddities import look_at
from ronghe.domain.items.services.showing import RecordOf
from ronghe.domain.merits.rules import MERIT
from ronghe.domain.merits.selectors import people_to_report, record_called, records_about, sheet_of
from ronghe.domain.merits.services.applying import Application, apply_for
from ronghe.domain.org.enums import GROUP_KINDS
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day, standing_of
from ronghe.kernel.errors import DomainError
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import _
from ronghe.ui import toasts
from ronghe.web.appraisal.presenting import stars_of
from ronghe.web.files import excel_answer
from ronghe.web.items.presenting import page_of
from ronghe.web.items.views import item_list, uploads_of
from ronghe.web.paging import number_of
from ronghe.web.points.forms import ApplyForm
from ronghe.web.points.presenting import entries_of, items_of, odd_line, points_shown
from ronghe.web.requests import actor_of

MOST_ENTRIES = 200
MOST_BODIES = 100
BODY_LEVELS = {
    "member": Level.MEMBER,
    "team": Level.TEAM,
    "branch": Level.BRANCH,
    "general_branch": Level.GENERAL_BRANCH,
}


@login_required
def ledger(request: HttpRequest, token: int | None = None) -> HttpResponse:
    """One person's account of a period: what was counted, by which rule, what a cap cut, what is still open."""
    actor, now = actor_of(request), timezone.now()
    person = person_of(actor, token, now)
    asked = {"period": request.GET.get("period", ""), "sheet": request.GET.get("sheet", "")}
    view = ledger_for(actor, now, token=person.token, **asked)
    is_own = person == actor
    context: dict[str, Any] = {"person": person, "is_own": is_own, "view": view, **_places(actor, now)}
    context["head"] = _("我的积分") if is_own else person.name
    if view is not None and view.in_use is not None:
        entries = entries_of(view)
        known = sheets_for(person, local_day(now))
        context |= {
            "period": period_title(view.period.name),
            "periods": [
                ("" if place == 0 else one.name, period_title(one.name))
                for place, one in enumerate(periods_for(view.in_use, local_day(now)))
            ],
            "sheets": [(one.key, one.title) for one in known] if len(known) > 1 else [],
            "entries": entries[:MOST_ENTRIES],
            "more": max(len(entries) - MOST_ENTRIES, 0),
            "items": items_of(view),
            "stars": stars_of(view.grade),
            "carried": (period_title(view.previous[0]), score_shown(view.sheet, view.previous[1]))
            if view.previous
            else None,
            "can_apply": person == actor and not view.is_final and sheet_of(person, local_day(now)) is not None,
        }
    template = "points/ledger.html#rows" if request.htmx else "points/ledger.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def ledger_export(request: HttpRequest, token: int) -> HttpResponseBase:
    actor, now = actor_of(request), timezone.now()
    view = ledger_for(
        actor, now, token=token, period=request.GET.get("period", ""), sheet=request.GET.get("sheet", "")
    )  # fmt: skip
    if view is None:
        raise Http404
    heads = [_("日期"), _("事情"), _("在哪里"), _("项目"), _("规则"), _("得分"), _("封顶未计")]
    rows = (
        [f"{timezone.localtime(line.at):%Y-%m-%d}", line.what, line.where, line.item, line.rule, line.points, line.cut]
        for line in entries_of(view)
    )
    title = f"{view.person.name} {view.title} {period_title(view.period.name)}"
    sheet = SheetOut(title=_("积分"), head=heads, rows=rows, widths=[12, 30, 26, 22, 50, 10, 10])
    return excel_answer([sheet], f"{title}.xlsx")


@login_required
def members(request: HttpRequest) -> HttpResponse:
    """The points of a body's members as they stand, by name: persons get no places."""
    actor, now = actor_of(request), timezone.now()
    bodies = _bodies(SEE_MEMBERS_POINTS, actor, now)
    body = _chosen(bodies, request, local_day(now))
    context: dict[str, Any] = {"bodies": [(str(one.pk), one.name) for one in bodies], **_places(actor, now)}
    context |= {"body": None, "view": None, "periods": [], "period": "", "lines": []}
    if body is not None:
        view = members_for(actor, body, now, period=request.GET.get("period", ""))
        context |= {"body": body, "view": view}
        if view.in_use is not None and view.period is not None:
            titles = grade_titles(view.in_use.sheet)
            context |= {
                "periods": [(one.name, period_title(one.name)) for one in periods_for(view.in_use, local_day(now))],
                "period": period_title(view.period.name),
                "lines": [
                    {
                        "row": row,
                        "total": score_shown(view.in_use.sheet, row.total),
                        "grade": titles.get(row.grade or "", ""),
                        "stars": stars_of(row.grade),
                    }
                    for row in view.rows
                ],
            }
    template = "points/members.html#rows" if request.htmx else "points/members.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def merits(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    extra = _places(actor, now) | {
        "can_apply": sheet_of(actor, local_day(now)) is not None,
        "can_report": people_to_report(actor, now).exists(),
    }
    return item_list(request, MERIT, template="points/merits.html", **extra)


@login_required
def merit_apply(request: HttpRequest) -> HttpResponse:
    """Apply for points of the own sheet; `?report=1` puts forward what takes points away from somebody else."""
    actor, now = actor_of(request), timezone.now()
    is_report = "report" in request.GET
    people = people_to_report(actor, now) if is_report else None
    day = local_day(now)
    about = people.first() if people is not None else actor
    sheet = sheet_of(about, day) if about is not None else None
    rewards = [one for one in sheet.rewards if one.is_deduction == is_report] if sheet is not None else []
    records = [] if is_report else records_about(actor, now)
    form = ApplyForm(
        request.POST or None, rewards=rewards, records=records, people=people,
        initial={"done_on": day, "reward": request.GET.get("reward", ""), "record": request.GET.get("record", "")},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        member: Person = typed.get("member") or actor
        record = record_called(actor, typed["record"], now) if typed.get("record") else None
        given = Application(
            typed["reward"], typed["title"], typed["done_on"], typed["text"], typed["proof"],
            RecordOf(record.source_type, record.source_id, record.name) if record is not None else None,
        )  # fmt: skip
        try:
            item = apply_for(member=member, given=given, actor=actor, at=now, uploads=uploads_of(request))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已提交，等党小组长初核。"))
            return redirect(page_of(item))
    context = {"form": form, "has_rewards": bool(rewards), "is_report": is_report, **_places(actor, now)}
    return render(request, "points/apply.html", context, status=422 if form.errors else 200)


@login_required
def oddities(request: HttpRequest) -> HttpResponse:
    """What looks odd, for a person to look at; nothing follows by itself."""
    actor, now = actor_of(request), timezone.now()
    bodies = _bodies(LOOK_INTO, actor, now)
    body = _chosen(bodies, request, local_day(now))
    context: dict[str, Any] = {"bodies": [(str(one.pk), one.name) for one in bodies], **_places(actor, now)}
    context |= {"body": None, "period": "", "periods": [], "lines": []}
    if body is not None:
        period, found = oddities_for(actor, body, now, period=request.GET.get("period", ""))
        known = sheets_of(body, Level.MEMBER, local_day(now))
        context |= {
            "body": body,
            "period": period.name if period is not None else "",
            "periods": [(one.name, period_title(one.name)) for one in periods_for(known[0], local_day(now))]
            if known
            else [],
            "lines": [odd_line(one) for one in found],
            "verdicts": [(value, str(label)) for value, label in OddVerdict.choices],
        }
    template = "points/oddities.html#rows" if request.htmx else "points/oddities.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
@require_POST
def oddity_look(request: HttpRequest, body: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    there = get_object_or_404(LOOK_INTO.narrow(actor, PartyOrg.objects.all(), at=now), pk=body)
    verdict = request.POST.get("verdict", "")
    if verdict not in OddVerdict.values:
        raise Http404
    period = request.POST.get("period", "")
    try:
        look_at(
            body=there, key=request.POST.get("key", ""), verdict=OddVerdict(verdict), actor=actor, at=now, period=period
        )
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, _("已记下。"))
    return redirect(f"{reverse('web:oddities')}?{urlencode([('body', there.pk), ('period', period)])}")


@login_required
def stars(request: HttpRequest) -> HttpResponse:
    """Stars by quarter from final appraisals; a team and its Party group are one result (PP-11)."""
    actor, now = actor_of(request), timezone.now()
    level = BODY_LEVELS.get(request.GET.get("level", ""), Level.MEMBER)
    board = star_board(actor, level, now, sheet=request.GET.get("sheet", ""))
    context = {
        "board": board,
        "is_personal": level == Level.MEMBER,
        "levels": [("" if one == Level.MEMBER else one.value, str(one.label)) for one in STAR_LEVELS],
        "sheets": list(board.sheets) if len(board.sheets) > 1 else [],
        "periods": [(name, period_title(name)) for name in board.periods],
        "lines": [
            {
                "row": row,
                "cells": [
                    (period_title(name), cell, stars_of(cell.grade) if cell else None)
                    for name in board.periods
                    for cell in [row.cells.get(name)]
                ],
                "trend": [points_shown(cell.score) for cell in row.scores(board.periods) if cell.score is not None],
            }
            for row in board.rows
        ],
        "most": max([count for _title, count in board.bands] + [1]),
        **_places(actor, now),
    }
    template = "points/stars.html#rows" if request.htmx else "points/stars.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


def _places(actor: Person, now: Any) -> dict[str, Any]:
    """Which of the places of this page the reader has anything in."""
    posts = standing_of(actor, local_day(now)).posts
    return {
        "has_members": any(post.role in SEE_MEMBERS_POINTS.grants[0].roles and post.body_id for post in posts),
        "has_odd": any(post.role in LOOK_INTO.grants[0].roles and post.body_id for post in posts),
    }


def _bodies(permission: Any, actor: Person, now: Any) -> list[PartyOrg]:
    rows = permission.narrow(actor, PartyOrg.objects.filter(valid_until=None).exclude(kind__in=GROUP_KINDS), at=now)
    return list(rows.order_by("pk")[:MOST_BODIES])


def _chosen(bodies: list[PartyOrg], request: HttpRequest, day: date) -> PartyOrg | None:
    wanted = number_of(request.GET.get("body"))
    found = next((one for one in bodies if one.pk == wanted), None)
    if wanted is not None and found is None:
        raise Http404
    if found is None and bodies:
        found = first_with_sheet(bodies, Level.MEMBER, day) or bodies[0]
    return found
