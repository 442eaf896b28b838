"""One nomination: its evidence, the opinions, objections to it and their answers."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from ronghe.domain.honours.enums import Aspect, CallObjectionState, CallState, NominationState
from ronghe.domain.honours.models import Nomination
from ronghe.domain.honours.rules import ANSWER_OBJECTION, CHANGE_NOMINATION, OBJECT
from ronghe.domain.honours.selectors.selection import (
    nomination_view,
    objections_on,
    objections_seen_by,
    records_offered,
    vetoes_for,
)
from ronghe.domain.honours.services.calling import add_evidence, withdraw_nomination
from ronghe.domain.honours.services.choosing import answer_objection, object_to
from ronghe.domain.honours.services.vetting import OwnNomination, give_opinion
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.work.services.files import Upload, path_of
from ronghe.web.honours.forms import AnswerForm, EvidenceForm, ObjectionForm, OpinionForm
from ronghe.web.honours.presenting import (
    NOMINATION_SHAPES,
    OBJECTION_SHAPES,
    plain_act,
    seen_nomination,
)
from ronghe.web.members.acting import ActPage, posted
from ronghe.web.qualifications.acting import field_act
from ronghe.web.requests import actor_of


@login_required
def nomination_detail(request: HttpRequest, pk: int) -> HttpResponse:
    row, actor, now = seen_nomination(request, pk), actor_of(request), timezone.now()
    view, call, day = nomination_view(row, actor, now), row.call, local_day(now)
    is_mine = CHANGE_NOMINATION.allows(actor, row, at=now)
    is_naming = call.state == CallState.NAMING and row.state == NominationState.NAMED
    vetoes = vetoes_for(call, body_id=row.body_id, person=row.person, day=day) if view.sees_vetting else []
    context = {
        "row": row,
        "view": view,
        "call": call,
        "shape": NOMINATION_SHAPES[NominationState(row.state)],
        "vetoes": [(fact.values.get("item", ""), local_day(fact.occurred_at)) for fact in vetoes],
        "missing": [aspect.label for aspect in view.missing] if row.state == NominationState.NAMED else [],
        "can_change": is_mine and is_naming,
        "can_object": (
            call.state == CallState.NOTICE and call.notice_until is not None and day <= call.notice_until
            and OBJECT.allows(actor, row, at=now) and not row.objections.filter(made_by=actor).exists()
        ),
        "objections": [
            (one, OBJECTION_SHAPES[CallObjectionState(one.state)]) for one in objections_on(call, actor, now) if one.nomination_id == pk
        ],
    }  # fmt: skip
    return render(request, "honours/nomination_detail.html", context)


@login_required
@require_POST
def nomination_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    row = seen_nomination(request, pk)
    return plain_act(
        request, lambda a, t: withdraw_nomination(nomination=row, actor=a, at=t), _("提名已撤回。"), "web:honour_call",
        row.call_id,
    )  # fmt: skip


@login_required
def nomination_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    row, actor = seen_nomination(request, pk), actor_of(request)
    CHANGE_NOMINATION.require(actor, row)
    tasks, honours = records_offered(row)
    records = [(f"task-{one.pk}", _("任务：%(title)s") % {"title": one.title}) for one in tasks]
    records += [
        (f"honour-{one.pk}", _("荣誉：%(year)s 年%(title)s") % {"year": one.year, "title": one.title.name})
        for one in honours
    ]
    form = EvidenceForm(posted(request), request.FILES or None, records=records, aspects=row.call.aspects)

    def act(given: dict[str, Any]) -> str:
        kind, _dash, number = given["record"].partition("-")
        sent = given["file"]
        add_evidence(
            nomination=row, actor=actor, at=timezone.now(), words=given["words"], aspect=given["aspect"],
            task=next((one for one in tasks if kind == "task" and str(one.pk) == number), None),
            honour=next((one for one in honours if kind == "honour" and str(one.pk) == number), None),
            upload=Upload(sent.name or "", sent) if sent else None,
        )  # fmt: skip
        return _("已加上。")

    note = _("已验收的任务、已获的荣誉直接选，不用再写；没有记录的写几句或附文件。")
    return field_act(request, form, _page(row, _("加证明材料"), _("加上"), note), act)


@login_required
@cache_control(private=True, max_age=3600)
def evidence_file(request: HttpRequest, pk: int, evidence: int) -> HttpResponseBase:
    rows = seen_nomination(request, pk).evidence.filter(file__isnull=False).select_related("file")
    file = get_object_or_404(rows, pk=evidence).file
    assert file is not None  # only such rows were asked for
    answer = FileResponse(path_of(file.sha256).open("rb"), content_type=file.media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox"
    return answer


@login_required
def nomination_opinion(request: HttpRequest, pk: int) -> HttpResponse:
    row, actor, now = seen_nomination(request, pk), actor_of(request), timezone.now()
    mine = nomination_view(row, actor, now).mine
    if not mine:
        raise OwnNomination
    form = OpinionForm(posted(request), aspects=mine)

    def act(given: dict[str, Any]) -> str:
        give_opinion(
            nomination=row, aspect=Aspect(given["aspect"]), passes=given["passes"], words=given["words"], actor=actor,
            at=now,
        )  # fmt: skip
        return _("意见已出具。")

    note = _("意见出具后不能改。有一项不同意，就不再往下评。")
    return field_act(request, form, _page(row, _("出具审查意见"), _("出具"), note), act)


@login_required
def nomination_object(request: HttpRequest, pk: int) -> HttpResponse:
    row, actor = seen_nomination(request, pk), actor_of(request)
    OBJECT.require(actor, row)

    def act(given: dict[str, Any]) -> str:
        object_to(nomination=row, text=given["text"], actor=actor, at=timezone.now())
        return _("异议已提出，答复以后在这里看得到。")

    note = _("只有主办的组织和纪检看得到是谁提的，由别人核查答复。")
    return field_act(request, ObjectionForm(posted(request)), _page(row, _("提异议"), _("提出"), note), act)


@login_required
def objection_answer(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    objection = get_object_or_404(objections_seen_by(actor, now), pk=pk)
    ANSWER_OBJECTION.require(actor, objection, at=now)

    def act(given: dict[str, Any]) -> str:
        answer_objection(objection=objection, actor=actor, at=now, **given)
        return _("已答复。")

    page = ActPage(
        _("答复异议"), _("答复"), reverse("web:honour_call", args=[objection.nomination.call_id]),
        objection.nomination.holder_name, objection.text,
    )  # fmt: skip
    return field_act(request, AnswerForm(posted(request)), page, act)


def _page(row: Nomination, title: str, button: str, note: str = "") -> ActPage:
    return ActPage(title, button, reverse("web:honour_nomination", args=[row.pk]), row.holder_name, note)
