"""任期换届: whose term runs out, one body's terms, a term on record, moved, and leaders given from above."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from ronghe.domain.elections.enums import TERM_KINDS, TermDue
from ronghe.domain.elections.models import Term
from ronghe.domain.elections.rules import RECORD_TERM, SEE_ELECTION, SHIFT_TERM, START_ELECTION
from ronghe.domain.elections.selectors.elections import elections_of
from ronghe.domain.elections.selectors.terms import (
    bodies_by_due,
    electing_bodies,
    head_states,
    term_states,
    terms_of,
)
from ronghe.domain.elections.services.leaders import designate_leader
from ronghe.domain.elections.services.terms import record_term, shift_term
from ronghe.domain.org.enums import GROUP_KINDS, BodyTree, PartyOrgKind, PostRole, tree_of
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules import APPOINT, SEE_PARTY_ORG
from ronghe.domain.org.selectors.people import people_seen_by
from ronghe.kernel.access.listing import list_seen
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.ui import toasts
from ronghe.web.elections.forms import DesignateForm, ShiftForm, TermForm
from ronghe.web.elections.presenting import TermLine
from ronghe.web.files import excel_answer
from ronghe.web.paging import asked_filters, asked_order, asked_page, number_of, page_of
from ronghe.web.requests import actor_of

ORDERS = {"ends": ["ends", "name"], "-ends": ["-ends", "name"], "name": ["name"], "-name": ["-name"]}


@login_required
def term_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    order = asked_order(request, ORDERS, "ends")
    rows = _filtered(request, now).select_related("parent")
    page = page_of(list_seen(SEE_PARTY_ORG, actor, rows, order_by=order, at=now, page=asked_page(request)))
    context = {
        "page": page,
        "lines": _lines(page.object_list, now),
        "dues": [("all", _("全部")), ("pressing", _("要办的")), *[(due.value, due.label) for due in TermDue]],
        "trees": [("", _("全部")), *BodyTree.choices],
        "kinds": [(kind.value, kind.label) for kind in PartyOrgKind if kind in TERM_KINDS],
        "can_record": _bodies_to_record(actor, now).exists(),
        "export_query": asked_filters(request),
    }
    template = "elections/term_list.html#rows" if request.htmx else "elections/term_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def term_export(request: HttpRequest) -> HttpResponseBase:
    """What the list shows with these filters, whole, as a workbook."""
    actor, now = actor_of(request), timezone.now()
    rows = SEE_PARTY_ORG.narrow(actor, _filtered(request, now), at=now).select_related("parent")
    lines = _lines(list(rows.order_by("ends", "name", "pk")), now)
    heads = [
        _("组织"),
        _("类别"),
        _("上级"),
        _("届次"),
        _("开始日期"),
        _("届满日期"),
        _("情况"),
        _("书记（主席）"),
        _("选举"),
    ]
    cells = (
        [line.state.body.name, line.state.body.get_kind_display(),
         line.state.body.parent.name if line.state.body.parent else "",
         line.state.term.number if line.state.term else None, line.state.term.started_on if line.state.term else None,
         line.state.term.ends_on if line.state.term else None, line.word, line.head_word,
         str(line.state.election.get_state_display()) if line.state.election else ""]
        for line in lines
    )  # fmt: skip
    sheet = SheetOut(title=_("任期换届"), head=heads, rows=cells, widths=[30, 12, 30, 8, 14, 14, 16, 14, 12])
    return excel_answer([sheet], _("任期换届") + f"_{timezone.localtime(now):%Y%m%d}.xlsx")


@login_required
def body_terms(request: HttpRequest, pk: int) -> HttpResponse:
    """One body: its present term, what can be done about it, its terms and elections one after the other."""
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(_bodies_seen(actor, now), pk=pk)
    line, *_none = _lines([body], now)
    elections = SEE_ELECTION.narrow(actor, elections_of(body), at=now)
    has_terms = body.kind in TERM_KINDS
    context = {
        "body": body,
        "line": line,
        "has_terms": has_terms,
        "terms": terms_of(body),
        "elections": list(elections.order_by("-planned_on", "-pk")),
        "can_record": has_terms and line.state.term is None and RECORD_TERM.allows(actor, body, at=now),
        "can_start": has_terms and line.state.election is None and START_ELECTION.allows(actor, body, at=now),
        "can_shift": line.state.term is not None and SHIFT_TERM.allows(actor, body, at=now),
        "can_designate": body.kind not in GROUP_KINDS and APPOINT.allows(actor, body, at=now),
        "body_query": f"?body={body.pk}",
    }
    return render(request, "elections/body_terms.html", context)


@login_required
def term_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = _bodies_to_record(actor, now)
    if not bodies.exists():
        raise NotAllowed
    body = bodies.filter(pk=number_of(request.GET.get("body")) or 0).first()
    last = body.terms.order_by("-number", "pk").first() if body else None
    initial = {
        "body": body.pk if body else None,
        "number": last.number + 1 if last else 1,
        "started_on": last.ended_on if last else None,
    }
    form = TermForm(request.POST or None, bodies=bodies, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            term = record_term(actor=actor, at=now, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("第 %(number)s 届已记下。") % {"number": term.number})
            return redirect("web:body_terms", term.body_id)
    context = {"form": form, "body": body}
    return render(request, "elections/term_form.html", context, status=422 if form.errors else 200)


@login_required
def term_shift(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    term = get_object_or_404(Term.objects.select_related("body"), pk=pk)
    if not SHIFT_TERM.allows(actor, term.body, at=now):
        raise Http404
    form = ShiftForm(request.POST or None, initial={"ends_on": term.ends_on})
    if request.method == "POST" and form.is_valid():
        try:
            shift_term(term=term, actor=actor, at=now, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("届满日期已改。"))
            return redirect("web:body_terms", term.body_id)
    context = {"form": form, "term": term, "body": term.body}
    return render(request, "elections/shift_form.html", context, status=422 if form.errors else 200)


@login_required
def leader_designate(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(_bodies_seen(actor, now), pk=pk)
    if body.kind in GROUP_KINDS or not APPOINT.allows(actor, body, at=now):
        raise Http404
    people = people_seen_by(actor, now).filter(valid_until=None)
    if tree_of(body.kind) == BodyTree.PARTY:
        people = people.filter(political_status="01")
    form = DesignateForm(request.POST or None, body=body, people=people, initial={"since": timezone.localdate(now)})
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "role": PostRole(form.cleaned_data["role"])}
        try:
            post = designate_leader(body=body, actor=actor, at=now, **given)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(
                request, _("%(name)s已任%(role)s。") % {"name": post.person.name, "role": post.get_role_display()}
            )
            return redirect("web:body_terms", body.pk)
    context = {"form": form, "body": body}
    return render(request, "elections/designate_form.html", context, status=422 if form.errors else 200)


def _filtered(request: HttpRequest, now: datetime) -> Any:
    """The filters of the query string, as they stand for page and export alike."""
    rows: Any = electing_bodies()
    if text := request.GET.get("q", "").strip():
        rows = rows.filter(name__contains=text)
    if (kind := request.GET.get("kind", "")) in TERM_KINDS:
        rows = rows.filter(kind=kind)
    if (tree := request.GET.get("tree", "")) in BodyTree.values:
        rows = rows.filter(kind__in=[kind for kind in TERM_KINDS if tree_of(kind) == tree])
    return bodies_by_due(rows, request.GET.get("due", ""), timezone.localdate(now))


def _lines(bodies: Any, now: datetime) -> list[TermLine]:
    rows, day = list(bodies), timezone.localdate(now)
    return [TermLine(state, head) for state, head in zip(term_states(rows, day), head_states(rows, day), strict=True)]


def _bodies_seen(actor: Person, now: datetime) -> QuerySet[PartyOrg]:
    rows = SEE_PARTY_ORG.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=now, walk=True)
    return rows.select_related("parent")


def _bodies_to_record(actor: Person, now: datetime) -> QuerySet[PartyOrg]:
    return RECORD_TERM.narrow(actor, electing_bodies(), at=now).order_by("name", "pk")
