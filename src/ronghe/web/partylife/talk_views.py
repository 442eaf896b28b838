"""谈心谈话: mine and those in reach, recording, confirming, planning, and a branch's pairs of a year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.partylife.calc.pairs import NeedKind
from ronghe.domain.partylife.enums import TalkDoubt, TalkKind, TalkState, TalkTopic
from ronghe.domain.partylife.models import Talk, TalkYear
from ronghe.domain.partylife.rules import ANSWER_TALK, READ_TALK, SEE_TALK, VOID_TALK
from ronghe.domain.partylife.selectors.talks import (
    Matrix,
    bodies_with_matrix,
    list_talks,
    matrix_of,
    missing_in,
    people_to_talk_with,
    plans_of,
    talks_seen_by,
    talks_to_confirm,
)
from ronghe.domain.partylife.services.talks import (
    confirm_talk,
    decline_talk,
    drop_plan,
    plan_talk,
    read_talk,
    record_talk,
    void_talk,
)
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import listed as in_words
from ronghe.ui import toasts
from ronghe.web.files import excel_answer
from ronghe.web.paging import asked_filters, asked_page, number_of, page_of
from ronghe.web.partylife.acting import FormPage, asked_body, asked_text, asked_year, button, form_page
from ronghe.web.partylife.forms import DoubtForm, TalkForm, TalkPlanForm
from ronghe.web.requests import actor_of

SHAPES = {
    TalkState.RECORDED: "due",
    TalkState.CONFIRMED: "done",
    TalkState.DECLINED: "failed",
    TalkState.VOIDED: "waived",
}
HEADS = {
    NeedKind.COMMITTEE: TalkKind.COMMITTEE,
    NeedKind.LEADER_MEMBER: TalkKind.LEADER_MEMBER,
    NeedKind.MEMBERS: TalkKind.MEMBERS,
}


@login_required
def talk_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    found = _filters(request, actor)
    page = page_of(list_talks(actor, now, filters=found, page=asked_page(request)))
    context = {
        "page": page,
        "lines": [(talk, SHAPES[TalkState(talk.state)], actor.pk in (talk.by_id, talk.other_id)) for talk in page],
        "kinds": TalkKind.choices,
        "states": TalkState.choices,
        "is_filtered": bool(found),
        "export_query": asked_filters(request),
    }
    if not request.htmx:  # type: ignore[attr-defined]
        context |= {
            "waiting": list(talks_to_confirm(actor, now)[:20]),
            "plans": list(plans_of(actor)[:20]),
            "today": local_day(now),
            "sees_matrix": bodies_with_matrix(actor, now).exists(),
        }
    template = "partylife/talks.html#rows" if request.htmx else "partylife/talks.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def talk_export(request: HttpRequest) -> FileResponse:
    """Who talked with whom and when, whole: never about what."""
    actor, now = actor_of(request), timezone.now()
    rows = SEE_TALK.narrow(actor, Talk.objects.filter(_filters(request, actor)), at=now)
    rows = rows.select_related("by", "other", "body").order_by("-day", "-pk")
    heads = [_("日期"), _("谁"), _("和谁"), _("哪一种"), _("计入组织"), _("状态")]
    lines: Iterator[Sequence[Any]] = (
        [row.day, row.by.name, row.other.name, row.get_kind_display(), row.body.name, row.get_state_display()]
        for row in rows.iterator(chunk_size=2000)
    )
    sheet = SheetOut(_("谈心谈话"), heads, lines, [12, 10, 10, 14, 30, 14])
    return excel_answer([sheet], _("谈心谈话") + f"_{timezone.localdate(now):%Y%m%d}.xlsx")


@login_required
def talk_create(request: HttpRequest) -> HttpResponse:
    """Record a talk; `?with=` names the other."""
    actor, now = actor_of(request), timezone.now()
    people = people_to_talk_with(actor, now)
    initial = {"other": number_of(request.GET.get("with")), "day": local_day(now),
               "due_at": timezone.localtime(now + timedelta(days=14)).replace(hour=17, minute=30)}  # fmt: skip
    form = TalkForm(request.POST or None, people=people, initial=initial)
    list_url = reverse("web:life_talks")
    page = FormPage(
        _("记谈心谈话"), _("记下"), list_url, _("谈心谈话"), _("选人和日期就行；对方点一下“谈过”就确认了"),
        template="partylife/talk_form.html",
    )  # fmt: skip

    def act(given: dict[str, Any]) -> tuple[str, str]:
        topics = [TalkTopic(topic) for topic in given["topics"]]
        talk = record_talk(
            other=given["other"], day=given["day"], topics=topics, text=given["text"], follow_up=form.follow_up(),
            actor=actor, at=now,
        )  # fmt: skip
        return _("已记下，计入本年谈心谈话，等%(name)s确认。") % {"name": talk.other.name}, reverse(
            "web:life_talk", args=[talk.pk]
        )

    return form_page(request, form, page, act)


@login_required
def talk_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _seen(request, pk))


@login_required
@require_POST
def talk_read(request: HttpRequest, pk: int) -> HttpResponse:
    """What was said, on the page once; the look is recorded."""
    talk = _seen(request, pk)
    return _show(request, talk, text=read_talk(talk=talk, actor=actor_of(request), at=timezone.now()))


@login_required
@require_POST
def talk_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    talk = _seen(request, pk)
    return button(
        request, lambda actor, at: confirm_talk(talk=talk, actor=actor, at=at), _("已确认。"), _back(request), *_args(request, pk)
    )  # fmt: skip


@login_required
@require_POST
def talk_decline(request: HttpRequest, pk: int) -> HttpResponse:
    return _doubted(request, pk, decline_talk, _("已退回，这次谈话不计入。"))


@login_required
@require_POST
def talk_void(request: HttpRequest, pk: int) -> HttpResponse:
    return _doubted(request, pk, void_talk, _("已作废，这次谈话不计入。"))


@login_required
def talk_plan(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    initial = {"other": number_of(request.GET.get("with")), "day": local_day(now) + timedelta(days=3)}
    form = TalkPlanForm(request.POST or None, people=people_to_talk_with(actor, now), initial=initial)
    list_url = reverse("web:life_talks")
    page = FormPage(_("约谈心"), _("约好"), list_url, _("谈心谈话"), _("只有您看得到，到日子会在今日提醒您"))

    def act(given: dict[str, Any]) -> tuple[str, str]:
        plan = plan_talk(other=given["other"], day=given["day"], actor=actor, at=now)
        return _("已约好和%(name)s谈心，到日子提醒您。") % {"name": plan.other.name}, list_url

    return form_page(request, form, page, act)


@login_required
@require_POST
def plan_drop(request: HttpRequest, pk: int) -> HttpResponse:
    plan = get_object_or_404(plans_of(actor_of(request)), pk=pk)
    return button(request, lambda actor, at: drop_plan(plan=plan, actor=actor, at=at), _("不约了。"), "web:life_talks")


@login_required
def talk_year(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead from a year told complete to the pairs of that body and year."""
    row = get_object_or_404(TalkYear, pk=pk, body__in=bodies_with_matrix(actor_of(request), timezone.now()).order_by())
    return redirect(f"{reverse('web:life_matrix')}?body={row.body_id}&year={row.year}")


@login_required
def talk_matrix(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_with_matrix(actor, now)
    body = asked_body(request, bodies)
    if body is None:
        raise Http404
    year = asked_year(request)
    matrix = matrix_of(body, year, local_day(now))
    missing = missing_in(matrix)
    context = {
        "body": body,
        "bodies": [(str(row.pk), row.name) for row in bodies[:60]],
        "year": year,
        "years": [(str(one), str(one)) for one in range(local_day(now).year, local_day(now).year - 3, -1)],
        "matrix": matrix,
        "done": len(matrix.progress.met),
        "heads": [(HEADS[kind].label, *matrix.progress.of(kind)) for kind in NeedKind],
        "missing": [(one, HEADS[one.kind].label) for one in missing],
        "grid": _grid(matrix),
        "me": actor.pk,
        "has_plans": year == local_day(now).year,
    }
    return render(request, "partylife/matrix.html", context)


@login_required
def matrix_export(request: HttpRequest) -> FileResponse:
    """Two sheets: who talked with whom how often, and what is missing."""
    actor, now = actor_of(request), timezone.now()
    body = asked_body(request, bodies_with_matrix(actor, now))
    if body is None:
        raise Http404
    matrix = matrix_of(body, asked_year(request), local_day(now))
    people = [*matrix.committee, *matrix.members]
    wide = SheetOut(
        _("谈心谈话"), ["", *(person.name for person in people)],
        ([one.name, *(matrix.held(one, two) or None if one != two else "—" for two in people)] for one in people),
        [12, *([8] * len(people))],
    )  # fmt: skip
    open_ = SheetOut(
        _("还缺"), [_("哪一种"), _("谁"), _("和谁")],
        ([str(HEADS[one.kind].label), one.who.name, one.other.name if one.other else _("任何一位")] for one in missing_in(matrix)),
        [14, 12, 12],
    )  # fmt: skip
    return excel_answer([wide, open_], f"{body.name}_{matrix.year}.xlsx")


def _grid(matrix: Matrix) -> list[tuple[Person, bool, list[tuple[Person, int, bool, bool]]]]:
    """Return a row for each person: whom of the committee with how often, whether none is confirmed, whether it is oneself."""
    rows = [*((person, True) for person in matrix.committee), *((person, False) for person in matrix.members)]
    return [
        (
            person,
            leads,
            [
                (other, matrix.held(person, other), frozenset((person.pk, other.pk)) in matrix.unsure, person == other)
                for other in matrix.committee
            ],
        )
        for person, leads in rows
    ]


def _filters(request: HttpRequest, actor: Person) -> Q:
    found = Q()
    if request.GET.get("mine"):
        found &= Q(by=actor) | Q(other=actor)
    if (kind := request.GET.get("kind", "")) in TalkKind.values:
        found &= Q(kind=kind)
    if (state := request.GET.get("state", "")) in TalkState.values:
        found &= Q(state=state)
    if text := asked_text(request):
        found &= Q(by__name__contains=text) | Q(other__name__contains=text) | Q(body__name__contains=text)
    return found


def _seen(request: HttpRequest, pk: int) -> Talk:
    return get_object_or_404(talks_seen_by(actor_of(request), timezone.now()), pk=pk)


def _show(request: HttpRequest, talk: Talk, *, text: str | None = None) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    mine = READ_TALK.allows(actor, talk, at=now)
    topics = [TalkTopic(code).label for code in talk.topics if code in TalkTopic.values]
    context = {
        "talk": talk,
        "shape": SHAPES[TalkState(talk.state)],
        "is_mine": mine,
        "topics": in_words([str(topic) for topic in topics]) if mine else "",
        "text": text,
        "may_answer": talk.state == TalkState.RECORDED and ANSWER_TALK.allows(actor, talk, at=now),
        "may_void": talk.counts and VOID_TALK.allows(actor, talk, at=now),
        "doubt": TalkDoubt(talk.doubt).label if talk.doubt else "",
        "doubt_form": DoubtForm(),
    }
    return render(request, "partylife/talk.html", context)


def _doubted(request: HttpRequest, pk: int, service: Any, said: str) -> HttpResponse:
    talk, form = _seen(request, pk), DoubtForm(request.POST)
    if not form.is_valid():
        toasts.refused(request, _("请选原因。"))
        return redirect("web:life_talk", pk)
    doubt = TalkDoubt(form.cleaned_data["doubt"])
    return button(
        request, lambda actor, at: service(talk=talk, doubt=doubt, actor=actor, at=at), said, "web:life_talk", pk
    )


def _back(request: HttpRequest) -> str:
    return "web:life_talks" if request.POST.get("from") == "list" else "web:life_talk"


def _args(request: HttpRequest, pk: int) -> tuple[int, ...]:
    return () if request.POST.get("from") == "list" else (pk,)
