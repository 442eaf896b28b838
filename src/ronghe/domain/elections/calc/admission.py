"""Admitting a probationary member, or confirming one (PM-12): more than half are there, the vote is secret, more than half
of the full members entitled agree; opinions handed in before in writing count; several people are voted on one by one.

One of three ways of counting that are never mixed (PM-13): it takes an `AdmissionMeeting` with its `AdmissionVote`s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ronghe.domain.elections.calc.checks import Check, more_than, refuse_crowd, refuse_impossible
from ronghe.domain.elections.calc.figures import Figures
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

RULE = "PM-12"


class VoteNotSecret(DomainError):
    code = "vote_not_secret"
    sentence = N_("接收预备党员和预备党员转正须无记名投票（PM-12）。请重新投票。")


class NotOneByOne(DomainError):
    code = "not_one_by_one"
    sentence = N_("两人以上须逐个讨论、逐个表决（PM-12）：每人一次，不能合并，也不能缺。")
    status = 422


class MoreVotesThanPresentForOne(DomainError):
    code = "more_votes_than_present_for_one"
    sentence = N_("现场票数共 %(votes)s，多于实到 %(present)s 人，请核对（PM-12）。")
    status = 422


class WrittenByPresent(DomainError):
    code = "written_by_present"
    sentence = N_("书面意见 %(written)s 份，多于没有到会的 %(absent)s 人；到会的人只在会上投票（PM-12），请核对。")
    status = 422


@dataclass(frozen=True, slots=True)
class AdmissionMeeting:
    """`entitled` and `present` count full members with a vote."""

    entitled: int
    present: int
    is_secret: bool


@dataclass(frozen=True, slots=True)
class AdmissionVote:
    """The vote on one `applicant`. `written_…` are opinions that absent members handed in before the meeting."""

    applicant: int
    yes: int
    no: int = 0
    abstained: int = 0
    written_yes: int = 0
    written_no: int = 0
    written_abstained: int = 0


@dataclass(frozen=True, slots=True)
class AdmissionDecision:
    """Whether the meeting could decide, and whether this applicant was accepted."""

    applicant: int
    quorum: Check
    majority: Check

    @property
    def is_valid(self) -> bool:
        return self.quorum.is_met

    @property
    def is_accepted(self) -> bool:
        return self.is_valid and self.majority.is_met

    @property
    def checks(self) -> tuple[Check, ...]:
        return (self.quorum, self.majority)


def decide_admissions(
    meeting: AdmissionMeeting,
    applicants: Sequence[int],
    votes: Sequence[AdmissionVote],
    figures: Figures = Figures(),  # noqa: B008 - frozen
) -> list[AdmissionDecision]:
    """Count the votes on the applicants of one meeting, in their order (PM-12).

    :raises VoteNotSecret: the vote was open
    :raises NotOneByOne: an applicant without a vote of the own, or with several
    :raises MoreVotesThanPresentForOne: more votes than people
    :raises WrittenByPresent: more written opinions than absent people
    :raises PresentOverEntitled: more people than were entitled
    """
    if not meeting.is_secret:
        raise VoteNotSecret
    refuse_impossible(meeting.entitled, meeting.present)
    refuse_crowd(meeting.present, meeting.entitled, RULE)
    if len(set(applicants)) != len(applicants) or [vote.applicant for vote in votes] != list(applicants):
        raise NotOneByOne
    return [_decide(meeting, vote, figures) for vote in votes]


def _decide(meeting: AdmissionMeeting, vote: AdmissionVote, figures: Figures) -> AdmissionDecision:
    cast = (vote.yes, vote.no, vote.abstained)
    written = (vote.written_yes, vote.written_no, vote.written_abstained)
    refuse_impossible(*cast, *written)
    if sum(cast) > meeting.present:
        raise MoreVotesThanPresentForOne(votes=sum(cast), present=meeting.present)
    absent = meeting.entitled - meeting.present
    if sum(written) > absent:
        raise WrittenByPresent(written=sum(written), absent=absent)
    quorum = Check(
        RULE,
        N_("应到 %(base)s 人，实到 %(have)s 人，须不少于 %(need)s 人（超过半数到会，PM-12）"),
        meeting.present,
        more_than(figures.admission_quorum, meeting.entitled),
        meeting.entitled,
    )
    majority = Check(
        RULE,
        N_("赞成 %(have)s 票（含会前书面意见），须不少于 %(need)s 票（超过应到会正式党员 %(base)s 人的半数，PM-12）"),
        vote.yes + vote.written_yes,
        more_than(figures.admission_win, meeting.entitled),
        meeting.entitled,
    )
    return AdmissionDecision(vote.applicant, quorum, majority)
