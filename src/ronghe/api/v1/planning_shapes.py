"""四同检查: the shapes that the API asks for and answers with."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from ninja import Field, Schema

from ronghe.api.v1.shapes import Named
from ronghe.domain.planning.enums import Aspect, CheckState, ItemKind, PlanState, Side


class PlanRow(Schema):
    id: int
    body: Named
    period: str = Field(description="2026、2026H1 或 2026Q3")
    state: PlanState
    version: int
    items: int = Field(description="本季度应查的条目")
    joint: int = Field(description="四项都同的条目")
    gaps: int
    overdue: int


class PlanCell(Schema):
    aspect: Aspect
    check: int | None = Field(description="认定时用的编号；还没有找过记录的为空")
    state: CheckState
    reason: str
    records: int
    task: int | None = Field(description="正在补的任务")


class PlanLine(Schema):
    id: int
    number: int
    title: str
    kind: ItemKind
    goal: str
    figure: Decimal | None
    unit: str
    production_owner: Named
    party_owner: Named
    due_on: date
    done_on: date | None
    weight: Decimal | None
    is_joint: bool
    is_overdue: bool
    cells: list[PlanCell]


class PlanMatrix(Schema):
    id: int
    body: Named
    period: str
    state: PlanState
    version: int
    production_head: Named | None
    confirmed: list[Side] = Field(description="现在这一版哪几方已确认")
    quarter: str
    is_closed: bool = Field(description="这个季度的检查已结束，下面是当时的结果")
    items: int
    joint: int
    gaps: int
    percent: Decimal | None
    lines: list[PlanLine]


class PlanRecord(Schema):
    id: int
    day: date
    title: str
    note: str
    party: str
    production: str
    is_joint: bool
    is_found: bool = Field(description="平台找到的")


class PlanChoice(Schema):
    key: str = Field(description="a 加活动编号，或 t 加任务编号")
    title: str
    day: date
    likeness: int = Field(description="与条目的相像程度，万分之几")


class PlanCheckAnswer(Schema):
    id: int
    item: int
    aspect: Aspect
    quarter: str
    state: CheckState
    reason: str
    decided_by: Named | None
    records: list[PlanRecord]


class PlanGapRow(Schema):
    check: int
    aspect: Aspect
    state: CheckState
    reason: str
    item: int
    title: str
    body: Named
    due_on: date
    task: int | None


class PlanRequest(Schema):
    body: int
    period: str = Field(description="2026、2026H1 或 2026Q3", max_length=8)
    production_head: int | None = None
    drawn_from: int | None = Field(None, description="从哪份计划接着编")


class PlanItemRequest(Schema):
    title: str = Field(max_length=80)
    kind: ItemKind
    production_owner: int
    party_owner: int
    due_on: date
    goal: str = Field("", max_length=200)
    figure: Decimal | None = Field(None, ge=0, max_digits=14, decimal_places=2)
    unit: str = Field("", max_length=16)
    weight: Decimal | None = Field(None, ge=0, le=100, max_digits=5, decimal_places=2)
    reason: str = Field("", max_length=120, description="计划生效以后必写")


class PlanReason(Schema):
    reason: str = Field("", max_length=120)


class PlanHeadRequest(Schema):
    person: int


class PlanDone(Schema):
    done_on: date
    result: str = Field("", max_length=200)
    result_figure: Decimal | None = Field(None, ge=0, max_digits=14, decimal_places=2)


class PlanChosen(Schema):
    activity: int | None = None
    task: int | None = None


class PlanGapRequest(Schema):
    assignee: int | None = Field(None, description="不写为条目的负责人")
    due_at: datetime | None = Field(None, description="不写为两周以后")


class PlanImport(Schema):
    reason: str = Field("", max_length=120)


class PlanImported(Schema):
    items: int
