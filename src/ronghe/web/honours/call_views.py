"""评选: calls, who is named, vetting, the vote, the notice, objections, the award."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.ballots.selectors import progress_of
from ronghe.domain.honours.documents import notice_document
from ronghe.domain.honours.enums import CALL_FLOW, CallObjectionState, CallState, CallWay, NominationState
from ronghe.domain.honours.models import HonourCall, HonourTitle
from ronghe.domain.honours.rules import RUN_CALL
from ronghe.domain.honours.selectors.register import people_of
from ronghe.domain.honours.selectors.selection import (
    bodies_to_call_for,
    bodies_to_name_from,
    list_calls,
    nominations_of,
    objections_on,
    objections_to_answer,
    own_in,
    panel_of,
    result_by_votes,
)
from ronghe.domain.honours.services.calling import begin_vetting, call_off, nominate, open_call
from ronghe.domain.honours.services.choosing import award, choose, count_vote, open_vote, vote_again
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.words import N_
from ronghe.web.files import paper_answer
from ronghe.web.honours.forms import AwardForm, CallForm, ChooseForm, NominationForm, ReasonForm, VotersForm
from ronghe.web.honours.presenting import (
    CALL_SHAPES,
    NOMINATION_SHAPES,
    OBJECTION_SHAPES,
    listed,
    plain_act,
    seen_call,
)
from ronghe.web.members.acting import ActPage, posted
from ronghe.web.paging import asked_page, number_of, page_of
from ronghe.web.qualifications.acting import field_act
from ronghe.web.requests import actor_of

LONGEST_SEARCH = 40
MOST_NAMED = 100
"""Names typed at once at most."""


class VoterUnknown(DomainError):
    code = "voter_unknown"
    sentence = N_("没有找到“%(who)s”，或者叫这个名字的不止一人，请写员工号。")
    status = 422


@login_required
def call_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    found = Q()
    if (state := request.GET.get("state", "")) in CallState.values:
        found &= Q(state=state)
    if text := request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]:
        found &= Q(title__name__contains=text) | Q(body__name__contains=text)
    page = page_of(list_calls(actor, now, filters=found, page=asked_page(request)))
    context = {
        "page": page,
        "lines": [(row, CALL_SHAPES[CallState(row.state)]) for row in page.object_list],
        "states": CallState.choices,
        "is_filtered": bool(found),
    }
    return listed(
        request, "honours/call_list.html", context, lambda: {"can_call": bodies_to_call_for(actor, now).exists()}
    )


@login_required
def call_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_call_for(actor, now)
    if not bodies.exists():
        raise NotAllowed
    day = local_day(now)
    form = CallForm(
        posted(request), titles=HonourTitle.objects.filter(is_retired=False).order_by("name", "pk"), bodies=bodies,
        initial={"year": day.year, "quota": 10, "nominate_until": day + timedelta(days=14)},
    )  # fmt: skip

    def act(given: dict[str, Any]) -> str:
        open_call(body=given["body"], text=form.text(), actor=actor, at=now)
        return _("评选通知已发布，大家都看得到。")

    page = ActPage(_("发起评选"), _("发布"), reverse("web:honour_calls"), _("评选"))
    return field_act(request, form, page, act)


@login_required
def call_detail(request: HttpRequest, pk: int) -> HttpResponse:
    call, actor, now = seen_call(request, pk), actor_of(request), timezone.now()
    views = nominations_of(call, actor, now)
    may_run, is_own = RUN_CALL.allows(actor, call, at=now), own_in(call, actor, now)
    by_ballot = call.way == CallWay.BALLOT
    is_over = call.notice_until is not None and local_day(now) > call.notice_until
    can_name = (
        call.state == CallState.NAMING and local_day(now) <= call.nominate_until
        and bodies_to_name_from(call, actor, now).exists()
    )  # fmt: skip
    answerable = (
        set(objections_to_answer(actor, now).values_list("pk", flat=True)) if call.state == CallState.NOTICE else set()
    )
    context = {
        "call": call,
        "shape": CALL_SHAPES[CallState(call.state)],
        "lines": [(view, NOMINATION_SHAPES[NominationState(view.nomination.state)]) for view in views],
        "named": call.nominations.exclude(state=NominationState.WITHDRAWN).count(),
        "steps": _steps(call),
        "can_name": can_name,
        "may_run": may_run,
        "is_own": is_own,
        "can_vet": may_run and call.state == CallState.NAMING,
        "can_open_vote": may_run and by_ballot and call.state == CallState.VETTING,
        "can_count": may_run and call.state == CallState.VOTING,
        "can_choose": may_run and CALL_FLOW.allows(call, "choose") and (not by_ballot or call.state == CallState.COUNTED),
        "can_award": may_run and call.state == CallState.NOTICE and is_over,
        "can_call_off": may_run and CALL_FLOW.allows(call, "call_off"),
        "can_vote_again": may_run and CALL_FLOW.allows(call, "vote_again"),
        "progress": progress_of(call.ballot) if call.ballot is not None and call.state == CallState.VOTING else None,
        "objections": [
            (row, OBJECTION_SHAPES[CallObjectionState(row.state)], row.pk in answerable) for row in objections_on(call, actor, now)
        ],
        "has_notice": call.state in (CallState.NOTICE, CallState.AWARDED),
    }  # fmt: skip
    return render(request, "honours/call_detail.html", context)


def _steps(call: HonourCall) -> list[tuple[str, str]]:
    """Return the steps of a call in words, each as done, now or next."""
    order = [CallState.NAMING, CallState.VETTING]
    order += [CallState.VOTING] if call.way == CallWay.BALLOT else []
    order += [CallState.NOTICE, CallState.AWARDED]
    at = CallState.VOTING if call.state == CallState.COUNTED else CallState(call.state)
    if at not in order:
        return []
    here = order.index(at)
    is_done = at == CallState.AWARDED
    return [
        (str(state.label), "done" if place < here or is_done else "now" if place == here else "next")
        for place, state in enumerate(order)
    ]


@login_required
def call_nominate(request: HttpRequest, pk: int) -> HttpResponse:
    call, actor, now = seen_call(request, pk), actor_of(request), timezone.now()
    bodies = bodies_to_name_from(call, actor, now)
    asked = number_of(request.POST.get("by_body") or request.GET.get("body"))
    body = bodies.filter(pk=asked).first() if asked else bodies.first()
    if body is None:
        raise NotAllowed
    people = people_of(body, local_day(now))
    form = NominationForm(
        posted(request), kind=call.title.goes_to, bodies=bodies, people=people, initial={"by_body": body.pk}
    )

    def act(given: dict[str, Any]) -> str:
        nominate(call=call, actor=actor, at=now, **given)
        return _("已提名，可以再加证明材料。")

    page = _page(
        call,
        _("提名"),
        _("提名"),
        _("%(title)s，提名到 %(until)s。") % {"title": call.title.name, "until": call.nominate_until},
    )
    return field_act(request, form, page, act)


@login_required
@require_POST
def call_vet(request: HttpRequest, pk: int) -> HttpResponse:
    call = seen_call(request, pk)
    return plain_act(
        request, lambda a, t: begin_vetting(call=call, actor=a, at=t), _("提名已截止，请各方出具意见。"),
        "web:honour_call", pk,
    )  # fmt: skip


@login_required
def call_open_vote(request: HttpRequest, pk: int) -> HttpResponse:
    call, now = _run(request, pk), timezone.now()
    panel = [person.pk for person in panel_of(call, local_day(now))]
    offered = Person.objects.filter(pk__in=panel).select_related("unit").order_by("name", "pk")
    form = VotersForm(posted(request), people=offered, initial={"people": panel})

    def act(given: dict[str, Any]) -> str:
        voters = [*given["people"], *_named(given["more"], call, now)]
        open_vote(call=call, voters=voters, actor=actor_of(request), at=now)
        return _("投票已开始，投票人在今日看得到。")

    page = _page(call, _("开始投票"), _("开始投票"), _("无记名，赞成过半的按票数取；被提名的人不投票。"))
    return field_act(request, form, page, act)


@login_required
@require_POST
def call_count(request: HttpRequest, pk: int) -> HttpResponse:
    call = seen_call(request, pk)
    return plain_act(request, lambda a, t: count_vote(call=call, actor=a, at=t), _("已计票。"), "web:honour_call", pk)


@login_required
def call_vote_again(request: HttpRequest, pk: int) -> HttpResponse:
    call = _run(request, pk)

    def act(given: dict[str, Any]) -> str:
        vote_again(call=call, reason=given["reason"], actor=actor_of(request), at=timezone.now())
        return _("这次投票不算，可以重新投。")

    return field_act(
        request, ReasonForm(posted(request)), _page(call, _("重新投票"), _("作废重来"), is_grave=True), act
    )


@login_required
def call_choose(request: HttpRequest, pk: int) -> HttpResponse:
    call, now = _run(request, pk), timezone.now()
    rows = call.nominations.filter(state=NominationState.NAMED).order_by("-votes", "named_at", "pk")
    result = result_by_votes(call)
    form = ChooseForm(posted(request), rows=rows, initial={"picked": sorted(result.chosen) if result else []})

    def act(given: dict[str, Any]) -> str:
        picked = list(given["picked"])
        choose(call=call, picked=picked, decision=given["decision"], actor=actor_of(request), at=now)
        return _("已公示，公示期内任何人可以提异议。")

    note = _("共 %(quota)s 个名额，公示 %(days)s 个工作日。") % {"quota": call.quota, "days": call.notice_days}
    return field_act(request, form, _page(call, _("定拟表彰名单"), _("公示"), note), act)


@login_required
def call_award(request: HttpRequest, pk: int) -> HttpResponse:
    call = _run(request, pk)

    def act(given: dict[str, Any]) -> str:
        award(call=call, document_number=given["document_number"], actor=actor_of(request), at=timezone.now())
        return _("已表彰，记入荣誉台账，可以打印证书。")

    return field_act(request, AwardForm(posted(request)), _page(call, _("表彰"), _("表彰")), act)


@login_required
def call_call_off(request: HttpRequest, pk: int) -> HttpResponse:
    call = _run(request, pk)

    def act(given: dict[str, Any]) -> str:
        call_off(call=call, reason=given["reason"], actor=actor_of(request), at=timezone.now())
        return _("评选已取消。")

    page = _page(call, _("取消评选"), _("取消评选"), is_grave=True)
    return field_act(request, ReasonForm(posted(request)), page, act)


@login_required
def call_notice(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    call = seen_call(request, pk)
    rows = call.nominations.select_related("body").order_by("named_at", "pk")
    return paper_answer(request, notice_document(call, list(rows)), form, source=call)


def _run(request: HttpRequest, pk: int) -> HonourCall:
    call = seen_call(request, pk)
    RUN_CALL.require(actor_of(request), call)
    return call


def _named(text: str, call: HonourCall, now: Any) -> list[Person]:
    """Return the people of the body whose names or staff numbers were typed.

    :raises VoterUnknown: nobody, or several, are called so
    """
    words = text.replace("\x00", "").split()[:MOST_NAMED]
    people = people_of(call.body, local_day(now))
    found: list[Person] = []
    for word in words:
        named = list(people.filter(Q(name=word) | Q(staff_number=word))[:2])
        if len(named) != 1:
            raise VoterUnknown(who=word[:LONGEST_SEARCH])
        found += named
    return found


def _page(call: HonourCall, title: str, button: str, note: str = "", *, is_grave: bool = False) -> ActPage:
    back = reverse("web:honour_call", args=[call.pk])
    return ActPage(title, button, back, call.title.name, note, is_grave=is_grave)
