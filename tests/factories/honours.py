"""Titles, honours, a selection at each of its stages, and a round of the banner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ronghe.domain.appraisal.facts import VETO_RAISED
from ronghe.domain.ballots.services.ballots import cast_votes
from ronghe.domain.honours.enums import Aspect, CallWay, HolderKind, HonourLevel
from ronghe.domain.honours.models import BannerRound, Honour, HonourCall, HonourTitle, Nomination
from ronghe.domain.honours.services.banner import open_round
from ronghe.domain.honours.services.calling import CallText, begin_vetting, nominate, open_call
from ronghe.domain.honours.services.catalogue import TitleText, keep_title
from ronghe.domain.honours.services.choosing import choose
from ronghe.domain.honours.services.register import HonourText, enter_honour
from ronghe.domain.honours.services.vetting import give_opinion
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record
from tests.factories.decisions import CommitteeStory, make_committee
from tests.factories.kept import kept
from tests.factories.org import make_body, make_person, make_post


@dataclass(frozen=True)
class HonourStory:
    """A committee with three branches, each with a secretary and members; a safety officer beside the clerk and the auditor."""

    field: CommitteeStory
    branches: list[PartyOrg]
    secretaries: list[Person]
    members: list[Person]
    safety: Person

    @property
    def committee(self) -> PartyOrg:
        return self.field.committee

    @property
    def clerk(self) -> Person:
        return self.field.clerk


@kept
def make_field(name: str = "采油三厂党委") -> HonourStory:
    field = make_committee(name)
    branches = [make_body(f"{name}第{number}党支部", parent=field.committee) for number in (1, 2, 3)]
    secretaries, members = [], []
    for who, branch in zip(("严立本", "盛长河", "季明轩"), branches, strict=True):
        secretary = make_person(who, home=branch)
        make_post(secretary, PostRole.SECRETARY, body=branch)
        secretaries.append(secretary)
        members.append(make_person(f"{who}的党员", home=branch))
    safety = make_person("安全员")
    make_post(safety, PostRole.HSE_OFFICER, body=field.committee)
    return HonourStory(field, branches, secretaries, members, safety)


def make_title(story: HonourStory, at: datetime, **changes) -> HonourTitle:
    given = {"name": "优秀共产党员", "level": HonourLevel.OILFIELD, "goes_to": HolderKind.PERSON, **changes}
    return keep_title(body=story.committee, text=TitleText(**given), actor=story.clerk, at=at)


def make_honour(story: HonourStory, at: datetime, **changes) -> Honour:
    title = changes.pop("title", None) or make_title(story, at)
    given = {
        "title": title, "year": 2026, "body": story.branches[0], "issuer": "油田公司党委", "awarded_on": date(2026, 7, 1),
        "person": story.members[0] if title.goes_to == HolderKind.PERSON else None,
    }  # fmt: skip
    return enter_honour(text=HonourText(**{**given, **changes}), actor=story.clerk, at=at)


def make_call(story: HonourStory, at: datetime, **changes) -> HonourCall:
    title = changes.pop("title", None) or make_title(story, at)
    given = {"title": title, "year": 2026, "quota": 2, "nominate_until": (at + timedelta(days=7)).date(), **changes}
    return open_call(body=story.committee, text=CallText(**given), actor=story.clerk, at=at)


def make_nominations(story: HonourStory, call: HonourCall, at: datetime) -> list[Nomination]:
    """Let each branch's secretary name its member, its body or its team, as the title goes."""
    made = []
    for branch, secretary, member in zip(story.branches, story.secretaries, story.members, strict=True):
        given = {
            HolderKind.PERSON: {"person": member}, HolderKind.TEAM: {"team": f"{branch.name}攻关队"}, HolderKind.BODY: {},
        }[HolderKind(call.title.goes_to)]  # fmt: skip
        made.append(nominate(call=call, by_body=branch, reasons="冲在前面。", actor=secretary, at=at, **given))
    return made


def vet(story: HonourStory, nomination: Nomination, at: datetime, *, passes: bool = True) -> None:
    who = {Aspect.DISCIPLINE: story.field.auditor, Aspect.SAFETY: story.safety}
    for aspect in nomination.call.aspects:
        give_opinion(
            nomination=nomination, aspect=Aspect(aspect), passes=passes, words="" if passes else "有通报",
            actor=who.get(Aspect(aspect), story.clerk), at=at,
        )  # fmt: skip


def make_vetted(story: HonourStory, at: datetime, **changes) -> tuple[HonourCall, list[Nomination]]:
    call = make_call(story, at, **changes)
    rows = make_nominations(story, call, at)
    begin_vetting(call=call, actor=story.clerk, at=at)
    for row in rows:
        vet(story, row, at)
    return call, rows


def make_noticed(story: HonourStory, at: datetime, **changes) -> tuple[HonourCall, list[Nomination]]:
    """Decide by a meeting that the first two are on the notice."""
    call, rows = make_vetted(story, at, way=CallWay.MEETING, **changes)
    choose(call=call, picked=rows[: call.quota], decision="党委会研究", actor=story.clerk, at=at)
    for row in rows:
        row.refresh_from_db()
        row.call = call
    return call, rows


def veto(body: PartyOrg, at: datetime, person: Person | None = None) -> Fact:
    """Record a veto as the appraisal does."""
    return record(Draft(VETO_RAISED, at, None, about=person, body=body.pk, attributes={"item": "violation"}))


def make_round(story: HonourStory, at: datetime, **changes) -> BannerRound:
    """Let the people of the third branch and more rate the first two as offices; everybody is asked."""
    while len(story.branches[2].memberships.all()) < 6:
        make_person(f"基层员工{len(story.branches[2].memberships.all())}", home=story.branches[2])
    given = {"year": 2026, "quarter": 3, "offices": story.branches[:2], "everybody": True, "least_votes": 5, **changes}
    return open_round(body=story.committee, actor=story.clerk, at=at, **given)


def rate(found: BannerRound, votes: list[tuple[int, int]], at: datetime) -> None:
    """Let the first raters rate both offices: 1 is 很满意, 6 is 不了解."""
    assert found.ballot is not None
    people = [row.person for row in found.ballot.voters.select_related("person").order_by("pk")]
    for person, (first, second) in zip(people, votes, strict=False):
        cast_votes(ballot=found.ballot, votes={1: first, 2: second}, actor=person, at=at)
