"""先锋载体: the list, the board of promises, who carries how much, one carrier, proposing and changing one, paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from ronghe.domain.carriers.calc.types import TYPES, TypeSpec
from ronghe.domain.carriers.documents import board_document, carrier_document
from ronghe.domain.carriers.enums import DRAFTS, CarrierState, CarrierType
from ronghe.domain.carriers.models import Carrier
from ronghe.domain.carriers.rules import AMEND, END, SEE_CARRIER
from ronghe.domain.carriers.selectors import promises as selected
from ronghe.domain.carriers.selectors.calls import calls_of
from ronghe.domain.carriers.selectors.carriers import (
    bodies_to_propose_for,
    carriers_filtered,
    carriers_seen_by,
    list_carriers,
    may_belong,
    people_of,
    teams_to_call,
)
from ronghe.domain.carriers.services.proposing import amend_carrier, propose_carrier
from ronghe.domain.items.services.filling import ValuesUnfit
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.projects.selectors import projects_seen_by
from ronghe.domain.taskforces.selectors import forces_seen_by
from ronghe.domain.zones.models import CollaborationZone
from ronghe.domain.zones.selectors import zones_seen_by
from ronghe.kernel.documents.layout import GBT_9704_LANDSCAPE
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import _
from ronghe.ui import toasts
from ronghe.web.carriers.forms import A_QUARTER, CarrierForm, PeopleForm, PromiseFormSet, carrier_initial, first_days
from ronghe.web.carriers.presenting import carrier_context, promise_shown, shape_of
from ronghe.web.files import excel_answer, paper_answer
from ronghe.web.paging import asked_filters, asked_order, asked_page, number_of, page_of
from ronghe.web.requests import actor_of

ORDERS: dict[str, list[Any]] = {
    "-proposed": ["-proposed_at"], "proposed": ["proposed_at"], "name": ["name"], "-name": ["-name"],
    "until": ["until_on"], "-until": [F("until_on").desc(nulls_last=True)],
}  # fmt: skip
BOARD_ROWS = 500
"""Carriers on one printed board; a unit with more prints it body by body."""


@login_required
def carriers(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    listed = list_carriers(
        actor, now, _filtered(request, actor, now), order_by=asked_order(request, ORDERS, "-proposed"),
        page=asked_page(request),
    )  # fmt: skip
    page = page_of(listed)
    kept = selected.kept_of([carrier.pk for carrier in listed.rows], now)
    context = {
        "page": page,
        "lines": [(carrier, *shape_of(carrier, now), kept[carrier.pk]) for carrier in listed.rows],
        "types": CarrierType.choices,
        "states": CarrierState.choices,
        "is_filtered": bool(asked_filters(request)),
        "export_query": asked_filters(request),
    }
    if not request.htmx:  # type: ignore[attr-defined]
        context |= {
            "can_propose": bodies_to_propose_for(actor, now).exists(),
            "can_call": teams_to_call(actor, now).exists(),
            "called": list(calls_of(actor)),
        }
    template = "carriers/carriers.html#rows" if request.htmx else "carriers/carriers.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def carriers_export(request: HttpRequest) -> FileResponse:
    """What the list shows with these filters, whole, as a workbook."""
    actor, now = actor_of(request), timezone.now()
    rows: Any = SEE_CARRIER.narrow(actor, _filtered(request, actor, now), at=now).order_by("name", "pk")
    heads = [_("编号"), _("类型"), _("名称"), _("组织"), _("协作区"), _("负责人"), _("地点"), _("从"), _("到（不含）"),
             _("状态"), _("已兑现"), _("没有兑现"), _("践诺中")]  # fmt: skip
    carriers = list(rows)
    kept = selected.kept_of([carrier.pk for carrier in carriers], now)
    lines: Iterator[Sequence[Any]] = (
        [one.pk, one.get_type_display(), one.name, one.body.name, one.zone.name if one.zone else "", one.lead.name,
         one.place, one.from_on, one.until_on, shape_of(one, now)[1], kept[one.pk].kept, kept[one.pk].not_kept,
         kept[one.pk].still_open]
        for one in carriers
    )  # fmt: skip
    sheet = SheetOut(
        title=_("先锋载体"), head=heads, rows=lines, widths=[8, 14, 26, 26, 22, 10, 22, 12, 12, 10, 8, 8, 8]
    )
    return excel_answer([sheet], _("先锋载体") + f"_{local_day(now):%Y%m%d}.xlsx")


@login_required
def board(request: HttpRequest) -> HttpResponse:
    """承诺公示: who promised what until when, and what was kept; readable from across a room."""
    actor, now = actor_of(request), timezone.now()
    listed, cards = selected.board(actor, now, **_board_filters(request), page=asked_page(request))
    context = {
        "page": page_of(listed),
        "cards": [(card, [promise_shown(line, now) for line in card.promises]) for card in cards],
        "types": CarrierType.choices,
        "export_query": asked_filters(request),
        "is_filtered": bool(asked_filters(request)),
    }
    template = "carriers/board.html#rows" if request.htmx else "carriers/board.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def board_print(request: HttpRequest, form: str) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    _listed, cards = selected.board(actor, now, **_board_filters(request), size=BOARD_ROWS)
    if not cards:
        raise Http404
    whose = (
        next(iter({card.carrier.body.name for card in cards})) if len({c.carrier.body_id for c in cards}) == 1 else ""
    )
    document = board_document(cards, whose=whose, printed_on=local_day(now))
    return paper_answer(request, document, form, source=cards[0].carrier, layout=GBT_9704_LANDSCAPE)


@login_required
def people(request: HttpRequest) -> HttpResponse:
    """Who is in how many carriers, with how many promises open and hours on call."""
    actor, now = actor_of(request), timezone.now()
    page = asked_page(request)
    count, loads = selected.loads_of(actor, now, words=request.GET.get("q", "").strip(), page=page)
    paginator = Paginator(range(count), 20)
    context = {"page": paginator.get_page(page), "loads": loads, "is_filtered": bool(request.GET.get("q"))}
    template = "carriers/people.html#rows" if request.htmx else "carriers/people.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def people_export(request: HttpRequest) -> FileResponse:
    actor, now = actor_of(request), timezone.now()
    _count, loads = selected.loads_of(actor, now, words=request.GET.get("q", "").strip(), size=100_000)
    heads = [_("姓名"), _("单位"), _("在几个载体里"), _("载体"), _("践诺中的承诺"), _("今年值守时数")]
    lines: Iterator[Sequence[Any]] = (
        [load.person.name, load.person.unit.name if load.person.unit else "", load.count,
         _("、").join(row.carrier.name for row in load.parts), load.promises, float(load.hours)]
        for load in loads
    )  # fmt: skip
    sheet = SheetOut(title=_("载体人员"), head=heads, rows=lines, widths=[10, 26, 12, 60, 12, 12])
    return excel_answer([sheet], _("载体人员") + f"_{local_day(now):%Y%m%d}.xlsx")


@login_required
def carrier_create(request: HttpRequest) -> HttpResponse:
    """Which type, then what it is: people come from the body, its unit and the zone; days and place are filled in."""
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_propose_for(actor, now)
    body = _body(request, bodies, actor)
    spec = TYPES.get(request.GET.get("type", ""))
    if spec is None:
        kinds = [(CarrierType(one.type), one, _(one.about)) for one in TYPES.values()]
        return render(request, "carriers/carrier_types.html", {"kinds": kinds, "body": body})
    zone = CollaborationZone.objects.filter(body=body).first()
    offered = may_belong(body, zone.body_id if zone else None, now)
    is_post = request.method == "POST"
    form = _form(request, spec, offered, actor, now, initial={**first_days(local_day(now)), "zone": zone and zone.pk})
    crew = PeopleForm(request.POST if is_post else None, people=offered) if spec.most != 1 else None
    due_on = local_day(now) + A_QUARTER
    promises = PromiseFormSet(
        request.POST if is_post else None, prefix="promise", initial=[{"due_on": due_on}] if not is_post else None
    )
    if is_post and form.is_valid() and promises.is_valid() and (crew is None or crew.is_valid()):
        text = form.text()
        try:
            carrier = propose_carrier(
                type_=spec.type, text=text, body=body, people=crew.parts(text.lead) if crew is not None else [],
                promises=[one.promised() for one in promises if one.has_changed()], actor=actor, at=now,
            )  # fmt: skip
        except NotAllowed:
            raise
        except ValuesUnfit as error:
            _blame(form, error)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("“%(name)s”已提出，等支部批准。") % {"name": carrier.name})
            return redirect("web:carrier_detail", carrier.pk)
    context = {
        "form": form, "crew": crew, "promises": promises, "spec": spec, "type": CarrierType(spec.type), "body": body,
        "other_bodies": bodies if bodies.count() > 1 else [],
    }  # fmt: skip
    return render(request, "carriers/carrier_form.html", context, status=422 if is_post else 200)


@login_required
def carrier_edit(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    carrier = seen_carrier(request, pk)
    right = AMEND if carrier.state in DRAFTS else END
    right.require(actor, carrier, at=now)
    if not carrier.is_open:
        raise Http404
    offered = may_belong(carrier.body, carrier.zone.body_id if carrier.zone else None, now)
    form = _form(
        request, carrier.spec, offered, actor, now, initial=carrier_initial(carrier), is_active=carrier.is_active
    )
    if request.method == "POST" and form.is_valid():
        try:
            amend_carrier(carrier=carrier, text=form.text(carrier), actor=actor, at=now)
        except ValuesUnfit as error:
            _blame(form, error)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已存下。"))
            return redirect("web:carrier_detail", pk)
    context = {"form": form, "spec": carrier.spec, "type": CarrierType(carrier.type), "carrier": carrier}
    return render(request, "carriers/carrier_form.html", context, status=422 if form.errors else 200)


@login_required
def carrier_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "carriers/carrier_detail.html", carrier_context(request, seen_carrier(request, pk)))


@login_required
def carrier_print(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The sheet for the wall (揭牌、公示)."""
    carrier, now = seen_carrier(request, pk), timezone.now()
    promised = [line for line in selected.promises_of([carrier])[carrier.pk] if line.item.state != "waived"]
    document = carrier_document(carrier, people_of(carrier), promised, printed_on=local_day(now))
    return paper_answer(request, document, form, source=carrier)


def seen_carrier(request: HttpRequest, pk: int) -> Carrier:
    """Return the carrier, as far as the reader sees it."""
    found: Carrier = get_object_or_404(carriers_seen_by(actor_of(request), timezone.now()), pk=pk)
    return found


def _filtered(request: HttpRequest, actor: Person, now: datetime) -> Any:
    asked = request.GET
    return carriers_filtered(
        actor, now, words=asked.get("q", "").strip(), type_=_among(asked.get("type"), CarrierType.values),
        state=_among(asked.get("state"), CarrierState.values), mine=bool(asked.get("mine")), due=bool(asked.get("due")),
        body=number_of(asked.get("body")), zone=number_of(asked.get("zone")),
    )  # fmt: skip


def _board_filters(request: HttpRequest) -> dict[str, Any]:
    asked = request.GET
    return {
        "words": asked.get("q", "").strip(), "type_": _among(asked.get("type"), CarrierType.values),
        "body": number_of(asked.get("body")),
    }  # fmt: skip


def _among(word: str | None, known: Sequence[str]) -> str:
    return word if word is not None and word in known else ""


def _body(request: HttpRequest, bodies: Any, actor: Person) -> PartyOrg:
    """Return the body for which a carrier is proposed: the one asked for, else the own branch.

    :raises Http404: there is none
    """
    asked = number_of(request.GET.get("body"))
    rows = bodies.filter(pk=asked) if asked is not None else bodies.filter(memberships__person=actor)
    body: PartyOrg | None = rows.first() or (bodies.first() if asked is None else None)
    if body is None:
        raise Http404
    return body


def _form(
    request: HttpRequest, spec: TypeSpec, people: Any, actor: Person, now: datetime, *, initial: dict[str, Any],
    is_active: bool = False,
) -> CarrierForm:  # fmt: skip
    return CarrierForm(
        request.POST if request.method == "POST" else None, spec=spec, people=people, zones=zones_seen_by(actor, now),
        projects=projects_seen_by(actor, now), forces=forces_seen_by(actor, now), initial=initial, is_active=is_active,
    )  # fmt: skip


def _blame(form: CarrierForm, error: ValuesUnfit) -> None:
    for name, sentence in error.by_field().items():
        form.add_error(name, sentence)
