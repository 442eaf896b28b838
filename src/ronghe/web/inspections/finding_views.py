"""督查问题: the list, raising one (from a board with what it showed), settling its measure, objecting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.inspections.rules import FINDING, OBJECT, SETTLE_MEASURE
from ronghe.domain.inspections.selectors.findings import bodies_to_find_in, findings_seen_by, list_findings
from ronghe.domain.inspections.selectors.inspections import people_to_send
from ronghe.domain.inspections.services.findings import object_to, raise_finding, settle_measure
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.selectors import people_to_ask
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import _
from ronghe.ui import toasts
from ronghe.web.files import excel_answer
from ronghe.web.inspections.forms import FindingForm, MeasureForm, ObjectionForm
from ronghe.web.items.asking import ORDERS, filters_of, item_seen, states_of
from ronghe.web.items.presenting import PANELS, line_of
from ronghe.web.items.views import show_item, uploads_of
from ronghe.web.paging import asked_filters, asked_order, asked_page
from ronghe.web.paging import page_of as paged
from ronghe.web.requests import actor_of

FROM_ADDRESS = ("title", "text", "body", "about", "board", "run", "subject", "period", "figure")
REFUSED = "refused_finding"
"""Where the request carries a form that was refused, so that it stands as it was typed."""


@login_required
def findings(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    order = asked_order(request, ORDERS, "due")
    listed = list_findings(actor, now, filters=_asked(request), order_by=order, page=asked_page(request))
    context = {
        "page": paged(listed),
        "lines": [(line_of(item, now), item.inspection_finding) for item in listed.rows],
        "states": states_of(FINDING),
        "is_filtered": bool(asked_filters(request)),
        "export_query": asked_filters(request),
        "may_raise": bodies_to_find_in(actor, now).exists(),
    }
    template = "inspections/finding_list.html"
    answer = render(request, f"{template}#rows" if request.htmx else template, context)  # type: ignore[attr-defined]
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def findings_export(request: HttpRequest) -> FileResponse:
    actor, now = actor_of(request), timezone.now()
    rows = findings_seen_by(actor, now).filter(_asked(request))
    head = [_("编号"), _("问题"), _("组织"), _("关于哪方面"), _("整改措施"), _("谁来办"), _("何时办完"), _("哪天看成效"),
            _("状态"), _("又出现几次"), _("整改前的数"), _("现在的数")]  # fmt: skip
    lines = (_cells(item, now) for item in rows.iterator(chunk_size=1000))
    sheet = SheetOut(_("督查问题"), head, lines, [8, 36, 26, 18, 40, 10, 17, 12, 14, 8, 10, 10])
    return excel_answer([sheet], f"{_('督查问题')}_{local_day(now):%Y%m%d}.xlsx")


@login_required
def finding_new(request: HttpRequest) -> HttpResponse:
    """Raise a finding; what a board showed comes with the address and is filled in."""
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_find_in(actor, now)
    if not bodies.exists():
        raise NotAllowed
    initial = {name: request.GET[name] for name in FROM_ADDRESS if request.GET.get(name)}
    form = FindingForm(request.POST or None, bodies=bodies, people=people_to_send(actor, now), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            item = raise_finding(
                text=form.text_given(), body=form.cleaned_data["body"], measure=form.measure_given(), actor=actor, at=now,
                uploads=uploads_of(request),
            )  # fmt: skip
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("“%(title)s”已列为督查问题。") % {"title": item.title})
            return redirect("web:item_detail", item.pk)
    return render(request, "inspections/finding_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_POST
def finding_settle(request: HttpRequest, pk: int) -> HttpResponse:
    item = _seen(request, pk)
    form = _measure_form(request, item, request.POST)

    def act(actor: Person, now: datetime) -> None:
        settle_measure(item=item, measure=form.given(), actor=actor, at=now)

    return _act(request, item, "measure_form", form, act, _("措施、责任人、期限已定。"))


@login_required
@require_POST
def finding_object(request: HttpRequest, pk: int) -> HttpResponse:
    item, form = _seen(request, pk), ObjectionForm(request.POST)

    def act(actor: Person, now: datetime) -> None:
        reason = form.cleaned_data["reason"]
        object_to(item=item, reason=reason, actor=actor, at=now, uploads=uploads_of(request))

    return _act(request, item, "objection_form", form, act, _("异议已提出，等复核。"))


def finding_panel(request: HttpRequest, item: WorkItem) -> dict[str, Any]:
    """What a finding adds to the page of items: where it was seen, its day of effect, and the forms that settle it."""
    actor, now = actor_of(request), timezone.now()
    name, refused = getattr(request, REFUSED, ("", None))
    own: Any = item.inspection_finding
    settles = FINDING.flow.allows(item, "settle") and SETTLE_MEASURE.allows(actor, item, at=now)
    objects = (
        own.inspection is not None and FINDING.flow.allows(item, "object") and OBJECT.allows(actor, item, at=now)
        and (own.inspection.notice_until is None or local_day(now) <= own.inspection.notice_until)
    )  # fmt: skip
    return {
        "own": own,
        "measure_form": (refused if name == "measure_form" else _measure_form(request, item)) if settles else None,
        "objection_form": (refused if name == "objection_form" else ObjectionForm()) if objects else None,
        "objection_open": name == "objection_form",
    }


PANELS[FINDING.id] = ("inspections/_finding_panel.html", finding_panel)


def _act(
    request: HttpRequest, item: WorkItem, name: str, form: Any, act: Callable[[Person, datetime], None], done: str
) -> HttpResponse:
    if form.is_valid():
        try:
            act(actor_of(request), timezone.now())
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, done)
            return redirect("web:item_detail", item.pk)
    setattr(request, REFUSED, (name, form))
    return show_item(request, _seen(request, item.pk), status=422)


def _measure_form(request: HttpRequest, item: WorkItem, data: Any = None) -> MeasureForm:
    people = people_to_ask(item, actor_of(request), timezone.now())
    return MeasureForm(data, people=people, auto_id="measure_%s")


def _asked(request: HttpRequest) -> Q:
    return filters_of(request, actor_of(request), timezone.now(), FINDING)


def _cells(item: WorkItem, now: datetime) -> list[Any]:
    own: Any = item.inspection_finding
    due = f"{timezone.localtime(item.due_at):%Y-%m-%d}" if item.due_at is not None else ""
    return [
        item.pk, item.title, item.body.name, own.about, item.values.get("measure", ""), item.owner.name if item.owner else "",
        due, own.effect_on, line_of(item, now).word, own.recurrences, item.values.get("figure_before", ""),
        item.values.get("figure_after", ""),
    ]  # fmt: skip


def _seen(request: HttpRequest, pk: int) -> WorkItem:
    rows = findings_seen_by(actor_of(request), timezone.now())
    return item_seen(rows, pk)
