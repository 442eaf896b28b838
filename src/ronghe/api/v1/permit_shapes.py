"""What the permits' API takes and answers."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ninja import Field, Schema

from ronghe.api.v1.shapes import Named
from ronghe.domain.permits.enums import (
    ActivityKind,
    MeasureState,
    NoticeKind,
    PartRole,
    PermitKind,
    PermitState,
    SignRole,
    StopReason,
)


class ProfileNumber(Schema):
    key: str
    value: Decimal
    unit: str
    rule: str
    clause: str
    is_checked: bool = Field(description="核对过标准原文；没有核对的是设置项")
    is_own: bool = Field(description="本现场自己的数")


class PermitOperation(Schema):
    id: str
    title: str
    kind: PermitKind
    facts: list[dict[str, Any]]
    grades: list[str]
    approver: dict[str, str] = Field(description="各级别由哪个签字岗位审批")
    co_signers: list[str]
    measures: list[str]


class PermitProfile(Schema):
    id: str
    version: int
    title: str
    standard: str
    may_extend: bool
    offices: dict[str, str]
    substances: dict[str, str]
    operations: list[PermitOperation]
    numbers: list[ProfileNumber]


class SiteRow(Schema):
    id: int
    name: str
    body: Named
    zone: Named | None
    profile: str
    width_m: int
    depth_m: int


class OfficeRow(Schema):
    id: int
    office: str
    title: str
    person: Named


class NoticeRow(Schema):
    id: int
    kind: NoticeKind
    level: int | None
    area: str
    text: str
    at: datetime
    cleared_at: datetime | None


class SiteActivityRow(Schema):
    id: int
    kind: ActivityKind
    what: str
    area: str
    x_m: Decimal | None
    y_m: Decimal | None
    starts_at: datetime
    ends_at: datetime


class SiteAnswer(SiteRow):
    offices: list[OfficeRow]
    numbers: list[ProfileNumber]
    notices: list[NoticeRow]
    activities: list[SiteActivityRow]


class SiteRequest(Schema):
    body: int
    name: str
    profile: str
    width_m: int = 400
    depth_m: int = 300


class OfficeRequest(Schema):
    office: str
    person: int


class NumberRequest(Schema):
    key: str
    value: Decimal | None = None
    source: str


class BaselineRequest(Schema):
    kind: PermitKind
    hours: Decimal
    source: str


class WindRequest(Schema):
    level: int


class AlarmRequest(Schema):
    text: str
    area: str = ""


class ActivityRequest(Schema):
    kind: ActivityKind
    what: str
    starts_at: datetime
    ends_at: datetime
    area: str = ""
    x_m: Decimal | None = None
    y_m: Decimal | None = None
    space: str = ""
    bund: str = ""
    is_happening: bool = False


class StoppedAnswer(Schema):
    id: int
    stopped: int = Field(description="因此中止了几项作业")


class SiteCode(Schema):
    code: str


class ClockSpread(Schema):
    name: str
    title: str
    count: int
    mean: Decimal
    median: Decimal
    p90: Decimal
    longest: Decimal
    within: Decimal | None


class KindClockRow(Schema):
    kind: PermitKind
    spread: ClockSpread | None
    baseline_h: Decimal | None
    saved_percent: Decimal | None
    open_now: int


class ClockAnswer(Schema):
    aim_h: Decimal
    kinds: list[KindClockRow]
    stages: list[ClockSpread]
    whom: list[ClockSpread]


class SiteClock(Schema):
    site: Named
    clock: ClockAnswer


class PermitPartGiven(Schema):
    role: PartRole
    person: int
    card: str = ""
    card_until: date | None = None


class RiskLineGiven(Schema):
    hazard: str
    measure: str = ""
    step: str = ""


class IsolationGivenShape(Schema):
    point: str
    method: str
    lock_no: str = ""


class PermitTextRequest(Schema):
    what: str
    place: str
    starts_at: datetime
    ends_at: datetime
    values: dict[str, Any] = Field(default_factory=dict)
    area: str = ""
    x_m: Decimal | None = None
    y_m: Decimal | None = None
    reach_m: Decimal = Decimal(0)
    space: str = ""
    pipe: str = ""
    bund: str = ""
    plan_ref: str = ""
    contractor: int | None = None
    parent: int | None = None


class PermitRequest(PermitTextRequest):
    site: int
    operation: str
    parts: list[PermitPartGiven] = Field(default_factory=list)
    risks: list[RiskLineGiven] = Field(default_factory=list)
    isolations: list[IsolationGivenShape] = Field(default_factory=list)
    links: list[int] = Field(default_factory=list)


class PermitChange(Schema):
    text: PermitTextRequest | None = None
    parts: list[PermitPartGiven] | None = None
    risks: list[RiskLineGiven] | None = None
    isolations: list[IsolationGivenShape] | None = None
    links: list[int] | None = None


class PermitRow(Schema):
    id: int
    number: str
    kind: PermitKind
    operation: str
    grade: str
    what: str
    place: str
    area: str
    site: Named
    state: PermitState
    starts_at: datetime
    ends_at: datetime = Field(description="含延期")
    applicant: Named


class PermitLackRow(Schema):
    code: str
    rule: str
    text: str
    who: str


class PermitSignatureRow(Schema):
    role: SignRole
    office: str
    person: Named
    signed_at: datetime
    way: str
    is_on_site: bool
    received_at: datetime = Field(description="没有信号时签的，报到的时间晚于签的时间")
    stands: bool = Field(description="票没有改过、手机没有报失，签字有效")
    void_rule: str = Field(description="因手机报失作废的，按哪条规则")


class PermitMeasureRow(Schema):
    id: int
    text: str
    state: MeasureState
    note: str


class PermitIsolationRow(Schema):
    id: int
    point: str
    method: str
    lock_no: str
    placed_at: datetime | None
    removed_at: datetime | None


class GasTestRow(Schema):
    id: int
    taken_at: datetime
    place: str
    is_fit: bool
    readings: list[dict[str, Any]]


class PermitHandoverRow(Schema):
    id: int
    role: PartRole
    giver: Named
    taker: Named
    note: str
    offered_at: datetime
    taken_at: datetime | None
    dropped_at: datetime | None


class PermitStepRow(Schema):
    step: str
    at: datetime
    by: Named | None
    waited_for: str
    minutes: int
    note: str


class PermitAnswer(PermitRow):
    digest: str
    values: dict[str, Any]
    stop_reason: str
    lacks: list[PermitLackRow]
    may_sign_as: list[str]
    parts: list[dict[str, Any]]
    risks: list[dict[str, Any]]
    measures: list[PermitMeasureRow]
    isolations: list[PermitIsolationRow]
    links: list[Named]
    signatures: list[PermitSignatureRow]
    gas_tests: list[GasTestRow]
    handovers: list[PermitHandoverRow]
    steps: list[PermitStepRow]
    keep_until: date | None


class ConflictRow(Schema):
    rule: str
    other: str
    words: str
    blocks: bool
    is_issued: bool


class PermitSignRequest(Schema):
    role: SignRole
    digest: str
    office: str = ""
    code: str = ""
    place: str = ""


class PermitReason(Schema):
    reason: str


class PermitNote(Schema):
    note: str


class StopRequest(Schema):
    reason: StopReason
    note: str = ""


class ReissueRequest(Schema):
    starts_at: datetime
    ends_at: datetime
    reason: str = ""


class GuardianRequest(Schema):
    is_here: bool
    code: str = ""


class PermitPersonRequest(Schema):
    person: int


class MeasureRequest(Schema):
    state: MeasureState
    note: str = ""


class LockRequest(Schema):
    lock_no: str = ""


class GasRequest(Schema):
    readings: list[dict[str, Any]]
    place: str
    taken_at: datetime | None = None
    instrument: str = ""


class PermitHandoverRequest(Schema):
    role: PartRole
    person: int
    note: str
    card: str = ""
    card_until: date | None = None


class PermitCodeRequest(Schema):
    code: str


class ExtendRequest(Schema):
    until: datetime
    code: str
    note: str = ""
