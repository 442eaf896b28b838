"""Experts: the list, a card with the free times of a week, naming and applying, hours and days away, fields."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.clinic.enums import ExpertState, HelpKind
from ronghe.domain.clinic.models import ClinicField, Expert, ExpertAway, ExpertHours
from ronghe.domain.clinic.rules import (
    ACCEPT_INVITATION,
    KEEP_CARD,
    KEEP_FIELD,
    KEEP_HOURS,
    SETTLE_APPLICATION,
)
from ronghe.domain.clinic.selectors.cases import cases_seen_by
from ronghe.domain.clinic.selectors.experts import (
    away_of,
    bodies_opening_fields,
    bodies_putting_up,
    expert_of,
    experts_seen_by,
    figures_of,
    hours_of,
    list_experts,
    next_slot,
    open_fields,
    slots_of,
)
from ronghe.domain.clinic.selectors.pieces import list_pieces
from ronghe.domain.clinic.services.experts import (
    accept_expert,
    apply_as_expert,
    change_card,
    close_field,
    decline_expert,
    end_expert,
    open_field,
    put_up_expert,
    rename_field,
)
from ronghe.domain.clinic.services.hours import HoursText, add_hours, close_hours, come_back, go_away
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import people_seen_by
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import _, counted, listed
from ronghe.web.clinic.acting import acted, asked_words, slot_key
from ronghe.web.clinic.forms import WEEKDAYS, AwayForm, CardForm, FieldForm, HoursForm, PutUpForm, called
from ronghe.web.clinic.home_views import week_asked, week_links
from ronghe.web.files import excel_answer
from ronghe.web.paging import asked_filters, asked_page, number_of, page_of
from ronghe.web.requests import actor_of

EXPORTED = 1000
STATE_SHAPES = {
    ExpertState.INVITED: "due",
    ExpertState.APPLIED: "due",
    ExpertState.ACTIVE: "running",
    ExpertState.DECLINED: "waived",
    ExpertState.ENDED: "waived",
}
PIECES_SHOWN = 5


@login_required
def expert_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    page = page_of(_listed(request, actor, now, page=asked_page(request)))
    experts = list(page.object_list)
    figures = figures_of(experts, now)
    mine = expert_of(actor)
    context = {
        "page": page,
        "lines": [(expert, called(expert), figures[expert.pk]) for expert in experts],
        "fields": [(str(field.pk), field.name) for field in open_fields()],
        "helps": HelpKind.choices,
        "states": ExpertState.choices,
        "mine": mine,
        "may_put_up": bodies_putting_up(actor, now).exists(),
        "export_query": asked_filters(request),
    }
    template = "clinic/expert_list.html#rows" if request.htmx else "clinic/expert_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def expert_export(request: HttpRequest) -> HttpResponseBase:
    actor, now = actor_of(request), timezone.now()
    experts = list(_listed(request, actor, now, size=EXPORTED))
    figures = figures_of(experts, now)
    heads = [_("姓名"), _("称呼"), _("单位"), _("专业"), _("做哪些帮助"), _("推荐组织"), _("解决问题"), _("见过面"),
             _("发布知识"), _("平均评分"), _("状态")]  # fmt: skip
    rows = (
        [
            expert.person.name, expert.called, expert.person.unit.name if expert.person.unit else "",
            listed(field.name for field in expert.fields.all()), listed(kind.label for kind in expert.helps),
            expert.body.name, figures[expert.pk].solved, figures[expert.pk].held, figures[expert.pk].told,
            figures[expert.pk].mean, str(expert.get_state_display()),
        ]
        for expert in experts
    )  # fmt: skip
    sheet = SheetOut(_("门诊专家"), heads, rows, [10, 10, 24, 28, 28, 28, 10, 10, 10, 10, 12])
    return excel_answer([sheet], f"{_('门诊专家')}_{timezone.localtime(now):%Y%m%d}.xlsx")


@login_required
def expert_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A card with what the expert did and the free times of a week; a case in the address is booked for by one tap."""
    actor, now = actor_of(request), timezone.now()
    expert = _seen(request, pk)
    first = next_slot(expert, now) if expert.is_active and "week" not in request.GET else None
    monday = week_asked(request, now, else_of=first.starts_at if first is not None else None)
    days = _days(expert, monday, now)
    case = _case_asked(request, actor, now)
    context = {
        "expert": expert,
        "called": called(expert),
        "fields": list(expert.fields.order_by("name", "pk")),
        "figures": figures_of([expert], now)[expert.pk],
        "shape": STATE_SHAPES[ExpertState(expert.state)],
        "is_me": expert.person_id == actor.pk,
        "days": days,
        "has_hours": bool(hours_of(expert)),
        "week": week_links(monday),
        "case": case,
        "keep": f"&case={case.pk}" if case is not None else "",
        "ask_this_url": f"{reverse('web:clinic_ask')}?expert={pk}",
        "visit": case.clinic_visits.filter(state="booked").first() if case is not None else None,
        "pieces": list_pieces(actor, now, expert=expert.person_id, size=PIECES_SHOWN),
        "may_keep": expert.is_active and KEEP_CARD.allows(actor, expert, at=now),
        "may_set_hours": expert.is_active and KEEP_HOURS.allows(actor, expert, at=now),
        "may_answer": _may_answer(expert, actor, now),
    }
    return render(request, "clinic/expert_detail.html", context)


@login_required
def expert_create(request: HttpRequest) -> HttpResponse:
    """Put somebody up, for a body of the reader's."""
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_putting_up(actor, now)
    if not bodies.exists():
        raise NotAllowed
    people = people_seen_by(actor, now).filter(valid_until=None).exclude(pk=actor.pk)
    initial = {"person": request.GET.get("person", ""), "body": _highest(bodies)}
    form = PutUpForm(request.POST or None, fields=list(open_fields()), people=people, bodies=bodies, initial=initial)
    made: list[Expert] = []

    def act(person: Person, at: datetime) -> str:
        typed = form.cleaned_data
        made.append(put_up_expert(person=typed["person"], card=form.card(), body=typed["body"], actor=person, at=at))
        return _("已推荐，等%(name)s本人同意。") % {"name": typed["person"].name}

    if request.method == "POST" and acted(request, act, "", form):
        return redirect("web:clinic_expert", made[0].pk)
    context = {"form": form, "title": _("推荐一位专家"), "no_field": not form.fields["fields_known"].choices}  # type: ignore[attr-defined]
    return render(request, "clinic/expert_form.html", context, status=422 if form.errors else 200)


@login_required
def expert_apply(request: HttpRequest) -> HttpResponse:
    """Put oneself up."""
    form = CardForm(request.POST or None, fields=list(open_fields()))
    made: list[Expert] = []

    def act(person: Person, at: datetime) -> None:
        made.append(apply_as_expert(card=form.card(), actor=person, at=at))

    if request.method == "POST" and acted(request, act, _("已报名，等组织同意。"), form):
        return redirect("web:clinic_expert", made[0].pk)
    context = {"form": form, "title": _("我来坐诊"), "no_field": not form.fields["fields_known"].choices}  # type: ignore[attr-defined]
    return render(request, "clinic/expert_form.html", context, status=422 if form.errors else 200)


@login_required
def expert_edit(request: HttpRequest, pk: int) -> HttpResponse:
    expert = _seen(request, pk)
    KEEP_CARD.require(actor_of(request), expert, at=timezone.now())
    initial = {
        "fields_known": [str(field.pk) for field in expert.fields.all()], "helps": [kind.value for kind in expert.helps],
        "called": expert.called, "about": expert.about,
    }  # fmt: skip
    form = CardForm(request.POST or None, fields=list(open_fields()), initial=initial)

    def act(actor: Person, at: datetime) -> None:
        change_card(expert=expert, card=form.card(), actor=actor, at=at)

    if request.method == "POST" and acted(request, act, _("名片已改。"), form):
        return redirect("web:clinic_expert", pk)
    context = {"form": form, "title": _("改名片"), "expert": expert}
    return render(request, "clinic/expert_form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def expert_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Say yes or no to an invitation or an application."""
    expert = _seen(request, pk)
    if request.POST.get("agrees") == "1":
        acted(request, lambda actor, at: accept_expert(expert=expert, actor=actor, at=at), _("从现在起坐诊。"))
        return redirect("web:clinic_expert", pk)
    acted(request, lambda actor, at: decline_expert(expert=expert, actor=actor, at=at), _("已回绝。"))
    return redirect("web:clinic_experts")


@login_required
@require_POST
def expert_end(request: HttpRequest, pk: int) -> HttpResponse:
    expert = _seen(request, pk)
    said = _("不再坐诊，已约的时间都取消了，等答复的人也告诉了。")
    acted(request, lambda actor, at: end_expert(expert=expert, actor=actor, at=at), said)
    return redirect("web:clinic_expert", pk)


@login_required
def expert_hours(request: HttpRequest, pk: int) -> HttpResponse:
    """The weekly hours of the reader, and days away."""
    return _hours(request, _seen(request, pk))


@login_required
@require_POST
def hours_add(request: HttpRequest, pk: int) -> HttpResponse:
    expert = _seen(request, pk)
    form = HoursForm(request.POST)

    def act(actor: Person, at: datetime) -> None:
        add_hours(expert=expert, text=HoursText(**form.cleaned_data), actor=actor, at=at)

    if acted(request, act, _("坐诊时间已定，别人可以约了。"), form):
        return redirect("web:clinic_hours", pk)
    return _hours(request, expert, hours_form=form)


@login_required
@require_POST
def hours_close(request: HttpRequest, pk: int, hours: int) -> HttpResponse:
    expert = _seen(request, pk)
    row = get_object_or_404(ExpertHours.objects.select_related("expert"), pk=hours, expert=expert)
    said = _("这段时间不再接受预约，已约的照旧。")
    acted(request, lambda actor, at: close_hours(hours=row, actor=actor, at=at), said)
    return redirect("web:clinic_hours", pk)


@login_required
@require_POST
def away_add(request: HttpRequest, pk: int) -> HttpResponse:
    expert = _seen(request, pk)
    form = AwayForm(request.POST)

    def act(actor: Person, at: datetime) -> str:
        _away, fell = go_away(expert=expert, actor=actor, at=at, **form.cleaned_data)
        if not fell:
            return _("已登记，这几天不接受预约。")
        return counted("已登记，%(count)s 个已约的时间取消了，对方会看到。", fell) % {"count": fell}

    if acted(request, act, "", form):
        return redirect("web:clinic_hours", pk)
    return _hours(request, expert, away_form=form)


@login_required
@require_POST
def away_end(request: HttpRequest, pk: int, away: int) -> HttpResponse:
    expert = _seen(request, pk)
    row = get_object_or_404(ExpertAway.objects.select_related("expert"), pk=away, expert=expert)
    acted(request, lambda actor, at: come_back(away=row, actor=actor, at=at), _("这几天又可以约了。"))
    return redirect("web:clinic_hours", pk)


@login_required
def field_list(request: HttpRequest) -> HttpResponse:
    return _fields(request)


@login_required
@require_POST
def field_add(request: HttpRequest) -> HttpResponse:
    form = FieldForm(request.POST, bodies=bodies_opening_fields(actor_of(request), timezone.now()))

    def act(actor: Person, at: datetime) -> None:
        open_field(actor=actor, at=at, **form.cleaned_data)

    if acted(request, act, _("专业已开，可以推荐专家了。"), form):
        return redirect("web:clinic_fields")
    return _fields(request, form)


@login_required
@require_POST
def field_rename(request: HttpRequest, pk: int) -> HttpResponse:
    field = get_object_or_404(ClinicField.objects.select_related("body"), pk=pk)
    name = request.POST.get("name", "")
    acted(request, lambda actor, at: rename_field(field=field, name=name, actor=actor, at=at), _("已改名。"))
    return redirect("web:clinic_fields")


@login_required
@require_POST
def field_close(request: HttpRequest, pk: int) -> HttpResponse:
    field = get_object_or_404(ClinicField.objects.select_related("body"), pk=pk)
    acted(request, lambda actor, at: close_field(field=field, actor=actor, at=at), _("已停，知识还在。"))
    return redirect("web:clinic_fields")


def _listed(request: HttpRequest, actor: Person, now: datetime, **more: Any) -> Any:
    return list_experts(
        actor, now, words=asked_words(request), field=number_of(request.GET.get("field")),
        help=request.GET.get("help", ""), state=request.GET.get("state", ""), **more,
    )  # fmt: skip


def _days(expert: Expert, monday: date, now: datetime) -> list[tuple[date, list[tuple[Any, str, str]]]]:
    """Return the days of a week with the free times of each: slot, key in an address, where."""
    if not expert.is_active:
        return []
    where = {row.pk: row.place or str(row.get_way_display()) for row in hours_of(expert)}
    days: dict[date, list[tuple[Any, str, str]]] = {}
    for slot in slots_of(expert, monday, now):
        told = (slot, slot_key(slot.starts_at), where.get(slot.hours_id, ""))
        days.setdefault(local_day(slot.starts_at), []).append(told)
    return list(days.items())


def _case_asked(request: HttpRequest, actor: Person, now: datetime) -> Any:
    number = number_of(request.GET.get("case"))
    if number is None:
        return None
    return cases_seen_by(actor, now).filter(pk=number, closed_at=None).first()


def _may_answer(expert: Expert, actor: Person, now: datetime) -> bool:
    right = {ExpertState.INVITED: ACCEPT_INVITATION, ExpertState.APPLIED: SETTLE_APPLICATION}.get(
        ExpertState(expert.state)
    )
    return right is not None and right.allows(actor, expert, at=now)


def _hours(request: HttpRequest, expert: Expert, *, hours_form: Any = None, away_form: Any = None) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    KEEP_HOURS.require(actor, expert, at=now)
    today = local_day(now)
    place = expert.person.unit.name if expert.person.unit is not None else ""
    names = dict(WEEKDAYS)
    context = {
        "expert": expert,
        "hours": [(row, names[row.weekday]) for row in hours_of(expert)],
        "away": away_of(expert, today),
        "hours_form": hours_form or HoursForm(initial={"place": place[:80]}),
        "away_form": away_form or AwayForm(initial={"from_on": today, "until_on": today}),
        "failed": "hours" if hours_form is not None else "away" if away_form is not None else "",
    }
    status = 422 if hours_form is not None or away_form is not None else 200
    return render(request, "clinic/hours.html", context, status=status)


def _fields(request: HttpRequest, refused: FieldForm | None = None) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_opening_fields(actor, now)
    kept = set(KEEP_FIELD.narrow(actor, ClinicField.objects.all(), at=now).values_list("pk", flat=True))
    context = {
        "lines": [(field, field.pk in kept) for field in open_fields()],
        "form": refused or (FieldForm(bodies=bodies, initial={"body": _highest(bodies)}) if bodies.exists() else None),
    }
    return render(request, "clinic/field_list.html", context, status=422 if refused is not None else 200)


def _highest(bodies: Any) -> int | None:
    """Return the body above the others, the oldest where there are several: the usual one to answer for the clinic."""
    key: int | None = bodies.order_by(F("parent").asc(nulls_first=True), "pk").values_list("pk", flat=True).first()
    return key


def _seen(request: HttpRequest, pk: int) -> Expert:
    return get_object_or_404(experts_seen_by(actor_of(request), timezone.now()), pk=pk)
