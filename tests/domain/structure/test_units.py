"""Units move, are renamed and closed; stations with their duties and regions; figures that the unit sets."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.org.calc.stations import StationDuty
from ronghe.domain.org.enums import PartyOrgKind, PoliticalStatus, PostRole, StaffingMode, UnitKind
from ronghe.domain.org.models import StationMode
from ronghe.domain.org.services.people import move_in_group
from ronghe.domain.org.services.trees import set_station_mode
from ronghe.domain.structure.selectors.figures import figures_in_force
from ronghe.domain.structure.selectors.stations import duties_of, mode_of, regions_on, stations_missing_party_duty
from ronghe.domain.structure.services.checking import Incomplete, SameAsBefore
from ronghe.domain.structure.services.deciding import NoReason
from ronghe.domain.structure.services.figures import FigureTooLarge, NoSuchFigure, may_set_figures, set_figure
from ronghe.domain.structure.services.units import (
    NotYet,
    UnitBegunLater,
    UnitNotEmpty,
    close_unit,
    move_unit,
    rename_unit,
)
from ronghe.kernel.db.tree import InsideItself, parent_of
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from tests.domain.structure.making import NOW, TODAY, days, home, make_field, member
from tests.factories.org import LONG_AGO, SET_UP_AT, make_body, make_person, make_post, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def field():
    return make_field()


@pytest.fixture
def area(field):
    return make_unit("仪陇作业区", parent=field.plant)


@pytest.fixture
def station(area):
    return make_unit("中心站", parent=area, kind=UnitKind.STATION)


def mode(station, staffing, **further):
    set_station_mode(station=station, staffing=staffing, since=LONG_AGO, actor=None, at=SET_UP_AT, **further)


def test_a_unit_moves_and_is_renamed_from_a_day_on(field, area, station):
    other = make_unit("营山作业区", parent=field.plant)
    move_unit(unit=station, parent=other, since=days(-10), actor=field.clerk, at=NOW)
    rename_unit(unit=station, name="营山中心站", since=days(-5), actor=field.clerk, at=NOW)

    assert (parent_of(station, days(-11)), parent_of(station, days(-10))) == (area, other)
    assert station.former_identities.get().name == "中心站"
    assert {"org.unit_moved", "structure.unit_renamed"} <= set(Fact.objects.values_list("kind", flat=True))


def test_units_are_the_affair_of_the_committees_office(field, area, station):
    for act in (
        lambda: move_unit(unit=station, parent=field.plant, since=TODAY, actor=field.secretary, at=NOW),
        lambda: rename_unit(unit=station, name="甲", since=TODAY, actor=field.secretary, at=NOW),
        lambda: close_unit(unit=station, until=TODAY, actor=field.secretary, at=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert area.pk


def test_impossible_changes_of_units_are_refused(field, area, station):
    with pytest.raises(InsideItself):
        move_unit(unit=area, parent=station, since=TODAY, actor=field.clerk, at=NOW)
    with pytest.raises(SameAsBefore):
        move_unit(unit=station, parent=area, since=TODAY, actor=field.clerk, at=NOW)
    with pytest.raises(SameAsBefore):
        rename_unit(unit=station, name="中心站", since=TODAY, actor=field.clerk, at=NOW)
    with pytest.raises(Incomplete):
        rename_unit(unit=station, name=" ", since=TODAY, actor=field.clerk, at=NOW)
    with pytest.raises(NotYet):
        rename_unit(unit=station, name="甲", since=days(1), actor=field.clerk, at=NOW)
    with pytest.raises(UnitBegunLater):
        close_unit(unit=station, until=LONG_AGO - timedelta(days=1), actor=field.clerk, at=NOW)


def test_a_unit_with_something_left_inside_is_not_closed_and_says_what(field, area, station):
    make_person("罗一鸣", unit=area)
    make_body("仪陇党支部", parent=field.east, unit=area)
    with pytest.raises(UnitNotEmpty) as refusal:
        close_unit(unit=area, until=TODAY, actor=field.clerk, at=NOW)
    assert str(refusal.value) == (
        "“仪陇作业区”里还有：1 人、下级单位“中心站”、党组织“仪陇党支部”。请先调整到别处，再撤销。"
    )
    outer = make_unit("无人站", parent=area, kind=UnitKind.STATION)
    mode(station, StaffingMode.ATTENDED, is_hub=True)
    mode(outer, StaffingMode.UNATTENDED, hub=station)
    with pytest.raises(UnitNotEmpty, match="所辖站场“无人站”"):
        close_unit(unit=station, until=TODAY, actor=field.clerk, at=NOW)


def test_a_closed_unit_ends_its_posts_and_its_mode(field, station):
    mode(station, StaffingMode.ATTENDED)
    post = make_post(make_person("站长"), PostRole.TEAM_LEADER, unit=station)

    close_unit(unit=station, until=TODAY, actor=field.clerk, at=NOW)

    post.refresh_from_db()
    assert (post.valid_until, StationMode.objects.get().valid_until, station.valid_until) == (TODAY, TODAY, TODAY)


def test_al_16_hubs_have_their_regions_on_a_day(field, area, station):
    """AL-16: who lies in whose region is dated."""
    outer, lonely = (make_unit(name, parent=area, kind=UnitKind.STATION) for name in ("东站", "西站"))
    mode(station, StaffingMode.ATTENDED, is_hub=True)
    mode(outer, StaffingMode.UNATTENDED, hub=station)
    mode(lonely, StaffingMode.SPARSE)
    set_station_mode(
        station=lonely, staffing=StaffingMode.UNATTENDED, since=TODAY, hub=station, actor=field.clerk, at=NOW
    )

    def regions(day):
        return [
            (region.hub.station.name if region.hub else None, [row.station.name for row in region.stations])
            for region in regions_on(field.clerk, NOW, day)
        ]

    assert regions(days(-1)) == [("中心站", ["东站"]), (None, ["西站"])]
    assert regions(TODAY) == [("中心站", ["东站", "西站"])]
    assert regions_on(field.stranger, NOW, TODAY) == []


def test_al_15_duties_follow_the_mode_and_the_units_own_figure(field, station):
    """AL-15: a sparsely attended station has a Party duty where the unit says so."""
    mode(station, StaffingMode.SPARSE)
    row = mode_of(station, TODAY)
    assert StationDuty.PARTY not in duties_of(row, figures_in_force())

    set_figure(code="sparse.party_duty", figure=1, grounds="厂党委决定", actor=field.clerk, at=NOW)

    assert StationDuty.PARTY in duties_of(row, figures_in_force())


def test_al_15_an_attended_station_without_a_member_is_found(field, area, station, django_assert_max_num_queries):
    """AL-15: a member in the station, in a team of it, or in a group attached to it is enough."""
    mode(station, StaffingMode.ATTENDED)
    mode(make_unit("无人站", parent=area, kind=UnitKind.STATION), StaffingMode.UNATTENDED)
    team = make_unit("一班", parent=station, kind=UnitKind.TEAM)
    make_person("群众", unit=team, status=PoliticalStatus.MASSES)
    with django_assert_max_num_queries(6):
        assert list(stations_missing_party_duty(TODAY)) == [station]
    assert list(stations_missing_party_duty(LONG_AGO - timedelta(days=1))) == []

    group = make_body("站组", parent=field.south, kind=PartyOrgKind.PARTY_GROUP, unit=team)
    luo = member("罗一鸣", field.south)
    move_in_group(membership=home(luo), group=group, since=TODAY, actor=None, at=NOW)

    assert list(stations_missing_party_duty(TODAY)) == []
    assert list(stations_missing_party_duty(days(-1))) == [station]
    make_person("站上的党员", unit=team)
    assert list(stations_missing_party_duty(days(-1))) == []


def test_figures_are_set_by_the_office_of_the_uppermost_committee(field):
    assert (may_set_figures(field.clerk, NOW), may_set_figures(field.secretary, NOW)) == (True, False)
    wanted = {"code": "branch.max_members", "grounds": "厂党委决定", "at": NOW}
    with pytest.raises(NotAllowed):
        set_figure(figure=60, actor=field.secretary, **wanted)
    with pytest.raises(FigureTooLarge):
        set_figure(figure=2, actor=field.clerk, **{**wanted, "code": "sparse.party_duty"})
    with pytest.raises(NoSuchFigure):
        set_figure(figure=2, actor=field.clerk, **{**wanted, "code": "no.such"})
    with pytest.raises(NoReason):
        set_figure(figure=2, actor=field.clerk, **{**wanted, "grounds": " "})

    set_figure(figure=60, actor=field.clerk, **wanted)
    set_figure(figure=55, actor=field.clerk, **wanted)

    assert figures_in_force()["branch.max_members"] == 55
    assert Fact.objects.filter(kind="structure.figure_set").count() == 2
