from __future__ import annotations

from datetime import date

import pytest

from ronghe.domain.org.enums import PartyOrgKind, PostRole, UnitKind
from ronghe.domain.zones import services
from ronghe.domain.zones.enums import ZONE_FLOW, ParticipantRole, ZoneMode, ZoneState
from ronghe.domain.zones.models import CollaborationZone, ShutDown
from ronghe.domain.zones.selectors import participating_units, site_calendar, zone_of
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.org import make_body, make_person, make_post, make_unit
from tests.factories.rhythm import make_zone

pytestmark = pytest.mark.django_db

STOP = date(2026, 9, 20)
RESUME = date(2026, 9, 25)


@pytest.fixture
def clerk():
    return make_person("周玉兰")


@pytest.fixture
def sponsor(clerk):
    committee = make_body("采油一厂党委", kind=PartyOrgKind.COMMITTEE)
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=committee)
    return committee


@pytest.fixture
def zone(sponsor, clerk, morning):
    return services.propose_zone(
        name="喇十七协作区", project="喇十七污水站", mode=ZoneMode.AREA_BASED, sponsor=sponsor, actor=clerk, at=morning
    )


def with_parties(zone, clerk, at, *roles):
    for role in roles:
        services.add_participating_unit(zone=zone, unit=make_unit(), role=role, since=at.date(), actor=clerk, at=at)


def facts_of(zone):
    return list(Fact.objects.filter(zone=zone.pk).order_by("pk").values_list("kind", flat=True))


def test_zone_comes_into_being_step_by_step_with_one_fact_each(zone, sponsor, clerk, morning):
    with_parties(zone, clerk, morning, ParticipantRole.HOST_SITE, ParticipantRole.CONSTRUCTOR)

    services.agree_zone(zone=zone, actor=clerk, at=morning)
    services.approve_zone(zone=zone, approval_ref="〔2026〕9号", actor=clerk, at=morning)
    services.start_zone(zone=zone, office_below=make_unit("采油六厂"), since=morning.date(), actor=clerk, at=morning)

    started = CollaborationZone.objects.get()
    assert (started.state, started.started_on) == (ZoneState.RUNNING, date(2026, 9, 14))
    assert (started.body.kind, started.body.parent) == (PartyOrgKind.CO_BUILT_BRANCH, sponsor)
    assert started.body.approval_ref == "〔2026〕9号"
    assert (started.office.kind, started.office.parent.name) == (UnitKind.JOINT_PROJECT_OFFICE, "采油六厂")
    assert zone_of(started.body) == started
    assert facts_of(zone) == [
        "zones.zone_proposed", "zones.unit_joined", "zones.unit_joined", "zones.zone_agreed", "zones.zone_approved",
        "zones.zone_started",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "roles", [(), (ParticipantRole.HOST_SITE,), (ParticipantRole.CONSTRUCTOR, ParticipantRole.SUPERVISOR)]
)
def test_zone_is_not_agreed_by_one_unit_or_without_the_host_site_pj01(zone, clerk, morning, roles):
    with_parties(zone, clerk, morning, *roles)

    with pytest.raises(services.TooFewParties):
        services.agree_zone(zone=zone, actor=clerk, at=morning)

    assert CollaborationZone.objects.get().state == ZoneState.PROPOSED


def test_one_unit_in_two_roles_is_still_one_party_pj01(zone, clerk, morning):
    unit = make_unit()
    for role in (ParticipantRole.HOST_SITE, ParticipantRole.OWNER):
        services.add_participating_unit(zone=zone, unit=unit, role=role, since=morning.date(), actor=clerk, at=morning)

    with pytest.raises(services.TooFewParties):
        services.agree_zone(zone=zone, actor=clerk, at=morning)


def test_second_zone_of_a_name_below_one_sponsor_is_refused(zone, sponsor, clerk, morning):
    with pytest.raises(services.ZoneNameTaken, match="采油一厂党委"):
        services.propose_zone(
            name=zone.name, project="另一项目", mode=ZoneMode.AREA_BASED, sponsor=sponsor, actor=clerk, at=morning
        )


@pytest.mark.parametrize("state", ZoneState.values)
@pytest.mark.parametrize("step", ["agree", "approve", "start"])
def test_every_step_from_every_state(state, step):
    zone = CollaborationZone(state=state)

    assert ZONE_FLOW.allows(zone, step) is ((step, state) in {
        ("agree", "proposed"), ("approve", "agreed"), ("start", "approved"),
    })  # fmt: skip


def test_refused_step_leaves_nothing_behind(zone, clerk, morning):
    with pytest.raises(StepNotAllowed, match="拟建"):
        services.start_zone(zone=zone, office_below=make_unit(), since=morning.date(), actor=clerk, at=morning)

    assert facts_of(zone) == ["zones.zone_proposed"]
    assert zone.sponsor.children.count() == 0


def test_step_taken_meanwhile_by_somebody_else_is_told(zone, clerk, morning):
    with_parties(zone, clerk, morning, ParticipantRole.HOST_SITE, ParticipantRole.CONSTRUCTOR)
    same = CollaborationZone.objects.get()
    services.agree_zone(zone=zone, actor=clerk, at=morning)

    with pytest.raises(Stale):
        services.agree_zone(zone=same, actor=clerk, at=morning)


def test_outsider_founds_nothing(zone, sponsor, morning):
    stranger = make_person("赵六")
    make_post(stranger, PostRole.SECRETARY, body=make_body("别处党支部"))

    with pytest.raises(NotAllowed):
        services.propose_zone(
            name="私设", project="x", mode=ZoneMode.AREA_BASED, sponsor=sponsor, actor=stranger, at=morning
        )
    for act in (services.agree_zone, services.approve_zone):
        with pytest.raises(NotAllowed):
            act(zone=zone, actor=stranger, at=morning, **({"approval_ref": "x"} if "approve" in act.__name__ else {}))
    with pytest.raises(NotAllowed):
        services.start_zone(zone=zone, office_below=make_unit(), since=STOP, actor=stranger, at=morning)
    with pytest.raises(NotAllowed):
        with_parties(zone, stranger, morning, ParticipantRole.OWNER)


def test_unit_leaves_from_a_day_on_and_may_come_back(morning):
    story = make_zone()
    party = participating_units(story.zone, STOP).get(role=ParticipantRole.CONSTRUCTOR)

    with pytest.raises(services.UnitTakesPart):
        services.add_participating_unit(
            zone=story.zone, unit=party.unit, role=party.role, since=STOP, actor=story.lead, at=morning
        )
    services.end_participation(party=party, until=STOP, actor=story.lead, at=morning)

    assert participating_units(story.zone, date(2026, 9, 19)).count() == 2
    assert participating_units(story.zone, STOP).count() == 1
    again = services.add_participating_unit(
        zone=story.zone, unit=party.unit, role=party.role, since=RESUME, actor=story.lead, at=morning
    )
    assert list(participating_units(story.zone, RESUME).filter(role=party.role)) == [again]


def test_shut_down_stops_the_site_from_its_first_day_to_the_day_before_its_end(morning):
    story = make_zone()

    services.plan_shut_down(
        zone=story.zone, from_on=STOP, until_on=RESUME, reason="装置检修", actor=story.lead, at=morning
    )

    calendar = site_calendar(story.zone)
    days = [date(2026, 9, 19), STOP, date(2026, 9, 24), RESUME]
    assert [calendar.is_working(day) for day in days] == [True, False, False, True]
    assert calendar.note_on(STOP) == "装置检修"
    fact = Fact.objects.latest("pk")
    assert (fact.kind, fact.body, fact.values) == (
        "zones.shut_down_planned", story.body.pk, {"from_on": "2026-09-20", "until_on": "2026-09-25"},
    )  # fmt: skip


@pytest.mark.parametrize("until_on", [STOP, date(2026, 9, 19)])
def test_shut_down_without_a_day_is_refused(morning, until_on):
    story = make_zone()

    with pytest.raises(services.ShutDownEmpty):
        services.plan_shut_down(
            zone=story.zone, from_on=STOP, until_on=until_on, reason="检修", actor=story.lead, at=morning
        )


@pytest.mark.parametrize(
    ("from_on", "until_on", "overlaps"),
    [
        (date(2026, 9, 19), STOP, False),
        (date(2026, 9, 19), date(2026, 9, 21), True),
        (date(2026, 9, 24), RESUME, True),
        (RESUME, date(2026, 9, 26), False),
    ],
)
def test_shut_downs_touch_but_never_overlap(morning, from_on, until_on, overlaps):
    story = make_zone()
    plan = {"zone": story.zone, "reason": "检修", "actor": story.lead, "at": morning}
    services.plan_shut_down(from_on=STOP, until_on=RESUME, **plan)

    if overlaps:
        with pytest.raises(services.ShutDownOverlaps, match="2026-09-20"):
            services.plan_shut_down(from_on=from_on, until_on=until_on, **plan)
    else:
        services.plan_shut_down(from_on=from_on, until_on=until_on, **plan)

    assert ShutDown.objects.count() == (1 if overlaps else 2)


def test_lifting_lets_work_resume_earlier_and_only_earlier(morning):
    story = make_zone()
    shut_down = services.plan_shut_down(
        zone=story.zone, from_on=STOP, until_on=RESUME, reason="检修", actor=story.lead, at=morning
    )

    with pytest.raises(services.NotShutDown):
        services.lift_shut_down(shut_down=shut_down, resume_on=RESUME, actor=story.lead, at=morning)
    services.lift_shut_down(shut_down=shut_down, resume_on=date(2026, 9, 24), actor=story.lead, at=morning)

    calendar = site_calendar(story.zone)
    assert [calendar.is_working(date(2026, 9, day)) for day in (23, 24)] == [False, True]


def test_shut_down_called_off_before_it_began_leaves_no_trace_in_the_calendar(morning):
    story = make_zone()
    shut_down = services.plan_shut_down(
        zone=story.zone, from_on=STOP, until_on=RESUME, reason="检修", actor=story.lead, at=morning
    )

    services.lift_shut_down(shut_down=shut_down, resume_on=date(2026, 9, 15), actor=story.lead, at=morning)

    assert site_calendar(story.zone).shut_downs == ()
    assert story.zone.shut_downs.get().until_on == STOP


def test_member_of_the_zone_plans_no_shut_down(morning):
    story = make_zone()

    with pytest.raises(NotAllowed):
        services.plan_shut_down(
            zone=story.zone, from_on=STOP, until_on=RESUME, reason="x", actor=story.members[0], at=morning
        )
    shut_down = services.plan_shut_down(
        zone=story.zone, from_on=STOP, until_on=RESUME, reason="检修", actor=story.lead, at=morning
    )
    with pytest.raises(NotAllowed):
        services.lift_shut_down(shut_down=shut_down, resume_on=STOP, actor=story.members[0], at=morning)
