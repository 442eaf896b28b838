"""A zone's site with its offices, and permits in any state, each made by the services that everybody uses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from ronghe.domain.org.enums import PartyOrgKind, PoliticalStatus, PostRole
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.permits.enums import MeasureState, PartRole, SignRole
from ronghe.domain.permits.models import Permit, PermitSite
from ronghe.domain.permits.services.requesting import (
    IsolationGiven,
    PartGiven,
    PermitText,
    RiskGiven,
    request_permit,
    submit_permit,
)
from ronghe.domain.permits.services.securing import check_measure, confirm_film, place_isolation, record_gas_test
from ronghe.domain.permits.services.signing import sign_permit
from ronghe.domain.permits.services.sites import appoint_office, make_site
from ronghe.domain.permits.services.working import activate_permit
from tests.factories.kept import kept
from tests.factories.org import make_body, make_person, make_post, make_unit
from tests.factories.qualifications import qualify

OFFICES = ("host", "leader", "safety_dept", "base_unit", "discipline_dept", "chief_engineer", "power_supplier",
           "involved_units", "fire_and_safety", "shift_leader", "coordinator")  # fmt: skip
RISKS = (RiskGiven("火花引燃残余油气", "置换合格、接火盆、看火"), RiskGiven("交叉作业", "错时施工"))
ISOLATIONS = (IsolationGiven("外输泵出口阀", "关阀加盲板，上锁", "L-07"),)
GAS = ({"substance": "methane", "value": "0.1"}, {"substance": "oxygen", "value": "20.9"},
       {"substance": "hydrogen_sulfide", "value": "0"})  # fmt: skip
VALUES = {
    "hot_work": {"location": "other", "outdoors": True}, "work_at_height": {"height_m": "12"}, "lifting": {"mass_t": "20"},
    "excavation": {"depth_m": "1"}, "blind_plate": {"plate_no": "B-1", "action": "insert"},
    "road_breaking": {"road": "站前路"}, "chemical_cleaning": {"agent": "缓蚀剂"}, "pipeline_opening": {"medium": "原油"},
}  # fmt: skip


@dataclass
class PermitStory:
    """吴凯 leads the welders of the builder, 焊工老马 welds, 孙宁 guards, 钱露 tests gas; 赵属地 is the host and briefs.

    All of them have learnt and hold what their parts ask for. Each office is held by a person of its name; 外人 belongs elsewhere. 安全岗 is the committee's HSE officer.
    """

    site: PermitSite
    body: PartyOrg
    builder: AdminUnit
    keeper: Person
    applicant: Person
    leader: Person
    welder: Person
    guardian: Person
    relief: Person
    tester: Person
    briefer: Person
    outsider: Person
    offices: dict[str, Person] = field(default_factory=dict)

    @property
    def parts(self) -> list[PartGiven]:
        return [
            PartGiven(PartRole.JOB_LEADER, self.leader), PartGiven(PartRole.WORKER, self.welder),
            PartGiven(PartRole.GUARDIAN, self.guardian, "JH-2026-018"), PartGiven(PartRole.GAS_TESTER, self.tester),
            PartGiven(PartRole.BRIEFER, self.briefer),
        ]  # fmt: skip


@kept
def make_story(at: datetime, *, profile: str = "gb30871_2022") -> PermitStory:
    plant, builder = make_unit("第六采油厂"), make_unit("油建二公司")
    committee = make_body("第六采油厂党委", kind=PartyOrgKind.COMMITTEE, unit=plant)
    body = make_body("喇I-1联合站共建党支部", parent=committee, kind=PartyOrgKind.CO_BUILT_BRANCH, unit=plant)
    keeper = make_person("安全岗")
    make_post(keeper, PostRole.HSE_OFFICER, body=committee)

    def hand(name: str) -> Person:
        return make_person(name, participates_in=body, unit=builder, status=PoliticalStatus.MASSES)

    site = make_site(body=body, name="喇I-1联合站", profile=profile, actor=keeper, at=at)
    story = PermitStory(
        site=site, body=body, builder=builder, keeper=keeper, applicant=hand("施工员小许"), leader=hand("吴凯"),
        welder=hand("焊工老马"), guardian=hand("孙宁"), relief=hand("接班监护"), tester=hand("钱露"),
        briefer=make_person("交底员", participates_in=body), outsider=make_person("外人", home=make_body("别处党支部")),
    )  # fmt: skip
    for office in OFFICES:
        person = make_person(f"{office}", participates_in=body)
        appoint_office(site=site, office=office, person=person, actor=keeper, at=at)
        story.offices[office] = person
    trades = ("welding_and_cutting", "working_at_height", "crane", "low_voltage_electrician")
    qualify({story.leader: (), story.welder: trades, story.guardian: ("guardian",), story.relief: ("guardian",),
             story.tester: ("gas_analyst",)}, by=keeper, at=at)  # fmt: skip
    return story


def text_of(story: PermitStory, at: datetime, operation: str = "hot_work", **changes: object) -> PermitText:
    given: dict[str, object] = {
        "what": "外输管线碰头", "place": "外输泵房北侧", "starts_at": at, "ends_at": at + timedelta(hours=6), "area": "A1",
        "values": VALUES.get(operation, {}), "x_m": Decimal(100), "y_m": Decimal(80), "space": "V-101", "pipe": "P-101",
        "contractor": story.builder,
    }  # fmt: skip
    return PermitText(**(given | changes))  # type: ignore[arg-type]


def requested(
    story: PermitStory, at: datetime, operation: str = "hot_work", *, links: tuple[Permit, ...] = (), **changes: object
) -> Permit:
    """Return a permit that was filled in and nobody signed."""
    return request_permit(
        site=story.site, operation=operation, text=text_of(story, at, operation, **changes), actor=story.applicant, at=at,
        parts=story.parts, risks=RISKS, isolations=ISOLATIONS, links=links,
    )  # fmt: skip


def fresh(permit: Permit) -> Permit:
    return Permit.objects.select_related("site__body", "parent", "applicant", "contractor").get(pk=permit.pk)


def sign(
    story: PermitStory, permit: Permit, role: SignRole, person: Person, at: datetime, *, office: str = ""
) -> Permit:
    now = fresh(permit)
    sign_permit(permit=now, role=role, actor=person, at=at, digest=now.digest, office=office, code=story.site.code)
    return fresh(permit)


def analysed(story: PermitStory, at: datetime, operation: str = "hot_work", **changes: object) -> Permit:
    permit = requested(story, at, operation, **changes)  # type: ignore[arg-type]
    sign(story, permit, SignRole.RISK_BUILDER, story.leader, at)
    return sign(story, permit, SignRole.RISK_HOST, story.offices["host"], at)


def submitted(story: PermitStory, at: datetime, operation: str = "hot_work", **changes: object) -> Permit:
    """Return a permit that was submitted; without co-signers it waits for the verification on site."""
    return submit_permit(permit=analysed(story, at, operation, **changes), actor=story.applicant, at=at)


def verified(story: PermitStory, at: datetime, operation: str = "hot_work", **changes: object) -> Permit:
    permit = submitted(story, at, operation, **changes)
    from ronghe.domain.permits.calc.profiles import profile_called

    for office in profile_called(permit.profile).operation(operation).co_signers:
        sign(story, permit, SignRole.CO_SIGNER, story.offices[office], at, office=office)
    return sign(story, permit, SignRole.VERIFIER, story.offices["host"], at)


def approver_of(story: PermitStory, permit: Permit) -> Person:
    from ronghe.domain.permits.calc.profiles import profile_called

    return story.offices[profile_called(permit.profile).operation(permit.operation).approver[permit.grade]]


def issued(story: PermitStory, at: datetime, operation: str = "hot_work", **changes: object) -> Permit:
    permit = verified(story, at, operation, **changes)
    return sign(story, permit, SignRole.APPROVER, approver_of(story, permit), at)


def secured(story: PermitStory, permit: Permit, at: datetime) -> Permit:
    """See to measures and isolations, film, and test the gas."""
    now = fresh(permit)
    for measure in now.measures.select_related("permit__site").order_by("place"):
        check_measure(measure=measure, state=MeasureState.DONE, actor=story.leader, at=at)
    for isolation in now.isolations.select_related("permit__site").order_by("place"):
        place_isolation(isolation=isolation, lock_no="L-07", actor=story.leader, at=at)
    if now.grade == "special":
        confirm_film(permit=now, actor=story.leader, at=at)
    if now.operation in ("hot_work", "confined_space"):
        record_gas_test(permit=now, readings=GAS, place="管口", actor=story.tester, at=at)
    return now


def briefed(story: PermitStory, at: datetime, operation: str = "hot_work", **changes: object) -> Permit:
    """Return a permit of which everything is done; it may start."""
    permit = issued(story, at, operation, **changes)
    sign(story, permit, SignRole.BRIEFER, story.briefer, at)
    sign(story, permit, SignRole.BRIEFED, story.leader, at)
    if permit.kind == "special":
        sign(story, permit, SignRole.GUARDIAN, story.guardian, at)
    if operation == "hot_work":
        sign(story, permit, SignRole.CHECKER, story.offices["shift_leader"], at)
    secured(story, permit, at)
    return fresh(permit)


def active(story: PermitStory, at: datetime, operation: str = "hot_work", **changes: object) -> Permit:
    return activate_permit(permit=briefed(story, at, operation, **changes), actor=story.leader, at=at)
