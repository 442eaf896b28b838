"""Alliances and difficulties as their pages show them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from ronghe.domain.alliances.enums import DIFFICULTY_FLOW, OPEN_STATES, AllianceKind, DifficultyState, Side
from ronghe.domain.alliances.models import Alliance, AllianceDifficulty
from ronghe.domain.alliances.rules import (
    CLAIM_OURS,
    KEEP_ALLIANCE,
    MOVE_OURS,
    MOVE_THEIRS,
    RAISE_FOR_US,
    SEE_ALLIANCE,
)
from ronghe.domain.alliances.selectors import (
    contacts_of,
    list_difficulties,
    open_invitations,
    our_people,
    partner_parts_of,
    partners_of,
    resolved_in,
    waiting_days,
)
from ronghe.domain.org.rules.reaches import local_day
from ronghe.web.alliances.forms import (
    CommentForm,
    ContactHeldForm,
    DifficultyForm,
    ExpertForm,
    OwnerForm,
    PartnerForm,
    ProgressForm,
    ReasonForm,
    ResultForm,
)
from ronghe.web.paging import asked_page, page_of
from ronghe.web.requests import actor_of

SHAPES = {
    DifficultyState.RAISED: "due",
    DifficultyState.CLAIMED: "running",
    DifficultyState.UNDER_WAY: "running",
    DifficultyState.RESOLVED: "done",
    DifficultyState.SHELVED: "waived",
    DifficultyState.WITHDRAWN: "waived",
}
CONTACTS_SHOWN = 12


def contact_shape(alliance: Alliance, today: date) -> str:
    """Return the state of the next contact: over, due within a week, or to come."""
    if alliance.ended_on is not None:
        return "waived"
    left = (alliance.next_contact_on - today).days
    return "failed" if left < 0 else "due" if left <= 7 else "upcoming"


def line_of(difficulty: AllianceDifficulty, at: datetime) -> dict[str, Any]:
    """Return a difficulty with its mark, and for whom it has waited how long, in words."""
    is_open = difficulty.state in OPEN_STATES
    overdue = is_open and difficulty.due_on < local_day(at)
    waits = ""
    if is_open and difficulty.waiting_for != Side.NOBODY:
        waits = _("等%(side)s，%(days)s 天") % {
            "side": difficulty.partner.name if difficulty.waiting_for == Side.THEIRS else difficulty.get_waiting_for_display(),
            "days": waiting_days(difficulty, at),
        }  # fmt: skip
    return {
        "row": difficulty,
        "shape": "failed" if overdue else SHAPES[DifficultyState(difficulty.state)],
        "word": _("逾期") if overdue else difficulty.get_state_display(),
        "waits": waits,
    }


def alliance_context(request: HttpRequest, alliance: Alliance, *, failed: Any = None) -> dict[str, Any]:
    actor, now = actor_of(request), timezone.now()
    today = local_day(now)
    inside = SEE_ALLIANCE.allows(actor, alliance, at=now)
    keeps = KEEP_ALLIANCE.allows(actor, alliance, at=now)
    is_open = alliance.ended_on is None
    for_us = RAISE_FOR_US.allows(actor, alliance, at=now)
    speaks_for = partners_of(alliance) if for_us else partner_parts_of(actor, alliance, at=now)
    partners = list(partners_of(alliance))
    state = request.GET.get("state", "open")
    listed = list_difficulties(
        actor, now, alliance=alliance, words=request.GET.get("q", "").strip()[:40],
        state=state if state in {"open", *DifficultyState.values} else "",
        order=request.GET.get("sort", "due"), page=asked_page(request),
    )  # fmt: skip
    invitations = open_invitations(alliance, now) if keeps else {}
    forms: dict[str, Any] = {
        "difficulty_form": DifficultyForm(partners=speaks_for, auto_id="difficulty_%s"),
        "partner_form": PartnerForm(auto_id="partner_%s"),
        "contact_form": ContactHeldForm(
            partners=partners_of(alliance), auto_id="contact_%s",
            initial={"day": today, "partners": [partners[0].pk] if len(partners) == 1 else []},
        ),
        "expert_form": ExpertForm(auto_id="expert_%s"),
    }  # fmt: skip
    if failed is not None:
        forms |= {name: failed for name, form in forms.items() if type(form) is type(failed)}
    left = (alliance.next_contact_on - today).days
    return forms | {
        "alliance": alliance, "inside": inside, "keeps": keeps and is_open, "is_open": is_open,
        "can_raise": is_open and bool(partners) and (for_us or bool(list(speaks_for))),
        "partners": [(partner, invitations.get(partner.pk)) for partner in partners],
        "lines": [line_of(row, now) for row in listed.rows], "page": page_of(listed),
        "states": [("open", _("未办结")), *DifficultyState.choices, ("all", _("全部"))],
        "asked_text": request.GET.get("q", ""),
        "contacts": list(contacts_of(alliance)[:CONTACTS_SHOWN]),
        "contact_shape": contact_shape(alliance, today),
        "contact_note": _days_in_words(left) if is_open else "",
        "is_innovation": alliance.kind == AllianceKind.INNOVATION,
        "experts": list(alliance.experts.filter(left_at=None).order_by("name", "pk")) if inside else [],
        "results": list(resolved_in(alliance)[:CONTACTS_SHOWN]),
        "failed": type(failed).__name__ if failed is not None else "",
    }  # fmt: skip


def difficulty_context(request: HttpRequest, difficulty: AllianceDifficulty, *, failed: Any = None) -> dict[str, Any]:
    actor, now = actor_of(request), timezone.now()
    ours, theirs = (permission.allows(actor, difficulty, at=now) for permission in (MOVE_OURS, MOVE_THEIRS))
    claims_ours = CLAIM_OURS.allows(actor, difficulty, at=now)
    moves = ours or theirs
    raised = difficulty.state == DifficultyState.RAISED
    forms: dict[str, Any] = {
        "comment_form": CommentForm(auto_id="comment_%s"),
        "progress_form": ProgressForm(
            auto_id="progress_%s", initial={"next_side": Side.THEIRS if ours else Side.OURS}
        ),
        "result_form": ResultForm(auto_id="result_%s"),
        "reason_form": ReasonForm(auto_id="reason_%s"),
        "owner_form": OwnerForm(people=our_people(difficulty.alliance, now), auto_id="owner_%s") if ours and raised else None,
    }  # fmt: skip
    if failed is not None:
        forms |= {name: failed for name, form in forms.items() if type(form) is type(failed)}
    own_side = (ours and difficulty.raised_side == Side.OURS) or (theirs and difficulty.raised_side == Side.THEIRS)
    return forms | {
        "difficulty": difficulty, "alliance": difficulty.alliance, "line": line_of(difficulty, now),
        "moves": difficulty.moves.select_related("made_by").order_by("made_at", "pk"),
        "inside": SEE_ALLIANCE.allows(actor, difficulty.alliance, at=now),
        "can_claim_ours": claims_ours and raised and difficulty.our_claimed_at is None,
        "can_name_owner": ours and raised and difficulty.our_claimed_at is None,
        "can_claim_theirs": theirs and raised and difficulty.their_claimed_at is None,
        "can_move": moves and DIFFICULTY_FLOW.allows(difficulty, "progress"),
        "can_resume": moves and DIFFICULTY_FLOW.allows(difficulty, "resume"),
        "can_withdraw": raised and (own_side or difficulty.raised_by_id == actor.pk),
        "can_comment": difficulty.state in OPEN_STATES or difficulty.state == DifficultyState.SHELVED,
        "can_task": ours and difficulty.task_id is None and DIFFICULTY_FLOW.allows(difficulty, "progress"),
        "failed": type(failed).__name__ if failed is not None else "",
    }  # fmt: skip


def _days_in_words(left: int) -> str:
    if left < 0:
        return _("已超 %(days)s 天") % {"days": -left}
    return _("今天到期") if left == 0 else _("还有 %(days)s 天") % {"days": left}
