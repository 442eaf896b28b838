"""党建入章程: the clauses by version, what each governs, and what they leave uncovered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.decisions.enums import Edition, Governs
from ronghe.domain.decisions.models import Charter, CharterClause, ClauseLink
from ronghe.domain.decisions.rules import KEEP_RULES
from ronghe.domain.decisions.selectors.rulebooks import Coverage, bodies_to_keep, charters_seen_by, coverage_of
from ronghe.domain.decisions.services.charters import (
    adopt_charter,
    draft_charter,
    drop_clause,
    link_clause,
    set_clause,
    unlink_clause,
)
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.web.decisions.book_views import EDITION_SHAPES, SHOWN
from ronghe.web.decisions.forms import CharterForm, ClauseForm, DocumentForm, LinkForm
from ronghe.web.paging import number_of
from ronghe.web.requests import actor_of


@login_required
def charter_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    context = {
        "charters": [(row, EDITION_SHAPES[Edition(row.state)]) for row in charters_seen_by(actor, now)[:SHOWN]],
        "can_keep": bodies_to_keep(actor, now).exists(),
    }
    return render(request, "decisions/charter_list.html", context)


@login_required
def charter_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_keep(actor, now)
    if not bodies.exists():
        raise NotAllowed
    form = CharterForm(request.POST or None, bodies=bodies, initial={"body": number_of(request.GET.get("body"))})
    if request.method == "POST" and form.is_valid():
        try:
            draft = draft_charter(actor=actor, at=now, **form.cleaned_data)
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("草稿已按现行版填好，改完再通过。"))
            return redirect("web:charter", draft.pk)
    context = {"form": form, "title": _("起草章程党建条款"), "back": "web:charters"}
    return render(request, "decisions/begin_form.html", context, status=422 if form.errors else 200)


@login_required
def charter_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "decisions/charter_detail.html", _context(request, _seen(request, pk)))


@login_required
@require_POST
def clause_set(request: HttpRequest, pk: int) -> HttpResponse:
    charter, form = _seen(request, pk), ClauseForm(request.POST)
    number = number_of(request.GET.get("clause"))
    clause = get_object_or_404(CharterClause, pk=number, charter=charter) if number is not None else None

    def act() -> Any:
        set_clause(charter=charter, clause=clause, actor=actor_of(request), at=timezone.now(), **form.cleaned_data)

    return _act(request, charter, form, act, "clause_form", _("条款已记下。"))


@login_required
@require_POST
def clause_drop(request: HttpRequest, pk: int, clause: int) -> HttpResponse:
    charter = _seen(request, pk)
    found = get_object_or_404(CharterClause.objects.select_related("charter__body"), pk=clause, charter=charter)
    return _act(
        request, charter, None, lambda: drop_clause(clause=found, actor=actor_of(request), at=timezone.now()), "",
        _("已去掉。"),
    )  # fmt: skip


@login_required
@require_POST
def clause_link(request: HttpRequest, pk: int) -> HttpResponse:
    charter = _seen(request, pk)
    now = timezone.now()
    form = _link_form(charter, coverage_of(charter, now), request.POST)

    def act() -> Any:
        governs, _sep, reference = form.cleaned_data["governs"].partition(":")
        link_clause(
            clause=form.cleaned_data["clause"], governs=Governs(governs), reference=reference, actor=actor_of(request),
            at=now,
        )  # fmt: skip

    return _act(request, charter, form, act, "link_form", _("已连上。"))


@login_required
@require_POST
def clause_unlink(request: HttpRequest, pk: int, link: int) -> HttpResponse:
    charter = _seen(request, pk)
    rows = ClauseLink.objects.select_related("clause__charter__body").filter(clause__charter=charter)
    found = get_object_or_404(rows, pk=link)
    return _act(
        request, charter, None, lambda: unlink_clause(link=found, actor=actor_of(request), at=timezone.now()), "",
        _("已断开。"),
    )  # fmt: skip


@login_required
@require_POST
def charter_adopt(request: HttpRequest, pk: int) -> HttpResponse:
    charter, form = _seen(request, pk), DocumentForm(request.POST)

    def act() -> Any:
        adopt_charter(charter=charter, actor=actor_of(request), at=timezone.now(), **form.cleaned_data)

    return _act(request, charter, form, act, "adopt_form", _("条款已生效，原来的一版留着可查。"))


def _seen(request: HttpRequest, pk: int) -> Charter:
    return get_object_or_404(charters_seen_by(actor_of(request), timezone.now()), pk=pk)


def _link_form(charter: Charter, coverage: Coverage, data: Any = None) -> LinkForm:
    choices = [
        (_("决策事项"), [(f"matter:{entry.key}", entry.title) for entry in coverage.entries]),
        (_("制度"), [(f"mechanism:{one.id}", one.title.zh) for one in coverage.mechanisms]),
        (_("议事规则"), [("rules:", _("议事规则"))]),
    ]
    return LinkForm(data, clauses=CharterClause.objects.filter(charter=charter).order_by("place"), choices=choices)


def _context(request: HttpRequest, charter: Charter) -> dict[str, Any]:
    actor, now = actor_of(request), timezone.now()
    coverage = coverage_of(charter, now)
    may_keep = KEEP_RULES.allows(actor, charter.body, at=now)
    is_draft = charter.state == Edition.DRAFT
    number = number_of(request.GET.get("clause"))
    editing = next((line.clause for line in coverage.lines if line.clause.pk == number), None) if is_draft else None
    initial = {"label": editing.label, "text": editing.text} if editing is not None else {}
    return {
        "charter": charter,
        "shape": EDITION_SHAPES[Edition(charter.state)],
        "coverage": coverage,
        "may_keep": may_keep,
        "is_draft": is_draft,
        "editing": editing,
        "clause_form": ClauseForm(initial=initial),
        "link_form": _link_form(charter, coverage),
        "adopt_form": DocumentForm(),
        "versions": list(charters_seen_by(actor, now).filter(body=charter.body_id)),
    }


def _act(
    request: HttpRequest, charter: Charter, form: Any, act: Callable[[], Any], name: str, said: str
) -> HttpResponse:
    if form is None or form.is_valid():
        try:
            act()
        except NotAllowed:
            raise
        except DomainError as error:
            if form is None:
                toasts.refused(request, str(error))
                return redirect("web:charter", charter.pk)
            form.add_error(None, str(error))
        else:
            toasts.done(request, said)
            return redirect("web:charter", charter.pk)
    context = _context(request, charter) | {name: form, "failed": name}
    return render(request, "decisions/charter_detail.html", context, status=422)
