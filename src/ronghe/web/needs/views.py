"""精准问需: the list, raising one from a form, a seminar or a visit, doubles, times for help, the sheet on paper."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.rules import SEE_ITEM
from ronghe.domain.items.selectors import items_seen_by, list_items
from ronghe.domain.items.services.filling import ValuesUnfit, said
from ronghe.domain.items.services.showing import RecordOf
from ronghe.domain.needs.calc.gains import gain_in
from ronghe.domain.needs.documents import need_document
from ronghe.domain.needs.enums import NeedTag
from ronghe.domain.needs.models import HelpMoment
from ronghe.domain.needs.rules import NEED
from ronghe.domain.needs.selectors import boards_for, bodies_serving, moments_of, moments_waiting, tagged
from ronghe.domain.needs.services.moments import MomentText, agree_moment, call_off_moment
from ronghe.domain.needs.services.raising import NeedText, merge_need, raise_need
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.rhythm.enums import ActivityState, ActivityType, VisitKind
from ronghe.domain.rhythm.models import AgendaItem, VisitProblem
from ronghe.domain.rhythm.selectors import activities_seen_by
from ronghe.domain.rhythm.selectors.visits import visits_seen_by
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import _
from ronghe.ui import toasts
from ronghe.web.files import excel_answer, paper_answer
from ronghe.web.items.asking import ORDERS, belonging, filters_of, states_of
from ronghe.web.items.presenting import line_of
from ronghe.web.items.views import show_item, uploads_of
from ronghe.web.needs.forms import MomentForm, NeedForm
from ronghe.web.needs.presenting import REFUSED, unit_of
from ronghe.web.paging import asked_filters, asked_order, asked_page, number_of
from ronghe.web.paging import page_of as paged
from ronghe.web.requests import actor_of

RECENT = timedelta(days=90)
SOURCES = 60
"""Topics and problems that are offered at once, the latest."""


@login_required
def need_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    order = asked_order(request, ORDERS, "-raised")
    listed = list_items(actor, now, filters=_filters(request, actor, now), order_by=order, page=asked_page(request))
    page = paged(listed)
    tags = dict(NeedTag.choices)
    context = {
        "kind": NEED,
        "page": page,
        "lines": [
            (line_of(item, now), [tags.get(tag, tag) for tag in item.values["tags"]]) for item in page.object_list
        ],
        "states": states_of(NEED),
        "tags": NeedTag.choices,
        "may_raise": bool(bodies_serving(actor, now)),
        "has_board": boards_for(actor, now).exists(),
        "export_query": asked_filters(request),
        "is_filtered": bool(request.GET),
    }
    template = "needs/need_list.html#rows" if request.htmx else "needs/need_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def need_export(request: HttpRequest) -> HttpResponseBase:
    """What the list shows with these filters, whole, with tags, rating and gain."""
    actor, now = actor_of(request), timezone.now()
    rows = SEE_ITEM.narrow(actor, WorkItem.objects.filter(_filters(request, actor, now)), at=now)
    rows = rows.select_related("owner", "body", "raised_by").order_by("-raised_at", "-pk")
    heads = [_("编号"), _("需求"), _("方面"), _("地点"), _("组织"), _("谁提出"), _("提出时间"), _("谁来帮"), _("怎么帮"),
             _("何时办完"), _("状态"), _("评分"), _("帮扶前"), _("帮扶后"), _("单位"), _("效果已核实")]  # fmt: skip
    lines = (_cells(item, now) for item in rows.iterator(chunk_size=2000))
    sheet = SheetOut(_("精准问需"), heads, lines, [8, 36, 24, 20, 26, 10, 17, 10, 10, 17, 12, 8, 12, 12, 10, 10])
    return excel_answer([sheet], f"{_('精准问需')}_{timezone.localtime(now):%Y%m%d}.xlsx")


@login_required
def need_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_serving(actor, now)
    if not bodies:
        raise NotAllowed
    place = request.GET.get("place") or (actor.unit.name if actor.unit is not None else "")
    initial = {"place": place[:80], "title": request.GET.get("title", "")[:120], "body": request.GET.get("body")}
    form = NeedForm(request.POST or None, bodies=bodies, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        given = belonging(request, actor, now)
        text = NeedText(
            typed["title"], typed["tags"], typed["place"], typed["text"], typed["hides_name"], given.get("zone"),
            given.get("source"),
        )  # fmt: skip
        try:
            item = raise_need(text=text, body=typed["body"], actor=actor, at=now, uploads=uploads_of(request))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已提出，受理后您会看到由谁来帮。"))
            return redirect("web:item_detail", item.pk)
    return render(request, "needs/need_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def need_sources(request: HttpRequest) -> HttpResponse:
    """Topics of seminars and problems of visits of the last three months, each one tap from being a need."""
    actor, now = actor_of(request), timezone.now()
    if not bodies_serving(actor, now):
        raise NotAllowed
    topics = list(_topics(actor, now).order_by("-activity__day", "-activity_id", "number")[:SOURCES])
    problems = list(_problems(actor, now).order_by("-visit__day", "-pk")[:SOURCES])
    taken = _taken("rhythm.activity", [row.activity_id for row in topics])
    taken |= _taken("rhythm.visit", [row.visit_id for row in problems])
    context = {
        "topics": [(row, taken.get(("rhythm.activity", row.activity_id, row.topic))) for row in topics],
        "problems": [(row, taken.get(("rhythm.visit", row.visit_id, row.task.title))) for row in problems],
        "tags": NeedTag.choices,
    }
    return render(request, "needs/need_sources.html", context)


@login_required
@require_POST
def need_from_topic(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    row = get_object_or_404(_topics(actor, now), pk=pk)
    source = RecordOf("rhythm.activity", row.activity_id, row.topic)
    text = NeedText(
        row.topic, [request.POST.get("tag", "")], row.activity.place, "", zone=row.activity.zone, source=source
    )
    return _taken_up(request, text, row.activity.body, now)


@login_required
@require_POST
def need_from_problem(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    row = get_object_or_404(_problems(actor, now), pk=pk)
    source = RecordOf("rhythm.visit", row.visit_id, row.task.title)
    text = NeedText(row.task.title, [request.POST.get("tag", "")], row.visit.place, source=source)
    return _taken_up(request, text, row.visit.body, now)


@login_required
@require_POST
def need_merge(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    item = _seen(request, pk)
    into = get_object_or_404(
        items_seen_by(actor, now).filter(kind=NEED.id), pk=number_of(request.POST.get("into")) or 0
    )
    try:
        merge_need(item=item, into=into, actor=actor, at=now)
    except DomainError as error:
        toasts.refused(request, str(error))
        return redirect("web:item_detail", pk)
    toasts.done(request, _("已并入“%(title)s”，提出人会跟着看到进展。") % {"title": into.title})
    return redirect("web:item_detail", into.pk)


@login_required
def moment_list(request: HttpRequest) -> HttpResponse:
    """The times agreed with the reader as helper, the next one first."""
    page = Paginator(moments_waiting(actor_of(request), timezone.now()), 20).get_page(asked_page(request))
    return render(request, "needs/moment_list.html", {"page": page})


@login_required
@require_POST
def moment_create(request: HttpRequest, pk: int) -> HttpResponse:
    item = _seen(request, pk)
    form = MomentForm(request.POST)
    if form.is_valid():
        try:
            agree_moment(item=item, text=MomentText(**form.cleaned_data), actor=actor_of(request), at=timezone.now())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("时间已约好，帮扶人的今日里看得到。"))
            return redirect("web:item_detail", pk)
    setattr(request, REFUSED, form)
    return show_item(request, item, failed=("moment", form), status=422)


@login_required
@require_POST
def moment_off(request: HttpRequest, pk: int) -> HttpResponse:
    moment = get_object_or_404(HelpMoment.objects.select_related("item", "helper"), pk=pk)
    _seen(request, moment.item_id)
    try:
        call_off_moment(moment=moment, actor=actor_of(request), at=timezone.now())
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, _("已取消这次约定。"))
    return redirect("web:item_detail", moment.item_id)


@login_required
def need_print(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    item, now = _seen(request, pk), timezone.now()
    steps = list(item.steps.select_related("by").order_by("at", "pk"))
    document = need_document(item, steps, moments_of(item), printed_on=local_day(now))
    return paper_answer(request, document, form, source=item)


def _seen(request: HttpRequest, pk: int) -> WorkItem:
    rows = items_seen_by(actor_of(request), timezone.now()).filter(kind=NEED.id)
    return get_object_or_404(rows.select_related("owner", "body", "raised_by", "zone", "project", "force"), pk=pk)


def _filters(request: HttpRequest, actor: Person, now: datetime) -> Q:
    found = filters_of(request, actor, now, NEED)
    tag = request.GET.get("tag", "")
    return found & tagged(tag) if tag in NeedTag.values else found


def _topics(actor: Person, now: datetime) -> Any:
    seminars = activities_seen_by(actor, now).filter(
        activity_type=ActivityType.NEEDS_SEMINAR, day__gte=local_day(now - RECENT)
    ).exclude(state=ActivityState.CALLED_OFF)  # fmt: skip
    rows = AgendaItem.objects.filter(activity__in=seminars.order_by().values("pk"))
    return rows.select_related("activity__body", "activity__zone")


def _problems(actor: Person, now: datetime) -> Any:
    """Problems of visits that the reader sees; what was said on a care visit stays sealed and is not offered."""
    visits = visits_seen_by(actor, now).filter(day__gte=local_day(now - RECENT), voided_at=None)
    keys = visits.exclude(kind=VisitKind.CARE).order_by().values("pk")
    return VisitProblem.objects.filter(visit__in=keys).select_related("visit__body", "visit__visitor", "task")


def _taken(label: str, keys: list[int]) -> dict[tuple[str, int, str], int]:
    rows = WorkItem.objects.filter(kind=NEED.id, source_type=label, source_id__in=keys)
    rows = rows.exclude(state__in=("withdrawn", "refused"))
    found = rows.values_list("pk", "source_id", "title")
    return {(label, source, title): pk for pk, source, title in found if source is not None}


def _taken_up(request: HttpRequest, text: NeedText, body: PartyOrg, now: datetime) -> HttpResponse:
    actor = actor_of(request)
    serving = bodies_serving(actor, now)
    if not serving:
        raise NotAllowed
    chosen = body if any(one.pk == body.pk for one in serving) else serving[0]
    try:
        item = raise_need(text=text, body=chosen, actor=actor, at=now)
    except (ValuesUnfit, DomainError) as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, _("“%(title)s”已转为需求。") % {"title": item.title})
    return redirect("web:need_sources")


def _cells(item: WorkItem, now: datetime) -> list[Any]:
    gain, values, specs = gain_in(item.values), item.values, NEED.field_by_id
    return [
        item.pk, item.title, said(specs["tags"], values["tags"]), item.place, item.body.name, item.raised_by.name,
        _local(item.raised_at), item.owner.name if item.owner else "",
        said(specs["way"], values["way"]) if values.get("way") else "", _local(item.due_at), line_of(item, now).word,
        int(values["score"]) if values.get("score") else None, gain.before if gain else None,
        gain.after if gain else None, unit_of(gain) if gain else "",
        said(specs["gain_holds"], values["gain_holds"]) if gain and "gain_holds" in values else "",
    ]  # fmt: skip


def _local(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment is not None else ""
