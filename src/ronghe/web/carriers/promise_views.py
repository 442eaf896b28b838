"""A promise on its item's page: whose it is, how it is reported, with records that are there already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.carriers.models import PromiseLine
from ronghe.domain.carriers.rules import PROMISE
from ronghe.domain.carriers.selectors.promises import promises_seen_by, records_offered
from ronghe.domain.carriers.services.promises import report_promise
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.filling import ValuesUnfit
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.words import _
from ronghe.ui import toasts
from ronghe.web.carriers.forms import ReportForm, records_of
from ronghe.web.items.views import show_item, uploads_of
from ronghe.web.requests import actor_of
from ronghe.web.sources import href_of


def panel(request: HttpRequest, item: WorkItem) -> Mapping[str, Any]:
    """Return what the card of a promise shows: its carrier, the records behind it, and the form for whoever made it."""
    line = PromiseLine.objects.select_related("carrier__body", "carrier__project").get(item=item)
    actor, now = actor_of(request), timezone.now()
    spec = PROMISE.step_by_id["report"]
    may_report = PROMISE.flow.allows(item, spec.id) and spec.right.allows(actor, item, at=now)
    refused = getattr(request, "refused_report", None)
    form = refused or ReportForm(records=records_offered(line.carrier, actor, now), is_measured=_is_measured(item))
    return {
        "carrier": line.carrier,
        "number": line.number,
        "records": [
            (row, href_of(row.source_type, row.source_id)) for row in item.evidence.filter(file=None).order_by("pk")
        ],
        "report_form": form if may_report else None,
    }


@login_required
@require_POST
def promise_report(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    line = get_object_or_404(promises_seen_by(actor, now), item_id=pk)
    item = line.item
    offered = records_offered(line.carrier, actor, now)
    form = ReportForm(request.POST, records=offered, is_measured=_is_measured(item))
    if form.is_valid():
        typed = form.cleaned_data
        try:
            report_promise(
                item=item, note=typed["note"], actual=typed.get("actual"), actor=actor, at=now,
                records=records_of(form).chosen(typed["records"]), uploads=uploads_of(request),
            )  # fmt: skip
        except NotAllowed:
            raise
        except ValuesUnfit as error:
            for name, sentence in error.by_field().items():
                form.add_error(name if name in form.fields else None, sentence)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _(PROMISE.step_by_id["report"].said))
            return redirect("web:item_detail", pk)
    request.refused_report = form  # type: ignore[attr-defined]
    return show_item(request, item, status=422)


def _is_measured(item: WorkItem) -> bool:
    return item.values.get("target") not in (None, "")
