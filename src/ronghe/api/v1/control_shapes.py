"""Shapes of project control: figures, processes, reviews, readiness, losses, approvals, standards."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

from ninja import Field, Schema

from ronghe.api.v1.shapes import Named
from ronghe.domain.control.calc.plan import NOTICE_HOURS
from ronghe.domain.control.enums import (
    ApprovalKind,
    Aspect,
    Discipline,
    IncidentKind,
    LossKind,
    Opinion,
    Point,
    ProcessState,
    ReviewState,
)


class ControlTally(Schema):
    all: int
    accepted: int
    accepted_share: Decimal | None = Field(description="已验收占全部的百分数，向下取一位小数")
    unattended: int = Field(description="其中通知期满、监理没有到场的见证点")
    rated: int
    excellent: int = Field(description="已验收并评为优质；和 accepted 是两回事，不混用")
    excellent_share: Decimal | None
    waiting: int
    hold: int = Field(description="还没有验收的停检点")
    reworks: int


class ControlCounter(Schema):
    kind: IncidentKind
    days: int | None = Field(description="由事故记录算出；没开工的为空")
    count: int
    last_on: date | None


class ControlProjectRow(Schema):
    project: Named
    state: str
    tally: ControlTally
    counters: list[ControlCounter]
    review_days: Decimal | None = Field(description="已签发图纸用时的中位数，工作日")
    review_old_days: Decimal
    review_target_days: Decimal
    reviews_open: int
    open_points: int
    is_ready: bool
    loss_hours: Decimal
    loss_yuan: Decimal
    approvals_open: int
    approvals_late: int


class ControlGap(Schema):
    code: str
    words: str
    count: int


class ControlAspectLine(Schema):
    aspect: Aspect
    checked_on: date | None
    found: int
    open: int


class ControlReadiness(Schema):
    is_ready: bool
    gaps: list[ControlGap]
    aspects: list[ControlAspectLine]
    declared_by: Named | None
    declared_at: datetime | None


class ControlLot(Schema):
    lot: str
    tally: ControlTally


class ControlProjectAnswer(ControlProjectRow):
    lots: list[ControlLot]
    readiness: ControlReadiness


class ControlPart(Schema):
    id: int
    name: str
    level: str
    depth: int
    lot: str
    tally: ControlTally


class ControlProcessRow(Schema):
    id: int
    project: int
    part: Named
    path: list[str] = Field(description="单位工程到检验批")
    number: int
    name: str
    point: Point
    state: ProcessState
    is_unattended: bool
    is_excellent: bool | None
    round: int
    reworks: int


class ControlRecordRow(Schema):
    act: str
    round: int
    by: Named | None
    at: datetime
    note: str
    is_undone: bool
    pictures: list[str] = Field(description="文件的摘要")


class ControlProcessAnswer(ControlProcessRow):
    standard: str
    notice_hours: int
    measured: int
    passed: int
    self_by: Named | None
    mutual_by: Named | None
    special_by: Named | None
    accepted_by: Named | None
    accepted_at: datetime | None
    rated_by: Named | None
    witness_until: datetime | None
    before: list[Named] = Field(description="都验收了才能进入这一道")
    records: list[ControlRecordRow]


class ControlShownRequest(Schema):
    note: str = Field("", max_length=400)
    measured: int = 0
    passed: int = 0


class ControlPlanRow(Schema):
    unit_work: str = Field(max_length=80)
    division: str = Field(max_length=80)
    section: str = Field(max_length=80)
    inspection_lot: str = Field(max_length=80)
    name: str = Field(max_length=80)
    point: Point = Point.ORDINARY
    standard: str = Field("", max_length=400)
    notice_hours: int = NOTICE_HOURS
    lot: str = Field("", max_length=80)
    before: list[int] | None = Field(
        None, description="前道工序在本次各行里的位置，从 0 起；不写就是同一检验批的上一行"
    )


class ControlStructureRequest(Schema):
    rows: list[ControlPlanRow]


class ControlCopyRequest(Schema):
    source: int


class ControlUseTemplateRequest(Schema):
    template: int
    part: int


class ControlTemplateLine(Schema):
    name: str = Field(max_length=80)
    point: Point = Point.ORDINARY
    standard: str = Field("", max_length=400)
    notice_hours: int = NOTICE_HOURS


class ControlTemplateRequest(Schema):
    body: int
    name: str = Field(max_length=80)
    lines: list[ControlTemplateLine]


class ControlTemplateAnswer(Schema):
    id: int
    body: Named
    name: str
    lines: list[ControlTemplateLine]


class ControlSeat(Schema):
    person: int
    deputy: int | None = None
    duty: str = Field("", max_length=40)


class ControlReviewRequest(Schema):
    title: str = Field(max_length=120)
    number: str = Field("", max_length=40)
    discipline: Discipline
    lot: str = Field("", max_length=80)
    seats: list[ControlSeat]


class ControlComment(Schema):
    title: str = Field(max_length=120)
    sheet: str = Field("", max_length=120)
    ground: str = Field("", max_length=2000)


class ControlOpinionRequest(Schema):
    opinion: Opinion
    comments: list[ControlComment] = []
    note: str = Field("", max_length=400)


class ControlReasonRequest(Schema):
    reason: str = Field(max_length=400)


class ControlReviewRow(Schema):
    id: int
    project: int
    title: str
    number: str
    discipline: Discipline
    state: ReviewState
    round: int
    submitted_by: Named
    submitted_at: datetime
    due_at: datetime
    issued_at: datetime | None


class ControlReviewSeat(Schema):
    person: Named
    deputy: Named | None
    has_said: bool = Field(description="这一轮已给意见")


class ControlReviewAnswer(ControlReviewRow):
    seats: list[ControlReviewSeat]
    comments: list[int] = Field(description="意见的事项编号，在 /work/items 里看和办")
    hours: Decimal = Field(description="从送审到签发或到现在的工作小时")
    hours_by_side: dict[str, Decimal] = Field(description="reviewers、designer、issuer 各等了多少工作小时")


class ControlAspectRequest(Schema):
    aspect: Aspect
    checked_on: date
    note: str = Field("", max_length=400)


class ControlPointRequest(Schema):
    aspect: Aspect
    title: str = Field(max_length=120, description="任务")
    owner: int = Field(description="人员")
    due_at: datetime = Field(description="时间")
    measure: str = Field(max_length=120, description="措施")
    text: str = Field("", max_length=2000)
    place: str = Field("", max_length=80)


class ControlItemAnswer(Schema):
    item: int = Field(description="事项编号，在 /work/items 里看和办")
    state: str


class ControlLossRequest(Schema):
    kind: LossKind
    cause: str = Field(description="causes 里的代码")
    happened_on: date
    crew: str = Field(max_length=40)
    people: int
    hours: Decimal = Field(description="合计工时，最多 2 位小数")
    cost: Decimal = Field(description="元，最多 2 位小数")
    basis: str = Field(max_length=400)
    answers_unit: int
    crew_unit: int | None = None
    answerer: int | None = None
    lot: str = Field("", max_length=80)
    process: int | None = None
    text: str = Field("", max_length=2000)


class ControlLossAgainRequest(Schema):
    people: int | None = None
    hours: Decimal | None = None
    cost: Decimal | None = None
    basis: str | None = Field(None, max_length=400)
    note: str = Field(max_length=1000)


class ControlLossRow(Schema):
    item: int
    state: str
    kind: LossKind
    cause: str
    crew: str
    crew_unit: Named
    answers_unit: Named
    happened_on: date
    people: int
    hours: Decimal
    yuan: Decimal


class ControlLossSum(Schema):
    title: str
    count: int
    hours: Decimal
    yuan: Decimal


class ControlLosses(Schema):
    total: ControlLossSum = Field(description="双方认定的")
    by_cause: list[ControlLossSum]
    by_crew: list[ControlLossSum]
    by_month: list[ControlLossSum]
    waiting: int
    contested: int
    causes: dict[str, str]
    rows: list[ControlLossRow]


class ControlApprovalRequest(Schema):
    kind: ApprovalKind
    title: str = Field(max_length=120)
    authority: str = Field(max_length=80)
    stages: list[str] = Field(description="环节，按先后")
    owner: int
    contact: str = Field("", max_length=40, description="处室、岗位，不写人名")
    phone: str = Field("", max_length=40, description="办公电话，加密保存")
    next_step: str = Field("", max_length=200)
    due_at: datetime | None = None
    expected_on: date | None = None
    text: str = Field("", max_length=2000)


class ControlApprovalStepRequest(Schema):
    day: date
    note: str = Field("", max_length=400)
    document_number: str = Field("", max_length=80)


class ControlNextRequest(Schema):
    next_step: str = Field(max_length=200)
    due_at: datetime | None = None
    expected_on: date | None = None
    contact: str | None = Field(None, max_length=40)
    phone: str | None = Field(None, max_length=40)


class ControlApprovalRow(Schema):
    item: int
    state: str
    kind: ApprovalKind
    title: str
    authority: str
    stage: str
    stage_days: int
    all_days: int
    submitted_on: date | None
    expected_on: date | None
    got_on: date | None
    is_overdue: bool
    next_step: str
    owner: Named | None


class ControlIncidentRequest(Schema):
    kind: IncidentKind
    happened_on: date
    class_code: str = Field("", max_length=40)
    note: str = Field("", max_length=400)


class ControlIncidentRow(Schema):
    id: int
    kind: IncidentKind
    happened_on: date
    class_code: str
    note: str
    withdrawn_at: datetime | None


class ControlRatingRule(Schema):
    least_percent: Decimal
    forgives_rework: bool = False
    needs_measuring: bool = False
    text: str = Field("", max_length=1000)


class ControlReviewPace(Schema):
    old_days: Decimal
    target_days: Decimal
    begins: time
    break_from: time
    break_until: time
    ends: time


class ControlCauseRequest(Schema):
    name: str = Field(max_length=40)


class ControlStandards(Schema):
    rating: ControlRatingRule
    review: ControlReviewPace
    causes: dict[str, str]


class ControlMany(Schema):
    done: int
    refused: list[str]


class ControlRateRequest(Schema):
    processes: list[int]
