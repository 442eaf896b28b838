"""A committee with branches that hand a playbook on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.playbooks.calc.model import Playbook
from ronghe.domain.rollouts.enums import Decision, Measure, RolloutKind
from ronghe.domain.rollouts.models import Rollout, Target
from ronghe.domain.rollouts.services.piloting import conclude_pilot, draft_rollout, review_pilot, start_pilot
from ronghe.domain.rollouts.services.spreading import roll_out
from tests.domain.playbooks.making import adopt, playbook
from tests.factories.kept import kept
from tests.factories.org import make_body, make_person, make_post

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 9, 14, 7, 40, tzinfo=SHANGHAI)
TODAY = NOW.date()
PILOT_FROM, PILOT_UNTIL = date(2026, 6, 1), date(2026, 8, 1)
DUE = date(2026, 10, 31)


@dataclass(frozen=True)
class RolloutStory:
    """周玉兰 keeps the committee's office; 刘丽 and 王强 are secretaries of the first two branches."""

    committee: PartyOrg
    branches: list[PartyOrg]
    clerk: Person
    secretaries: list[Person]
    outsider: Person
    book: Playbook

    @property
    def first(self) -> PartyOrg:
        return self.branches[0]


@kept
def make_story(*, branches: int = 3) -> RolloutStory:
    committee = make_body("采油二厂党委", kind=PartyOrgKind.COMMITTEE)
    rows = [make_body(f"采油{n}队党支部", parent=committee) for n in range(1, branches + 1)]
    clerk = make_person("周玉兰")
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=committee)
    secretaries = []
    for name, branch in zip(("刘丽", "王强"), rows, strict=False):
        secretary = make_person(name, home=branch)
        make_post(secretary, PostRole.SECRETARY, body=branch)
        secretaries.append(secretary)
    outsider = make_person("倪春梅", home=make_body("外厂党支部"))
    return RolloutStory(committee, rows, clerk, secretaries, outsider, playbook())


def drafted(story: RolloutStory, *, kind: RolloutKind = RolloutKind.MODEL, at: datetime = NOW) -> Rollout:
    return draft_rollout(
        body=story.committee, kind=kind, title="主题党日做法", playbook=story.book, actor=story.clerk, at=at,
        purpose="把主题党日办到现场",
    )  # fmt: skip


def piloted(story: RolloutStory) -> Rollout:
    """The first branch worked by an earlier version before, so there is something to compare with."""
    adopt(story.first, playbook(playbook_id="older_book"), date(2026, 1, 1))
    rollout = drafted(story, at=NOW - timedelta(days=120))
    start_pilot(
        rollout=rollout, bodies=[story.first], from_on=PILOT_FROM, until_on=PILOT_UNTIL, measures=list(Measure),
        actor=story.clerk, at=NOW - timedelta(days=105),
    )  # fmt: skip
    return rollout


def concluded(story: RolloutStory) -> Rollout:
    rollout = piloted(story)
    conclude_pilot(rollout=rollout, findings="现场办，人到得齐。", actor=story.clerk, at=NOW)
    return rollout


def reviewed(story: RolloutStory, decision: Decision = Decision.APPROVED) -> Rollout:
    rollout = concluded(story)
    review_pilot(rollout=rollout, decision=decision, reasons="前后对照清楚。", actor=story.clerk, at=NOW)
    return rollout


def rolled_out(story: RolloutStory) -> tuple[Rollout, list[Target]]:
    rollout = reviewed(story)
    return rollout, roll_out(rollout=rollout, bodies=story.branches, due_on=DUE, actor=story.clerk, at=NOW)
