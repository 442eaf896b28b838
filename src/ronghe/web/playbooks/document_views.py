"""依据文件: which mechanisms stand on a document, and what is to be checked after a new version of it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.org.enums import PartyOrgKind
from ronghe.domain.org.models import PartyOrg
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.enums import CheckState
from ronghe.domain.playbooks.models import DocumentCheck, GoverningDocument
from ronghe.domain.playbooks.rules import CHECK_MECHANISM, REGISTER_DOCUMENT, SEE_DOCUMENT
from ronghe.domain.playbooks.selectors.books import newest, shelf
from ronghe.domain.playbooks.selectors.documents import (
    bodies_working_by,
    checks_of,
    cited_documents,
    documents_seen_by,
)
from ronghe.domain.playbooks.services.governing import register_document, settle_check
from ronghe.kernel.errors import DomainError
from ronghe.ui import toasts
from ronghe.web.playbooks.forms import CheckForm, DocumentForm
from ronghe.web.requests import actor_of

SHAPES = {CheckState.OPEN: "due", CheckState.CHECKED: "done", CheckState.TO_CHANGE: "attention"}
REGISTERED_SHOWN = 50


@login_required
def document_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    if not SEE_DOCUMENT.allows(actor, None, at=now):
        raise Http404
    cited = cited_documents()
    if text := request.GET.get("q", "").strip():
        cited = [one for one in cited if text in one.document.title.zh or text in (one.document.number or "")]
    context = {
        "cited": cited,
        "registered": list(documents_seen_by(actor, now)[:REGISTERED_SHOWN]),
        "may_register": _offices(request).exists(),
        "asked_text": text,
    }
    return render(request, "playbooks/document_list.html", context)


@login_required
def document_register(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = _offices(request)
    if not bodies.exists():
        raise Http404
    documents = [(one.document.id, one.document.title.here) for one in cited_documents()]
    initial = {"document": request.GET.get("document"), "effective_from": local_day(now)}
    form = DocumentForm(request.POST or None, bodies=bodies, documents=documents, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            row = register_document(actor=actor, at=now, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已登记，%(count)s 项制度要核对。") % {"count": row.checks.count()})
            return redirect("web:governing_document", row.pk)
    return render(request, "playbooks/document_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def document_detail(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    document = get_object_or_404(documents_seen_by(actor, now), pk=pk)
    return render(request, "playbooks/document_detail.html", _context(request, document))


@login_required
@require_POST
def check_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Settle one line; htmx replaces that line alone."""
    actor, now = actor_of(request), timezone.now()
    rows = DocumentCheck.objects.select_related("document__body", "settled_by")
    check = get_object_or_404(CHECK_MECHANISM.narrow(actor, rows, at=now), pk=pk)
    form = CheckForm(request.POST)
    here = reverse("web:governing_document", args=[check.document_id])
    if not form.is_valid():
        toasts.refused(request, _("请选核对的结果。"))
        return redirect(here)
    outcome = CheckState(form.cleaned_data["outcome"])
    try:
        settle_check(check=check, outcome=outcome, note=form.cleaned_data["note"], actor=actor, at=now)
    except DomainError as error:
        toasts.refused(request, str(error))
    if request.htmx:  # type: ignore[attr-defined]
        document = documents_seen_by(actor, now).get(pk=check.document_id)
        return render(request, "playbooks/document_detail.html#checks", _context(request, document))
    return redirect(f"{here}#check-{check.pk}")


def _offices(request: HttpRequest) -> Any:
    rows = PartyOrg.objects.filter(valid_until=None).select_related("parent")
    return REGISTER_DOCUMENT.narrow(
        actor_of(request), rows.filter(kind=PartyOrgKind.COMMITTEE), at=timezone.now()
    ).order_by("name", "pk")


def _context(request: HttpRequest, document: GoverningDocument) -> dict[str, Any]:
    checks = list(checks_of(document))
    books = {one.id: one.playbook for one in newest(shelf()).values()}
    keys = [(check.playbook.partition("@")[0], check.mechanism) for check in checks]
    working = bodies_working_by(keys)
    lines = []
    for check, key in zip(checks, keys, strict=True):
        book = books.get(key[0])
        found = [m for m in book.mechanisms if m.id == check.mechanism] if book else []
        clauses = [
            cite.clause.here
            for mechanism in found
            for cite in mechanism.cites
            if cite.document == document.document and cite.clause
        ]
        lines.append(
            {
                "check": check,
                "title": found[0].title.here if found else check.mechanism,
                "playbook": book.title.here if book else check.playbook,
                "clauses": clauses,
                "bodies": working.get(key, 0),
                "shape": SHAPES[CheckState(check.state)],
            }
        )
    may_check = bool(checks) and CHECK_MECHANISM.allows(actor_of(request), checks[0], at=timezone.now())
    settled = sum(check.state == CheckState.CHECKED for check in checks)
    return {
        "document": document,
        "lines": lines,
        "may_check": may_check,
        "settled": settled,
        "is_done": settled == len(checks),
        "is_fragment": bool(request.htmx),  # type: ignore[attr-defined]
    }
