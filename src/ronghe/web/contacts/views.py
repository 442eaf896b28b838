"""联系点: who is in touch with whom, what is due, setting up, handing over, ending."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from ronghe.domain.contacts.enums import Cadence, ContactKind, DueState
from ronghe.domain.contacts.models import ContactPoint
from ronghe.domain.contacts.rules import KINDS, SEE_CONTACT
from ronghe.domain.contacts.selectors import (
    WITH,
    bodies_to_set_up,
    bodies_without_contact,
    chain_of,
    contacts_seen_by,
    holders_for,
    in_state,
    list_contacts,
    stations_without_contact,
    units_below,
)
from ronghe.domain.contacts.services.points import end_contact, hand_over_contact, set_contact
from ronghe.domain.org.enums import PARTY_KINDS, BodyTree
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import bodies_seen_by, people_seen_by, units_seen_by
from ronghe.domain.rhythm.rules import VISIT_CONTACT
from ronghe.domain.rhythm.selectors.visits import list_visits, responsible_body
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.ui import toasts
from ronghe.web.contacts.forms import ContactForm, EndForm, HandoverForm
from ronghe.web.files import excel_answer
from ronghe.web.paging import asked_filters, asked_order, asked_page, number_of, page_of
from ronghe.web.requests import actor_of

STATES = [
    ("", gettext_lazy("在联系")),
    (DueState.OVERDUE.value, gettext_lazy("已超期")),
    (DueState.DUE.value, gettext_lazy("本期待访")),
    (DueState.ENDED.value, gettext_lazy("已结束")),
]
ORDERS = {"due": ["due_on"], "-due": ["-due_on"], "holder": ["holder__name"], "-holder": ["-holder__name"]}
SHAPES = {DueState.OVERDUE: "failed", DueState.DUE: "due", DueState.VISITED: "done", DueState.ENDED: "waived"}
VISITS_SHOWN = 10
GAPS_SHOWN = 60


@login_required
def contact_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    day = local_day(now)
    order = tuple(asked_order(request, ORDERS, "due"))
    rows = _filtered(request, actor, day)
    page = page_of(list_contacts(actor, now, rows=rows, order_by=order, page=asked_page(request), size=20))
    context = {
        "page": page,
        "lines": [_line(point, day, actor) for point in page.object_list],
        "kinds": ContactKind.choices,
        "states": STATES,
        "can_set": bodies_to_set_up(actor, now).exists(),
        "export_query": asked_filters(request),
    }
    template = "contacts/contact_list.html#rows" if request.htmx else "contacts/contact_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def contact_export(request: HttpRequest) -> FileResponse:
    """What the list shows with these filters, whole, as a workbook."""
    actor, now = actor_of(request), timezone.now()
    day = local_day(now)
    rows = SEE_CONTACT.narrow(actor, _filtered(request, actor, day), at=now)
    rows = rows.select_related(*WITH).order_by("due_on", "pk")
    heads = [_("联系对象"), _("类别"), _("联系人"), _("频次"), _("设立组织"), _("依据"), _("起"), _("止"),
             _("上次走访"), _("应走访"), _("状态")]  # fmt: skip
    lines = (
        [point.target.name, str(point.get_kind_display()), point.holder.name, str(point.get_cadence_display()),
         point.body.name, point.approval_ref, point.valid_from, point.valid_until, point.last_visit_on, point.due_on,
         str(point.due_state(day).label)]
        for point in rows.iterator(chunk_size=2000)
    )  # fmt: skip
    sheet = SheetOut(title=_("联系点"), head=heads, rows=lines, widths=[30, 12, 10, 12, 30, 24, 12, 12, 12, 12, 10])
    return excel_answer([sheet], _("联系点") + f"_{day:%Y%m%d}.xlsx")


@login_required
def contact_gaps(request: HttpRequest) -> HttpResponse:
    """Bodies and stations with which nobody is in touch, as far as the reader may set contacts up."""
    actor, now = actor_of(request), timezone.now()
    day, bodies = local_day(now), bodies_to_set_up(actor, now)
    if not bodies.exists():
        raise NotAllowed
    below = PartyOrg.links().filter(valid_until=None, ancestor__in=bodies.order_by().values("pk"), depth__gt=0)
    bare = PartyOrg.objects.filter(valid_until=None, kind__in=PARTY_KINDS, pk__in=below.values("descendant_id"))
    lonely = bodies_without_contact(bare.select_related("parent"), day).order_by("name", "pk")
    stations = stations_without_contact(units_below(bodies, day), day)
    context = {
        "lonely": list(lonely[:GAPS_SHOWN]),
        "body_count": lonely.count(),
        "stations": list(stations[:GAPS_SHOWN]),
        "station_count": stations.count(),
    }
    return render(request, "contacts/contact_gaps.html", context)


@login_required
def contact_create(request: HttpRequest) -> HttpResponse:
    """设联系点; whom it is with may come with the address (`?person=`, `?body=`, `?unit=`)."""
    actor, now = actor_of(request), timezone.now()
    day, bodies = local_day(now), bodies_to_set_up(actor, now)
    if not bodies.exists():
        raise NotAllowed
    form = ContactForm(
        request.POST if request.method == "POST" else None,
        bodies=bodies,
        targets=bodies_seen_by(actor, now),
        units=units_seen_by(actor, now),
        holders=holders_for(None, bodies, day),
        people=people_seen_by(actor, now).filter(valid_until=None),
        initial=_asked_target(request, actor, now) | {"since": day},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        kind, cadence = ContactKind(given.pop("kind")), given.pop("cadence")
        try:
            made = set_contact(
                kind=kind, cadence=Cadence(cadence) if cadence else None, actor=actor, at=now, **given
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            said = _("%(name)s联系“%(target)s”，%(due)s前走访一次。")
            said %= {"name": made.holder.name, "target": made.target.name, "due": made.due_on.isoformat()}
            toasts.done(request, said)
            return redirect("web:contact_detail", made.pk)
    return render(request, "contacts/contact_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def contact_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "contacts/contact_detail.html", _context(request, _seen(request, pk)))


@login_required
@require_POST
def contact_handover(request: HttpRequest, pk: int) -> HttpResponse:
    contact, actor, now = _seen(request, pk), actor_of(request), timezone.now()
    form = HandoverForm(request.POST, holders=_successors(contact, local_day(now)))
    if form.is_valid():
        try:
            made = hand_over_contact(contact=contact, actor=actor, at=now, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已交给%(name)s联系。") % {"name": made.holder.name})
            return redirect("web:contact_detail", made.pk)
    return render(request, "contacts/contact_detail.html", _context(request, contact, handover=form), status=422)


@login_required
@require_POST
def contact_end(request: HttpRequest, pk: int) -> HttpResponse:
    contact, actor, now = _seen(request, pk), actor_of(request), timezone.now()
    form = EndForm(request.POST)
    if form.is_valid():
        try:
            end_contact(contact=contact, actor=actor, at=now, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("联系点已结束，以前的走访都在。"))
            return redirect("web:contact_detail", pk)
    return render(request, "contacts/contact_detail.html", _context(request, contact, end=form), status=422)


def _seen(request: HttpRequest, pk: int) -> ContactPoint:
    rows = contacts_seen_by(actor_of(request), timezone.now()).select_related(*WITH, "set_by", "follows__holder")
    return get_object_or_404(rows, pk=pk)


def _filtered(request: HttpRequest, actor: Person, day: date) -> Any:
    """The filters of the query string, as they stand for page and export alike."""
    state = request.GET.get("state", "")
    rows: Any = in_state(DueState(state) if state in DueState.values else None, day)
    if (kind := request.GET.get("kind", "")) in ContactKind.values:
        rows = rows.filter(kind=kind)
    if request.GET.get("mine"):
        rows = rows.filter(holder=actor)
    if text := request.GET.get("q", "").strip():
        words = Q(holder__name__contains=text) | Q(to_body__name__contains=text) | Q(to_unit__name__contains=text)
        rows = rows.filter(words | Q(to_person__name__contains=text))
    return rows


def _line(point: ContactPoint, day: date, actor: Person) -> dict[str, Any]:
    state = point.due_state(day)
    return {
        "point": point,
        "state": SHAPES[state],
        "word": str(state.label),
        "can_visit": point.holder_id == actor.pk and state != DueState.ENDED,
    }


def _context(request: HttpRequest, contact: ContactPoint, *, handover: Any = None, end: Any = None) -> dict[str, Any]:
    actor, now = actor_of(request), timezone.now()
    day, rule = local_day(now), KINDS[ContactKind(contact.kind)]
    can_keep = contact.valid_until is None and rule.permission.allows(actor, contact.body, at=now)
    return {
        **_line(contact, day, actor),
        "contact": contact,
        "is_sealed": rule.is_sealed,
        "visit_query": f"?contact={contact.pk}",
        "can_visit": VISIT_CONTACT.allows(actor, contact, at=now) and contact.valid_until is None,
        "can_keep": can_keep,
        "before": list(chain_of(contact)),
        "visits": list(list_visits(actor, now, filters=Q(contact=contact), size=VISITS_SHOWN)),
        "handover_form": handover or HandoverForm(holders=_successors(contact, day), initial={"on": day}),
        "end_form": end or EndForm(initial={"on": day}),
    }


def _successors(contact: ContactPoint, day: date) -> Any:
    near = PartyOrg.objects.filter(pk=contact.body_id)
    return holders_for(ContactKind(contact.kind), near, day).exclude(pk=contact.holder_id)


def _asked_target(request: HttpRequest, actor: Person, now: datetime) -> dict[str, Any]:
    """What the address says, as far as the actor may see it, and what follows from it; anything else is left empty."""
    bodies = bodies_to_set_up(actor, now)
    party = bodies.filter(kind__in=PARTY_KINDS)
    if (pk := number_of(request.GET.get("unit"))) and (unit := units_seen_by(actor, now).filter(pk=pk).first()):
        near = responsible_body(unit, local_day(now))
        return {"to_unit": unit.pk, "kind": ContactKind.SAFETY.value, "body": near.pk if near else None}
    if (pk := number_of(request.GET.get("body"))) and (body := bodies_seen_by(actor, now).filter(pk=pk).first()):
        above = party.filter(pk=body.parent_id or 0).first() or party.first()
        return {"to_body": body.pk, "kind": ContactKind.FIXED_POINT.value, "body": above.pk if above else None}
    if (pk := number_of(request.GET.get("person"))) and (person := people_seen_by(actor, now).filter(pk=pk).first()):
        own = next((one for one in bodies if one.tree == BodyTree.UNION), None)
        return {"to_person": person.pk, "kind": ContactKind.CARE.value, "body": own.pk if own else None}
    return {"body": getattr(party.first(), "pk", None)}
