"""承包商: the list, one company with its gates, agreement, checks and people, one worker with the pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from ronghe.domain.appraisal.enums import Level
from ronghe.domain.appraisal.selectors.sheets import grade_titles, score_shown, sheet_of_run
from ronghe.domain.appraisal.selectors.sheets import title_of as sheet_title
from ronghe.domain.appraisal.selectors.wording import period_title
from ronghe.domain.appraisal.selectors.zones import last_score_of
from ronghe.domain.contractors.enums import (
    CONTRACTOR_FLOW,
    AppealState,
    ContractorKind,
    ContractorState,
    Standing,
)
from ronghe.domain.contractors.models import Appeal, Contractor, Worker
from ronghe.domain.contractors.rules import DECIDE_CONTRACTOR, KEEP_CONTRACTOR, KEEP_WORKER, SEE_CONTRACTOR
from ronghe.domain.contractors.selectors.companies import (
    agreement_on,
    bodies_to_register_for,
    checklist_of,
    contractors_filtered,
    contractors_seen_by,
    gate_file_of,
    gates_of,
    is_checked,
    list_contractors,
)
from ronghe.domain.contractors.selectors.people import (
    bars_to_enter,
    list_workers,
    live_pass_of,
    passages_of,
    workers_seen_by,
)
from ronghe.domain.contractors.services.workers import pass_code
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.qualifications.rules import SEE_RECORD
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import _
from ronghe.web.files import excel_answer
from ronghe.web.paging import asked_filters, asked_order, asked_page, page_of
from ronghe.web.partylife.acting import stored_answer
from ronghe.web.requests import actor_of

ORDERS: dict[str, list[str]] = {"name": ["name"], "-name": ["-name"], "state": ["state"], "-state": ["-state"]}
SHAPES = {
    ContractorState.APPLYING: "due",
    ContractorState.ADMITTED: "done",
    ContractorState.SUSPENDED: "attention",
    ContractorState.LISTED: "failed",
    ContractorState.LEFT: "waived",
}
PEOPLE, SCORES, CHANGES, PASSAGES = 50, 12, 20, 30
"""Rows shown on the page of one company or worker."""


@login_required
def contractors(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    order = asked_order(request, ORDERS, "name")
    listed = list_contractors(actor, now, _filtered(request), order_by=order, page=asked_page(request))
    context = {
        "page": page_of(listed),
        "lines": [(row, SHAPES[ContractorState(row.state)]) for row in listed.rows],
        "kinds": ContractorKind.choices,
        "states": ContractorState.choices,
        "is_filtered": bool(asked_filters(request)),
        "export_query": asked_filters(request),
    }
    if not request.htmx:  # type: ignore[attr-defined]
        context["can_register"] = bodies_to_register_for(actor, now).exists()
    template = "contractors/contractors.html"
    answer = render(request, f"{template}#rows" if request.htmx else template, context)  # type: ignore[attr-defined]
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def contractors_export(request: HttpRequest) -> FileResponse:
    actor, now = actor_of(request), timezone.now()
    rows: Any = SEE_CONTRACTOR.narrow(actor, _filtered(request), at=now).order_by("name", "pk")
    heads = [_("单位名称"), _("统一社会信用代码"), _("类型"), _("它的承包商"), _("监管组织"), _("状态"), _("在册人数"), _("最近得分")]  # fmt: skip
    lines: Iterator[Sequence[Any]] = (
        [row.name, row.credit_code, row.get_kind_display(), row.parent.name if row.parent else "", row.body.name,
         row.get_state_display(), row.people, None if row.last_score is None else round(row.last_score, 1)]
        for row in rows
    )  # fmt: skip
    sheet = SheetOut(_("承包商"), heads, lines, [28, 22, 16, 24, 24, 10, 10, 10])
    return excel_answer([sheet], _("承包商") + f"_{local_day(now):%Y%m%d}.xlsx")


@login_required
def contractor(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    row = seen(request, pk)
    today = local_day(now)
    keeps, decides = KEEP_CONTRACTOR.allows(actor, row, at=now), DECIDE_CONTRACTOR.allows(actor, row, at=now)
    people = list_workers(actor, now, contractor=row.pk, size=PEOPLE)
    bars = bars_to_enter(people.rows, today)
    checklist = checklist_of(row, today)
    appeal = Appeal.objects.filter(change__contractor=row).select_related("filed_by", "change").order_by("-pk").first()
    context = {
        "row": row,
        "shape": SHAPES[ContractorState(row.state)],
        "gates": gates_of(row),
        "agreement": agreement_on(row, today),
        "agreements": list(row.safety_agreements.order_by("-until_on", "-pk")),
        "people": [(worker, bars[worker.pk]) for worker in people.rows],
        "people_count": people.count,
        "mechanism": checklist.mechanism.label,
        "is_checked": is_checked(row, today),
        "judged": _judged(row, actor, now),
        "scores": list(row.scores.select_related("noted_by").order_by("-held_on", "-pk")[:SCORES]),
        "changes": list(row.changes.select_related("made_by").order_by("-pk")[:CHANGES]),
        "appeal": appeal,
        "may_decide_appeal": bool(
            appeal and appeal.state == AppealState.FILED and decides and appeal.change.made_by_id != actor.pk
        ),
        "may_appeal": keeps and row.state == ContractorState.LISTED and not _is_appealed(row, appeal),
        "may_keep": keeps and row.state not in (ContractorState.LISTED, ContractorState.LEFT),
        "may_check": keeps and row.state in (ContractorState.ADMITTED, ContractorState.SUSPENDED),
        **{f"may_{step}": decides and CONTRACTOR_FLOW.allows(row, step) for step in Standing},
        "may_suspend": keeps and CONTRACTOR_FLOW.allows(row, Standing.SUSPEND),
    }
    return render(request, "contractors/contractor_detail.html", context)


def _judged(row: Contractor, actor: Person, now: datetime) -> dict[str, Any] | None:
    """What the last published appraisal says of the company, with the way to where its score comes from."""
    last = last_score_of(row.pk, actor, now, level=Level.CONTRACTOR)
    if last is None:
        return None
    sheet = sheet_of_run(last.run)
    return {
        "run": last.run, "title": sheet_title(last.run), "period": period_title(last.run.period),
        "score": score_shown(sheet, last.row.score), "grade": grade_titles(sheet).get(last.row.grade or "", ""),
    }  # fmt: skip


@login_required
def gate_file(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """A file that proves a review of a gate, in a box of its own."""
    found = gate_file_of(seen(request, pk), file)
    return stored_answer(found.file if found is not None else None)


@login_required
def workers(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    listed = list_workers(actor, now, words=request.GET.get("q", ""), page=asked_page(request))
    bars = bars_to_enter(listed.rows, local_day(now))
    context = {
        "page": page_of(listed),
        "lines": [(row, bars[row.pk]) for row in listed.rows],
        "is_filtered": bool(asked_filters(request)),
    }
    template = "contractors/workers.html"
    answer = render(request, f"{template}#rows" if request.htmx else template, context)  # type: ignore[attr-defined]
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def worker(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    row = seen_worker(request, pk)
    entry_pass = live_pass_of(row)
    keeps = KEEP_WORKER.allows(actor, row, at=now) and row.until_on is None
    context = {
        "row": row,
        "bars": bars_to_enter([row], local_day(now))[row.pk],
        "entry_pass": entry_pass,
        "code": pass_code(entry_pass) if entry_pass is not None else "",
        "passages": list(passages_of(row)[:PASSAGES]),
        "is_inside": hasattr(row, "presence"),
        "may_keep": keeps,
        "sees_record": SEE_RECORD.allows(actor, row.person, at=now),
        "sees_company": SEE_CONTRACTOR.allows(actor, row.contractor, at=now),
    }
    return render(request, "contractors/worker_detail.html", context)


def seen(request: HttpRequest, pk: int) -> Contractor:
    """Return a company that the reader may see."""
    return get_object_or_404(contractors_seen_by(actor_of(request), timezone.now()), pk=pk)


def seen_worker(request: HttpRequest, pk: int) -> Worker:
    """Return a worker whom the reader may see."""
    return get_object_or_404(workers_seen_by(actor_of(request), timezone.now()), pk=pk)


def _is_appealed(row: Contractor, appeal: Appeal | None) -> bool:
    last = row.changes.filter(what=Standing.LIST).order_by("-pk").first()
    return appeal is not None and last is not None and appeal.change_id == last.pk


def _filtered(request: HttpRequest) -> Any:
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    return contractors_filtered(
        words=request.GET.get("q", ""), kind=kind if kind in ContractorKind.values else "",
        state=state if state in ContractorState.values else "",
    )  # fmt: skip
