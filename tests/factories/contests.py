"""Contests of branches, teams and people, with facts that count in them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from ronghe.domain.contests.enums import EntryKind
from ronghe.domain.contests.models import Contest, ContestMark
from ronghe.domain.contests.services.contests import ContestText, HeadText, judge_entries, open_contest
from ronghe.domain.honours.enums import HolderKind, HonourLevel
from ronghe.domain.honours.models import HonourTitle
from ronghe.domain.org.models import AdminUnit, Person
from ronghe.domain.work.facts import TASK_ACCEPTED
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record
from tests.factories.honours import HonourStory, make_field, make_title
from tests.factories.org import make_unit

__all__ = ["HonourStory", "make_field"]
BOTH = (HeadText("比干劲", 60, "tasks"), HeadText("比技能", 40))
COUNTED = (HeadText("比业绩", 100, "tasks"),)


def make_contest(story: HonourStory, at: datetime, **changes) -> Contest:
    """Open a contest of the three branches until the end of the month; the officer and the auditor judge."""
    day = at.date()
    given = {
        "name": "百日上产劳动竞赛", "starts_on": day - timedelta(days=13), "ends_on": date(day.year, day.month, 28),
        "heads": BOTH, "bodies": story.branches, "judges": [story.safety, story.field.auditor], **changes,
    }  # fmt: skip
    if given.get("entry_kind", EntryKind.BODY) != EntryKind.BODY:
        given["bodies"] = ()
    actor, body = given.pop("actor", story.clerk), given.pop("body", story.committee)
    return open_contest(body=body, text=ContestText(**given), actor=actor, at=at)


def make_prize(story: HonourStory, at: datetime, goes_to: HolderKind = HolderKind.BODY) -> HonourTitle:
    return make_title(story, at, name="劳动竞赛优胜", level=HonourLevel.UNIT, goes_to=goes_to)


def make_teams(story: HonourStory) -> list[AdminUnit]:
    """Make two teams at the committee's unit."""
    return [make_unit(f"{name}班", parent=story.committee.unit, kind="team") for name in ("采油一", "采油二")]


def accepted(person: Person, at: datetime, *, times: int = 1) -> list[Fact]:
    return [
        record(Draft(TASK_ACCEPTED, at, person, about=person, attributes={"on_time": True, "rounds": 1}))
        for _ in range(times)
    ]


def judge_all(story: HonourStory, contest: Contest, at: datetime, points: tuple[tuple[int, int], ...]) -> None:
    """Let both judges mark every entry by name under each judged head: a pair of points an entry."""
    entries = list(contest.entries.order_by("name", "pk"))
    for head in contest.heads.filter(figure=""):
        for seat, judge in enumerate((story.safety, story.field.auditor)):
            given = {entry.pk: Decimal(pair[seat]) for entry, pair in zip(entries, points, strict=True)}
            judge_entries(contest=contest, head=head, points=given, actor=judge, at=at)
    assert ContestMark.objects.filter(entry__contest=contest).count() >= len(entries)
