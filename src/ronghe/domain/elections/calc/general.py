"""Voting on general matters (PM-11): at least half of those entitled are there, more than half of those entitled agree.

One of three ways of counting that are never mixed (PM-13): it takes a `GeneralMatter` and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

from ronghe.domain.elections.calc.checks import Check, at_least, more_than, refuse_crowd, refuse_impossible
from ronghe.domain.elections.calc.figures import Figures
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

RULE = "PM-11"


class MoreVotesThanPresent(DomainError):
    code = "more_votes_than_present"
    sentence = N_("票数共 %(votes)s，多于实到 %(present)s 人，请核对（PM-11）。")
    status = 422


@dataclass(frozen=True, slots=True)
class GeneralMatter:
    """A vote of those present; `entitled` and `present` count people with a vote."""

    entitled: int
    present: int
    yes: int
    no: int = 0
    abstained: int = 0


@dataclass(frozen=True, slots=True)
class GeneralDecision:
    """Whether the meeting could vote, and whether the matter was carried; the checks say why."""

    quorum: Check
    majority: Check

    @property
    def is_valid(self) -> bool:
        return self.quorum.is_met

    @property
    def is_carried(self) -> bool:
        return self.is_valid and self.majority.is_met

    @property
    def checks(self) -> tuple[Check, ...]:
        return (self.quorum, self.majority)


def decide_general(matter: GeneralMatter, figures: Figures = Figures()) -> GeneralDecision:  # noqa: B008 - frozen
    """Count a general matter (PM-11).

    :raises MoreVotesThanPresent: more votes than people
    :raises PresentOverEntitled: more people than were entitled
    """
    refuse_impossible(matter.entitled, matter.present, matter.yes, matter.no, matter.abstained)
    refuse_crowd(matter.present, matter.entitled, RULE)
    votes = matter.yes + matter.no + matter.abstained
    if votes > matter.present:
        raise MoreVotesThanPresent(votes=votes, present=matter.present)
    quorum = Check(
        RULE,
        N_("应到 %(base)s 人，实到 %(have)s 人，须不少于 %(need)s 人（半数以上到会，PM-11）"),
        matter.present,
        at_least(figures.general_quorum, matter.entitled),
        matter.entitled,
    )
    majority = Check(
        RULE,
        N_("赞成 %(have)s 票，须不少于 %(need)s 票（超过应到会 %(base)s 人的半数，PM-11）"),
        matter.yes,
        more_than(figures.general_win, matter.entitled),
        matter.entitled,
    )
    return GeneralDecision(quorum, majority)
