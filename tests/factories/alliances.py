"""An alliance of a branch with a production unit and a town, and whoever came in for the town."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ronghe.domain.alliances.enums import AllianceKind
from ronghe.domain.alliances.models import Alliance, AllianceDifficulty, Partner
from ronghe.domain.alliances.services.alliances import add_partner, found_alliance
from ronghe.domain.alliances.services.difficulties import raise_difficulty
from ronghe.domain.alliances.services.invitations import accept_invitation, invite_partner
from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.domain.org.models import PartyOrg, Person
from tests.factories.org import make_body, make_person, make_post, make_unit

NOW = datetime(2026, 9, 14, 7, 40, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = date(2026, 9, 14)
LOGIN, SECRET_WORD = "zhenfu", "Derrick-2026!"


@dataclass(frozen=True)
class AllianceStory:
    alliance: Alliance
    branch: PartyOrg
    secretary: Person
    member: Person
    outsider: Person
    town: Partner
    plant: Partner
    clerk_of_town: Person
    """Who came in by the invitation."""


def make_alliance(*, name: str = "绿电党建联盟", at: datetime = NOW) -> AllianceStory:
    unit = make_unit()
    committee = make_body(kind=PartyOrgKind.COMMITTEE)
    branch = make_body(parent=committee, unit=unit)
    secretary, member = make_person("张书记", home=branch, unit=unit), make_person(home=branch, unit=unit)
    make_post(secretary, PostRole.SECRETARY, body=branch)
    alliance = found_alliance(name=name, kind=AllianceKind.MIXED, body=branch, actor=secretary, at=at)
    town = add_partner(
        alliance=alliance, name="城南镇政府", contact_name="高镇长", contact_title="副镇长", phone="13800138000",
        actor=secretary, at=at,
    )  # fmt: skip
    plant = add_partner(alliance=alliance, name="第二采油厂", contact_name="马工", actor=secretary, at=at)
    clerk = come_in(town, secretary, at=at)
    return AllianceStory(alliance, branch, secretary, member, make_person("外人"), town, plant, clerk)


def come_in(partner: Partner, secretary: Person, *, at: datetime = NOW, login: str = LOGIN) -> Person:
    _made, secret = invite_partner(partner=partner, actor=secretary, at=at)
    person = accept_invitation(secret=secret, login=login, password=SECRET_WORD, at=at)
    partner.refresh_from_db()
    return person


def make_difficulty(
    story: AllianceStory, *, title: str = "用地审批", partner: Partner | None = None, at: datetime = NOW
) -> AllianceDifficulty:
    return raise_difficulty(
        alliance=story.alliance, partner=partner or story.town, title=title, due_on=TODAY + timedelta(days=20),
        actor=story.secretary, at=at,
    )  # fmt: skip
