"""Counting a vote by the rule of its matter; three ways that are never mixed (PM-13), each kept by the elections."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ronghe.domain.elections.calc.admission import AdmissionMeeting, AdmissionVote, decide_admissions
from ronghe.domain.elections.calc.checks import Check
from ronghe.domain.elections.calc.figures import Figures
from ronghe.domain.elections.calc.general import GeneralMatter, decide_general


class Rule(StrEnum):
    """By which rule a matter is counted; the words of `enums.Matter`."""

    GENERAL = "general"
    ADMISSION = "admission"
    COMMITTEE = "committee"


class Outcome(StrEnum):
    """What a vote came to; the words of `enums.VoteOutcome`."""

    CARRIED = "carried"
    NOT_CARRIED = "not_carried"
    NO_QUORUM = "no_quorum"


@dataclass(frozen=True, slots=True)
class Electorate:
    """How many have a vote in the matter, and how many of them are there in person and signed in themselves (PM-15)."""

    entitled: int
    present: int


@dataclass(frozen=True, slots=True)
class VotesCast:
    """Votes of those present, and opinions handed in in writing before the meeting (PM-12)."""

    yes: int = 0
    no: int = 0
    abstained: int = 0
    written_yes: int = 0
    written_no: int = 0
    written_abstained: int = 0

    @property
    def there(self) -> int:
        return self.yes + self.no + self.abstained

    @property
    def written(self) -> int:
        return self.written_yes + self.written_no + self.written_abstained


@dataclass(frozen=True, slots=True)
class Counted:
    """What a vote came to, and the checks that say why: first who is there, then who agrees."""

    outcome: Outcome
    checks: tuple[Check, ...]


def count_votes(rule: Rule, electorate: Electorate, cast: VotesCast, *, is_secret: bool, figures: Figures) -> Counted:
    """Count a vote by its rule: PM-12 for an admission, PM-11 for general matters and for a committee's own.

    Elections (PE-09, PE-10) are counted in a room of their own.

    :raises VoteNotSecret: an admission voted on openly
    :raises DomainError: figures that do not fit together
    """
    if rule is Rule.ADMISSION:
        meeting = AdmissionMeeting(electorate.entitled, electorate.present, is_secret=is_secret)
        vote = AdmissionVote(
            1, cast.yes, cast.no, cast.abstained, cast.written_yes, cast.written_no, cast.written_abstained
        )
        (admission,) = decide_admissions(meeting, [1], [vote], figures)
        return Counted(_outcome(is_valid=admission.is_valid, is_carried=admission.is_accepted), admission.checks)
    general = GeneralMatter(electorate.entitled, electorate.present, cast.yes, cast.no, cast.abstained)
    decision = decide_general(general, figures)
    return Counted(_outcome(is_valid=decision.is_valid, is_carried=decision.is_carried), decision.checks)


def _outcome(*, is_valid: bool, is_carried: bool) -> Outcome:
    if not is_valid:
        return Outcome.NO_QUORUM
    return Outcome.CARRIED if is_carried else Outcome.NOT_CARRIED
