"""无记名投票: what waits for my vote, voting with one tap a line, how far it is, counting, papers.

No answer here may be kept by a browser or a proxy: what was chosen would lie there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ronghe.domain.ballots.enums import BallotState, VoterWay
from ronghe.domain.ballots.models import Ballot, BallotVoter
from ronghe.domain.ballots.rules import CHECK_PAPERS, OPEN_BALLOT, RUN_BALLOT
from ronghe.domain.ballots.selectors import (
    ballots_seen_by,
    items_of,
    list_ballots,
    progress_of,
    result_of,
    voters_on,
    waiting_for,
)
from ronghe.domain.ballots.services.ballots import cast_votes, close_ballot, open_ballot, void_ballot
from ronghe.domain.ballots.services.papers import (
    check_papers,
    hand_papers,
    papers_told,
    take_back_paper,
    tell_papers,
)
from ronghe.domain.org.enums import PARTY_MEMBERS
from ronghe.domain.org.models import Membership, PartyOrg, Person
from ronghe.domain.org.selectors.voting import voters_of
from ronghe.domain.playbooks.selectors.adoptions import key_of
from ronghe.domain.rhythm.models import AgendaItem
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.web.ballots.forms import BallotForm, Electors, HandForm, PapersForm, VoidForm, VotingForm
from ronghe.web.paging import asked_page, page_of
from ronghe.web.requests import actor_of

LONGEST_SEARCH = 40


@login_required
def ballot_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    found = Q()
    if (state := request.GET.get("state", "")) in BallotState.values:
        found &= Q(state=state)
    if request.GET.get("mine"):
        found &= Q(pk__in=waiting_for(actor).order_by().values("ballot_id"))
    if text := request.GET.get("q", "").strip()[:LONGEST_SEARCH]:
        found &= Q(title__contains=text) | Q(body__name__contains=text)
    page = page_of(list_ballots(actor, now, filters=found, page=asked_page(request), size=20))
    context = {
        "page": page,
        "states": BallotState.choices,
        "can_open": _bodies(actor, now).exists(),
        "is_filtered": bool(found),
    }
    template = "ballots/ballot_list.html#rows" if request.htmx else "ballots/ballot_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def ballot_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = _bodies(actor, now)
    if not bodies.exists():
        raise NotAllowed
    form = BallotForm(request.POST or None, bodies=bodies, initial={"body": request.GET.get("body")})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            ballot = open_ballot(
                title=given["title"], items=given["items"], choices=given["choices"], body=given["body"],
                voters=_electors(given["body"], Electors(given["electors"]), timezone.localdate(now)), actor=actor,
                at=now, least_shown=key_of("ballot_least_shown", given["body"], timezone.localdate(now)),
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("投票已发起，名单里的人在今日看得到。"))
            return redirect("web:ballot_detail", ballot.pk)
    return render(request, "ballots/ballot_form.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@login_required
def ballot_detail(request: HttpRequest, pk: int) -> HttpResponse:
    ballot = _seen(request, pk)
    fragment = "#progress" if request.htmx else ""  # type: ignore[attr-defined]
    answer = render(request, f"ballots/ballot_detail.html{fragment}", _context(request, ballot))
    answer["Vary"] = "HX-Request"
    return answer


@never_cache
@login_required
@require_POST
def ballot_vote(request: HttpRequest, pk: int) -> HttpResponse:
    """First shown once more to be confirmed, then given; nothing that was chosen comes back afterwards."""
    ballot, actor = _seen(request, pk), actor_of(request)
    form = VotingForm(request.POST, items=items_of(ballot), choices=ballot.choices)
    if not form.is_valid():
        return render(request, "ballots/ballot_detail.html", _context(request, ballot, voting_form=form), status=422)
    if request.POST.get("confirmed") != "1":
        context = _context(request, ballot, voting_form=form) | {"confirming": True}
        return render(request, "ballots/ballot_confirm.html", context)
    try:
        cast_votes(ballot=ballot, votes=form.votes(), actor=actor, at=timezone.now())
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, _("已投票。投了什么只有您自己知道，系统也查不到。"))
    return redirect("web:ballot_detail", pk)


@login_required
@require_POST
def ballot_close(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, lambda ballot, actor: close_ballot(ballot=ballot, actor=actor, at=timezone.now()))


@login_required
@require_POST
def ballot_void(request: HttpRequest, pk: int) -> HttpResponse:
    ballot, form = _seen(request, pk), VoidForm(request.POST)
    if form.is_valid():
        try:
            void_ballot(ballot=ballot, actor=actor_of(request), at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("web:ballot_detail", pk)
    return render(request, "ballots/ballot_detail.html", _context(request, ballot, void_form=form), status=422)


@login_required
@require_POST
def papers_hand(request: HttpRequest, pk: int) -> HttpResponse:
    ballot = _seen(request, pk)
    form = HandForm(request.POST, waiting=_waiting(ballot))
    if form.is_valid():
        try:
            count = hand_papers(
                ballot=ballot, voters=form.cleaned_data["voters"], actor=actor_of(request), at=timezone.now()
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("发出 %(count)s 张纸票。") % {"count": count})
            return redirect("web:ballot_detail", pk)
    return render(request, "ballots/ballot_detail.html", _context(request, ballot, hand_form=form), status=422)


@login_required
@require_POST
def paper_back(request: HttpRequest, pk: int, voter_pk: int) -> HttpResponse:
    voter = get_object_or_404(BallotVoter.objects.select_related("person"), pk=voter_pk, ballot=_seen(request, pk))

    def act(ballot: Ballot, actor: Person) -> None:
        take_back_paper(ballot=ballot, voter=voter.person, actor=actor, at=timezone.now())

    return _act(request, pk, act)


@login_required
@require_POST
def papers_tell(request: HttpRequest, pk: int) -> HttpResponse:
    ballot = _seen(request, pk)
    form = PapersForm(request.POST, items=items_of(ballot), choices=ballot.choices)
    if form.is_valid():
        try:
            tell_papers(ballot=ballot, counts=form.counts(), actor=actor_of(request), at=timezone.now())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("纸票已录入，请另一个人复核。"))
            return redirect("web:ballot_detail", pk)
    return render(request, "ballots/ballot_detail.html", _context(request, ballot, papers_form=form), status=422)


@login_required
@require_POST
def papers_check(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, lambda ballot, actor: check_papers(ballot=ballot, actor=actor, at=timezone.now()))


def _act(request: HttpRequest, pk: int, act: Callable[[Ballot, Person], Any]) -> HttpResponse:
    ballot = _seen(request, pk)
    try:
        act(ballot, actor_of(request))
    except DomainError as error:
        toasts.refused(request, str(error))
    return redirect("web:ballot_detail", pk)


def _context(request: HttpRequest, ballot: Ballot, **given: Any) -> dict[str, Any]:
    actor, now = actor_of(request), timezone.now()
    is_open, items = ballot.state == BallotState.OPEN, items_of(ballot)
    mine = BallotVoter.objects.filter(ballot=ballot, person=actor).first()
    can_run = RUN_BALLOT.allows(actor, ballot, at=now)
    told = papers_told(ballot) if is_open and (can_run or CHECK_PAPERS.allows(actor, ballot, at=now)) else None
    papers = getattr(ballot, "papers", None) if told is not None else None
    return {
        "ballot": ballot,
        "items": items,
        "is_open": is_open,
        "is_counted": ballot.state == BallotState.CLOSED,
        "can_run": can_run and is_open,
        "may_vote": is_open and mine is not None and mine.way == VoterWay.WAITING,
        "my_way": mine.way if mine is not None else "",
        "progress": progress_of(ballot),
        "voters": list(voters_on(ballot)) if can_run else [],
        "result": result_of(ballot) if ballot.state == BallotState.CLOSED else None,
        "agenda_item": AgendaItem.objects.filter(ballot=ballot).first(),
        "voting_form": VotingForm(items=items, choices=ballot.choices),
        "hand_form": HandForm(waiting=_waiting(ballot)),
        "papers_form": PapersForm(items=items, choices=ballot.choices),
        "void_form": VoidForm(),
        "told": list(zip(items, told, strict=True)) if told is not None else [],
        "papers": papers,
        "may_check": papers is not None and papers.checker_id is None and papers.teller_id != actor.pk
        and CHECK_PAPERS.allows(actor, ballot, at=now),
        "choice_words": [_(word) for word in ballot.choices],
        "page_url": reverse("web:ballot_detail", args=[ballot.pk]),
        **given,
    }  # fmt: skip


def _electors(body: PartyOrg, electors: Electors, day: Any) -> Any:
    if electors == Electors.VOTING:
        return voters_of(body, day)
    inside = Membership.objects.filter(on_day(day), Q(body=body) | Q(group=body)).order_by().values("person_id")
    people = Person.objects.filter(pk__in=inside, valid_until=None)
    return people.filter(political_status__in=PARTY_MEMBERS) if electors == Electors.MEMBERS else people


def _waiting(ballot: Ballot) -> Any:
    waiting = BallotVoter.objects.filter(ballot=ballot, way=VoterWay.WAITING).order_by().values("person_id")
    return Person.objects.filter(pk__in=waiting).order_by("name", "pk")


def _bodies(actor: Person, now: Any) -> Any:
    rows = OPEN_BALLOT.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=now)
    return rows.order_by("name", "pk")


def _seen(request: HttpRequest, pk: int) -> Ballot:
    return get_object_or_404(ballots_seen_by(actor_of(request), timezone.now()), pk=pk)
