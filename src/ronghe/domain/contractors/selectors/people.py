"""Workers, their passes, what bars them from the site, and who is on it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from ronghe.domain.contractors.models import Contractor, EntryPass, GatePassage, Presence, Worker
from ronghe.domain.contractors.rules import SEE_WORKER, WORK_GATE
from ronghe.domain.contractors.selectors.bars import agreement_terms, bars_of_company, no_longer
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.qualifications.selectors.fitness import lacking
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.words import N_, _

Bars = dict[int, list[str]]
NO_PASS = N_("没有有效的入场证（PC-19）")
PASS_OVER = N_("入场证已于 %(day)s 到期（PC-19）")


def workers_seen_by(actor: Person, at: datetime) -> QuerySet[Worker]:
    """Return the workers that `actor` may see, by name."""
    rows = SEE_WORKER.narrow(actor, Worker.objects.all(), at=at)
    return rows.select_related("person", "contractor__body").order_by("person__name", "pk")


def list_workers(
    actor: Person, at: datetime, *, contractor: int | None = None, words: str = "", page: int = 1, size: int = 20
) -> Listed[Worker]:
    """Return one page of the workers who are engaged now, by name."""
    rows = Worker.objects.filter(until_on=None).select_related("person", "contractor__body")
    if contractor is not None:
        rows = rows.filter(contractor=contractor)
    if wanted := words.strip():
        rows = rows.filter(Q(person__name__contains=wanted) | Q(person__initials__startswith=wanted.lower()))
    return list_seen(SEE_WORKER, actor, rows, order_by=["person__name"], at=at, page=page, size=size)


def bars_to_pass(workers: Collection[Worker], on: date) -> Bars:
    """Return for each worker what stands against a pass: the company, its agreement, training and exam (PC-06, PC-07, PC-19).

    `workers` have their contractor joined. Seven statements for any number of them.
    """
    lacks = lacking([worker.person_id for worker in workers], "entry", on)
    terms = agreement_terms({worker.contractor_id for worker in workers})
    bars: Bars = {worker.pk: [] for worker in workers}
    for worker in workers:
        company = worker.contractor
        if worker.until_on is not None and worker.until_on <= on:
            bars[worker.pk].append(str(no_longer(company)))
        bars[worker.pk] += [str(bar) for bar in bars_of_company(company, terms, on)]
        bars[worker.pk] += [str(lack) for lack in lacks[worker.person_id]]
    return bars


def bars_to_enter(workers: Collection[Worker], on: date) -> Bars:
    """Return for each worker what stands against entering: what stands against a pass, and the pass itself (PC-19)."""
    bars = bars_to_pass(workers, on)
    live = {row.worker_id: row for row in EntryPass.objects.filter(worker__in=workers, revoked_at=None).order_by("pk")}
    for worker in workers:
        own = live.get(worker.pk)
        if own is None:
            bars[worker.pk] = [*bars[worker.pk], _(NO_PASS)]
        elif own.last_on < on:
            bars[worker.pk] = [*bars[worker.pk], _(PASS_OVER) % {"day": own.last_on}]
    return bars


def contractor_of(person: Person) -> int | None:
    """Return the company that brings a person now, by id; `None` for own people."""
    return Worker.objects.filter(person=person, until_on=None).values_list("contractor_id", flat=True).first()


def is_untrained(worker: Worker, on: date) -> bool:
    """Tell whether training or its exam is missing to enter (PC-11, PC-12, PC-19)."""
    return bool(lacking([worker.person_id], "entry", on)[worker.person_id])


def live_pass_of(worker: Worker) -> EntryPass | None:
    """Return the worker's pass that was not revoked, over or not."""
    return EntryPass.objects.filter(worker=worker, revoked_at=None).order_by("pk").first()


def sites_of(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies at whose gate `actor` may stand and that have contractors, by name."""
    rows = PartyOrg.objects.filter(on_day(local_day(at)), pk__in=_with_contractors())
    return WORK_GATE.narrow(actor, rows, at=at).order_by("name", "pk")


def _with_contractors() -> Any:
    return Contractor.objects.order_by().values("body_id")


def on_site(body: PartyOrg) -> QuerySet[Presence]:
    """Return who is on the site now, who came first first."""
    rows = Presence.objects.filter(body=body).select_related("worker__person", "worker__contractor")
    return rows.order_by("since", "pk")


def passages_at(body: PartyOrg) -> QuerySet[GatePassage]:
    """Return what went through the gate of a site, or was refused there, newest first."""
    rows = GatePassage.objects.filter(body=body).select_related("worker__person", "worker__contractor", "kept_by")
    return rows.order_by("-happened_at", "-pk")


def passages_of(worker: Worker) -> QuerySet[GatePassage]:
    """Return a worker's comings and goings, newest first."""
    return worker.passages.select_related("body").order_by("-happened_at", "-pk")
