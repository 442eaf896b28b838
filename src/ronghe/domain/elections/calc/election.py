"""Elections (PE-09, PE-10): four fifths of those entitled are there, and whoever gets the votes of more than half of those
actually present is elected.

One of three ways of counting that are never mixed (PM-13): it takes an `ElectionRound` and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

from ronghe.domain.elections.calc.checks import Check, at_least, more_than, refuse_crowd, refuse_impossible
from ronghe.domain.elections.calc.figures import Figures
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_


class MoreIssuedThanPresent(DomainError):
    code = "more_issued_than_present"
    sentence = N_("发出选票 %(issued)s 张，多于实到 %(present)s 人，请核对（PE-10）。")
    status = 422


class MoreReturnedThanIssued(DomainError):
    code = "more_returned_than_issued"
    sentence = N_("收回选票 %(returned)s 张，多于发出的 %(issued)s 张，这次选举无效，应重新投票（PE-10）。")
    status = 422


class BallotsDoNotAddUp(DomainError):
    code = "ballots_do_not_add_up"
    sentence = N_("有效票 %(valid)s 张加无效票 %(invalid)s 张，不等于收回的 %(returned)s 张，请核对（PE-10）。")
    status = 422


class MoreVotesThanBallots(DomainError):
    code = "more_votes_than_ballots"
    sentence = N_("%(who)s的赞成、不赞成、弃权共 %(votes)s 票，多于有效票 %(valid)s 张，请核对（PE-10）。")
    status = 422


class MoreMarksThanPlaces(DomainError):
    code = "more_marks_than_places"
    sentence = N_(
        "赞成票共 %(marks)s 票，多于有效票 %(valid)s 张乘以应选 %(seats)s 名；多选的选票无效，请核对（PE-10）。"
    )
    status = 422


@dataclass(frozen=True, slots=True)
class CandidateVotes:
    """What one candidate got; `name` is used in refusals only."""

    candidate: int
    votes_for: int
    votes_against: int = 0
    votes_abstained: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class ElectionRound:
    """One vote for `seats` places. `others` are votes for people who are not named here.

    `is_tie`: those on the ballot had more than half already and equal votes; now the most votes decide.
    """

    seats: int
    entitled: int
    present: int
    issued: int
    returned: int
    valid: int
    invalid: int
    votes: tuple[CandidateVotes, ...]
    others: int = 0
    is_tie: bool = False


@dataclass(frozen=True, slots=True)
class ElectionOutcome:
    """Who was elected, between whom is voted again for how many places, and how many places stay open."""

    quorum: Check
    lines: tuple[tuple[int, Check], ...]
    """Each candidate with the comparison, the most votes first."""
    elected: tuple[int, ...]
    tied: tuple[int, ...]
    tied_seats: int
    open_seats: int

    @property
    def is_valid(self) -> bool:
        return self.quorum.is_met


def candidates_needed(seats: int, figures: Figures = Figures()) -> int:  # noqa: B008 - frozen
    """Return how many candidates a committee's `seats` places need at least (PE-10: a fifth more, one at least)."""
    return seats + max(1, at_least(figures.difference, seats))


def decide_election(held: ElectionRound, figures: Figures = Figures()) -> ElectionOutcome:  # noqa: B008 - frozen
    """Count one vote of an election (PE-09, PE-10). Below the quorum nobody is elected.

    More people over half than places: by their votes; equal votes for the last places are voted on again.

    :raises DomainError: the figures do not fit together; each refusal names what to look at
    """
    _refuse_misfits(held)
    share = figures.quorum
    need = more_than(share, held.entitled) if figures.quorum_is_strict else at_least(share, held.entitled)
    quorum = Check(
        "PE-09",
        N_("有选举权的应到 %(base)s 人，实到 %(have)s 人，须不少于 %(need)s 人（PE-09）"),
        held.present,
        need,
        held.entitled,
    )
    ranked = sorted(held.votes, key=lambda votes: (-votes.votes_for, votes.candidate))
    lines = tuple((votes.candidate, _line(votes, held, figures)) for votes in ranked)
    if not quorum.is_met:
        return ElectionOutcome(quorum, lines, (), (), 0, held.seats)
    enough = [votes for votes, (_candidate, line) in zip(ranked, lines, strict=True) if line.is_met]
    elected, tied = _placed(enough, held.seats)
    tied_seats = held.seats - len(elected) if tied else 0
    return ElectionOutcome(quorum, lines, elected, tied, tied_seats, held.seats - len(elected) - tied_seats)


def _line(votes: CandidateVotes, held: ElectionRound, figures: Figures) -> Check:
    if held.is_tie:
        return Check(
            "PE-10", N_("得赞成票 %(have)s 票；票数相等者再投票，多者当选（PE-10）"), votes.votes_for, 1, held.present
        )
    return Check(
        "PE-10",
        N_("得赞成票 %(have)s 票，须不少于 %(need)s 票（超过实到会 %(base)s 人的半数，PE-10）"),
        votes.votes_for,
        more_than(figures.win, held.present),
        held.present,
    )


def _placed(enough: list[CandidateVotes], seats: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return who is elected, and who has equal votes for places that do not suffice for all of them."""
    if len(enough) <= seats:
        return tuple(votes.candidate for votes in enough), ()
    last = enough[seats - 1].votes_for
    sure = tuple(votes.candidate for votes in enough if votes.votes_for > last)
    equal = tuple(votes.candidate for votes in enough if votes.votes_for == last)
    return (sure + equal, ()) if len(sure) + len(equal) == seats else (sure, equal)


def _refuse_misfits(held: ElectionRound) -> None:
    refuse_impossible(
        held.entitled, held.present, held.issued, held.returned, held.valid, held.invalid, held.others,
        *(n for v in held.votes for n in (v.votes_for, v.votes_against, v.votes_abstained)),
    )  # fmt: skip
    refuse_crowd(held.present, held.entitled, "PE-09")
    if held.issued > held.present:
        raise MoreIssuedThanPresent(issued=held.issued, present=held.present)
    if held.returned > held.issued:
        raise MoreReturnedThanIssued(returned=held.returned, issued=held.issued)
    if held.valid + held.invalid != held.returned:
        raise BallotsDoNotAddUp(valid=held.valid, invalid=held.invalid, returned=held.returned)
    for votes in held.votes:
        total = votes.votes_for + votes.votes_against + votes.votes_abstained
        if total > held.valid:
            raise MoreVotesThanBallots(who=votes.name, votes=total, valid=held.valid)
    marks = sum(votes.votes_for for votes in held.votes) + held.others
    if marks > held.valid * held.seats:
        raise MoreMarksThanPlaces(marks=marks, valid=held.valid, seats=held.seats)
