"""Elections: the list, one of them step by step, its candidates and papers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.elections.documents import report_document, request_document
from ronghe.domain.elections.enums import (
    ELECTION_FLOW,
    RUNNING,
    TERM_KINDS,
    CandidateStage,
    ElectionKind,
    ElectionState,
    TermDue,
)
from ronghe.domain.elections.models import Candidate, Contest, Election
from ronghe.domain.elections.rules import APPROVE_CANDIDATES, FILE_RESULT, RUN_ELECTION, SEE_ELECTION, START_ELECTION
from ronghe.domain.elections.selectors.elections import (
    ContestView,
    contests_of,
    elections_seen_by,
    electors_of,
    short_memberships,
    size_of_committee,
)
from ronghe.domain.elections.selectors.terms import term_states
from ronghe.domain.elections.services.preparing import (
    approve_candidates,
    cancel_election,
    name_candidate,
    start_election,
    withdraw_candidate,
)
from ronghe.domain.elections.services.results import file_result, report_result, return_result
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.kernel.access.listing import list_seen
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import listed
from ronghe.ui import toasts
from ronghe.web.elections.forms import CandidateForm, ElectionForm, ReasonForm
from ronghe.web.elections.forms import PaperForm as ReferenceForm
from ronghe.web.elections.presenting import STATE_SHAPES, candidate_lines, steps_of
from ronghe.web.files import paper_answer
from ronghe.web.paging import asked_page, number_of, page_of
from ronghe.web.requests import actor_of


@login_required
def election_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    rows: Any = Election.objects.select_related("body")
    if (kind := request.GET.get("kind", "")) in ElectionKind.values:
        rows = rows.filter(kind=kind)
    state = request.GET.get("state", "running")
    if state in ElectionState.values:
        rows = rows.filter(state=state)
    elif state != "all":
        rows = rows.filter(state__in=RUNNING)
    if (body := number_of(request.GET.get("body"))) is not None:
        rows = rows.filter(body_id=body)
    page = page_of(list_seen(SEE_ELECTION, actor, rows, order_by=["-planned_on"], at=now, page=asked_page(request)))
    context = {
        "page": page,
        "lines": [(row, STATE_SHAPES[ElectionState(row.state)]) for row in page.object_list],
        "states": [("running", _("进行中")), *ElectionState.choices, ("all", _("全部"))],
        "kinds": ElectionKind.choices,
    }
    template = "elections/election_list.html#rows" if request.htmx else "elections/election_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def election_create(request: HttpRequest) -> HttpResponse:
    """Begin an election of the body in the address; without one the terms are shown, from which one is begun."""
    actor, now = actor_of(request), timezone.now()
    wanted = number_of(request.GET.get("body"))
    if wanted is None:
        return redirect("web:terms")
    bodies = START_ELECTION.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=now, walk=True)
    body = get_object_or_404(bodies.select_related("parent"), pk=wanted)
    if body.kind not in TERM_KINDS:
        toasts.refused(request, _("“%(body)s”不换届，负责人由上级指定（PO-05、PO-06）。") % {"body": body.name})
        return redirect("web:body_terms", body.pk)
    day = timezone.localdate(now)
    [state] = term_states([body], day)
    size = size_of_committee(body, day)
    is_over = state.due not in (TermDue.RUNNING, TermDue.MISSING)
    planned = max(state.term.ends_on, day) if state.term and is_over else None
    initial = {
        "kind": ElectionKind.RE_ELECTION if state.term is None or is_over else ElectionKind.BY_ELECTION,
        "planned_on": planned,
        "seats": size.least if size and is_over else None,
        "heads": 1,
    }
    form = ElectionForm(request.POST or None, body=body, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            election = start_election(
                body=body, kind=ElectionKind(given["kind"]), planned_on=given["planned_on"], places=form.places(),
                by_delegates=given["by_delegates"], is_dispersed=given["is_dispersed"], actor=actor, at=now,
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("选举已启动，请提名候选人。"))
            return redirect("web:election_detail", election.pk)
    context = {"form": form, "body": body, "state": state, "size": size}
    return render(request, "elections/election_form.html", context, status=422 if form.errors else 200)


@login_required
def election_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "elections/election_detail.html", _context(request, _seen(request, pk)))


@login_required
@require_POST
def candidate_add(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    contest = get_object_or_404(Contest.objects.select_related("election__body"), pk=pk)
    election = _seen(request, contest.election_id)
    form = _candidate_form(request, contest, election, now)
    if form.is_valid():
        given = form.cleaned_data
        try:
            name_candidate(
                contest=contest, person=given["person"], actor=actor, at=now, stage=CandidateStage(given["stage"]),
                duty=PostRole(given["duty"]),
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("%(name)s已列入。") % {"name": given["person"].name})
            return redirect("web:election_detail", election.pk)
    context = _context(request, election, failed=form, failed_contest=contest.pk)
    return render(request, "elections/election_detail.html", context, status=422)


@login_required
@require_POST
def candidate_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Candidate.objects.select_related("contest__election__body", "person")
    candidate = get_object_or_404(rows, pk=pk)

    def act(_election: Election, actor: Person) -> None:
        withdraw_candidate(candidate=candidate, actor=actor, at=timezone.now())

    return _act(request, candidate.contest.election_id, None, act, said=_("已撤下。"))


@login_required
@require_POST
def election_approve(request: HttpRequest, pk: int) -> HttpResponse:
    form = ReferenceForm(request.POST)

    def act(election: Election, actor: Person) -> None:
        approve_candidates(
            election=election, approval_ref=form.cleaned_data["reference"], actor=actor, at=timezone.now()
        )

    return _act(request, pk, form, act, said=_("已批复，可以开会选举。"))


@login_required
@require_POST
def election_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    form = ReasonForm(request.POST)

    def act(election: Election, actor: Person) -> None:
        cancel_election(election=election, reason=form.cleaned_data["reason"], actor=actor, at=timezone.now())

    return _act(request, pk, form, act, said=_("已取消。"))


@login_required
@require_POST
def election_report(request: HttpRequest, pk: int) -> HttpResponse:
    def act(election: Election, actor: Person) -> None:
        leaves = bool(request.POST.get("leaves_places"))
        report_result(election=election, leaves_places=leaves, actor=actor, at=timezone.now())

    return _act(request, pk, None, act, said=_("已上报，等待备案。"))


@login_required
@require_POST
def election_return(request: HttpRequest, pk: int) -> HttpResponse:
    form = ReasonForm(request.POST)

    def act(election: Election, actor: Person) -> None:
        return_result(election=election, reason=form.cleaned_data["reason"], actor=actor, at=timezone.now())

    return _act(request, pk, form, act, said=_("已退回。"))


@login_required
@require_POST
def election_file(request: HttpRequest, pk: int) -> HttpResponse:
    form = ReferenceForm(request.POST)

    def act(election: Election, actor: Person) -> None:
        file_result(election=election, filing_ref=form.cleaned_data["reference"], actor=actor, at=timezone.now())

    return _act(request, pk, form, act, said=_("已备案，任职已生效。"))


@login_required
def election_request_paper(request: HttpRequest, pk: str, form: str) -> HttpResponse:
    """The 请示 on the candidates, to be signed and sent up."""
    election = _seen(request, int(pk))
    document = request_document(election, issued_on=timezone.localdate())
    return paper_answer(request, document, form, source=election)


@login_required
def election_result_paper(request: HttpRequest, pk: str, form: str) -> HttpResponse:
    """The 报告 of the result with every count."""
    election = _seen(request, int(pk))
    document = report_document(election, issued_on=timezone.localdate())
    return paper_answer(request, document, form, source=election)


def _act(
    request: HttpRequest, pk: int, form: Any, act: Callable[[Election, Person], None], *, said: str
) -> HttpResponse:
    """Do one act on an election; a refusal stands on its page."""
    election = _seen(request, pk)
    if form is not None and not form.is_valid():
        return render(request, "elections/election_detail.html", _context(request, election, failed=form), status=422)
    try:
        act(election, actor_of(request))
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, said)
    return redirect("web:election_detail", pk)


def _seen(request: HttpRequest, pk: int) -> Election:
    return get_object_or_404(elections_seen_by(actor_of(request), timezone.now()), pk=pk)


def _candidate_form(request: HttpRequest | None, contest: Contest, election: Election, now: datetime) -> CandidateForm:
    people = electors_of(election.body, timezone.localdate(now)).select_related("unit")
    is_written_in = election.state in (ElectionState.APPROVED, ElectionState.HELD)
    data = request.POST if request is not None else None
    return CandidateForm(data, contest=contest, people=people, is_written_in=is_written_in)


def _context(
    request: HttpRequest, election: Election, *, failed: Any = None, failed_contest: int = 0
) -> dict[str, Any]:
    actor, now = actor_of(request), timezone.now()
    views = contests_of(election)
    can_run = RUN_ELECTION.allows(actor, election, at=now)
    can_count = can_run and ELECTION_FLOW.allows(election, "hold")
    can_name = can_run and (election.state == ElectionState.PREPARING or can_count)
    short = short_memberships(views, election.planned_on) if can_run or election.is_running else []

    def named(view: ContestView) -> CandidateForm | None:
        if not can_name or view.tied:
            return None
        if view.contest.pk == failed_contest:
            return failed  # type: ignore[no-any-return]
        return _candidate_form(None, view.contest, election, now)

    return {
        "election": election,
        "shape": STATE_SHAPES[ElectionState(election.state)],
        "steps": steps_of(election),
        "views": [(view, candidate_lines(view), named(view)) for view in views],
        "is_preparing": election.state == ElectionState.PREPARING,
        "can_count": can_count,
        "can_withdraw": can_run and election.state == ElectionState.HELD,
        "can_unname": can_run and election.state == ElectionState.PREPARING,
        "can_approve": ELECTION_FLOW.allows(election, "approve") and APPROVE_CANDIDATES.allows(actor, election, at=now),
        "can_report": can_run and ELECTION_FLOW.allows(election, "report"),
        "can_file": ELECTION_FLOW.allows(election, "file") and FILE_RESULT.allows(actor, election, at=now),
        "can_cancel": can_run and ELECTION_FLOW.allows(election, "cancel"),
        "has_candidates": any(view.standing for view in views),
        "has_rounds": any(view.rounds for view in views),
        "open_places": any(view.rounds and view.open_seats for view in views),
        "short": listed(person.name for person in short),
        "reference_form": failed if isinstance(failed, ReferenceForm) else ReferenceForm(),
        "reason_form": failed if isinstance(failed, ReasonForm) else ReasonForm(),
    }
