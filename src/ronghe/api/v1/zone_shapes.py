"""What the calls of 协作区 take and answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Field, Schema

from ronghe.api.v1.shapes import Named
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.zones.calc.advice import Point
from ronghe.domain.zones.enums import AdviceParameter, ParticipantRole, SheetSide, SheetTopic, ZoneMode, ZoneState
from ronghe.domain.zones.models import CollaborationZone
from ronghe.domain.zones.selectors import participating_units, projects_of, shut_downs_of
from ronghe.domain.zones.selectors.safety import safety_of


class ZoneRow(Schema):
    id: int
    name: str
    purpose: str
    mode: ZoneMode = Field(description="project_based 项目共建；area_based 区域联建")
    state: ZoneState
    is_pilot: bool
    sponsor: Named
    body: Named | None = Field(description="共建党支部；启动后才有")
    started_on: date | None
    dissolved_on: date | None


class ZonePartyAnswer(Schema):
    id: int
    unit: Named
    role: ParticipantRole
    home_branch: Named | None
    contact: Named | None
    valid_from: date


class ZoneShutDown(Schema):
    id: int
    from_on: date
    until_on: date = Field(description="复工日，不含在停工期内")
    reason: str


class ZoneSafety(Schema):
    is_asked: bool = Field(description="两个以上单位作业（PC-08）")
    missing: list[int] = Field(description="没有签安全管理协议的单位")
    has_officer: bool
    is_complete: bool


class ZoneAnswer(ZoneRow):
    office: Named | None = Field(description="联合项目部")
    place: str | None
    approval_ref: str | None
    advised_mode: str
    mode_reason: str
    agreement: int | None = Field(description="意向书编号")
    projects: list[Named]
    parties: list[ZonePartyAnswer]
    shut_downs: list[ZoneShutDown]
    safety: ZoneSafety


class ZoneFiguresAnswer(Schema):
    zones: int
    running: int
    hosts: int = Field(description="属地单位")
    teams: int = Field(description="参建队伍")
    covered: int = Field(description="有协作区的重点项目")
    key_projects: int


class ZoneReason(Schema):
    point: Point
    speaks_for: ZoneMode
    number: int
    threshold: int


class ZoneAdvice(Schema):
    mode: ZoneMode
    alternative: ZoneMode
    reasons: list[ZoneReason]


class ZonePost(Schema):
    id: int
    person: Named
    role: PostRole


class ZoneLine(Schema):
    id: int
    topic: SheetTopic
    matter: str
    duty: str
    lead: SheetSide
    assists: list[SheetSide]
    person: Named | None
    due_on: date | None
    cadence: str
    mechanism: str = Field(description="对应范本里的制度；没有就空")


class ZoneEnding(Schema):
    ends: dict[str, int] = Field(description="随之结束的：范本、参加关系、任职、单位、回执、党小组")
    in_the_way: list[str]
    unsettled: int = Field(description="登记后没有编入的流动党员")
    going_on: int
    planned: int = Field(description="已安排的活动")
    tasks: int = Field(description="没办结的任务")


class ZoneKept(Schema):
    kind: str
    title: str
    count: int


class ZoneArchive(Schema):
    dissolved_on: date | None
    reason: str
    kept: list[ZoneKept]


class ZoneProposal(Schema):
    name: str = Field(max_length=80)
    projects: list[int] = Field(max_length=50)
    mode: ZoneMode
    mode_reason: str = Field("", max_length=200, description="与建议不同时必填")
    sponsor: int
    place: str | None = Field(None, max_length=80)
    purpose: str = Field("", max_length=120)
    is_pilot: bool = False


class ZoneReasonRequest(Schema):
    reason: str = Field(max_length=200)


class ZoneApproval(Schema):
    approval_ref: str = Field(max_length=80)


class ZoneStart(Schema):
    office_below: int
    since: date


class ZonePartyRequest(Schema):
    unit: int
    role: ParticipantRole
    since: date
    home_branch: int | None = None


class ZoneContactRequest(Schema):
    contact: int | None = Field(description="参加协作区的人；空为没有定")


class ZoneUntil(Schema):
    until: date


class ZoneProjectRequest(Schema):
    project: int


class ZonePostRequest(Schema):
    person: int
    role: PostRole


class ZoneShutDownRequest(Schema):
    from_on: date
    until_on: date
    reason: str = Field(max_length=80)


class ZoneResume(Schema):
    resume_on: date


class ZoneLineRequest(Schema):
    topic: SheetTopic
    matter: str = Field(max_length=80)
    duty: str = Field(max_length=200)
    lead: SheetSide
    assists: list[SheetSide] = Field(default_factory=list, max_length=4)
    person: int | None = None
    due_on: date | None = None
    cadence: str = Field("", max_length=40)


class ZoneEvaluationRequest(Schema):
    effects: str = Field(max_length=2000)
    problems: str = Field(max_length=2000)
    lessons: str = Field(max_length=2000)


class ZoneComment(Schema):
    text: str = Field(max_length=400)


class ZoneDissolutionRequest(Schema):
    reason: str = Field(max_length=200)
    call_off: bool = Field(False, description="已安排的活动一并取消")
    hand_over: bool = Field(False, description="没办结的任务移交主管党组织")


class ZoneChangeRequest(Schema):
    """What is not sent, or sent empty, stays; a place may be taken away."""

    name: str | None = Field(None, min_length=1, max_length=80)
    purpose: str | None = Field(None, max_length=120, description="建设任务")
    place: str | None = Field(None, max_length=80, description="碰头地点")
    is_pilot: bool | None = None


class ZoneParameterRow(Schema):
    name: AdviceParameter
    value: int


class ZoneParameterRequest(Schema):
    value: int


def zone_answer(zone: CollaborationZone, now: datetime) -> dict[str, Any]:
    """Return a zone with who takes part, its projects, shut-downs and safety papers."""
    day = local_day(now)
    safety = safety_of(zone, day)
    return {
        **ZoneRow.from_orm(zone).dict(),
        "office": zone.office, "place": zone.place, "approval_ref": zone.approval_ref, "advised_mode": zone.advised_mode,
        "mode_reason": zone.mode_reason, "agreement": zone.agreement_id,
        "projects": [row.project for row in projects_of(zone, day)],
        "parties": list(participating_units(zone, day)),
        "shut_downs": list(shut_downs_of(zone)),
        "safety": {
            "is_asked": safety.is_asked, "missing": list(safety.missing), "has_officer": safety.has_officer,
            "is_complete": safety.is_complete,
        },
    }  # fmt: skip
