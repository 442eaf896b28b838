"""The decision-matter list and the rules of procedure, by version."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.decisions.documents import list_document
from ronghe.domain.decisions.enums import Edition
from ronghe.domain.decisions.models import DecisionList, ListEntry
from ronghe.domain.decisions.rules import KEEP_RULES
from ronghe.domain.decisions.selectors.rulebooks import bodies_to_keep, lists_seen_by, rules_seen_by
from ronghe.domain.decisions.services.lists import adopt_list, adopt_rules, draft_list, drop_entry, set_entry
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.web.decisions.forms import BodyForm, DocumentForm, EntryForm, RulesForm
from ronghe.web.files import paper_answer
from ronghe.web.paging import number_of
from ronghe.web.requests import actor_of

EDITION_SHAPES = {Edition.DRAFT: "running", Edition.IN_FORCE: "done", Edition.SUPERSEDED: "waived"}
SHOWN = 200


@login_required
def decision_lists(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    context = {
        "lists": [(row, EDITION_SHAPES[Edition(row.state)]) for row in lists_seen_by(actor, now)[:SHOWN]],
        "rules": [(row, EDITION_SHAPES[Edition(row.state)]) for row in rules_seen_by(actor, now)[:SHOWN]],
        "can_keep": bodies_to_keep(actor, now).exists(),
    }
    return render(request, "decisions/list_list.html", context)


@login_required
def decision_list_create(request: HttpRequest) -> HttpResponse:
    """Begin the next version for a body; with one body alone there is nothing to ask."""
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_keep(actor, now)
    if not bodies.exists():
        raise NotAllowed
    form = BodyForm(request.POST or None, bodies=bodies, initial={"body": number_of(request.GET.get("body"))})
    if request.method == "POST" and form.is_valid():
        try:
            draft = draft_list(body=form.cleaned_data["body"], actor=actor, at=now)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("草稿已按现行版填好，改完再通过。"))
            return redirect("web:decision_list", draft.pk)
    context = {"form": form, "title": _("起草决策事项清单"), "back": "web:decision_lists"}
    return render(request, "decisions/begin_form.html", context, status=422 if form.errors else 200)


@login_required
def decision_list(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "decisions/list_detail.html", _context(request, _seen(request, pk)))


@login_required
@require_POST
def entry_set(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a line, or change the one named in the address's query (`?entry=`)."""
    of_list, form = _seen(request, pk), EntryForm(request.POST)
    entry = _entry(of_list, request.GET.get("entry"))
    if form.is_valid():
        try:
            set_entry(of_list=of_list, text=form.text(), entry=entry, actor=actor_of(request), at=timezone.now())
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已记下。"))
            return redirect("web:decision_list", pk)
    context = _context(request, of_list) | {"entry_form": form, "editing": entry, "is_failed": True}
    return render(request, "decisions/list_detail.html", context, status=422)


@login_required
@require_POST
def entry_drop(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    of_list = _seen(request, pk)
    found = get_object_or_404(ListEntry.objects.select_related("of_list__body"), pk=entry, of_list=of_list)
    return _do(request, pk, lambda: drop_entry(entry=found, actor=actor_of(request), at=timezone.now()), _("已去掉。"))


@login_required
@require_POST
def decision_list_adopt(request: HttpRequest, pk: int) -> HttpResponse:
    of_list, form = _seen(request, pk), DocumentForm(request.POST)
    if form.is_valid():
        try:
            adopt_list(of_list=of_list, actor=actor_of(request), at=timezone.now(), **form.cleaned_data)
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("清单已生效，原来的一版留着可查。"))
            return redirect("web:decision_list", pk)
    context = _context(request, of_list) | {"adopt_form": form, "adopt_failed": True}
    return render(request, "decisions/list_detail.html", context, status=422)


@login_required
def decision_list_print(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    of_list = _seen(request, pk)
    document = list_document(of_list, list(of_list.entries.order_by("key")), printed_on=local_day(timezone.now()))
    return paper_answer(request, document, form, source=of_list, name=_("决策事项清单"))


@login_required
def rules_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_keep(actor, now)
    if not bodies.exists():
        raise NotAllowed
    form = RulesForm(request.POST or None, bodies=bodies, initial={"body": number_of(request.GET.get("body"))})
    if request.method == "POST" and form.is_valid():
        try:
            adopt_rules(body=form.cleaned_data["body"], text=form.text(), actor=actor, at=now)
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("议事规则已生效，原来的一版留着可查。"))
            return redirect("web:decision_lists")
    return render(request, "decisions/rules_form.html", {"form": form}, status=422 if form.errors else 200)


def _seen(request: HttpRequest, pk: int) -> DecisionList:
    return get_object_or_404(lists_seen_by(actor_of(request), timezone.now()), pk=pk)


def _entry(of_list: DecisionList, asked: str | None) -> ListEntry | None:
    number = number_of(asked)
    return get_object_or_404(ListEntry, pk=number, of_list=of_list) if number is not None else None


def _context(request: HttpRequest, of_list: DecisionList) -> dict[str, Any]:
    actor, now = actor_of(request), timezone.now()
    may_keep = KEEP_RULES.allows(actor, of_list.body, at=now)
    is_draft = of_list.state == Edition.DRAFT
    editing = _entry(of_list, request.GET.get("entry")) if may_keep and is_draft else None
    initial = {name: getattr(editing, name) for name in EntryForm.base_fields} if editing is not None else {}
    return {
        "list": of_list,
        "shape": EDITION_SHAPES[Edition(of_list.state)],
        "entries": list(of_list.entries.order_by("key")),
        "may_keep": may_keep,
        "is_draft": is_draft,
        "editing": editing,
        "entry_form": EntryForm(initial=initial),
        "adopt_form": DocumentForm(),
        "versions": list(lists_seen_by(actor, now).filter(body=of_list.body_id)),
    }


def _do(request: HttpRequest, pk: int, act: Any, said: str) -> HttpResponse:
    try:
        act()
    except NotAllowed:
        raise
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, said)
    return redirect("web:decision_list", pk)
