"""What the API takes and gives about schedules. Dates are days, money is in yuan as a decimal text."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from ninja import Field, Schema

from ronghe.api.v1.shapes import Named
from ronghe.domain.schedule.calc.plan_file import LONGEST_NAME, LONGEST_NOTES
from ronghe.domain.schedule.enums import AmountKind, BaseCalendar, Stage
from ronghe.domain.zones.enums import ParticipantRole


class ScheduleRow(Schema):
    project: Named
    unit: Named
    state: str
    begins_on: date
    base: BaseCalendar
    finish_on: date | None = Field(description="按前置关系排出的完成日期")
    forecast_on: date | None = Field(description="按已报进度预计的投产日期，没有投产里程碑时为整个计划的完成日期")
    commissioned_on: date | None = Field(description="实际投产")
    baseline_on: date | None = Field(description="现行基线的投产日期（PJ-03）")
    baseline_number: int | None
    days_gained: int | None = Field(description="比现行基线提前的天数，负数为落后")
    late_count: int


class ScheduleLink(Schema):
    predecessor: int = Field(description="前置任务的编号")
    kind: str = Field(description="FS、SS、FF、SF")
    lag: str = Field(description="如 +2d、-1d、+3ed、+50%，没有为空")


class ScheduleTaskRow(Schema):
    id: int
    uid: int = Field(description="编号，前置任务里写的就是它")
    number: str = Field(description="大纲编号，如 1.2.3")
    level: int
    name: str
    is_summary: bool
    is_milestone: bool
    is_key: bool
    is_active: bool
    stage: str
    lot: Named | None
    person: Named | None
    minutes: int = Field(description="工期，工作分钟；按日历天的为日历分钟")
    start_on: date | None
    finish_on: date | None
    baseline_start_on: date | None
    baseline_finish_on: date | None
    forecast_start_on: date | None
    forecast_finish_on: date | None
    actual_start_on: date | None
    actual_finish_on: date | None
    percent: int
    slip_days: int = Field(description="比基线（没有基线时比计划）晚几天，负数为早")
    total_float_minutes: int
    is_critical: bool
    links: list[ScheduleLink]


class SchedulePlan(ScheduleRow):
    planned_percent: Decimal = Field(description="今天应完成，以工期为权重")
    actual_percent: Decimal
    tasks: list[ScheduleTaskRow]


class ScheduleRequest(Schema):
    project: int
    base: BaseCalendar = BaseCalendar.EVERY_DAY
    begins_on: date | None = Field(None, description="不给为项目的计划开工日期")


class ScheduleTaskRequest(Schema):
    name: str = Field(max_length=LONGEST_NAME)
    days: Decimal = Field(Decimal(1), description="工期，天；里程碑为 0")
    is_elapsed: bool = False
    links: str = Field("", max_length=400, description="如 3FS+2天, 5SS")
    lot: int | None = None
    person: int | None = None
    side: ParticipantRole | None = None
    is_key: bool = False
    is_milestone: bool = False
    is_active: bool = True
    stage: Stage = Stage.NONE
    constraint: int = Field(0, ge=0, le=7, description="0 越早越好 … 7 不晚于…完成，同 Microsoft Project")
    constraint_on: date | None = None
    deadline_on: date | None = None
    notes: str = Field("", max_length=LONGEST_NOTES)


class ScheduleTaskNew(ScheduleTaskRequest):
    after: int | None = Field(None, description="加在哪个任务之后")
    is_below: bool = Field(False, description="作为它的下级")


class SchedulePlaceRequest(Schema):
    day: date | None = Field(None, description="从哪天起；不给为按前置任务排")


class ScheduleReportRequest(Schema):
    kind: str = Field(pattern="^(started|progress|finished)$")
    percent: int | None = Field(None, description="kind 为 progress 时 1 到 99")
    day: date | None = Field(None, description="不给为今天")
    started_on: date | None = None
    note: str = Field("", max_length=200)


class ScheduleBaselineRow(Schema):
    id: int
    number: int
    state: str
    reason: str
    digest: str
    starts_on: date
    ends_on: date
    commissioned_on: date | None
    proposed_by: Named
    proposed_at: datetime
    decided_by: Named | None
    decided_at: datetime | None
    decision: str


class ScheduleBaselineRequest(Schema):
    reason: str = Field("", max_length=200, description="变更已批准的基线时必填")


class ScheduleDecision(Schema):
    digest: str = Field("", max_length=64, description="批准时给出所见基线的摘要")
    decision: str = Field("", max_length=200)


class ScheduleLotRow(Schema):
    id: int
    name: str
    unit: Named | None


class ScheduleLotRequest(Schema):
    name: str = Field(max_length=80)
    unit: int | None = None


class ScheduleAmountRow(Schema):
    id: int
    kind: AmountKind
    lot: Named | None
    yuan: Decimal
    day: date
    source: str
    state: str
    entered_by: Named
    vouched_by: Named | None


class ScheduleMoney(Schema):
    ceiling: Decimal | None = Field(description="概算加批准的变更；都没有时为项目登记的投资")
    estimate: Decimal
    budget: Decimal
    change: Decimal
    committed: Decimal
    paid: Decimal
    left: Decimal | None
    is_over: bool
    amounts: list[ScheduleAmountRow]


class ScheduleAmountRequest(Schema):
    kind: AmountKind
    yuan: Decimal
    day: date
    source: str = Field(max_length=200)
    lot: int | None = None


class ScheduleReason(Schema):
    reason: str = Field("", max_length=200)


class ScheduleRemark(Schema):
    where: str
    text: str
    is_error: bool


class ScheduleDifference(Schema):
    uid: int
    name: str
    act: str = Field(description="added、changed、removed")
    fields: list[tuple[str, str, str]] = Field(description="项目、原来、之后")


class ScheduleImportRow(Schema):
    id: int
    state: str
    file_name: str
    counts: dict[str, int]
    remarks: list[ScheduleRemark]
    changes: list[ScheduleDifference]


class ScheduleImportAccept(Schema):
    takes_calendar: bool = True
    takes_baseline: bool = False


class ScheduleCommissioning(Schema):
    project: Named
    planned_on: date
    first_planned_on: date = Field(description="第一版基线；和现行的不同说明改过")
    commissioned_on: date | None
    is_on_time: bool


class ScheduleKeyTask(Schema):
    id: int
    name: str
    project: Named
    zone: Named | None
    planned_days: int
    actual_days: int | None


class ScheduleFigures(Schema):
    year: int
    on_time_percent: Decimal | None = Field(description="按期投产率（PJ-03）")
    due: int
    on_time: int
    to_come: int
    changed: int = Field(description="改过基线的项目数")
    projects: list[ScheduleCommissioning]
    same_year: list[Named] = Field(description="当年设计、当年开工、当年投产的项目（PJ-02）")
    key_tasks: list[ScheduleKeyTask]
    key_planned_average: Decimal | None
    key_actual_average: Decimal | None
