"""From the proposal to the start, and the ways back."""

from __future__ import annotations

import pytest

from ronghe.domain.agreements.services.gate import AgreementMissing
from ronghe.domain.org.enums import PartyOrgKind, PostRole, UnitKind
from ronghe.domain.zones.enums import ZONE_FLOW, AdviceParameter, ParticipantRole, ZoneMode, ZoneState
from ronghe.domain.zones.models import CollaborationZone, ZoneProject
from ronghe.domain.zones.selectors import zone_of
from ronghe.domain.zones.services.founding import (
    ApprovalRefMissing,
    ModeUnexplained,
    ReturnReasonMissing,
    SafetyIncomplete,
    TooFewParties,
    ZoneNameTaken,
    ZoneWithoutProject,
    agree_zone,
    approve_zone,
    change_zone,
    propose_zone,
    return_zone,
    start_zone,
    withdraw_zone,
)
from ronghe.domain.zones.services.parameters import set_parameter
from ronghe.domain.zones.services.parties import add_participating_unit
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.workflow import StepNotAllowed
from tests.domain.zones.conftest import facts_of
from tests.factories.org import make_body, make_person, make_post, make_unit
from tests.factories.projects import make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def approved(zone, two_sides, clerk, morning):
    agree_zone(zone=zone, actor=clerk, at=morning)
    return approve_zone(zone=zone, approval_ref="〔2026〕9号", actor=clerk, at=morning)


def test_zone_comes_into_being_step_by_step_with_one_fact_each(zone, two_sides, works, clerk, morning):
    agree_zone(zone=zone, actor=clerk, at=morning)
    approve_zone(zone=zone, approval_ref=" 〔2026〕9号 ", actor=clerk, at=morning)
    start_zone(zone=zone, office_below=make_unit("基建中心"), since=morning.date(), actor=clerk, at=morning)

    started = CollaborationZone.objects.get()
    assert (started.state, started.started_on, started.approved_by) == (ZoneState.RUNNING, morning.date(), clerk)
    assert started.agreement == works.agreements.get()
    assert (started.body.parent, started.body.approval_ref) == (zone.sponsor, "〔2026〕9号")
    assert (started.office.kind, started.office.parent.name) == (UnitKind.JOINT_PROJECT_OFFICE, "基建中心")
    assert zone_of(started.body) == started
    assert facts_of(zone) == [
        "zones.zone_proposed", "zones.project_joined", "zones.unit_joined", "zones.unit_joined", "zones.zone_agreed",
        "zones.zone_approved", "zones.zone_started",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("mode", "kind"),
    [(ZoneMode.PROJECT_BASED, PartyOrgKind.CO_BUILT_BRANCH), (ZoneMode.AREA_BASED, PartyOrgKind.REGIONAL_BRANCH)],
)
def test_mode_decides_which_branch_is_founded_sd_15(approved, clerk, morning, mode, kind):
    approved.mode = mode
    approved.save()

    start_zone(zone=approved, office_below=make_unit(), since=morning.date(), actor=clerk, at=morning)

    assert approved.body.kind == kind


def test_another_mode_than_the_advised_one_wants_a_reason_sd_15(sponsor, works, clerk, morning):
    asked = {"projects": [works], "mode": ZoneMode.PROJECT_BASED, "sponsor": sponsor, "actor": clerk, "at": morning}

    with pytest.raises(ModeUnexplained, match="区域联建"):
        propose_zone(name="甲区", **asked)
    zone = propose_zone(name="甲区", mode_reason=" 只有这一个项目 ", **asked)

    assert (zone.mode, zone.advised_mode, zone.mode_reason) == ("project_based", "area_based", "只有这一个项目")


def test_advised_mode_keeps_no_reason(zone):
    assert (zone.mode, zone.advised_mode, zone.mode_reason) == ("area_based", "area_based", "")


def test_zone_without_a_project_is_refused(sponsor, clerk, morning):
    with pytest.raises(ZoneWithoutProject):
        propose_zone(name="空", projects=[], mode=ZoneMode.AREA_BASED, sponsor=sponsor, actor=clerk, at=morning)


def test_project_out_of_sight_founds_nothing(sponsor, clerk, morning):
    elsewhere = make_body("别处党委", kind=PartyOrgKind.COMMITTEE)
    keeper = make_person()
    make_post(keeper, PostRole.COMMITTEE_CLERK, body=elsewhere)
    hidden = make_project(body=elsewhere, unit=make_unit(), actor=keeper, at=morning)

    with pytest.raises(NotAllowed):
        propose_zone(
            name="甲区", projects=[hidden], mode=ZoneMode.PROJECT_BASED, sponsor=sponsor, actor=clerk, at=morning
        )


def test_no_letter_of_intent_no_zone_sd_02(zone, two_sides, works, clerk, morning):
    works.agreements.update(valid_until=morning.date())

    with pytest.raises(AgreementMissing, match="喇十七污水站改造"):
        agree_zone(zone=zone, actor=clerk, at=morning)
    works.agreements.update(valid_until=morning.date().replace(day=morning.day + 1))
    agree_zone(zone=zone, actor=clerk, at=morning)

    assert CollaborationZone.objects.get().state == ZoneState.AGREED


def test_every_project_of_the_zone_needs_its_letter_sd_02(zone, two_sides, sponsor, clerk, morning):
    second = make_project(body=sponsor, unit=make_unit(), actor=clerk, at=morning)
    ZoneProject.objects.create(zone=zone, project=second, valid_from=morning.date())

    with pytest.raises(AgreementMissing, match=second.name):
        agree_zone(zone=zone, actor=clerk, at=morning)


@pytest.mark.parametrize(
    "roles", [(), (ParticipantRole.HOST_SITE,), (ParticipantRole.CONSTRUCTOR, ParticipantRole.SUPERVISOR)]
)
def test_zone_is_not_agreed_by_one_unit_or_without_the_host_site_pj_01(zone, with_parties, clerk, morning, roles):
    with_parties(zone, *roles)

    with pytest.raises(TooFewParties):
        agree_zone(zone=zone, actor=clerk, at=morning)

    assert CollaborationZone.objects.get().state == ZoneState.PROPOSED


def test_one_unit_in_two_roles_is_still_one_party_pj_01(zone, clerk, morning):
    unit = make_unit()
    for role in (ParticipantRole.HOST_SITE, ParticipantRole.OWNER):
        add_participating_unit(zone=zone, unit=unit, role=role, since=morning.date(), actor=clerk, at=morning)

    with pytest.raises(TooFewParties):
        agree_zone(zone=zone, actor=clerk, at=morning)


def test_second_zone_of_a_name_below_one_sponsor_is_refused_until_the_first_is_withdrawn(
    zone, sponsor, works, clerk, morning
):
    asked = {"name": zone.name, "projects": [works], "mode": ZoneMode.AREA_BASED, "sponsor": sponsor}

    with pytest.raises(ZoneNameTaken, match="采油一厂党委"):
        propose_zone(**asked, actor=clerk, at=morning)
    withdraw_zone(zone=zone, actor=clerk, at=morning)
    again = propose_zone(**asked, actor=clerk, at=morning)

    assert (zone.state, again.state) == (ZoneState.WITHDRAWN, ZoneState.PROPOSED)


def test_returned_zone_says_why_and_begins_again(approved, clerk, morning):
    with pytest.raises(ReturnReasonMissing):
        return_zone(zone=approved, reason="  ", actor=clerk, at=morning)
    return_zone(zone=approved, reason="监理方没有确认", actor=clerk, at=morning)

    zone = CollaborationZone.objects.get()
    assert (zone.state, zone.returned_reason, zone.approval_ref) == (ZoneState.PROPOSED, "监理方没有确认", None)
    agree_zone(zone=zone, actor=clerk, at=morning)
    assert zone.returned_reason == ""


def test_approval_wants_a_number(zone, two_sides, clerk, morning):
    agree_zone(zone=zone, actor=clerk, at=morning)

    with pytest.raises(ApprovalRefMissing):
        approve_zone(zone=zone, approval_ref=" ", actor=clerk, at=morning)


ALLOWED = {
    ("agree", "proposed"), ("return", "agreed"), ("return", "approved"), ("withdraw", "proposed"),
    ("withdraw", "agreed"), ("withdraw", "approved"), ("approve", "agreed"), ("start", "approved"),
    ("evaluate", "running"), ("dissolve", "evaluated"),
}  # fmt: skip


@pytest.mark.parametrize("state", ZoneState.values)
@pytest.mark.parametrize("step", sorted(ZONE_FLOW.steps))
def test_every_step_from_every_state(state, step):
    assert ZONE_FLOW.allows(CollaborationZone(state=state), step) is ((step, state) in ALLOWED)


def test_refused_step_leaves_nothing_behind(zone, clerk, morning):
    with pytest.raises(StepNotAllowed, match="拟建"):
        start_zone(zone=zone, office_below=make_unit(), since=morning.date(), actor=clerk, at=morning)

    assert facts_of(zone) == ["zones.zone_proposed", "zones.project_joined"]
    assert zone.sponsor.children.count() == 0


def test_step_taken_meanwhile_by_somebody_else_is_told(zone, two_sides, clerk, morning):
    same = CollaborationZone.objects.get()
    agree_zone(zone=zone, actor=clerk, at=morning)

    with pytest.raises(Stale):
        agree_zone(zone=same, actor=clerk, at=morning)


def test_missing_safety_warns_and_blocks_only_where_the_sponsor_says_so_pc_08(approved, sponsor, clerk, morning):
    asked = {"zone": approved, "office_below": make_unit(), "since": morning.date(), "actor": clerk, "at": morning}
    switch = {"body": sponsor, "name": AdviceParameter.SAFETY_BLOCKS_START, "actor": clerk, "at": morning}

    set_parameter(value=1, **switch)
    with pytest.raises(SafetyIncomplete):
        start_zone(**asked)
    set_parameter(value=0, **switch)
    start_zone(**asked)

    assert approved.state == ZoneState.RUNNING


def test_change_keeps_one_fact_a_field(zone, clerk, morning):
    change_zone(zone=zone, name="喇十七新区", place="板房", purpose="", is_pilot=False, actor=clerk, at=morning)

    assert CollaborationZone.objects.get().name == "喇十七新区"
    assert facts_of(zone)[2:] == ["zones.zone_changed", "zones.zone_changed"]
    withdraw_zone(zone=zone, actor=clerk, at=morning)
    with pytest.raises(StepNotAllowed):
        change_zone(zone=zone, name="再改", actor=clerk, at=morning)


def test_outsider_founds_nothing(zone, sponsor, works, with_parties, morning):
    stranger = make_person("赵六")
    make_post(stranger, PostRole.SECRETARY, body=make_body("别处党支部"))
    by = {"actor": stranger, "at": morning}

    with pytest.raises(NotAllowed):
        propose_zone(name="私设", projects=[works], mode=ZoneMode.AREA_BASED, sponsor=sponsor, **by)
    for act, further in (
        (agree_zone, {}), (approve_zone, {"approval_ref": "x"}), (return_zone, {"reason": "x"}), (withdraw_zone, {}),
        (change_zone, {"name": "x"}), (start_zone, {"office_below": make_unit(), "since": morning.date()}),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            act(zone=zone, **further, **by)
    with pytest.raises(NotAllowed):
        with_parties(zone, ParticipantRole.OWNER, actor=stranger)
