"""An open secret ballot with voters of one branch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ronghe.domain.ballots.enums import YES_NO_ABSTAIN
from ronghe.domain.ballots.models import Ballot
from ronghe.domain.ballots.services.ballots import cast_votes, open_ballot
from ronghe.domain.org.enums import PartyOrgKind, PoliticalStatus, PostRole
from ronghe.domain.org.models import PartyOrg, Person
from tests.factories.org import make_body, make_person, make_post, make_unit


@dataclass(frozen=True)
class BallotStory:
    """A branch, its secretary who opens votes and does not vote here, and members who do."""

    branch: PartyOrg
    secretary: Person
    voters: list[Person]


def make_voters(number: int = 5) -> BallotStory:
    plant = make_unit("采油一厂")
    branch = make_body("南I-1联合站党支部", kind=PartyOrgKind.BRANCH, unit=plant)
    secretary = make_person("陈建国", home=branch)
    make_post(secretary, PostRole.SECRETARY, body=branch)
    voters = [
        make_person(f"党员{number}", home=branch, unit=plant, status=PoliticalStatus.FULL_MEMBER)
        for number in range(1, number + 1)
    ]
    return BallotStory(branch, secretary, voters)


def make_ballot(
    story: BallotStory, at: datetime, *, items: Sequence[str] = ("推荐王海为积极分子",),
    choices: Sequence[str] = YES_NO_ABSTAIN, least_shown: int = 3,
) -> Ballot:  # fmt: skip
    """Return an open ballot of the story's voters."""
    return open_ballot(
        title="推荐表决", items=items, choices=choices, voters=story.voters, body=story.branch, actor=story.secretary,
        at=at, least_shown=least_shown,
    )  # fmt: skip


def vote_all(ballot: Ballot, voters: Sequence[Person], choices: Sequence[int], at: datetime) -> None:
    """Let each voter give the choice of the same place for every item."""
    items = ballot.items.count()
    for person, choice in zip(voters, choices, strict=True):
        cast_votes(ballot=ballot, votes=dict.fromkeys(range(1, items + 1), choice), actor=person, at=at)
