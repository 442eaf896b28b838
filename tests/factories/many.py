"""More of everything in a zone's story, to see that a page costs the same among three and among three hundred."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ronghe.domain.obligations.models import Obligation
from ronghe.domain.org.enums import MembershipKind
from ronghe.domain.org.models import Membership, Person
from ronghe.domain.playbooks.models import Adoption
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.work.models import Task
from tests.domain.playbooks.making import THEME_DAY, playbook
from tests.factories.org import LONG_AGO
from tests.factories.rhythm import ZoneStory


def make_many(story: ZoneStory, count: int, at: datetime) -> None:
    """Add `count` people to the zone, and as many planned activities, open obligations and tasks of its body."""
    day = at.date()
    people = Person.objects.bulk_create(
        Person(name=f"职{n:04}", initials="z", unit=story.members[0].unit, valid_from=LONG_AGO) for n in range(count)
    )
    Membership.objects.bulk_create(
        Membership(person=person, body=body, kind=kind, valid_from=LONG_AGO)
        for person in people
        for body, kind in ((story.branch, MembershipKind.HOME), (story.body, MembershipKind.PARTICIPATION))
    )
    Task.objects.bulk_create(
        Task(
            title=f"第{n}件", body=story.body, zone=story.zone, assignee=people[n], opened_by=story.lead, opened_at=at,
            due_at=at + timedelta(hours=n + 1),
        )
        for n in range(count)
    )  # fmt: skip
    Activity.objects.bulk_create(
        Activity(activity_type=ActivityType.WEEKLY_MEETING, body=story.body, zone=story.zone, day=day, place="会议室")
        for _ in range(count)
    )
    Obligation.objects.bulk_create(_obligation(story, _adoption(story, at), n, day) for n in range(count))


def _adoption(story: ZoneStory, at: datetime) -> Adoption:
    kept = Adoption.objects.filter(body=story.body).select_related("version").first()
    return kept or adopt_playbook(
        body=story.body, playbook=playbook(THEME_DAY), since=at.date().replace(day=1), actor=None, at=at
    )


def _obligation(story: ZoneStory, adoption: Adoption, number: int, day: date) -> Obligation:
    return Obligation(
        body=story.body, version=adoption.version, mechanism="theme_day", occurrence=f"made-{number}", window_from=day,
        due_on=day + timedelta(days=number % 5), grace_until=day + timedelta(days=10), counts_on=day, is_provisional=False,
    )  # fmt: skip
