"""The responsibility sheet: drafted, written, changed, ended, and read from each side (D9)."""

from __future__ import annotations

from datetime import date

import pytest

from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.zones.enums import ParticipantRole, SheetSide, SheetTopic
from ronghe.domain.zones.models import LineChange, ResponsibilityLine
from ronghe.domain.zones.rules import OnSide, parts_of
from ronghe.domain.zones.selectors.sheet import (
    changes_of,
    changes_seen_by,
    lines_of,
    lines_seen_by,
    said_in,
    side_counts,
    units_by_side,
)
from ronghe.domain.zones.selectors.sides import sides_held
from ronghe.domain.zones.services.parties import change_party
from ronghe.domain.zones.services.sheet import (
    LineIncomplete,
    LineThere,
    NothingToDraft,
    add_line,
    change_line,
    draft_sheet,
    end_line,
)
from ronghe.kernel.errors import NotAllowed, Stale
from tests.domain.playbooks.making import shipped
from tests.factories.org import make_body, make_person
from tests.factories.rhythm import make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return make_zone()


@pytest.fixture
def line(story, morning):
    return add_line(
        zone=story.zone, topic=SheetTopic.SAFETY, matter="动火监护", duty="全程监护", lead=SheetSide.BUILDER,
        assists=[SheetSide.SUPERVISION, SheetSide.BUILDER, SheetSide.TERRITORY], actor=story.lead, at=morning,
    )  # fmt: skip


def test_leading_side_never_assists_itself_and_assists_keep_their_order(line):
    assert (line.lead, line.assists, line.is_shared) == ("builder", ["territory", "supervision"], True)


def test_one_sheet_is_seen_from_four_sides(story, line):
    assert [lines_of(story.zone, side) == [line] for side in SheetSide] == [True, True, True, False]
    assert side_counts([line]) == {
        "territory": (0, 1), "builder": (1, 1), "supervision": (0, 1), "management": (0, 0),
    }  # fmt: skip
    assert units_by_side(story.zone, date(2026, 9, 14))["territory"] == ["采油一厂"]


def test_every_role_has_a_side():
    from ronghe.domain.zones.enums import SIDE_OF

    assert set(SIDE_OF) == set(ParticipantRole)


def test_draft_begins_with_contractor_safety_and_the_institutions_and_never_doubles_pc_06_pc_07(story, morning):
    by = {"zone": story.zone, "actor": story.lead, "at": morning}
    first = draft_sheet(**by)
    assert {"单位资质关", "HSE业绩关", "队伍素质关", "施工监督关", "现场管理关"} <= {line.matter for line in first}
    with pytest.raises(NothingToDraft):
        draft_sheet(**by)
    adopt_playbook(
        body=story.body, playbook=shipped("daqing_zone"), since=date(2026, 9, 1), actor=None, at=morning
    )  # fmt: skip

    assert {line.mechanism for line in draft_sheet(**by)} >= {"joint_conference", "contractor_safety", "daily_huddle"}


def test_every_change_keeps_what_was_said_before(story, line, morning):
    change_line(line=line, person=story.members[0], due_on=date(2026, 10, 1), actor=story.lead, at=morning)
    change_line(line=line, person=story.members[0], actor=story.lead, at=morning)

    [(latest, said), (added, _nothing)] = said_in(list(changes_of(story.zone)))
    assert (latest.kind, added.kind) == ("changed", "added")
    assert [(one.field, one.before, one.after) for one in said] == [
        ("person", "—", story.members[0].name), ("due_on", "—", "2026-10-01"),
    ]  # fmt: skip


def test_ended_line_is_off_the_sheet_and_its_matter_free(story, line, morning):
    end_line(line=line, actor=story.lead, at=morning)

    assert lines_of(story.zone) == []
    with pytest.raises(Stale):
        end_line(line=line, actor=story.lead, at=morning)
    with pytest.raises(Stale):
        change_line(line=line, matter="别的", actor=story.lead, at=morning)
    add_line(
        zone=story.zone, topic=SheetTopic.SAFETY, matter="动火监护", duty="x", lead=SheetSide.BUILDER, actor=story.lead,
        at=morning,
    )  # fmt: skip
    assert LineChange.objects.count() == 3


def test_second_line_of_a_matter_and_empty_ones_are_refused(story, line, morning):
    given = {
        "zone": story.zone,
        "topic": SheetTopic.SAFETY,
        "lead": SheetSide.BUILDER,
        "actor": story.lead,
        "at": morning,
    }

    with pytest.raises(LineThere, match="动火监护"):
        add_line(matter="动火监护", duty="x", **given)
    with pytest.raises(LineIncomplete):
        add_line(matter=" ", duty="x", **given)


def test_member_keeps_no_sheet(story, line, morning):
    by = {"actor": story.members[0], "at": morning}

    with pytest.raises(NotAllowed):
        draft_sheet(zone=story.zone, **by)
    with pytest.raises(NotAllowed):
        change_line(line=line, duty="x", **by)
    with pytest.raises(NotAllowed):
        end_line(line=line, **by)
    assert ResponsibilityLine.objects.get().duty == "全程监护"


def test_d9_each_side_reads_its_own_lines_and_the_shared_ones_and_no_outsider_any(story, line, morning):
    given = {"zone": story.zone, "topic": SheetTopic.QUALITY, "duty": "x", "actor": story.lead, "at": morning}
    add_line(matter="自检", lead=SheetSide.BUILDER, **given)
    add_line(matter="交底", lead=SheetSide.TERRITORY, **given)
    builder = story.zone.participating_units.get(role=ParticipantRole.CONSTRUCTOR).unit

    def read_by(person):
        return {found.matter for found in lines_seen_by(person, story.zone, morning)}

    assert read_by(story.members[0]) == {"动火监护", "交底"}
    assert read_by(make_person(unit=builder)) == {"动火监护", "自检"}
    assert read_by(make_person()) == {"动火监护"}
    assert read_by(story.lead) == {"动火监护", "自检", "交底"}
    assert {change.line.matter for change in changes_seen_by(story.members[0], story.zone, morning)} == {
        "动火监护", "交底",
    }  # fmt: skip
    assert sides_held(make_person(), story.zone, morning) == frozenset()
    assert OnSide().holds(story.members[0], frozenset(), story.zone, morning)
    assert not OnSide().holds(make_person(), frozenset(), story.zone, morning)


def test_a_contact_and_whoever_is_at_home_in_a_units_branch_stand_on_its_side(story, morning):
    party = story.zone.participating_units.get(role=ParticipantRole.CONSTRUCTOR)
    branch = make_body("路桥一公司党支部")
    contact, member = make_person(), make_person(home=branch)
    change_party(party=party, contact=contact, home_branch=branch, actor=story.clerk, at=morning)

    assert sides_held(contact, story.zone, morning) == sides_held(member, story.zone, morning) == {"builder"}
    assert list(parts_of(contact, morning.date())) == [party]
