"""The site: its plan, offices and numbers; wind, alarms and what else goes on; clashes before the issue and live; the clock."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from ronghe.domain.permits.calc.profiles import SettingUnfit, SettingUnknown
from ronghe.domain.permits.documents import permit_document
from ronghe.domain.permits.enums import ActivityKind, PermitKind, PermitState, SignRole, StopReason
from ronghe.domain.permits.models import Permit
from ronghe.domain.permits.selectors.clocks import clock_of
from ronghe.domain.permits.selectors.permits import (
    conflicts_asked,
    list_permits,
    permits_filtered,
    permits_seen_by,
    pictures_of,
    view_of,
)
from ronghe.domain.permits.selectors.sites import (
    activities_of,
    bodies_to_make_site_for,
    notices_of,
    numbers_of,
    offices_of,
    people_offered,
    profile_of,
    sites_seen_by,
    sites_to_request_at,
)
from ronghe.domain.permits.services.requesting import submit_permit
from ronghe.domain.permits.services.sites import (
    HoursWrong,
    OfficeHeld,
    OfficeUnknown,
    PlanWrong,
    SiteNameMissing,
    SiteThere,
    SourceMissing,
    appoint_office,
    end_office,
    make_site,
    renew_code,
    set_baseline,
    set_number,
)
from ronghe.domain.permits.services.telling import Lacking
from ronghe.domain.permits.services.waiting import handovers_to_take, permits_led, permits_to_sign
from ronghe.domain.permits.services.watching import (
    ActivityClashes,
    ActivityText,
    ActivityWrong,
    AlarmUntold,
    WindWrong,
    clear_alarm,
    declare_activity,
    end_activity,
    raise_alarm,
    read_wind,
)
from ronghe.domain.permits.services.working import name_coordinator, resume_permit
from ronghe.kernel.errors import NotAllowed, NotFound
from tests.factories.permits import (
    active,
    analysed,
    approver_of,
    briefed,
    fresh,
    issued,
    make_story,
    requested,
    sign,
    submitted,
    verified,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(morning):
    return make_story(morning)


def codes(error):
    return [one.code for one in error.value.lacks]


def activity(morning, kind=ActivityKind.VENT_GAS, *, x="110", hours=(0, 2), **changes):
    first, last = (morning + timedelta(hours=hour) for hour in hours)
    given = {"kind": kind, "what": "放空", "starts_at": first, "ends_at": last, "x_m": Decimal(x), "y_m": Decimal(80)}
    return ActivityText(**(given | changes))


def test_a_site_is_kept_by_those_who_answer_for_safety(story, morning):
    keep = {"actor": story.keeper, "at": morning}
    with pytest.raises(NotAllowed):
        make_site(body=story.body, name="另一处", profile="cnpc", actor=story.leader, at=morning)
    for name, more, error in (
        ("", {}, SiteNameMissing),
        ("喇I-1联合站", {}, SiteThere),
        ("另", {"width_m": 9}, PlanWrong),
    ):
        with pytest.raises(error):
            make_site(body=story.body, name=name, profile="cnpc", **more, **keep)
    with pytest.raises(NotFound):
        make_site(body=story.body, name="另一处", profile="osha", **keep)
    with pytest.raises(OfficeUnknown):
        appoint_office(site=story.site, office="king", person=story.leader, **keep)
    with pytest.raises(OfficeHeld):
        appoint_office(site=story.site, office="host", person=story.offices["host"], **keep)
    row = offices_of(story.site, morning).get(office="leader")
    end_office(office=row, **keep)
    assert not offices_of(story.site, morning).filter(office="leader").exists()
    before = story.site.code
    assert renew_code(site=story.site, **keep).code != before
    assert (
        list(sites_seen_by(story.welder, morning)) == list(sites_to_request_at(story.welder, morning)) == [story.site]
    )
    assert list(sites_seen_by(story.outsider, morning)) == []
    assert story.body in bodies_to_make_site_for(story.keeper, morning)
    assert story.welder in people_offered(story.site, morning)


def test_own_numbers_are_set_with_their_source_and_taken_back(story, morning):
    def put(key, value, source="厂规 3 号"):
        return set_number(site=story.site, key=key, value=value, source=source, actor=story.keeper, at=morning)

    with pytest.raises(SettingUnknown):
        put("no.such", Decimal(1))
    with pytest.raises(SettingUnfit):
        put("gas.fresh_min", Decimal(31))
    with pytest.raises(SourceMissing):
        put("gas.fresh_min", Decimal(20), " ")
    put("gas.fresh_min", Decimal(20))
    assert profile_of(story.site).number("gas.fresh_min") == 20
    assert [one.is_own for one in numbers_of(story.site) if one.key == "gas.fresh_min"] == [True]
    put("gas.fresh_min", None)
    assert profile_of(story.site).number("gas.fresh_min") == 30


def test_pw_24_wind_stops_what_it_is_too_strong_for(story, morning):
    high, lift = active(story, morning, "work_at_height"), active(story, morning, "lifting")
    with pytest.raises(WindWrong):
        read_wind(site=story.site, level=18, actor=story.offices["host"], at=morning)
    with pytest.raises(NotAllowed):
        read_wind(site=story.site, level=3, actor=story.outsider, at=morning)

    assert [
        read_wind(site=story.site, level=level, actor=story.offices["host"], at=morning)[1] for level in (4, 5, 6)
    ] == [0, 1, 1]

    assert {fresh(high).stop_reason, fresh(lift).stop_reason} == {StopReason.WIND}
    with pytest.raises(Lacking) as refused:
        resume_permit(permit=fresh(lift), actor=story.leader, at=morning)
    assert codes(refused) == ["wind"]
    later = morning + timedelta(minutes=20)
    read_wind(site=story.site, level=5, actor=story.offices["host"], at=later)
    assert resume_permit(permit=fresh(lift), actor=story.leader, at=later).state == PermitState.ACTIVE


def test_an_alarm_stops_its_area_until_it_is_cleared(story, morning):
    here, there = active(story, morning), active(story, morning, "lifting", area="A2", x_m=Decimal(300))
    with pytest.raises(AlarmUntold):
        raise_alarm(site=story.site, text="", actor=story.offices["host"], at=morning)

    notice, stopped = raise_alarm(
        site=story.site, text="可燃气体报警", area="A1", actor=story.offices["host"], at=morning
    )

    assert (stopped, fresh(here).stop_reason, fresh(there).state) == (1, StopReason.ALARM, PermitState.ACTIVE)
    with pytest.raises(Lacking) as refused:
        resume_permit(permit=fresh(here), actor=story.leader, at=morning)
    assert codes(refused) == ["alarm"]
    clear_alarm(notice=notice, actor=story.offices["host"], at=morning)
    assert fresh(here).state == PermitState.SUSPENDED
    assert resume_permit(permit=fresh(here), actor=story.leader, at=morning).state == PermitState.ACTIVE
    assert [row.kind for row in notices_of(story.site)] == ["alarm"]


def test_pw_51_a_clash_is_found_before_the_issue(story, morning):
    hot = verified(story, morning)
    plate = verified(story, morning, "blind_plate", x_m=Decimal(120))

    assert [(clash.rule, is_issued) for clash, is_issued in conflicts_asked(hot, morning)] == [("PW-51", False)]
    sign(story, hot, SignRole.APPROVER, approver_of(story, hot), morning)
    with pytest.raises(Lacking, match="冲突") as refused:
        sign(story, plate, SignRole.APPROVER, approver_of(story, plate), morning)
    assert codes(refused) == ["clash"]
    assert [(clash.rule, is_issued) for clash, is_issued in conflicts_asked(plate, morning)] == [("PW-51", True)]


def test_pw_05_crossing_lifts_want_a_coordinator(story, morning):
    issued(story, morning, "lifting", reach_m=Decimal(20))
    other = verified(story, morning, "lifting", reach_m=Decimal(20), x_m=Decimal(130))

    with pytest.raises(Lacking) as refused:
        sign(story, other, SignRole.APPROVER, approver_of(story, other), morning)
    assert codes(refused) == ["coordinator"]
    name_coordinator(permit=other, person=story.offices["coordinator"], actor=story.offices["host"], at=morning)
    assert sign(story, other, SignRole.APPROVER, approver_of(story, other), morning).state == PermitState.APPROVED


def test_pw_50_what_would_clash_is_refused_and_what_happens_already_stops_the_fire(story, morning):
    hot, host = active(story, morning), story.offices["host"]
    for changes in ({"what": ""}, {"hours": (-2, 0)}, {"y_m": None}):
        with pytest.raises(ActivityWrong):
            declare_activity(site=story.site, text=activity(morning, **changes), actor=host, at=morning)
    with pytest.raises(ActivityClashes, match=hot.number):
        declare_activity(site=story.site, text=activity(morning), actor=host, at=morning)
    far, _stopped = declare_activity(site=story.site, text=activity(morning, x="131"), actor=host, at=morning)
    made, stopped = declare_activity(site=story.site, text=activity(morning), actor=host, at=morning, is_happening=True)
    assert (stopped, fresh(hot).stop_reason) == (1, StopReason.CONFLICT)
    assert list(activities_of(story.site, morning)) == [far, made]
    with pytest.raises(Lacking) as refused:
        resume_permit(permit=fresh(hot), actor=story.leader, at=morning)
    assert codes(refused) == ["clash"]
    end_activity(activity=made, actor=host, at=morning)
    assert resume_permit(permit=fresh(hot), actor=story.leader, at=morning).state == PermitState.ACTIVE


def test_pw_04_hot_work_in_a_confined_space_is_two_linked_permits(story, morning):
    space = active(story, morning, "confined_space")

    hot = active(story, morning, links=(space,))

    assert [one.pk for one in view_of(fresh(hot), morning).links] == [space.pk]
    assert [one.pk for one in view_of(fresh(space), morning).links] == [hot.pk]


def test_pc_05_the_clock_tells_stages_and_for_whom_it_waited(story, morning):
    permit = requested(story, morning)
    at = morning
    for minutes, role, who in (
        (10, SignRole.RISK_BUILDER, story.leader),
        (20, SignRole.RISK_HOST, story.offices["host"]),
    ):
        at += timedelta(minutes=minutes)
        sign(story, permit, role, who, at)
    submit_permit(permit=fresh(permit), actor=story.applicant, at=at)
    at += timedelta(minutes=30)
    sign(story, permit, SignRole.VERIFIER, story.offices["host"], at)
    at += timedelta(minutes=60)
    sign(story, permit, SignRole.APPROVER, story.offices["base_unit"], at)
    requested(story, morning, "lifting")
    for hours, source, error in ((Decimal(0), "台账", HoursWrong), (Decimal(72), "", SourceMissing)):
        with pytest.raises(error):
            set_baseline(
                site=story.site, kind=PermitKind.SPECIAL, hours=hours, source=source, actor=story.keeper, at=morning
            )
    set_baseline(
        site=story.site,
        kind=PermitKind.SPECIAL,
        hours=Decimal(72),
        source="2025 年台账",
        actor=story.keeper,
        at=morning,
    )

    clock = clock_of(story.site, morning, morning + timedelta(days=1))

    special = next(one for one in clock.kinds if one.kind == "special")
    assert (special.spread.median, special.baseline_h, special.saved, special.open_now) == (2, 72, Decimal("97.2"), 1)
    assert special.spread.within == 100
    assert {name: spread.longest for name, spread in clock.stages.items()} == {
        "approve": 1, "verify": Decimal("0.50"), "analysis": Decimal("0.33"), "request": 0,
    }  # fmt: skip
    assert next(iter(clock.whom)) == "approver"


def test_what_waits_for_whom(story, morning):
    permit = requested(story, morning)
    host, base = story.offices["host"], story.offices["base_unit"]
    assert list(permits_to_sign(host, morning)) == []
    sign(story, permit, SignRole.RISK_BUILDER, story.leader, morning)
    assert list(permits_to_sign(host, morning)) == [permit]
    sign(story, permit, SignRole.RISK_HOST, host, morning)
    assert list(permits_to_sign(host, morning)) == []
    submit_permit(permit=fresh(permit), actor=story.applicant, at=morning)
    assert list(permits_to_sign(host, morning)) == [permit]
    sign(story, permit, SignRole.VERIFIER, host, morning)
    assert (list(permits_to_sign(base, morning)), list(permits_to_sign(story.offices["leader"], morning))) == (
        [permit],
        [],
    )
    sign(story, permit, SignRole.APPROVER, base, morning)
    for who in (story.briefer, story.leader, story.guardian, story.offices["shift_leader"]):
        assert list(permits_to_sign(who, morning)) == [permit]
    ready = briefed(story, morning, "lifting")
    assert list(permits_led(story.leader, morning)) == [ready]
    assert list(handovers_to_take(story.relief, morning)) == []
    power = submitted(story, morning, "temporary_power")
    assert list(permits_to_sign(story.offices["power_supplier"], morning)) == [power]


def test_lists_and_pictures_cost_the_same_for_one_and_for_many(story, morning, django_assert_num_queries):
    first = active(story, morning)
    one = [fresh(first)]
    pictures_of(one, morning)
    with django_assert_num_queries(23):
        pictures_of(one, morning)
    others = [submitted(story, morning, "lifting", x_m=Decimal(200 + place * 9)) for place in range(2)]
    many = [*one, *(fresh(row) for row in others)]
    with django_assert_num_queries(23):
        pictures_of(many, morning)
    assert [
        row.pk for row in list_permits(story.leader, morning, permits_filtered(story.leader, operation="lifting"))
    ] == [row.pk for row in others]
    assert permits_filtered(story.leader, words=first.number).get() == first
    assert set(permits_filtered(story.leader, mine=True, live=True, site=story.site.pk)) == set(many)
    assert list(permits_seen_by(story.outsider, morning)) == []


def test_a_permit_on_paper_says_all_of_it(story, morning):
    permit = active(story, morning)

    document = permit_document(view_of(fresh(permit), morning), printed_on=morning.date())

    assert "动火作业" in document.title
    text = repr(document)
    for words in (permit.number, "焊工老马", "火花引燃残余油气", "外输泵出口阀", "甲烷", "≤0.5%", "所在基层单位"):
        assert words in text
    assert analysed(story, morning, "lifting").state == PermitState.ANALYSED
    assert Permit.objects.count() == 2
