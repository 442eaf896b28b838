"""Who is placed and what is known of them comes from what is on file."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ronghe.domain.members.enums import BroadKind
from ronghe.domain.members.models import BroadName
from ronghe.domain.org.enums import PoliticalStatus, PostRole, StaffingMode, UnitKind
from ronghe.domain.org.models import OperatorCertificate, PersonStatus, StationMode
from ronghe.domain.regrouping.calc.model import Standing
from ronghe.domain.regrouping.models import TravelTime
from ronghe.domain.regrouping.selectors.asking import gaps_of, question_of, usual_requirements
from ronghe.domain.regrouping.selectors.crew import crew_of
from ronghe.domain.regrouping.selectors.travel import GUESSED_LEG, ways_between
from tests.factories.org import LONG_AGO, make_person, make_post, make_unit
from tests.factories.regrouping import make_area, make_regrouping

pytestmark = pytest.mark.django_db


@pytest.fixture
def area():
    return make_area()


def member(crew, person):
    return next(one for one in crew.members if one.id == person.pk)


def test_a_branch_places_its_members_an_area_all_its_staff(area, morning):
    day = morning.date()

    assert set(crew_of(area.branch, None, day).people) == {one.pk for one in area.crew[:16]}
    assert set(crew_of(area.branch, area.unit, day).people) == {one.pk for one in area.crew}


def test_what_is_known_of_a_person(area, morning):
    leader = area.crew[8]
    OperatorCertificate.objects.create(person=leader, kind="压力容器", expires_on=morning.date() + timedelta(days=1))
    OperatorCertificate.objects.create(person=leader, kind="登高", expires_on=morning.date())
    BroadName.objects.create(unit=area.unit, kind=BroadKind.TRADE, old="管护", broad="管道")
    make_post(leader, PostRole.HSE_OFFICER, unit=area.unit)

    known = member(crew_of(area.branch, None, morning.date()), leader)

    assert (known.trade, known.broad_post, known.gender, known.age) == ("管道", "班站长", "2", 48)
    assert known.certificates == {"压力容器"}
    assert known.duties == {"党小组长", "安全管理"}
    assert (known.home_station, known.group, known.leads, known.can_lead) == (area.stations[2].pk, 1, True, True)
    assert known.party_months == 18 * 12 + 2


def test_po_09_a_probationary_member_leads_nothing(area, morning):
    person = area.crew[0]
    PersonStatus.objects.create(
        person=person, status=PoliticalStatus.PROBATIONARY_MEMBER, valid_from=LONG_AGO, valid_until=None
    )

    known = member(crew_of(area.branch, None, morning.date()), person)

    assert (known.standing, known.may_lead, known.can_lead) == (Standing.PROBATIONARY, True, False)


def test_staff_of_the_area_who_belong_elsewhere_count_for_trades_only(area, morning):
    stranger = make_person("别处党员", unit=area.stations[0])

    assert member(crew_of(area.branch, area.unit, morning.date()), stranger).standing is Standing.NONE


def test_the_home_station_is_the_nearest_above(area, morning):
    team = make_unit("巡检班", parent=area.stations[1], kind=UnitKind.TEAM)
    area.crew[0].unit = team
    area.crew[0].save()

    assert member(crew_of(area.branch, None, morning.date()), area.crew[0]).home_station == area.stations[1].pk


def test_any_manned_station_may_be_a_hub_until_hubs_are_named(area, morning):
    StationMode.objects.update(is_hub=False)
    StationMode.objects.filter(station=area.stations[2]).update(staffing=StaffingMode.UNATTENDED)

    hubs = {one.id: one.hub for one in crew_of(area.branch, None, morning.date()).stations}

    assert hubs == {area.stations[0].pk: True, area.stations[1].pk: True, area.stations[2].pk: False}


def test_reads_do_not_grow_with_people(area, morning):
    def reads():
        with CaptureQueriesContext(connection) as captured:
            crew_of(area.branch, area.unit, morning.date())
        return len(captured)

    before = reads()
    for _ in range(5):
        make_person(unit=area.stations[0])

    assert reads() == before


def test_usual_needs_are_two_of_a_trade_where_there_are_enough(area, morning):
    members = crew_of(area.branch, None, morning.date()).members

    needs = {one.name: one.minimum for one in usual_requirements(members, 3).needs}

    assert needs == {"运行": 2, "电仪": 2, "管护": 1}


def test_ways_go_over_other_stations_and_guesses_are_counted(area):
    keys = [one.pk for one in area.stations]
    TravelTime.objects.filter(a=keys[0], b=keys[2]).delete()

    ways = ways_between(keys)
    assert (ways.travel.between(keys[0], keys[2]), ways.known, ways.guessed) == (70, 2, 0)

    TravelTime.objects.all().delete()
    ways = ways_between(keys)
    assert (ways.travel.between(keys[0], keys[2]), ways.guessed) == (2 * GUESSED_LEG, 3)


def test_what_is_missing_is_told(area, morning):
    person = area.crew[1]
    person.trade, person.born_on, person.unit = None, None, None
    person.save()
    TravelTime.objects.all().delete()

    gaps = {gap.code: gap.sentence for gap in gaps_of(question_of(make_regrouping(area, morning)))}

    assert gaps["trade"] == "1 人没有工种：职工2"
    assert gaps["station"] == "1 人不在站场，路程按零计：职工2"
    assert gaps["age"] == "1 人没有出生日期：职工2"
    assert gaps["travel"] == "3 段路程是估计的"
    assert "gender" not in gaps


def test_months_and_years_turn_on_the_day(area):
    person = area.crew[0]  # born 1970-05-01, in the Party since 2000-07-01

    def on(day):
        known = member(crew_of(area.branch, None, day), person)
        return known.age, known.party_months

    assert on(date(2026, 4, 30)) == (55, 309)
    assert on(date(2026, 5, 1)) == (56, 310)
