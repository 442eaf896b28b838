"""揭榜挂帅: the board, and what a challenge has besides what every item has: terms, bids, panel, milestones, rewards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.challenges.enums import Criterion, Finding
from ronghe.domain.challenges.models import Bid, Milestone, Panelist
from ronghe.domain.challenges.rules import BID, CHALLENGE, DO, JUDGE, POST
from ronghe.domain.challenges.selectors import bids_of, bids_to_score, challenges_to_score, terms_of, view_of
from ronghe.domain.challenges.services.carrying_out import (
    check_milestone,
    find_failed,
    hand_in,
    pay,
    reach_milestone,
    settle,
    sign_pledge,
)
from ronghe.domain.challenges.services.judging import (
    declare_interest,
    name_panel,
    post_again,
    score_bid,
    select_bid,
)
from ronghe.domain.challenges.services.posting import close_bidding, make_bid, publish, set_terms, withdraw_bid
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.selectors import items_seen_by
from ronghe.domain.org.models import Person
from ronghe.domain.org.selectors.people import people_seen_by
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.words import _
from ronghe.ui import toasts
from ronghe.web.challenges.forms import (
    BidForm,
    FailureForm,
    MilestonesForm,
    PanelForm,
    PayForm,
    PointsForm,
    RepostForm,
    TermsForm,
    WordsForm,
)
from ronghe.web.items.asking import item_seen
from ronghe.web.items.presenting import PANELS
from ronghe.web.items.views import item_list, uploads_of
from ronghe.web.requests import actor_of

BIDDING_DAYS = 14
"""Proposed to whoever posts."""
OFFERED = 60
"""Colleagues offered for a team or a panel."""

Act = Callable[[WorkItem, Person, datetime], str]


@login_required
def challenges(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    to_score = list(challenges_to_score(actor, now)[:10])
    return item_list(request, CHALLENGE, template="challenges/challenges.html", to_score=to_score)


def fill_panel(request: HttpRequest, item: WorkItem) -> dict[str, Any]:
    """What a challenge's page shows besides what every item shows."""
    actor, now = actor_of(request), timezone.now()
    view = view_of(item, actor, now)
    terms_over = view.terms is not None and now > view.terms.bids_until
    is_judge = JUDGE.allows(actor, item, at=now)
    unscored = list(bids_to_score(view.mine)) if view.mine is not None and item.state == "judging" else []
    return {
        "challenge": view,
        "weights": [(Criterion(code).label, weight) for code, weight in view.terms.weights.items()] if view.terms else [],
        "can_set_terms": item.state == "proposed" and view.decides,
        "can_publish": item.state == "proposed" and view.decides and view.terms is not None and not terms_over,
        "can_bid": item.state == "published" and not terms_over and BID.allows(actor, item, at=now)
        and not any(one.bid.leader_id == actor.pk for one in view.bids),
        "can_judge": item.state == "published" and view.decides and terms_over,
        "can_name_panel": item.state in ("published", "judging") and view.decides,
        "must_declare": view.mine is not None and item.state == "judging" and view.mine.declared_at is None,
        "unscored": unscored if view.mine is not None and view.mine.declared_at is not None else [],
        "can_select": item.state == "judging" and view.decides,
        "repost_form": RepostForm(initial={"until": _proposed_end(now)})
        if item.state in ("judging", "selected") and view.decides else None,
        "can_sign": item.state == "selected" and DO.allows(actor, item, at=now),
        "works": item.state == "running" and DO.allows(actor, item, at=now),
        "checks": item.state == "running" and is_judge,
        "pay_form": PayForm(initial={"paid_on": timezone.localdate(now)})
        if item.state in ("running", "submitted", "accepted") and is_judge and view.left_to_pay > 0 else None,
        "can_settle": item.state == "accepted" and is_judge and view.left_to_pay == 0,
        "failure_form": FailureForm() if item.state in ("running", "submitted") and is_judge else None,
        "words_form": WordsForm(),
        "me": actor.pk,
    }  # fmt: skip


PANELS[CHALLENGE.id] = ("challenges/_panel.html", fill_panel)


@login_required
def terms_edit(request: HttpRequest, pk: int) -> HttpResponse:
    item, actor, now = _seen(request, pk), actor_of(request), timezone.now()
    POST.require(actor, item, at=now)
    terms = terms_of(item)
    initial: dict[str, Any] = {"bids_until": _proposed_end(now)}
    if terms is not None:
        names = ("bids_until", "reward", "reward_text", "acceptance", "tolerance")
        initial = {name: getattr(terms, name) for name in names}
        initial |= {f"weight_{code}": weight for code, weight in terms.weights.items()}
    form = TermsForm(request.POST or None, initial=initial)
    return _form(request, item, form, "challenges/terms_form.html", lambda: _set_terms(form, item, actor, now))


@login_required
def bid_create(request: HttpRequest, pk: int) -> HttpResponse:
    item, actor, now = _seen(request, pk), actor_of(request), timezone.now()
    BID.require(actor, item, at=now)
    form = BidForm(request.POST or None, people=_colleagues(actor, now))

    def act() -> str:
        make_bid(item=item, offer=form.offer(), actor=actor, at=now)
        return _("已揭榜。截止前可以撤回重揭。")

    return _form(request, item, form, "challenges/bid_form.html", act)


@login_required
def panel_edit(request: HttpRequest, pk: int) -> HttpResponse:
    item, actor, now = _seen(request, pk), actor_of(request), timezone.now()
    POST.require(actor, item, at=now)
    initial = {"people": [row.person_id for row in item.panel.all()]}
    form = PanelForm(request.POST or None, people=_colleagues(actor, now), initial=initial)

    def act() -> str:
        name_panel(item=item, people=list(form.cleaned_data["people"]), actor=actor, at=now)
        return _("评榜组已定。")

    return _form(request, item, form, "challenges/panel_form.html", act)


@login_required
def interests_declare(request: HttpRequest, pk: int) -> HttpResponse:
    item, actor, now = _seen(request, pk), actor_of(request), timezone.now()
    mine = get_object_or_404(Panelist.objects.select_related("item", "person"), item=item, person=actor)
    bids = bids_of(item)
    if request.method == "POST":
        interests = {
            bid: request.POST.get(f"interest_{bid.pk}", "")[:120] for bid in bids
        }  # fmt: skip
        found = {bid: note for bid, note in interests.items() if note.strip()}
        return _do(request, item, lambda: _declared(mine, found, actor, now))
    return render(request, "challenges/interests.html", {"item": item, "bids": bids, "mine": mine})


@login_required
def bid_score(request: HttpRequest, pk: int, bid: int) -> HttpResponse:
    item, actor, now = _seen(request, pk), actor_of(request), timezone.now()
    mine = get_object_or_404(Panelist.objects.select_related("item", "person"), item=item, person=actor)
    scored = get_object_or_404(Bid.objects.select_related("leader", "item"), pk=bid, item=item)
    form = PointsForm(request.POST or None)

    def act() -> str:
        comment = form.cleaned_data["comment"]
        score_bid(panelist=mine, bid=scored, points=form.points(), comment=comment, actor=actor, at=now)
        return _("已打分。")

    return _form(request, item, form, "challenges/score_form.html", act, bid=scored)


@login_required
def pledge_sign(request: HttpRequest, pk: int) -> HttpResponse:
    item, actor, now = _seen(request, pk), actor_of(request), timezone.now()
    DO.require(actor, item, at=now)
    form = MilestonesForm(request.POST or None)

    def act() -> str:
        sign_pledge(item=item, milestones=form.milestones(), actor=actor, at=now)
        return _("军令状已签，开始攻关。")

    return _form(request, item, form, "challenges/pledge_form.html", act, terms=terms_of(item))


@login_required
@require_POST
def challenge_publish(request: HttpRequest, pk: int) -> HttpResponse:
    def act(item: WorkItem, actor: Person, now: datetime) -> str:
        publish(item=item, actor=actor, at=now)
        return _("已发榜，全单位都能看到、可以揭榜。")

    return _act(request, pk, act)


@login_required
@require_POST
def bid_withdraw(request: HttpRequest, pk: int, bid: int) -> HttpResponse:
    def act(item: WorkItem, actor: Person, now: datetime) -> str:
        own = get_object_or_404(Bid.objects.select_related("item"), pk=bid, item=item, leader=actor)
        withdraw_bid(bid=own, actor=actor, at=now)
        return _("揭榜已撤回。")

    return _act(request, pk, act)


@login_required
@require_POST
def bidding_close(request: HttpRequest, pk: int) -> HttpResponse:
    def act(item: WorkItem, actor: Person, now: datetime) -> str:
        close_bidding(item=item, actor=actor, at=now)
        return _("揭榜截止，请评榜组申报利益关系后打分。")

    return _act(request, pk, act)


@login_required
@require_POST
def bid_select(request: HttpRequest, pk: int, bid: int) -> HttpResponse:
    def act(item: WorkItem, actor: Person, now: datetime) -> str:
        chosen = get_object_or_404(Bid.objects.select_related("leader"), pk=bid, item=item)
        reason = request.POST.get("note", "")[:400]
        select_bid(item=item, bid=chosen, actor=actor, at=now, reason=reason)
        return _("已定榜，请%(name)s签军令状。") % {"name": chosen.leader.name}

    return _act(request, pk, act)


@login_required
@require_POST
def challenge_repost(request: HttpRequest, pk: int) -> HttpResponse:
    form = RepostForm(request.POST)

    def act(item: WorkItem, actor: Person, now: datetime) -> str:
        typed = form.cleaned_data
        post_again(item=item, until=typed["until"], reason=typed["note"], actor=actor, at=now)
        return _("已重新发榜。")

    return _act(request, pk, act, form)


@login_required
@require_POST
def milestone_reach(request: HttpRequest, pk: int, milestone: int) -> HttpResponse:
    form = WordsForm(request.POST)

    def act(item: WorkItem, actor: Person, now: datetime) -> str:
        reach_milestone(milestone=_milestone(item, milestone), note=form.cleaned_data["note"], actor=actor, at=now)
        return _("已报完成，等待核验。")

    return _act(request, pk, act, form)


@login_required
@require_POST
def milestone_check(request: HttpRequest, pk: int, milestone: int) -> HttpResponse:
    def act(item: WorkItem, actor: Person, now: datetime) -> str:
        is_reached = request.POST.get("is_reached") == "1"
        check_milestone(milestone=_milestone(item, milestone), is_reached=is_reached, actor=actor, at=now)
        return _("已核验。") if is_reached else _("已退回，请队伍再做。")

    return _act(request, pk, act)


@login_required
@require_POST
def solution_hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    form = WordsForm(request.POST)

    def act(item: WorkItem, actor: Person, now: datetime) -> str:
        hand_in(item=item, note=form.cleaned_data["note"], uploads=uploads_of(request), actor=actor, at=now)
        return _("已交验，等待验收。")

    return _act(request, pk, act, form)


@login_required
@require_POST
def reward_pay(request: HttpRequest, pk: int) -> HttpResponse:
    form = PayForm(request.POST)

    def act(item: WorkItem, actor: Person, now: datetime) -> str:
        pay(item=item, actor=actor, at=now, **form.cleaned_data)
        return _("兑现已记下。")

    return _act(request, pk, act, form)


@login_required
@require_POST
def challenge_settle(request: HttpRequest, pk: int) -> HttpResponse:
    def act(item: WorkItem, actor: Person, now: datetime) -> str:
        settle(item=item, actor=actor, at=now)
        return _("奖励已兑现，榜题办结。")

    return _act(request, pk, act)


@login_required
@require_POST
def challenge_fail(request: HttpRequest, pk: int) -> HttpResponse:
    form = FailureForm(request.POST)

    def act(item: WorkItem, actor: Person, now: datetime) -> str:
        typed = form.cleaned_data
        find_failed(
            item=item, finding=Finding(typed["finding"]), reasons=typed["reasons"], learnt=typed["learnt"], actor=actor,
            at=now,
        )  # fmt: skip
        return _("已认定。")

    return _act(request, pk, act, form)


def _proposed_end(now: datetime) -> datetime:
    return timezone.localtime(now + timedelta(days=BIDDING_DAYS)).replace(hour=18, minute=0, second=0, microsecond=0)


def _colleagues(actor: Person, now: datetime) -> Any:
    """Those whom the actor may see, at most some: a page is no directory."""
    seen = people_seen_by(actor, now).filter(valid_until=None).exclude(pk=actor.pk).order_by("name", "pk")
    known = list(seen.values_list("pk", flat=True)[:OFFERED])
    return Person.objects.filter(pk__in=known).select_related("unit").order_by("name", "pk")


def _milestone(item: WorkItem, pk: int) -> Milestone:
    row: Milestone = get_object_or_404(Milestone.objects.select_related("item__owner"), pk=pk, item=item)
    return row


def _set_terms(form: TermsForm, item: WorkItem, actor: Person, now: datetime) -> str:
    set_terms(item=item, terms=form.terms(), actor=actor, at=now)
    return _("条件已定，看清后发榜。")


def _declared(mine: Panelist, found: dict[Bid, str], actor: Person, now: datetime) -> str:
    declare_interest(panelist=mine, interests=found, actor=actor, at=now)
    return _("已申报，可以打分了。")


def _seen(request: HttpRequest, pk: int) -> WorkItem:
    return item_seen(items_seen_by(actor_of(request), timezone.now()).filter(kind=CHALLENGE.id), pk)


def _form(
    request: HttpRequest, item: WorkItem, form: Any, template: str, act: Callable[[], str], **context: Any
) -> HttpResponse:
    """Show a form, or do what it is for; a refusal stands on it with what was typed."""
    if request.method == "POST" and form.is_valid():
        try:
            toasts.done(request, act())
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("web:item_detail", item.pk)
    return render(request, template, {"item": item, "form": form, **context}, status=422 if form.errors else 200)


def _do(request: HttpRequest, item: WorkItem, act: Callable[[], str]) -> HttpResponse:
    try:
        toasts.done(request, act())
    except DomainError as error:
        toasts.refused(request, str(error))
    return redirect("web:item_detail", item.pk)


def _act(request: HttpRequest, pk: int, act: Act, form: Any = None) -> HttpResponse:
    item = _seen(request, pk)
    if form is not None and not form.is_valid():
        toasts.refused(request, next(iter(next(iter(form.errors.values())))))
        return redirect("web:item_detail", pk)
    return _do(request, item, lambda: act(item, actor_of(request), timezone.now()))
