"""Cases: the list, the thread of one, and what asker and expert do with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.clinic.enums import HelpKind, VisitState
from ronghe.domain.clinic.models import Expert, Visit
from ronghe.domain.clinic.rules import ADDRESS, ANSWER, CASE, HAND_OUT, JUDGE, LET_IN, PROPOSE, TAKE, UNANSWERED, WRITE
from ronghe.domain.clinic.selectors.cases import cases_seen_by, has_news, list_cases
from ronghe.domain.clinic.selectors.experts import open_fields, sitting_experts
from ronghe.domain.clinic.services.asking import address_case
from ronghe.domain.clinic.services.proposing import ANSWERED
from ronghe.domain.clinic.services.treating import (
    answer_case,
    ask_on,
    confirm_case,
    decline_case,
    lapse_case,
    let_reader_in,
    read_case,
    read_thread,
    take_case,
    withdraw_case,
    write_word,
)
from ronghe.domain.clinic.services.visiting import book_visit, call_off_visit, hold_visit, miss_visit, move_visit
from ronghe.domain.exchange.selectors.pairs import people_to_pair
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.rules import SEE_ITEM
from ronghe.domain.items.selectors import record_of
from ronghe.domain.org.models import Person
from ronghe.domain.org.selectors.people import people_seen_by
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import _
from ronghe.web.clinic.acting import acted, asked_words, slot_of
from ronghe.web.clinic.forms import AddressForm, HeldForm, ReaderForm, WordForm
from ronghe.web.clinic.presenting import case_line, said_lines
from ronghe.web.files import excel_answer
from ronghe.web.items.asking import ORDERS, states_of
from ronghe.web.items.views import uploads_of
from ronghe.web.lookbacks.linking import look_back_on
from ronghe.web.paging import asked_filters, asked_order, asked_page, number_of, page_of
from ronghe.web.requests import actor_of

SCORES = [(code, _(word)) for code, word in CASE.field_by_id["score"].choices]
EXPORTED = 1000

Act = Callable[[Person, datetime], Any]


@login_required
def case_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    order = asked_order(request, ORDERS, "-raised")
    listed = list_cases(actor, now, filters=_filters(request, actor, now), order_by=order, page=asked_page(request))
    page = page_of(listed)
    context = {
        "page": page,
        "lines": [case_line(item, now) for item in page.object_list],
        "states": states_of(CASE),
        "helps": HelpKind.choices,
        "fields": [(str(field.pk), field.name) for field in open_fields()],
        "export_query": asked_filters(request),
    }
    template = "clinic/case_list.html#rows" if request.htmx else "clinic/case_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def case_export(request: HttpRequest) -> HttpResponseBase:
    """What the list shows with these filters; of a sealed case no more than that it is one."""
    actor, now = actor_of(request), timezone.now()
    listed = list_cases(actor, now, filters=_filters(request, actor, now), size=EXPORTED)
    heads = [_("编号"), _("什么问题"), _("哪种帮助"), _("专业"), _("谁问"), _("什么时候"), _("谁看"), _("何时答复"), _("状态"),
             _("评分")]  # fmt: skip
    lines = [case_line(item, now) for item in listed]
    rows = (
        [
            line.item.pk, line.item.title, line.help, line.sheet.field.name if line.sheet.field else "",
            line.item.raised_by.name, _local(line.item.raised_at), line.expert, _local(line.item.due_at), line.word,
            line.sheet.score,
        ]
        for line in lines
    )  # fmt: skip
    sheet = SheetOut(_("专家门诊"), heads, rows, [8, 40, 12, 14, 10, 17, 16, 17, 14, 8])
    return excel_answer([sheet], f"{_('专家门诊')}_{timezone.localtime(now):%Y%m%d}.xlsx")


@login_required
def case_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _seen(request, pk))


@login_required
@require_POST
def case_take(request: HttpRequest, pk: int) -> HttpResponse:
    item = _seen(request, pk)
    return _act(request, item, lambda actor, at: take_case(item=item, actor=actor, at=at), _("由您接诊。"))


@login_required
@require_POST
def case_say(request: HttpRequest, pk: int) -> HttpResponse:
    item = _seen(request, pk)
    return _write(request, item, "say", write_word, _("已发。"))


@login_required
@require_POST
def case_answer(request: HttpRequest, pk: int) -> HttpResponse:
    item = _seen(request, pk)
    return _write(request, item, "say", answer_case, _("已答复，等提问人确认。"))


@login_required
@require_POST
def case_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    item = _seen(request, pk)
    return _write(request, item, "reopen", ask_on, _("已转回专家接着看。"))


@login_required
@require_POST
def case_decline(request: HttpRequest, pk: int) -> HttpResponse:
    item = _seen(request, pk)
    form = WordForm(request.POST)

    def act(actor: Person, at: datetime) -> None:
        decline_case(item=item, words=form.cleaned_data["words"], actor=actor, at=at)

    return _act(request, item, act, _("已转回，由别的专家接诊。"), ("decline", form))


@login_required
@require_POST
def case_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    item = _seen(request, pk)
    score = request.POST.get("score", "")
    said = _("谢谢评价。还有问题，随时在这里再问。")
    return _act(request, item, lambda actor, at: confirm_case(item=item, score=score, actor=actor, at=at), said)


@login_required
@require_POST
def case_lapse(request: HttpRequest, pk: int) -> HttpResponse:
    item = _seen(request, pk)
    return _act(request, item, lambda actor, at: lapse_case(item=item, actor=actor, at=at), _("已结束。"))


@login_required
@require_POST
def case_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    item = _seen(request, pk)
    return _act(request, item, lambda actor, at: withdraw_case(item=item, actor=actor, at=at), _("已撤回。"))


@login_required
@require_POST
def case_address(request: HttpRequest, pk: int) -> HttpResponse:
    item = _seen(request, pk)
    form = AddressForm(request.POST, experts=_experts_for(item))

    def act(actor: Person, at: datetime) -> None:
        address_case(item=item, expert=form.cleaned_data["expert"], actor=actor, at=at)

    return _act(request, item, act, _("已转给专家。"), ("address", form))


@login_required
@require_POST
def case_let_in(request: HttpRequest, pk: int) -> HttpResponse:
    item = _seen(request, pk)
    form = ReaderForm(request.POST, people=_readers_for(request))

    def act(actor: Person, at: datetime) -> None:
        let_reader_in(item=item, person=form.cleaned_data["person"], actor=actor, at=at)

    return _act(request, item, act, _("已请来一起看。"), ("let_in", form))


@login_required
@require_POST
def case_seen(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep how far the reader has read: asked for by the page when it stands before the reader."""
    read_thread(item=_seen(request, pk), actor=actor_of(request), at=timezone.now())
    return HttpResponse("") if request.htmx else redirect("web:clinic_case", pk)  # type: ignore[attr-defined]


@login_required
@require_POST
def visit_book(request: HttpRequest, pk: int) -> HttpResponse:
    """Book a time for a case, or move what is booked to it."""
    item = _seen(request, pk)
    wanted = slot_of(request.POST.get("slot"))
    booked = item.clinic_visits.filter(state=VisitState.BOOKED).select_related("expert__person").first()

    def act(actor: Person, at: datetime) -> None:
        starts_at = wanted or at
        if booked is not None:
            booked.item = item
            move_visit(visit=booked, starts_at=starts_at, actor=actor, at=at)
        else:
            book_visit(item=item, starts_at=starts_at, actor=actor, at=at)

    return _act(request, item, act, _("已改约，对方会看到。") if booked is not None else _("已约好，到时候见。"))


@login_required
@require_POST
def visit_off(request: HttpRequest, pk: int) -> HttpResponse:
    visit = _visit(request, pk)
    return _act(
        request,
        visit.item,
        lambda actor, at: call_off_visit(visit=visit, actor=actor, at=at),
        _("已取消，对方会看到。"),
    )


@login_required
def visit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead from what a visit met, a duty say, to its case."""
    return redirect("web:clinic_case", _visit(request, pk).item_id)


@login_required
@require_POST
def visit_hold(request: HttpRequest, pk: int) -> HttpResponse:
    visit = _visit(request, pk)
    form = HeldForm(request.POST)

    def act(actor: Person, at: datetime) -> None:
        hold_visit(visit=visit, actor=actor, at=at, **form.cleaned_data)

    return _act(request, visit.item, act, _("已记下。"), ("held", form))


@login_required
@require_POST
def visit_miss(request: HttpRequest, pk: int) -> HttpResponse:
    visit = _visit(request, pk)
    said = _("已记没见成，可以另约时间。")
    return _act(request, visit.item, lambda actor, at: miss_visit(visit=visit, actor=actor, at=at), said)


def _write(request: HttpRequest, item: WorkItem, name: str, service: Callable[..., Any], said: str) -> HttpResponse:
    form = WordForm(request.POST)

    def act(actor: Person, at: datetime) -> None:
        service(item=item, words=form.cleaned_data["words"], actor=actor, at=at, uploads=uploads_of(request))

    return _act(request, item, act, said, (name, form))


def _act(
    request: HttpRequest, item: WorkItem, act: Act, said: str, named: tuple[str, Any] = ("", None)
) -> HttpResponse:
    """Do one act on a case; a refused form stands open on its page with what was typed."""
    if acted(request, act, said, named[1]) or named[1] is None:
        return _back(request, item)
    return _show(request, item, failed=named)


def _back(request: HttpRequest, item: WorkItem) -> HttpResponse:
    """Go back to the case, or to the first page for whoever may read it no more."""
    fresh = WorkItem.objects.get(pk=item.pk)
    if SEE_ITEM.allows(actor_of(request), fresh, at=timezone.now()):
        return redirect("web:clinic_case", item.pk)
    return redirect("web:clinic")


def _show(request: HttpRequest, item: WorkItem, *, failed: tuple[str, Any] = ("", None)) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    words, lines = read_case(item=item, actor=actor, at=now)
    sheet = item.case_sheet
    record = record_of(item, now)
    context = {
        "item": item,
        "sheet": sheet,
        "line": case_line(item, now),
        "words": words,
        "said": said_lines(lines, actor),
        "news": WRITE.allows(actor, item, at=now) and has_news(item, actor),
        "clocks": record.clocks,
        "readers": [row for row in record.people if row.until is None],
        "failed": failed[0],
        **_offers(request, item, actor, now, failed),
    }
    return render(request, "clinic/case_detail.html", context, status=422 if failed[1] is not None else 200)


def _offers(
    request: HttpRequest, item: WorkItem, actor: Person, now: datetime, failed: tuple[str, Any]
) -> dict[str, Any]:
    """Return what the reader may do with the case now, each with its form; what was refused as it was typed."""
    name, refused = failed
    sheet = item.case_sheet

    def form(asked: str, fresh: Callable[[], Any], *, may: bool) -> Any:
        return (refused if name == asked else fresh()) if may else None

    may_take = CASE.flow.allows(item, "take") and TAKE.allows(actor, item, at=now)
    may_answer = may_take or (CASE.flow.allows(item, "answer") and ANSWER.allows(actor, item, at=now))
    may_judge = JUDGE.allows(actor, item, at=now)
    is_judging = may_judge and item.state == "answered"
    may_write = not item.is_closed and not is_judging and WRITE.allows(actor, item, at=now)
    may_address = (CASE.flow.allows(item, "address") and ADDRESS.allows(actor, item, at=now)) or (
        CASE.flow.allows(item, "hand_out") and HAND_OUT.allows(actor, item, at=now)
    )
    may_let_in = not item.is_closed and LET_IN.allows(actor, item, at=now)
    visit = item.clinic_visits.filter(state=VisitState.BOOKED).select_related("expert__person").first()
    begun = visit is not None and visit.starts_at <= now
    is_expert = visit is not None and visit.expert.person_id == actor.pk
    return {
        "may_take": may_take and item.state != "treating",
        "may_answer": may_answer,
        "may_write": may_write,
        "word_form": form("say", WordForm, may=may_write or may_answer),
        "scores": SCORES if is_judging else [],
        "reopen_form": form("reopen", WordForm, may=may_judge and CASE.flow.allows(item, "reopen")),
        "decline_form": form(
            "decline", WordForm, may=CASE.flow.allows(item, "decline") and ANSWER.allows(actor, item, at=now)
        ),
        "may_lapse": CASE.flow.allows(item, "lapse") and ANSWER.allows(actor, item, at=now),
        "may_withdraw": may_judge and item.state in UNANSWERED,
        "address_form": form("address", lambda: AddressForm(experts=_experts_for(item)), may=may_address),
        "reader_form": form("let_in", lambda: ReaderForm(people=_readers_for(request)), may=may_let_in),
        "visit": visit,
        "begun": begun,
        "may_book": may_judge and visit is None and not item.is_closed and sheet.expert_id is not None,
        "may_move": visit is not None and not begun and (is_expert or may_judge),
        "held_form": form("held", HeldForm, may=begun and is_expert),
        "may_miss": begun and (is_expert or may_judge),
        "may_propose": item.state in ANSWERED and PROPOSE.allows(actor, item, at=now),
        "piece": getattr(item, "clinic_piece", None),
        "look_back": "" if sheet.is_sealed else look_back_on("items.workitem", item.pk, actor, now),
        "need_url": "" if sheet.is_sealed else f"{reverse('web:need_create')}?{_from(item)}",
        "case_query": f"?case={item.pk}",
        "pair_query": f"?mentor={item.owner_id}&apprentice={item.raised_by_id}",
        "may_pair": not sheet.is_sealed and people_to_pair(actor, now).exclude(pk=actor.pk).exists(),
    }


def _from(item: WorkItem) -> str:
    """Return what an address says of a case that something else is raised from."""
    return urlencode({"source": f"items.workitem:{item.pk}", "title": item.title})


def _experts_for(item: WorkItem) -> list[Expert]:
    """Return who may be asked next: those who sit, of the field, but for the asker and whoever has it."""
    rows = sitting_experts().exclude(person=item.raised_by_id)
    if item.owner_id is not None:
        rows = rows.exclude(person=item.owner_id)
    if item.case_sheet.field_id is not None:
        rows = rows.filter(fields=item.case_sheet.field_id)
    return list(rows.filter(**{f"gives_{item.case_sheet.help}": True}))


def _readers_for(request: HttpRequest) -> Any:
    """Return whom one may let in: experts, and everybody whom one sees."""
    seen = people_seen_by(actor_of(request), timezone.now()).order_by().values("pk")
    sitting = sitting_experts().order_by().values("person_id")
    rows = Person.objects.filter(Q(pk__in=seen) | Q(pk__in=sitting), valid_until=None)
    return rows.exclude(pk=actor_of(request).pk).select_related("unit").order_by("name", "pk")


def _filters(request: HttpRequest, actor: Person, now: datetime) -> Q:
    found = Q()
    state = request.GET.get("state", "open")
    if state in CASE.state_by_id:
        found &= Q(state=state)
    elif state != "all":
        found &= Q(closed_at=None)
    if (help_ := request.GET.get("help", "")) in HelpKind.values:
        found &= Q(case_sheet__help=help_)
    if (field := number_of(request.GET.get("field"))) is not None:
        found &= Q(case_sheet__field=field)
    if words := asked_words(request):
        found &= Q(title__contains=words) | Q(owner__name__contains=words)
    if request.GET.get("mine"):
        found &= Q(raised_by=actor)
    if request.GET.get("overdue"):
        found &= Q(closed_at=None, due_at__lt=now)
    return found


def _seen(request: HttpRequest, pk: int) -> WorkItem:
    return get_object_or_404(cases_seen_by(actor_of(request), timezone.now()), pk=pk)


def _visit(request: HttpRequest, pk: int) -> Visit:
    """Return a visit of a case that the reader may read."""
    visit = get_object_or_404(Visit.objects.select_related("expert__person"), pk=pk)
    visit.item = _seen(request, visit.item_id)
    return visit


def _local(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment is not None else ""
