"""现场三会: the list, beginning one, its page, its code, its record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.sitemeetings.documents import chain_document
from ronghe.domain.sitemeetings.enums import UNFINISHED, ChainStage
from ronghe.domain.sitemeetings.models import SiteChain
from ronghe.domain.sitemeetings.rules import RUN_CHAIN
from ronghe.domain.sitemeetings.selectors import (
    board_of,
    chains_seen_by,
    last_time,
    list_chains,
    people_to_note,
    site_bodies,
    talks_due,
)
from ronghe.domain.sitemeetings.services.chains import begin_chain
from ronghe.domain.sitemeetings.services.codes import chain_code, chain_of_code, pass_for
from ronghe.domain.taskforces.models import TaskForce
from ronghe.domain.zones.selectors import zone_of
from ronghe.kernel.errors import DomainError
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.ui import toasts
from ronghe.web.files import excel_answer, paper_answer
from ronghe.web.paging import asked_filters, asked_order, asked_page, number_of, page_of
from ronghe.web.requests import actor_of
from ronghe.web.sitemeetings.forms import BeginForm, initial_from
from ronghe.web.sitemeetings.presenting import chain_context, shape_of_chain

ORDERS = {"day": ["day"], "-day": ["-day"]}
STAGES = [
    ("all", gettext_lazy("全部")),
    ("open", gettext_lazy("没开完")),
    (ChainStage.CLOSED.value, gettext_lazy("开完的")),
    (ChainStage.CALLED_OFF.value, gettext_lazy("已取消")),
]
EXPORTED = 10_000
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 1, 1)


@login_required
def chain_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    listed = list_chains(
        actor, now, page=asked_page(request), size=20, order_by=asked_order(request, ORDERS, "-day"),
        **_filters(request),
    )  # fmt: skip
    context: dict[str, Any] = {
        "page": page_of(listed),
        "lines": [(chain, shape_of_chain(chain)) for chain in listed.rows],
        "stages": STAGES,
        "asked_text": request.GET.get("q", "").strip(),
        "export_query": asked_filters(request),
    }
    if not request.htmx:  # type: ignore[attr-defined]
        sites = list(site_bodies(actor, now)[:20])
        context |= {"sites": sites, "talks": list(talks_due(actor, now)[:20]) if sites else []}
    template = "sitemeetings/chain_list.html#rows" if request.htmx else "sitemeetings/chain_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def chain_export(request: HttpRequest) -> FileResponse:
    """What the list shows with these filters, whole, as a workbook."""
    actor, now = actor_of(request), timezone.now()
    found: Sequence[Any] = list_chains(actor, now, size=EXPORTED, **_filters(request)).rows
    heads = [_("日期"), _("组织"), _("地点"), _("负责人"), _("进度"), _("人数"), _("开始"), _("开完")]
    rows: Iterator[Sequence[Any]] = (
        [row.day, row.body.name, row.place, row.leader.name, row.get_stage_display(), row.people_count,
         f"{timezone.localtime(row.begun_at):%H:%M}",
         f"{timezone.localtime(row.closed_at):%H:%M}" if row.closed_at else ""]
        for row in found
    )  # fmt: skip
    sheet = SheetOut(title=_("现场三会"), head=heads, rows=rows, widths=[12, 30, 24, 10, 18, 8, 8, 8])
    return excel_answer([sheet], _("现场三会") + f"_{local_day(now):%Y%m%d}.xlsx")


@login_required
def chain_create(request: HttpRequest) -> HttpResponse:
    """开今天的三会: everything as the last time, the study item and what is different today are typed."""
    actor, now = actor_of(request), timezone.now()
    bodies = site_bodies(actor, now)
    body = _body(request, bodies)
    people = people_to_note(body, local_day(now)).exclude(pk=actor.pk)
    form = BeginForm(
        request.POST if request.method == "POST" else None, bodies=bodies, people=people,
        initial={**initial_from(last_time(body), _place(body), actor), "body": body},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            chain = begin_chain(body=given["body"], place=given["place"], prepared=form.prepared(), actor=actor, at=now)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("党小组会已开始，到场的人签字。"))
            return redirect("web:site_chain", chain.pk)
    running = SiteChain.objects.filter(body=body, day=local_day(now), stage__in=sorted(UNFINISHED)).order_by("-pk")
    context = {"form": form, "site": body, "running": running.first(), "is_alone": bodies.count() == 1}
    return render(request, "sitemeetings/chain_form.html", context, status=422 if form.errors else 200)


@login_required
def chain_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole page; while a meeting is open, it fetches itself again."""
    template = "sitemeetings/chain_detail.html#chain" if request.htmx else "sitemeetings/chain_detail.html"  # type: ignore[attr-defined]
    answer = render(request, template, chain_context(request, seen_chain(request, pk)))
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def chain_show_code(request: HttpRequest, pk: int) -> HttpResponse:
    """The code of this half minute, fetched again while it is on the screen."""
    actor, now = actor_of(request), timezone.now()
    chain = seen_chain(request, pk)
    RUN_CHAIN.require(actor, chain, at=now)
    code = chain_code(chain, at=now)
    board = board_of(chain)
    part = board.now
    context = {
        "chain": chain, "part": part, "code": code,
        "address": request.build_absolute_uri(reverse("web:site_chain_enter", args=[code])),
        "signed": sum(1 for row in part.signed if not row.is_void) if part is not None else 0,
        "waiting": len(board.unsigned(part.meeting)) if part is not None and part.state == "open" else 0,
    }  # fmt: skip
    template = "sitemeetings/chain_code.html#code" if request.htmx else "sitemeetings/chain_code.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Cache-Control"] = "no-store"
    return answer


@login_required
def chain_enter(request: HttpRequest, code: str) -> HttpResponse:
    """Own phone: what is said, and one button under it. The code is good for a moment, the pass for reading."""
    actor, now = actor_of(request), timezone.now()
    chain = chain_of_code(code, at=now)
    board = board_of(chain)
    line = board.line_of(actor)
    part = board.now if board.now is not None and board.now.state == "open" else None
    context = {
        "chain": chain, "part": part, "entry": pass_for(chain, actor, at=now),
        "has_signed": part is not None
        and any(row.signature.person_id == actor.pk and not row.is_void for row in part.signed),
        "late": [board.part(meeting) for meeting in line.to_sign_late] if line is not None else [],
        "line": line,
    }  # fmt: skip
    answer = render(request, "sitemeetings/chain_enter.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@login_required
def chain_record(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The record of the three, to keep or to file."""
    chain = seen_chain(request, pk)
    document = chain_document(board_of(chain))
    return paper_answer(request, document, form, source=chain, name=f"{chain.day:%Y%m%d}{_('现场三会')}")


def seen_chain(request: HttpRequest, pk: int) -> SiteChain:
    """Return the chain, as far as the reader sees it."""
    return get_object_or_404(chains_seen_by(actor_of(request), timezone.now()), pk=pk)


def person_of(request: HttpRequest, rows: Any) -> Person:
    """Return the person that was posted, of those who may be."""
    person: Person = get_object_or_404(rows, pk=number_of(request.POST.get("person")))
    return person


def _body(request: HttpRequest, bodies: Any) -> PartyOrg:
    asked = number_of(request.POST.get("body") or request.GET.get("body"))
    body: PartyOrg | None = bodies.filter(pk=asked).first() if asked is not None else bodies.first()
    if body is None:
        raise Http404
    return body


def _place(body: PartyOrg) -> str:
    """Return where the body's people usually meet: the task force's base, else the zone's place."""
    force = TaskForce.objects.filter(body=body).select_related("project").first()
    if force is not None:
        return force.base_place or force.project.place
    zone = zone_of(body)
    return (zone.place or "") if zone is not None else ""


def _filters(request: HttpRequest) -> dict[str, Any]:
    stage = request.GET.get("stage", "")
    return {
        "words": request.GET.get("q", "").strip(),
        "stage": stage if stage in {"open", *ChainStage.values} else "",
        "since": _day(request.GET.get("since", "")),
        "until": _day(request.GET.get("until", "")),
    }


def _day(text: str) -> date | None:
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return found if found is not None and EARLIEST <= found <= LATEST else None
