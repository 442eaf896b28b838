"""What the pages of agreements share: shapes of states, whom a reader speaks for, the page of one agreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from ronghe.domain.agreements.calc.content import Content
from ronghe.domain.agreements.enums import AgreementState, EndingState, Verdict
from ronghe.domain.agreements.models import Agreement, AgreementEnding, AgreementParty, AgreementVersion
from ronghe.domain.agreements.rules import SEE_NEGOTIATION
from ronghe.domain.agreements.selectors import agreements_seen_by
from ronghe.domain.agreements.selectors.goals import goal_states, heads_of
from ronghe.domain.agreements.selectors.negotiation import (
    SideState,
    Thread,
    content_of,
    side_states,
    threads_of,
    version_on_table,
    versions_of,
)
from ronghe.domain.agreements.selectors.sides import Acting, acting_of, people_of_side
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.pools.models import Pool
from ronghe.domain.pools.rules import SEE_POOL
from ronghe.domain.projects.rules import SEE_PROJECT
from ronghe.kernel.errors import NotAllowed
from ronghe.web.agreements.forms import CommentForm, ReasonForm, SignerForm
from ronghe.web.requests import actor_of

SHAPES = {
    AgreementState.NEGOTIATING: "running",
    AgreementState.SIGNING: "due",
    AgreementState.IN_FORCE: "done",
    AgreementState.ENDED: "waived",
    AgreementState.CALLED_OFF: "waived",
}
VERDICT_SHAPES = {
    Verdict.REACHED: "done",
    Verdict.ON_TRACK: "running",
    Verdict.BEHIND: "attention",
    Verdict.UNKNOWN: "upcoming",
}


@dataclass(frozen=True, slots=True)
class Row:
    """An agreement in a list; `is_over` where its term has passed and nobody ended it."""

    agreement: Agreement
    shape: str
    is_due: bool
    is_over: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A part of the text with what was said about it. `id` is what a remark names."""

    id: str
    title: str
    text: str
    threads: Sequence[Thread]

    @property
    def open_count(self) -> int:
        return sum(not thread.is_settled for thread in self.threads)


def rows_of(agreements: Sequence[Agreement], at: datetime) -> list[Row]:
    today = local_day(at)
    return [
        Row(
            one,
            SHAPES[AgreementState(one.state)],
            is_due=one.state == AgreementState.IN_FORCE and one.review_on is not None and one.review_on <= today,
            is_over=one.state == AgreementState.IN_FORCE and one.valid_until is not None and one.valid_until <= today,
        )
        for one in agreements
    ]


def seen(request: HttpRequest, pk: int) -> Agreement:
    """Return the agreement where the reader may see it, else answer 404."""
    rows = agreements_seen_by(actor_of(request), timezone.now()).select_related(
        "project", "supplements", "safety_officer", "drafted_by"
    )
    return get_object_or_404(rows, pk=pk)


def spoken_for(request: HttpRequest, agreement: Agreement) -> AgreementParty:
    """Return the side that the reader speaks for: the one that was posted where there are several, else the only one.

    :raises NotAllowed: none
    """
    acting = acting_of(agreement, actor_of(request), timezone.now())
    return chosen_side(request, acting.acts)


def chosen_side(request: HttpRequest, sides: Sequence[AgreementParty]) -> AgreementParty:
    """Return the side that was posted, else the first.

    :raises NotAllowed: there is none
    """
    if not sides:
        raise NotAllowed
    asked = request.POST.get("party", "")
    return next((side for side in sides if str(side.pk) == asked), sides[0])


def page_context(request: HttpRequest, agreement: Agreement, *, failed: Any = None) -> dict[str, Any]:
    """Return everything that the page of one agreement shows; `failed` is a form whose faults it repeats."""
    actor, now = actor_of(request), timezone.now()
    version = version_on_table(agreement)
    content = content_of(version)
    acting = acting_of(agreement, actor, now)
    sides = side_states(agreement, version)
    may_negotiate_see = SEE_NEGOTIATION.allows(actor, agreement, at=now)
    context: dict[str, Any] = {
        "agreement": agreement, "version": version, "content": content, "acting": acting, "sides": sides,
        "shape": SHAPES[AgreementState(agreement.state)], "sees_negotiation": may_negotiate_see,
        "sees_project": SEE_PROJECT.allows(actor, agreement.project, at=now),
        "row": rows_of([agreement], now)[0], "today": local_day(now), "failed": failed,
        "supplements": list(agreement.supplementary.order_by("pk")) if agreement.supplements_id is None else [],
        "comment_form": failed if isinstance(failed, CommentForm) else CommentForm(),
        "pool": _pool_of(agreement, actor, now),
    }  # fmt: skip
    if may_negotiate_see:
        threads = threads_of(agreement)
        context |= {
            "places": places_of(content, threads), "versions": versions_of(agreement),
            "open_remarks": sum(not thread.is_settled for thread in threads),
        }  # fmt: skip
    else:
        context["places"] = places_of(content, [])
    return context | _mine(agreement, acting, sides, actor, now, failed) | _in_force(agreement, now)


def _pool_of(agreement: Agreement, actor: Person, at: datetime) -> Pool | None:
    """Return what its sides share, for whoever sees it; a supplement shares with what it supplements."""
    main = agreement.supplements or agreement
    return Pool(agreement=main) if main.is_binding and SEE_POOL.allows(actor, main, at=at) else None


def _mine(
    agreement: Agreement, acting: Acting, sides: Sequence[SideState], actor: Person, at: datetime, failed: Any
) -> dict[str, Any]:
    """What the reader may do now for the side spoken for."""
    by_side = {state.party.pk: state for state in sides}
    negotiating, signing = agreement.state == AgreementState.NEGOTIATING, agreement.state == AgreementState.SIGNING
    refused = any(state.refusal for state in sides)
    to_consent = [side for side in acting.acts if negotiating and not refused and not by_side[side.pk].consent]
    consented = [side for side in acting.acts if negotiating and by_side[side.pk].consent]
    to_sign = [side for side in acting.signs if signing and not by_side[side.pk].signature]
    context: dict[str, Any] = {
        "may_edit": negotiating and bool(acting.acts), "to_consent": to_consent, "consented": consented,
        "to_sign": to_sign, "may_comment": (negotiating or signing) and bool(acting.acts),
        "may_call_off": (negotiating or signing) and bool(acting.acts), "was_refused": refused,
        "may_keep": agreement.state == AgreementState.IN_FORCE and bool(acting.acts), "actor_id": actor.pk,
    }  # fmt: skip
    if acting.names and (negotiating or signing):
        people = people_of_side(acting.names[0], local_day(at))
        context["signer_form"] = failed if isinstance(failed, SignerForm) else SignerForm(people=people)
    return context


def _in_force(agreement: Agreement, at: datetime) -> dict[str, Any]:
    if not agreement.is_binding:
        return {}
    states = goal_states(agreement, local_day(at))
    reviews = agreement.reviews.select_related("made_by").prefetch_related("findings__goal").order_by("-held_on")
    ending = AgreementEnding.objects.filter(agreement=agreement, state=EndingState.PROPOSED)
    return {
        "heads": heads_of(states), "states": states, "reviews": list(reviews),
        "ending": ending.select_related("party__body", "party__unit", "proposed_by").prefetch_related("consents").first(),
        "endings": list(agreement.endings.exclude(state=EndingState.PROPOSED).select_related("party__body", "party__unit", "settled_by", "proposed_by").order_by("-proposed_at")),
        "verdict_shapes": VERDICT_SHAPES, "reason_form": ReasonForm(),
    }  # fmt: skip


def places_of(content: Content, threads: Sequence[Thread]) -> list[Place]:
    """Return the text in its parts with their remarks; remarks on parts that are gone stand with the whole (`""`)."""
    parts = [("preamble", "", content.preamble)] if content.preamble else []
    parts += [(f"section:{section.id}", section.title, section.text) for section in content.sections]
    known = {key for key, _title, _text in parts} | {f"goal:{goal.id}" for goal in content.goals}
    whole = [thread for thread in threads if thread.head.section not in known]
    goals = [thread for thread in threads if thread.head.section.startswith("goal:") and thread.head.section in known]
    return [
        *(Place(key, title, text, [t for t in threads if t.head.section == key]) for key, title, text in parts),
        Place("", "", "", [*goals, *whole]),
    ]


def version_of(agreement: Agreement, number: int) -> AgreementVersion:
    rows = AgreementVersion.objects.select_related("party__body", "party__unit", "made_by")
    return get_object_or_404(rows, agreement=agreement, number=number)
