"""The ways between the stations: what is known, one typed, a table brought in, a guess along the line."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.regrouping.enums import TravelSource
from ronghe.domain.regrouping.models import Regrouping, TravelTime
from ronghe.domain.regrouping.rules import DRAFT_REGROUPING
from ronghe.domain.regrouping.selectors.crew import crew_of
from ronghe.domain.regrouping.services.ways import Way, guess_along_line, import_ways, set_ways
from ronghe.kernel.errors import DomainError
from ronghe.ui import toasts
from ronghe.web.paging import number_of
from ronghe.web.regrouping.forms import WayForm, WaysFileForm
from ronghe.web.regrouping.reading import seen
from ronghe.web.requests import actor_of


@login_required
def grouping_ways(request: HttpRequest, pk: int) -> HttpResponse:
    regrouping = _drafted(request, pk)
    names = _names(regrouping)
    form = WayForm(request.POST or None, names=list(names.values()))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            set_ways(
                regrouping=regrouping, ways=[Way(data["a"], data["b"], str(data["minutes"]))], source=TravelSource.TYPED,
                actor=actor_of(request), at=timezone.now(),
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("路程已记下。"))
            return redirect("web:grouping_ways", pk)
    return _page(request, regrouping, form=form)


@login_required
@require_POST
def grouping_ways_import(request: HttpRequest, pk: int) -> HttpResponse:
    regrouping = _drafted(request, pk)
    form = WaysFileForm(request.POST, request.FILES)
    if form.is_valid():
        upload: Any = form.cleaned_data["file"]
        try:
            with TemporaryDirectory() as folder:
                path = Path(folder) / "table"
                path.write_bytes(b"".join(upload.chunks()))
                count = import_ways(
                    regrouping=regrouping, file=path, name=upload.name, actor=actor_of(request), at=timezone.now()
                )
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            toasts.done(request, _("已导入 %(count)s 段路程。") % {"count": count})
            return redirect("web:grouping_ways", pk)
    return _page(request, regrouping, file_form=form)


@login_required
@require_POST
def grouping_ways_line(request: HttpRequest, pk: int) -> HttpResponse:
    """`order` holds a number a station, `order_12=3`; stations without one are left out of the line."""
    regrouping = _drafted(request, pk)
    units = crew_of(regrouping.body, regrouping.unit, regrouping.as_of).units
    places = {key: number_of(request.POST.get(f"order_{key}")) for key in units}
    line = [units[key] for key, place in sorted(places.items(), key=lambda pair: (pair[1] or 0, pair[0])) if place]
    try:
        count = guess_along_line(regrouping=regrouping, stations=line, actor=actor_of(request), at=timezone.now())
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, _("按管线顺序估计了 %(count)s 段路程，已填报的不变。") % {"count": count})
    return redirect("web:grouping_ways", pk)


def _page(
    request: HttpRequest, regrouping: Regrouping, *, form: WayForm | None = None, file_form: WaysFileForm | None = None
) -> HttpResponse:
    names = _names(regrouping)
    rows = TravelTime.objects.filter(Q(a__in=names), Q(b__in=names)).order_by("pk")
    context = {
        "regrouping": regrouping,
        "ways": [(names[row.a_id], names[row.b_id], row.minutes, row.get_source_display()) for row in rows],
        "stations": list(names.items()),
        "form": form or WayForm(names=list(names.values())),
        "file_form": file_form or WaysFileForm(),
    }
    wrong = any(one is not None and one.errors for one in (form, file_form))
    return render(request, "regrouping/grouping_ways.html", context, status=422 if wrong else 200)


def _names(regrouping: Regrouping) -> dict[int, str]:
    units = crew_of(regrouping.body, regrouping.unit, regrouping.as_of).units
    return {key: unit.name for key, unit in units.items()}


def _drafted(request: HttpRequest, pk: int) -> Regrouping:
    """Return the regrouping for whoever drafts it; for others this page does not exist."""
    regrouping = seen(request, pk)
    if not DRAFT_REGROUPING.allows(actor_of(request), regrouping, at=timezone.now()):
        raise Http404
    return regrouping
