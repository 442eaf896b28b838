"""A call-up is stood down with its result, which somebody who was not there verifies; a slip is taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ronghe.domain.carriers.enums import CALL_FLOW, Answer
from ronghe.domain.carriers.facts import CALL_VERIFIED
from ronghe.domain.carriers.models import CallUp
from ronghe.domain.carriers.rules import COMMAND, VERIFY_CALL
from ronghe.domain.carriers.services.calling import bind_teams, free_teams
from ronghe.domain.carriers.services.handing import close_shift, minutes_held
from ronghe.domain.carriers.services.telling import locked_call, take_back, tell_end, tell_of
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

MOST_FEN = 10**13


class ResultMissing(DomainError):
    code = "call_result_missing"
    sentence = N_("请写明结果：干了什么，现在怎样。")
    status = 422


class SavedWithoutWords(DomainError):
    code = "call_saved_wordless"
    sentence = N_("写了挽回的金额，请写明保住了什么、怎样算的；金额不能小于 0。")
    status = 422


class InjuryUntold(DomainError):
    code = "call_injury_untold"
    sentence = N_("有人受伤，请写明经过和处置（不写姓名）；人数不能小于 0。")
    status = 422


class VerifyNoteMissing(DomainError):
    code = "call_verify_note"
    sentence = N_("请写明哪里不对，好让指挥改正。")
    status = 422


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: in words, what was saved (in fen where it can be counted), how many were hurt."""

    result: str
    saved: str = ""
    saved_fen: int | None = None
    injuries: int = 0
    injury_note: str = ""


@transaction.atomic
def stand_down(*, call: CallUp, outcome: Outcome, actor: Person, at: datetime) -> CallUp:
    """Stand a call-up down with its result. The shift that is on is closed, those to come fall away, the teams are free.

    Sent back for correction it is stood down anew with other words; people and hours are as they were held.

    :raises NotAllowed: the actor does not command
    :raises ResultMissing, SavedWithoutWords, InjuryUntold: what is missing
    :raises StepNotAllowed: it is not under way
    """
    COMMAND.require(actor, call, at=at)
    _refuse_unfit(outcome)
    fresh = locked_call(call)
    if fresh.is_running:
        _close_shifts(fresh, actor, at)
    changes = {
        "result": outcome.result.strip()[:1000], "saved": outcome.saved.strip()[:400], "saved_fen": outcome.saved_fen,
        "injuries": outcome.injuries, "injury_note": outcome.injury_note.strip()[:400],
        "people": fresh.roster.filter(answer=Answer.ARRIVED).count(), "minutes": minutes_held(fresh),
    }  # fmt: skip
    ended = {"ended_by": actor, "ended_at": at} if fresh.is_running else {"ended_by": actor}
    CALL_FLOW.advance(fresh, "stand_down", **changes, **ended)
    free_teams(fresh)
    tell_end(fresh, actor, at)
    call.refresh_from_db()
    return call


@transaction.atomic
def resume_call(*, call: CallUp, actor: Person, at: datetime) -> CallUp:
    """Take the standing down back: the danger is not over. What was written stays for the next time.

    :raises NotAllowed: the actor does not command
    :raises StepNotAllowed: it is under way, or verified
    :raises TeamBusy: a team is called up elsewhere meanwhile
    """
    COMMAND.require(actor, call, at=at)
    fresh = locked_call(call)
    CALL_FLOW.advance(fresh, "resume", ended_by=None, ended_at=None, people=None, minutes=None)
    bind_teams(fresh)
    take_back(fresh.fact, actor, at)
    CallUp.objects.filter(pk=fresh.pk).update(fact=None)
    call.refresh_from_db()
    return call


@transaction.atomic
def verify_call(*, call: CallUp, agrees: bool, actor: Person, at: datetime, note: str = "") -> CallUp:
    """Verify what was brought about, or send it back with what is wrong.

    :raises NotAllowed: whoever called, commanded, reported or was on site does not verify
    :raises VerifyNoteMissing: sent back without words
    :raises StepNotAllowed: it is not stood down
    """
    VERIFY_CALL.require(actor, call, at=at)
    if not agrees and not note.strip():
        raise VerifyNoteMissing
    CALL_FLOW.advance(
        call, "verify" if agrees else "dispute", verified_by=actor, verified_at=at, verify_note=note.strip()[:400]
    )
    tell_of(call, CALL_VERIFIED, actor, at, agrees=agrees)
    return call


def _refuse_unfit(outcome: Outcome) -> None:
    if not outcome.result.strip():
        raise ResultMissing
    if outcome.saved_fen is not None and (not 0 <= outcome.saved_fen <= MOST_FEN or not outcome.saved.strip()):
        raise SavedWithoutWords
    if outcome.injuries < 0 or (outcome.injuries > 0 and not outcome.injury_note.strip()):
        raise InjuryUntold


def _close_shifts(call: CallUp, actor: Person, at: datetime) -> None:
    """Close what has begun; what has not falls away."""
    for shift in call.shifts.filter(closed_at=None).order_by("number"):
        if shift.starts_at < at:
            shift.call = call
            close_shift(shift, actor, at)
        else:
            shift.delete()
