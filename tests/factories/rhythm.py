"""A running zone with its people, and huddles in every state."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from PIL import Image

from ronghe.domain.org.enums import MembershipKind, PartyOrgKind, PostRole
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.services.people import join_body
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.services.activities import open_activity, open_huddle, plan_activity
from ronghe.domain.work.models import Task
from ronghe.domain.work.services.files import Upload
from ronghe.domain.work.services.tasks import open_task
from ronghe.domain.zones.enums import ParticipantRole, ZoneMode
from ronghe.domain.zones.models import CollaborationZone
from ronghe.domain.zones.services.founding import agree_zone, approve_zone, propose_zone, start_zone
from ronghe.domain.zones.services.parties import add_participating_unit
from tests.factories.agreements import make_agreement_in_force
from tests.factories.kept import kept
from tests.factories.org import LONG_AGO, SET_UP_AT, make_body, make_person, make_post, make_unit
from tests.factories.projects import make_project

FAR_OFF = date(2030, 12, 31)


@dataclass(frozen=True)
class ZoneStory:
    """刘丽萍 leads the zone, 陈建国 is secretary of the committee above, and members of two branches take part."""

    zone: CollaborationZone
    committee: PartyOrg
    branch: PartyOrg
    clerk: Person
    lead: Person
    secretary: Person
    members: list[Person]

    @property
    def body(self) -> PartyOrg:
        assert self.zone.body is not None
        return self.zone.body


@kept
def make_zone(*, members: int = 3, name: str = "南I-1联合站改造协作区", plant_name: str = "采油一厂") -> ZoneStory:
    """Return a running zone with `members` participants besides its lead."""
    plant = make_unit(plant_name)
    committee = make_body(f"{plant_name}党委", kind=PartyOrgKind.COMMITTEE, unit=plant)
    branch = make_body("南I-1联合站党支部", parent=committee, unit=plant)
    clerk = make_person("周玉兰")
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=committee)
    secretary = make_person("陈建国", home=branch)
    make_post(secretary, PostRole.SECRETARY, body=committee)
    project = make_project(body=committee, unit=plant, actor=clerk, at=SET_UP_AT, name="南I-1联合站改造工程")
    zone = propose_zone(
        name=name, projects=[project], mode=ZoneMode.PROJECT_BASED, sponsor=committee, actor=clerk, at=SET_UP_AT,
        place="南I-1联合站会议室",
    )  # fmt: skip
    for unit, role in ((plant, ParticipantRole.HOST_SITE), (make_unit(), ParticipantRole.CONSTRUCTOR)):
        add_participating_unit(zone=zone, unit=unit, role=role, since=LONG_AGO, actor=clerk, at=SET_UP_AT)
    make_agreement_in_force(project=project, branches=[branch, committee], at=SET_UP_AT, since=LONG_AGO, until=FAR_OFF)
    agree_zone(zone=zone, actor=clerk, at=SET_UP_AT)
    approve_zone(zone=zone, approval_ref="庆油一厂党〔2025〕6号", actor=clerk, at=SET_UP_AT)
    start_zone(zone=zone, office_below=plant, since=LONG_AGO, actor=clerk, at=SET_UP_AT)
    lead = make_person("刘丽萍", home=branch, participates_in=zone.body)
    make_post(lead, PostRole.ZONE_LEAD, body=zone.body)
    people = [make_person(home=branch, participates_in=zone.body, unit=plant) for _ in range(members)]
    return ZoneStory(zone, committee, branch, clerk, lead, secretary, people)


def take_part(person: Person, body: PartyOrg) -> Person:
    """Let a person take part in a body."""
    join_body(person=person, body=body, kind=MembershipKind.PARTICIPATION, since=LONG_AGO, actor=None, at=SET_UP_AT)
    return person


def make_huddle(
    story: ZoneStory, at: datetime, *, activity_type: ActivityType = ActivityType.MORNING_HUDDLE
) -> Activity:
    """Return an open huddle of the zone."""
    return open_huddle(body=story.body, activity_type=activity_type, actor=story.lead, at=at)


def make_meeting(
    story: ZoneStory, at: datetime, *, activity_type: ActivityType = ActivityType.THEME_PARTY_DAY
) -> Activity:
    """Return an open activity of any type, planned for the hour it is opened in."""
    planned = plan_activity(
        activity_type=activity_type, body=story.body, place="会议室", scheduled_from=at,
        scheduled_until=at + timedelta(hours=1), actor=story.lead, at=at,
    )  # fmt: skip
    return open_activity(activity=planned, actor=story.lead, at=at)


def plan_meeting(
    story: ZoneStory,
    at: datetime,
    *,
    activity_type: ActivityType = ActivityType.THEME_PARTY_DAY,
    place: str = "食堂二楼",
) -> Activity:
    """Plan a meeting two days after `at`, by the lead, and leave it planned."""
    begins = at + timedelta(days=2)
    return plan_activity(
        activity_type=activity_type, body=story.body, place=place, scheduled_from=begins,
        scheduled_until=begins + timedelta(hours=1), actor=story.lead, at=at,
    )  # fmt: skip


def make_task(story: ZoneStory, at: datetime, *, assignee: Person | None = None, title: str = "清理3号沟") -> Task:
    """Return an open task of a zone's member, due in ten hours."""
    return open_task(
        title=title, assignee=assignee or story.members[0], due_at=at + timedelta(hours=10), body=story.body,
        zone=story.zone, actor=story.lead, at=at,
    )  # fmt: skip


def photo(
    *, color: tuple[int, int, int] = (200, 120, 40), size: tuple[int, int] = (64, 48), form: str = "JPEG",
    name: str = "现场.jpg", exif: bytes | None = None,
) -> Upload:  # fmt: skip
    """Return a real picture of one color."""
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, form, **({"exif": exif} if exif else {}))
    return Upload(name, io.BytesIO(out.getvalue()))
