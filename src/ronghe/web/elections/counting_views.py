"""Counting votes: the totals typed, the explanation beside them, the result kept."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.elections.calc.election import ElectionOutcome, decide_election
from ronghe.domain.elections.enums import ELECTION_FLOW, Electorate, RoundKind
from ronghe.domain.elections.models import Contest
from ronghe.domain.elections.rules import RUN_ELECTION, figures_in_force
from ronghe.domain.elections.selectors.elections import ContestView, contest_view, entitled_in, round_from
from ronghe.domain.elections.services.results import EntitledMissing, record_ballot, withdraw_ballot
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import listed
from ronghe.ui import toasts
from ronghe.web.elections.forms import BallotForm
from ronghe.web.elections.presenting import outcome_lines
from ronghe.web.requests import actor_of


@login_required
def ballot_count(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of the next vote; what would come out is shown beside it, and kept when it is sent."""
    view = _countable(request, pk)
    form = _form(request, view)
    if request.method == "POST" and form.is_valid():
        try:
            kept = record_ballot(
                contest=view.contest, held_on=form.cleaned_data["held_on"], votes=form.votes(),
                entitled=form.cleaned_data.get("entitled"), actor=actor_of(request), at=timezone.now(), **form.totals(),
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            won = kept.counts.filter(is_elected=True).select_related("candidate__person").order_by("-votes_for", "pk")
            names = listed(one.candidate.person.name for one in won) or _("无人")
            toasts.done(request, _("已记下，当选：%(names)s。") % {"names": names})
            return redirect("web:election_detail", view.contest.election_id)
    status = 422 if form.errors else 200
    return render(request, "elections/ballot_form.html", _context(request, view, form), status=status)


@login_required
@require_POST
def ballot_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What these totals come to, as a part of the page or, without scripts, the page; nothing is kept."""
    view = _countable(request, pk)
    context = _context(request, view, _form(request, view))
    template = "elections/ballot_form.html#outcome" if request.htmx else "elections/ballot_form.html"  # type: ignore[attr-defined]
    return render(request, template, context)


@login_required
@require_POST
def ballot_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    contest = _contest(request, pk)
    try:
        withdraw_ballot(contest=contest, actor=actor_of(request), at=timezone.now())
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, _("已撤回这次计票，请重填。"))
    return redirect("web:election_detail", contest.election_id)


def _contest(request: HttpRequest, pk: int) -> Contest:
    """Return the contest for whoever prepares its election; for everybody else it is not there."""
    contest = get_object_or_404(Contest.objects.select_related("election__body"), pk=pk)
    if not RUN_ELECTION.allows(actor_of(request), contest.election, at=timezone.now()):
        raise Http404
    return contest


def _countable(request: HttpRequest, pk: int) -> ContestView:
    contest = _contest(request, pk)
    view = contest_view(contest)
    if not ELECTION_FLOW.allows(contest.election, "hold") or view.next_round is None:
        raise Http404
    return view


def _form(request: HttpRequest, view: ContestView) -> BallotForm:
    by_delegates = view.contest.electorate == Electorate.CONGRESS
    day = min(view.contest.election.planned_on, timezone.localdate())
    if view.rounds:
        day = max(day, view.rounds[-1].round.held_on)
    return BallotForm(
        request.POST or None,
        on_ballot=view.on_ballot,
        by_delegates=by_delegates,
        initial={"held_on": day, "invalid": 0, "others": 0},
    )


def _context(request: HttpRequest, view: ContestView, form: BallotForm) -> dict[str, Any]:
    """The page; with complete totals also what they come to, or why they cannot be."""
    outcome, problem, lines = None, "", []
    day = form.initial["held_on"]
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["held_on"]
    entitled = entitled_in(view, day)
    if request.method == "POST" and form.is_valid():
        try:
            outcome = _outcome(view, form, entitled)
        except DomainError as error:
            problem = str(error)
        else:
            lines = outcome_lines(outcome, view)
    return {
        "view": view,
        "contest": view.contest,
        "election": view.contest.election,
        "form": form,
        "rows": form.rows(),
        "entitled": entitled,
        "kind": RoundKind(view.next_round) if view.next_round else None,
        "outcome": outcome,
        "lines": lines,
        "problem": problem,
    }


def _outcome(view: ContestView, form: BallotForm, entitled: int | None) -> ElectionOutcome:
    should = form.cleaned_data.get("entitled") if entitled is None else entitled
    if should is None:
        raise EntitledMissing
    held = round_from(view, entitled=should, votes=form.votes(), **form.totals())
    return decide_election(held, figures_in_force())
