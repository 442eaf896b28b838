"""流动红旗: a quarter's rating is opened, counted, settled among equals or called off; the banner goes to the best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from ronghe.domain.ballots.enums import BallotState
from ronghe.domain.ballots.selectors import result_of
from ronghe.domain.ballots.services.ballots import (
    BallotNotOpen,
    VotesIncomplete,
    cast_votes,
    close_ballot,
    open_ballot,
    void_ballot,
)
from ronghe.domain.honours.calc.ratings import POINTS, best_of, mean_of
from ronghe.domain.honours.enums import ROUND_FLOW, RoundState
from ronghe.domain.honours.facts import BANNER_AWARDED, ROUND_ENDED, ROUND_OPENED
from ronghe.domain.honours.models import BannerOffice, BannerRound
from ronghe.domain.honours.rules import CONVENE, RUN_ROUND
from ronghe.domain.honours.selectors.banner import offices_offered, raters_of
from ronghe.domain.honours.services.choosing import CountedByAnother
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day, standing_of
from ronghe.domain.playbooks.selectors.adoptions import key_of
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, _
from ronghe.kernel.workflow import StepNotAllowed

RATINGS = (N_("很满意"), N_("满意"), N_("一般"), N_("不满意"), N_("很不满意"), N_("不了解"))
LEAST_OFFICES = 2


class RoundUnfit(DomainError):
    code = "round_unfit"
    sentence = N_("请选两个以上的机关组织；年度、季度和最少票数（3 以上）也请核对。")
    status = 422


class OfficeOutside(DomainError):
    code = "office_outside"
    sentence = N_("“%(office)s”不直属“%(body)s”，不能在这里评。")
    status = 422


class RoundThere(DomainError):
    code = "round_there"
    sentence = N_("%(year)s 年第 %(quarter)s 季度已经评过或正在评。")


class TooFewRaters(DomainError):
    code = "too_few_raters"
    sentence = N_("能评的只有 %(count)s 人，少于 %(least)s 人，猜得到谁评了什么。请改为全体都评，或少选几个机关组织。")
    status = 422


class NotAmongEquals(DomainError):
    code = "not_among_equals"
    sentence = N_("请在并列第一的几个里选一个，并写明理由。")
    status = 422


class OwnOffice(DomainError):
    code = "own_office"
    sentence = N_("您所在的组织在并列之中，须由别人来定。")
    status = 403


class RoundReasonMissing(DomainError):
    code = "round_reason_missing"
    sentence = N_("请写明取消的原因，参评的人会看到。")
    status = 422


@transaction.atomic
def open_round(
    *, body: PartyOrg, year: int, quarter: int, offices: Sequence[PartyOrg], actor: Person, at: datetime,
    least_votes: int | None = None, everybody: bool = False,
) -> BannerRound:  # fmt: skip
    """Let the grassroots below `body` rate its offices for a quarter, in secret, one vote each.

    Those who speak for the other bodies rate (secretaries, group and team leaders), or with `everybody` all their people;
    nobody of an office that is rated does. Without `least_votes` the body's playbook says how many an office needs.

    :raises RoundUnfit, OfficeOutside: offices or numbers that do not fit
    :raises TooFewRaters: so few that one could guess
    :raises RoundThere: the quarter has its round
    """
    CONVENE.require(actor, body, at=at)
    day, chosen = local_day(at), list(dict.fromkeys(offices))
    if least_votes is None:
        least_votes = key_of("banner_least_votes", body, day)
    if len(chosen) < LEAST_OFFICES or not 1 <= quarter <= 4 or abs(year - day.year) > 1 or not 3 <= least_votes <= 500:
        raise RoundUnfit
    offered = set(offices_offered(body, day).values_list("pk", flat=True))
    for office in chosen:
        if office.pk not in offered:
            raise OfficeOutside(office=office.name, body=body.name)
    raters = raters_of(body, chosen, day, everybody=everybody)
    if len(raters) < least_votes:
        raise TooFewRaters(count=len(raters), least=least_votes)
    try:
        with transaction.atomic():
            made = BannerRound.objects.create(
                body=body, year=year, quarter=quarter, least_votes=least_votes, opened_by=actor, opened_at=at
            )
    except IntegrityError as error:
        raise RoundThere(year=year, quarter=quarter) from error
    BannerOffice.objects.bulk_create(
        BannerOffice(round=made, body=office, place=place) for place, office in enumerate(chosen, start=1)
    )
    made.ballot = open_ballot(
        title=_("%(year)s 年第 %(quarter)s 季度机关流动红旗评分") % {"year": year, "quarter": quarter},
        items=[f"{place}. {office.name}"[:120] for place, office in enumerate(chosen, start=1)],
        choices=[_(word) for word in RATINGS], voters=raters, actor=actor, at=at, least_shown=least_votes,
        blank_choice=len(RATINGS),
    )  # fmt: skip
    made.save(update_fields=["ballot"])
    attributes = {"offices": len(chosen), "voters": len(raters)}
    record(Draft(ROUND_OPENED, at, actor, body=body.pk, attributes=attributes, source=made))
    return made


def rate_offices(
    *, found: BannerRound, ratings: Mapping[int, int | None], actor: Person, at: datetime
) -> None:  # fmt: skip
    """Give the actor's own ratings: place of the office → 5 down to 1, or `None` who does not know it; never changed.

    No receipt comes back and nothing is recorded but that the actor has rated (docs/decisions/0012).

    :raises NotOnTheList: the actor does not rate here
    :raises BallotNotOpen: it is counted or called off
    :raises VotesIncomplete: an office without a rating, or a rating that is not there
    :raises AlreadyVoted: one person, one vote
    """
    if found.ballot is None:
        raise BallotNotOpen(title=str(found), state=found.get_state_display())
    if any(rating is not None and rating not in POINTS for rating in ratings.values()):
        raise VotesIncomplete(items=found.offices.count())
    votes = {place: choice_of(rating) for place, rating in ratings.items()}
    cast_votes(ballot=found.ballot, votes=votes, actor=actor, at=at)


def choice_of(rating: int | None) -> int:
    """Return the choice on the ballot that stands for a rating, from 1; `None` is 不了解."""
    return len(RATINGS) if rating is None else POINTS.index(rating) + 1


@transaction.atomic
def count_round(*, found: BannerRound, actor: Person, at: datetime) -> BannerRound:
    """Count the ratings: the highest mean takes the banner; equals wait for a word; too few votes leave it where it hangs.

    :raises CountedByAnother: somebody else opened it
    :raises NobodyVoted: nobody has rated
    :raises StepNotAllowed: it is counted
    """
    RUN_ROUND.require(actor, found, at=at)
    if found.state != RoundState.RATING or found.ballot is None:
        raise StepNotAllowed(state=found.get_state_display())
    _refuse_others(found, actor)
    if found.ballot.state == BallotState.OPEN:
        close_ballot(ballot=found.ballot, actor=actor, at=at)
    result = result_of(found.ballot)
    offices = {office.place: office for office in found.offices.all()}
    if not result.is_hidden:
        for item in result.items:
            counts, office = [count or 0 for count in item.counts], offices[item.number]
            office.mean = mean_of(counts, least=found.least_votes)
            office.rated = sum(counts[: len(POINTS)]) if office.mean is not None else None
            office.save(update_fields=["mean", "rated"])
    best = best_of({office.pk: office.mean for office in offices.values()})
    cast = None if result.is_hidden else result.cast
    if not best:
        ROUND_FLOW.advance(found, "fail", cast=cast, ended_at=at)
        record(Draft(ROUND_ENDED, at, actor, body=found.body_id, attributes={"state": found.state}, source=found))
        return found
    if len(best) > 1:
        ROUND_FLOW.advance(found, "tie", cast=cast)
        record(Draft(ROUND_ENDED, at, actor, body=found.body_id, attributes={"state": found.state}, source=found))
        return found
    winner = next(office for office in offices.values() if office.pk in best)
    ROUND_FLOW.advance(found, "award", cast=cast, winner=winner, ended_at=at)
    _record_award(found, actor, at, is_tied=False)
    return found


@transaction.atomic
def settle_tie(*, found: BannerRound, winner: BannerOffice, reason: str, actor: Person, at: datetime) -> BannerRound:
    """Give the banner to one of the equal first, with the reason; never somebody who belongs to one of them.

    :raises NotAmongEquals: none of them, or no words
    :raises OwnOffice: the actor's own body is among them
    :raises StepNotAllowed: nothing is tied
    """
    RUN_ROUND.require(actor, found, at=at)
    if found.state != RoundState.TIED:
        raise StepNotAllowed(state=found.get_state_display())
    best = best_of({office.pk: office.mean for office in found.offices.all()})
    if winner.pk not in best or not reason.strip():
        raise NotAmongEquals
    mine = standing_of(actor, local_day(at)).bodies
    if found.offices.filter(pk__in=best, body__in=mine).exists():
        raise OwnOffice
    ROUND_FLOW.advance(found, "settle", winner=winner, reason=reason.strip(), ended_at=at)
    _record_award(found, actor, at, is_tied=True)
    return found


@transaction.atomic
def call_off_round(*, found: BannerRound, reason: str, actor: Person, at: datetime) -> BannerRound:
    """Call a rating off; the votes are gone uncounted, and the quarter may be rated anew.

    :raises RoundReasonMissing: no words
    :raises CountedByAnother: somebody else opened it
    :raises StepNotAllowed: it is counted
    """
    RUN_ROUND.require(actor, found, at=at)
    if not reason.strip():
        raise RoundReasonMissing
    if not ROUND_FLOW.allows(found, "call_off"):
        raise StepNotAllowed(state=found.get_state_display())
    _refuse_others(found, actor)
    if found.ballot is not None and found.ballot.state == BallotState.OPEN:
        void_ballot(ballot=found.ballot, reason=reason, actor=actor, at=at)
    ROUND_FLOW.advance(found, "call_off", reason=reason.strip(), ended_at=at)
    record(Draft(ROUND_ENDED, at, actor, body=found.body_id, attributes={"state": found.state}, source=found))
    return found


def _refuse_others(found: BannerRound, actor: Person) -> None:
    if found.ballot is not None and found.ballot.opened_by_id != actor.pk:
        raise CountedByAnother(name=found.ballot.opened_by.name)


def _record_award(found: BannerRound, actor: Person, at: datetime, *, is_tied: bool) -> None:
    office = found.winner.body_id if found.winner is not None else found.body_id
    attributes = {"year": found.year, "quarter": found.quarter, "tied": is_tied}
    record(Draft(BANNER_AWARDED, at, actor, body=office, attributes=attributes, source=found))
