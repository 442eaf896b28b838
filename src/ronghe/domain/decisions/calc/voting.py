"""Counting what a leading body decides: PM-11 unless its list or its rules of procedure ask for more.

It takes a `Floor` and nothing else, so that it is never mixed with elections or admissions (PM-13).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from ronghe.domain.elections.calc.checks import Check, at_least, more_than, refuse_crowd, refuse_impossible
from ronghe.domain.elections.calc.general import MoreVotesThanPresent
from ronghe.kernel.words import N_

RULE = "PM-11"
HALF = Fraction(1, 2)


class Verdict(StrEnum):
    """The words of `enums.Outcome`."""

    CARRIED = "carried"
    NOT_CARRIED = "not_carried"
    NO_QUORUM = "no_quorum"


@dataclass(frozen=True, slots=True)
class VotingRule:
    """`quorum`: at least this share of those entitled is there. `majority`: of the entitled, or of those present.

    A majority of one half means more than half; any other share is enough when it is reached (三分之二以上).
    """

    quorum: Fraction = HALF
    majority: Fraction = HALF
    is_of_present: bool = False


@dataclass(frozen=True, slots=True)
class Floor:
    """Who votes: `members` of the body, `avoided` of them leave because they are concerned, `present` of the rest."""

    members: int
    avoided: int
    present: int

    @property
    def entitled(self) -> int:
        return self.members - self.avoided


@dataclass(frozen=True, slots=True)
class Counted:
    verdict: Verdict
    checks: tuple[Check, Check]


def count_matter(floor: Floor, rule: VotingRule, *, yes: int, no: int, abstained: int) -> Counted:
    """Count a matter by its rule; those who avoid are counted nowhere.

    :raises CountNegative: a number below nought
    :raises PresentOverEntitled: more are there than have a vote
    :raises MoreVotesThanPresent: more votes than people
    """
    refuse_impossible(floor.entitled, floor.present, yes, no, abstained)
    refuse_crowd(floor.present, floor.entitled, RULE)
    votes = yes + no + abstained
    if votes > floor.present:
        raise MoreVotesThanPresent(votes=votes, present=floor.present)
    quorum = Check(
        RULE, N_("应到 %(base)s 人，实到 %(have)s 人，须不少于 %(need)s 人"), floor.present,
        at_least(rule.quorum, floor.entitled), floor.entitled,
    )  # fmt: skip
    base = floor.present if rule.is_of_present else floor.entitled
    needed = more_than(rule.majority, base) if rule.majority == HALF else at_least(rule.majority, base)
    sentence = (
        N_("赞成 %(have)s 票，须不少于 %(need)s 票（按实到 %(base)s 人计）")
        if rule.is_of_present
        else N_("赞成 %(have)s 票，须不少于 %(need)s 票（按应到 %(base)s 人计）")
    )
    majority = Check(RULE, sentence, yes, max(needed, 1), base)
    if floor.entitled == 0 or not quorum.is_met:
        return Counted(Verdict.NO_QUORUM, (quorum, majority))
    return Counted(Verdict.CARRIED if majority.is_met else Verdict.NOT_CARRIED, (quorum, majority))
