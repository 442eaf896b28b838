"""A hearing of three secretaries, with groups that mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ronghe.domain.ballots.models import Ballot
from ronghe.domain.ballots.services.ballots import cast_votes
from ronghe.domain.hearings.enums import GroupKind
from ronghe.domain.hearings.models import EvaluatorGroup, Hearing, HearingReporter
from ronghe.domain.hearings.services.marking import count_marks, open_marking
from ronghe.domain.hearings.services.planning import HearingText, plan_hearing, set_evaluators
from ronghe.domain.org.enums import PoliticalStatus, PostRole
from ronghe.domain.org.models import PartyOrg, Person
from tests.factories.decisions import CommitteeStory, make_committee
from tests.factories.kept import kept
from tests.factories.org import make_body, make_person, make_post


@dataclass(frozen=True)
class HearingStory:
    """The committee, the secretaries of its three branches, and people of each kind who mark."""

    field: CommitteeStory
    secretaries: list[Person]
    branches: list[PartyOrg]
    delegates: list[Person]
    workers: list[Person]

    @property
    def committee(self) -> PartyOrg:
        return self.field.committee


@kept
def make_field(name: str = "采油一厂党委") -> HearingStory:
    field = make_committee(name)
    branches = [field.branch, *(make_body(f"第{number}作业区党支部", parent=field.committee) for number in (2, 3))]
    secretaries = []
    for name, branch in zip(("闫国庆", "韩雪松", "于德江"), branches, strict=True):
        secretary = make_person(name, home=branch)
        make_post(secretary, PostRole.SECRETARY, body=branch)
        secretaries.append(secretary)
    delegates = [make_person(f"党员代表{number}", home=branches[1]) for number in range(1, 5)]
    unit = field.committee.unit
    workers = [make_person(f"职工{number}号", unit=unit, status=PoliticalStatus.MASSES) for number in range(1, 5)]
    return HearingStory(field, secretaries, branches, delegates, workers)


def text_of(story: HearingStory, at: datetime, **changes) -> HearingText:
    begins = at + timedelta(days=10)
    given = {
        "title": "2026年度党支部书记抓党建述职评议会", "year": 2026, "chair": story.field.deputy, "starts_at": begins,
        "ends_at": begins + timedelta(hours=3), "place": "二楼会议室", "reports_due_on": (at + timedelta(days=7)).date(),
    }  # fmt: skip
    return HearingText(**{**given, **changes})


def make_hearing(story: HearingStory, at: datetime, **changes) -> Hearing:
    """Plan a hearing with everything proposed, and the delegates and workers named."""
    hearing = plan_hearing(body=story.committee, text=text_of(story, at, **changes), actor=story.field.clerk, at=at)
    for kind, people in ((GroupKind.MEMBERS, story.delegates), (GroupKind.EMPLOYEES, story.workers)):
        group = EvaluatorGroup.objects.select_related("hearing__body").get(hearing=hearing, kind=kind)
        set_evaluators(group=group, people=people, weight=group.weight, actor=story.field.clerk, at=at)
    return hearing


def mark(hearing: Hearing, kind: GroupKind, marks: Sequence[Sequence[int]], at: datetime) -> Ballot:
    """Let the first people of a group mark: for each of them the choice for each reporter, from 1."""
    group = EvaluatorGroup.objects.select_related("ballot").get(hearing=hearing, kind=kind)
    people = [row.person for row in group.evaluators.select_related("person").order_by("person__name", "pk")]
    assert group.ballot is not None
    for person, choices in zip(people, marks, strict=False):
        cast_votes(ballot=group.ballot, votes=dict(enumerate(choices, start=1)), actor=person, at=at)
    return group.ballot


def make_counted(story: HearingStory, at: datetime, **changes) -> Hearing:
    """Plan, mark and count: the leaders find the first good and the last poor, the others everybody good."""
    hearing = make_hearing(story, at, **changes)
    open_marking(hearing=hearing, actor=story.field.clerk, at=at)
    mark(hearing, GroupKind.LEADERS, [(1, 2, 4)] * 5, at)
    for kind in (GroupKind.PEERS, GroupKind.MEMBERS, GroupKind.EMPLOYEES):
        mark(hearing, kind, [(1, 1, 1)] * 3, at)
    return count_marks(hearing=Hearing.objects.get(pk=hearing.pk), actor=story.field.clerk, at=at)


def reporter_of(hearing: Hearing, person: Person) -> HearingReporter:
    return HearingReporter.objects.select_related("hearing__body", "person", "body").get(hearing=hearing, person=person)
