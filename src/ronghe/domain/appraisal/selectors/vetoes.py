"""Vetoes as somebody may see them, which there are, and which of them a run has to take in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from ronghe.domain.appraisal.enums import VetoState
from ronghe.domain.appraisal.models import VetoCase, VetoFile
from ronghe.domain.appraisal.rules import RAISE_VETO, REVIEW_VETO, SEE_VETO
from ronghe.domain.appraisal.selectors.playbooks import playbooks_with_sheets
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.errors import NotFound
from ronghe.kernel.language import in_language


@dataclass(frozen=True, slots=True)
class VetoTitle:
    id: str
    zh: str
    en: str

    @property
    def here(self) -> str:
        return in_language({"zh": self.zh, "en": self.en})


def veto_kinds() -> dict[str, VetoTitle]:
    """Return the vetoes that sheets name, by id: the list is data of the playbooks (RT-07)."""
    found: dict[str, VetoTitle] = {}
    for playbook in playbooks_with_sheets():
        for sheet in playbook.sheets:
            for veto in sheet.get("vetoes", ()):
                found.setdefault(veto["id"], VetoTitle(veto["id"], veto["title"]["zh"], veto["title"]["en"]))
    return found


def list_vetoes(actor: Person, at: datetime, *, state: str = "", page: int = 1, size: int = 20) -> Listed[VetoCase]:
    """Return a page of the vetoes that the actor may see, the latest first."""
    rows = VetoCase.objects.select_related("body", "person", "raised_by", "reviewed_by").prefetch_related("files")
    rows = rows.filter(state=state) if state else rows
    return list_seen(SEE_VETO, actor, rows, order_by=["-raised_at"], at=at, page=page, size=size)


def veto_seen_by(actor: Person, pk: int, at: datetime) -> VetoCase:
    """Return one veto.

    :raises NotFound: there is none, or the actor may not see it
    """
    rows = VetoCase.objects.select_related("body", "person", "raised_by", "reviewed_by", "lifted_by")
    found = SEE_VETO.narrow(actor, rows, at=at).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def veto_file_of(case: VetoCase, key: int) -> VetoFile | None:
    """Return a file of a veto, whoever asks; seeing the veto is asked before."""
    return VetoFile.objects.filter(pk=key, case=case).select_related("file").first()


def vetoes_to_review(actor: Person, at: datetime) -> QuerySet[VetoCase]:
    """Return what waits for somebody else than whoever raised it."""
    rows = VetoCase.objects.filter(state=VetoState.RAISED).exclude(raised_by=actor)
    return REVIEW_VETO.narrow(actor, rows, at=at)


def bodies_to_veto(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    return RAISE_VETO.narrow(actor, PartyOrg.objects.filter(on_day(local_day(at))), at=at).order_by("name", "pk")


def vetoes_touching(bodies: Iterable[int], since: date, until: date) -> QuerySet[VetoCase]:
    """Return the vetoes in force whose term touches the days from `since` up to, not including, `until`."""
    rows = VetoCase.objects.filter(state=VetoState.IN_FORCE, body_id__in=list(bodies))
    rows = rows.filter(happened_on__lt=until, until_on__gte=since)
    return rows.select_related("body", "person", "reviewed_by").prefetch_related("facts").order_by("pk")


def lifted_earlier(bodies: Iterable[int], since: date, until: date) -> QuerySet[VetoCase]:
    """Return lifted vetoes that were in force on some of these days."""
    rows = VetoCase.objects.filter(state=VetoState.LIFTED, body_id__in=list(bodies))
    rows = rows.filter(happened_on__lt=until, until_on__gte=since)
    return rows.select_related("body", "person", "reviewed_by").prefetch_related("facts").order_by("pk")
