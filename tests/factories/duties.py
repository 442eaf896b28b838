"""A zone with all four sides, and its sheet: opened, with rows of every source, issued."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ronghe.domain.agreements.enums import AgreementKind
from ronghe.domain.agreements.models import Agreement
from ronghe.domain.duties.calc.words import side_digests
from ronghe.domain.duties.enums import Part, Rhythm
from ronghe.domain.duties.models import DutyRow, DutySheet
from ronghe.domain.duties.selectors.reading import rows_of
from ronghe.domain.duties.services.accepting import agree_for_unit, issue_sheet
from ronghe.domain.duties.services.rows import RowText, SideShare, add_row
from ronghe.domain.duties.services.sheets import open_sheet
from ronghe.domain.org.models import AdminUnit, Person
from ronghe.domain.zones.enums import SIDE_OF, ParticipantRole, SheetSide, SheetTopic
from ronghe.domain.zones.models import ParticipatingUnit
from ronghe.domain.zones.services.parties import add_participating_unit, change_party
from ronghe.domain.zones.services.sheet import add_line
from tests.factories.agreements import make_agreement_in_force
from tests.factories.org import LONG_AGO, SET_UP_AT, make_body, make_person, make_unit
from tests.factories.rhythm import ZoneStory, make_zone

SIDES = [side.value for side in SheetSide]
ROLES = {
    "territory": ParticipantRole.HOST_SITE,
    "builder": ParticipantRole.CONSTRUCTOR,
    "supervision": ParticipantRole.SUPERVISOR,
    "management": ParticipantRole.PMC,
}


@dataclass
class DutyStory:
    """刘丽萍 leads the zone and keeps its sheet; each side has one unit, whose contact stands in `people`."""

    zone_story: ZoneStory
    parties: dict[str, ParticipatingUnit]
    people: dict[str, Person]
    outsider: Person
    sheet: DutySheet

    @property
    def zone(self):
        return self.zone_story.zone

    @property
    def lead(self) -> Person:
        return self.zone_story.lead

    def unit(self, side: str) -> AdminUnit:
        return self.parties[side].unit

    def rows(self, at: datetime):
        return rows_of(self.sheet, at.date())

    def row(self, title: str, at: datetime):
        return next(row for row in self.rows(at) if row.title == title)

    def digest(self, side: str, at: datetime) -> str:
        return side_digests([row.words for row in self.rows(at)])[side]

    def agree(self, side: str, at: datetime):
        return agree_for_unit(
            sheet=self.sheet, party=self.parties[side], digest=self.digest(side, at), actor=self.people[side], at=at
        )


def make_duties(at: datetime, *, rows: int = 2) -> DutyStory:
    """Return an opened sheet with `rows` rows: the first is led by the builder and shared, each further one the builder's own."""
    zone_story = make_zone()
    zone, people = zone_story.zone, {}
    names = {"territory": "王玉珍", "builder": "李江", "supervision": "何春", "management": "周敏"}
    for side, role in ROLES.items():
        if side in ("supervision", "management"):
            add_participating_unit(
                zone=zone, unit=make_unit(), role=role, since=LONG_AGO, actor=zone_story.clerk, at=SET_UP_AT
            )
        party = zone.participating_units.get(role=role)
        people[side] = make_person(names[side], unit=party.unit)
        change_party(party=party, contact=people[side], actor=zone_story.clerk, at=SET_UP_AT)
    parties = {
        SIDE_OF[party.role].value: party
        for party in zone.participating_units.select_related("unit", "zone__sponsor", "zone__body")
    }
    for number in range(rows):
        write_line(zone_story, people, at, f"第{number + 1}条责任", is_shared=number == 0)
    sheet = open_sheet(zone=zone, actor=zone_story.lead, at=at)
    return DutyStory(zone_story, parties, people, make_person("倪春梅", home=make_body("采油七队党支部")), sheet)


def write_line(story: ZoneStory, people: dict[str, Person], at: datetime, matter: str, *, is_shared: bool = False):
    """Write a line that the builder leads; shared with the supervisor."""
    return add_line(
        zone=story.zone, topic=SheetTopic.SAFETY, matter=matter, duty="全程监护", lead=SheetSide.BUILDER,
        assists=[SheetSide.SUPERVISION] if is_shared else [], person=people["builder"], cadence="每月", actor=story.lead,
        at=at,
    )  # fmt: skip


def put_row(
    story: DutyStory, at: datetime, *, matter: str = "动火监护", lead: str = "builder", rhythm: Rhythm | None = Rhythm.MONTH,
    shares: dict[str, SideShare] | None = None, **more,
) -> DutyRow:  # fmt: skip
    """Write a row of the zone's own that `lead` leads with its person."""
    given = {lead: SideShare(Part.LEAD, story.people[lead]), **(shares or {})}
    text = RowText(SheetTopic.SAFETY, matter, "全程监护", given, rhythm=rhythm, **more)
    return add_row(sheet=story.sheet, text=text, actor=story.lead, at=at)


def make_issued(at: datetime, *, rows: int = 2) -> DutyStory:
    """Return a sheet whose first version is issued; nobody agreed yet."""
    story = make_duties(at, rows=rows)
    issue_sheet(sheet=story.sheet, actor=story.lead, at=at)
    return story


def sign_safety(story: DutyStory, at: datetime) -> Agreement:
    """Return a safety agreement in force of the territory's and the builder's units on the zone's project."""
    project = story.zone.projects.get()
    branches = [make_body(unit=story.unit(side)) for side in ("territory", "builder")]
    return make_agreement_in_force(project=project, branches=branches, at=at, kind=AgreementKind.SAFETY)
