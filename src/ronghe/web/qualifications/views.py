"""证件和培训: the list of certificates, one certificate, one person's record, and who lacks what for which work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.rules import SEE_ITEM
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.qualifications.calc.violations import Proven, bars_review
from ronghe.domain.qualifications.enums import CertificateFilter
from ronghe.domain.qualifications.models import Certificate
from ronghe.domain.qualifications.rules import KEEP_CERTIFICATE, KEEP_HEALTH, KEEP_RECORD, SEE_CERTIFICATE, SEE_RECORD
from ronghe.domain.qualifications.selectors.book import current_book, kind_choices, operation_choices
from ronghe.domain.qualifications.selectors.fitness import lacking, managers, managing_lacks
from ronghe.domain.qualifications.selectors.records import (
    certificates_filtered,
    certificates_seen_by,
    list_certificates,
    people_to_keep,
    record_of,
    reviews_of,
    standing_on,
)
from ronghe.domain.qualifications.selectors.violations import counted_at_review
from ronghe.domain.qualifications.services.importing import HEADS
from ronghe.kernel.access.listing import list_seen
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import _
from ronghe.web.files import excel_answer
from ronghe.web.paging import asked_filters, asked_order, asked_page, page_of
from ronghe.web.requests import actor_of

ORDERS: dict[str, list[str]] = {
    "due": ["due_on"], "-due": ["-due_on"], "name": ["person__name"], "-name": ["-person__name"],
}  # fmt: skip
SHAPES = {
    CertificateFilter.HELD: "done",
    CertificateFilter.DUE: "attention",
    CertificateFilter.OVER: "failed",
    CertificateFilter.WITHDRAWN: "waived",
}


@login_required
def certificates(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    listed = list_certificates(
        actor, now, _filtered(request, now), order_by=asked_order(request, ORDERS, "due"), page=asked_page(request)
    )
    context = {
        "page": page_of(listed),
        "lines": [_shown(row, now) for row in listed.rows],
        "kinds": kind_choices(),
        "states": [("", _("在册")), *((one.value, one.label) for one in CertificateFilter if one != "held")],
        "is_filtered": bool(asked_filters(request)),
        "export_query": asked_filters(request),
    }
    if not request.htmx:  # type: ignore[attr-defined]
        context["can_keep"] = people_to_keep(actor, now).exists()
    template = "qualifications/certificates.html"
    answer = render(request, f"{template}#rows" if request.htmx else template, context)  # type: ignore[attr-defined]
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def certificates_export(request: HttpRequest) -> FileResponse:
    """What the list shows with these filters; of numbers the end alone, as on the page."""
    actor, now = actor_of(request), timezone.now()
    rows = SEE_CERTIFICATE.narrow(actor, _filtered(request, now), at=now).order_by("due_on", "pk")
    names = ("staff", "name", "kind", "number", "issuer", "issued", "review", "expires")
    heads = [*(_(HEADS[name]) for name in names), _("单位"), _("状态")]
    book, today = current_book(), local_day(now)
    lines: Iterator[Sequence[Any]] = (
        [row.person.staff_number or "", row.person.name, book.kinds[row.kind].title if row.kind in book.kinds else
         row.kind, row.number_shown, row.issuer, row.issued_on, row.review_on, row.expires_on,
         row.person.unit.name if row.person.unit else "", str(standing_on(row, today).label)]
        for row in rows.iterator(chunk_size=500)
    )  # fmt: skip
    sheet = SheetOut(_("证件"), heads, lines, [12, 10, 20, 14, 20, 12, 12, 12, 24, 10])
    return excel_answer([sheet], _("证件") + f"_{today:%Y%m%d}.xlsx")


@login_required
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "qualifications/certificate_detail.html", certificate_context(request, seen(request, pk)))


def certificate_context(request: HttpRequest, row: Certificate) -> dict[str, Any]:
    """Return what the page of one certificate shows."""
    actor, now = actor_of(request), timezone.now()
    _row, kind, shape, word = _shown(row, now)
    found = current_book().kinds.get(row.kind)
    against = shown_violations(counted_at_review(row), actor, now)
    return {
        "row": row, "kind": kind, "shape": shape, "word": word, "reviews": reviews_of(row),
        "family": found.family.title if found else "",
        "is_reviewed": found is not None and found.family.review_years is not None,
        "violations": against, "is_barred": found is not None and bars_review([one for one, _may in against], found.family.violations),
        "may_keep": row.state == CertificateFilter.HELD and KEEP_CERTIFICATE.allows(actor, row, at=now),
    }  # fmt: skip


@login_required
def person(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "qualifications/person.html", person_context(request, seen_person(request, pk)))


def person_context(request: HttpRequest, about: Person) -> dict[str, Any]:
    """Return what the page of one person's record shows."""
    actor, now = actor_of(request), timezone.now()
    record = record_of(about, actor, now)
    return {
        "about": about,
        "lines": [_shown(row, now) for row in record.certificates],
        "record": record,
        "violations": shown_violations(record.violations, actor, now),
        "entry": lacking([about.pk], "entry", local_day(now))[about.pk],
        "managing": managing_lacks(about, local_day(now)),
        "may_keep": KEEP_RECORD.allows(actor, about, at=now),
        "may_keep_health": KEEP_HEALTH.allows(actor, about, at=now),
    }


def shown_violations(rows: Sequence[Proven], actor: Person, now: datetime) -> list[tuple[Proven, bool]]:
    """Return violations, each with whether the reader may open the item that it was confirmed in."""
    items = [row.item for row in rows if row.item is not None]
    seen = SEE_ITEM.narrow(actor, WorkItem.objects.filter(pk__in=items), at=now).order_by() if items else None
    open_to = set(seen.values_list("pk", flat=True)) if seen is not None else set()
    return [(row, row.item in open_to) for row in rows]


@login_required
def check(request: HttpRequest) -> HttpResponse:
    """上票条件: for a kind of work, who lacks what; the question that gates ask."""
    actor, now = actor_of(request), timezone.now()
    book = current_book()
    operation = request.GET.get("operation", "")
    operation = operation if operation in book.operations else next(iter(book.operations))
    rows = Person.objects.filter(valid_until=None).select_related("unit")
    if book.operations[operation].is_managing:
        rows = rows.filter(pk__in=managers(local_day(now)).order_by().values("pk"))
    if words := request.GET.get("q", "").strip():
        rows = rows.filter(pk__in=Person.objects.matching(words).order_by().values("pk"))
    listed = list_seen(SEE_RECORD, actor, rows, order_by=["name"], at=now, page=asked_page(request))
    found = lacking([one.pk for one in listed.rows], operation, local_day(now))
    context = {
        "page": page_of(listed),
        "lines": [(one, found[one.pk]) for one in listed.rows],
        "operations": operation_choices(),
        "operation": book.operations[operation].title,
        "is_filtered": bool(asked_filters(request)),
    }
    if not request.htmx:  # type: ignore[attr-defined]
        context["can_keep"] = people_to_keep(actor, now).exists()
    template = "qualifications/check.html"
    answer = render(request, f"{template}#rows" if request.htmx else template, context)  # type: ignore[attr-defined]
    answer["Vary"] = "HX-Request"
    return answer


def seen(request: HttpRequest, pk: int) -> Certificate:
    """Return a certificate that the reader may see."""
    return get_object_or_404(certificates_seen_by(actor_of(request), timezone.now()), pk=pk)


def seen_person(request: HttpRequest, pk: int) -> Person:
    """Return a person whose record the reader may see."""
    rows: Any = SEE_RECORD.narrow(actor_of(request), Person.objects.select_related("unit"), at=timezone.now())
    found: Person = get_object_or_404(rows, pk=pk)
    return found


def _filtered(request: HttpRequest, now: datetime) -> Any:
    which = request.GET.get("state", "")
    return certificates_filtered(
        local_day(now), words=request.GET.get("q", ""), kind=request.GET.get("kind", ""),
        which=which if which in CertificateFilter.values else "",
    )  # fmt: skip


def _shown(row: Certificate, now: datetime) -> tuple[Certificate, str, str, str]:
    """Return a certificate, what its kind is called, and how it stands in shape and word."""
    kind = current_book().kinds.get(row.kind)
    standing = standing_on(row, local_day(now))
    return row, kind.title if kind is not None else row.kind, SHAPES[standing], str(standing.label)
