"""主题活动、专项活动: what the API takes and answers."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ninja import Field, Schema

from ronghe.api.v1.shapes import Named
from ronghe.domain.campaigns.enums import ReportState, RunState, StageState


class CampaignRow(Schema):
    id: int
    title: str
    body: Named
    playbook: str = Field(description="范本代码")
    starts: date
    until_on: date = Field(description="不含当天")
    state: RunState
    stages: int
    stages_done: int
    report: ReportState | None


class CampaignDutyRow(Schema):
    id: int
    title: str
    due_on: date
    state: str
    source_type: str | None = Field(description="办结它的记录")
    source_id: int | None


class CampaignStageRow(Schema):
    code: str
    title: str
    from_on: date
    until_on: date = Field(description="不含当天")
    summary_until: date = Field(description="小结在这天以前写不算迟")
    state: StageState
    met: int
    owed: int
    duties: list[CampaignDutyRow]
    summary: str
    figures: dict[str, Any] = Field(description="小结时存下的数据；没有小结为空")
    missing: int = Field(description="小结时还缺几项")
    reason: str


class CampaignAnswer(Schema):
    id: int
    title: str
    body: Named
    state: RunState
    begun_on: date
    stages: list[CampaignStageRow]
    report: ReportState | None


class CampaignReportAnswer(Schema):
    campaign: int
    state: ReportState
    round: int
    sections: dict[str, str]
    figures: dict[str, Any] = Field(description="交出时存下的数据；没有交过为空")


class CampaignBoardRow(Schema):
    campaign: int
    body: Named
    stages: dict[str, StageState]
    met: int
    owed: int
    missed: int
    is_behind: bool
    report: ReportState | None
    on_time_before: Decimal | None = Field(description="百分比；范本不要求前后对比为空")
    on_time_after: Decimal | None


class ThemedRow(Schema):
    id: int
    activity: int
    theme: str
    title: str
    body: Named
    day: date
    state: str
    figures: dict[str, Decimal] | None = Field(description="成效；没有填为空")


class ThemeRow(Schema):
    code: str
    title: str
    figures: list[str] = Field(description="成效要填的数字的代码")


class ThemedYearRow(Schema):
    body: Named
    theme: str
    quarter: int
    held: int
    missed: int
    figures: dict[str, Decimal]


class StageSummaryRequest(Schema):
    text: str = Field(max_length=10_000)
    reason: str = Field("", max_length=200, description="还缺的为什么没有完成")


class SummaryCorrectionRequest(Schema):
    text: str = Field(max_length=10_000)
    reason: str = Field(max_length=200)


class CampaignSectionsRequest(Schema):
    sections: dict[str, str]
    hand_in: bool = False


class CampaignNoteRequest(Schema):
    note: str = Field("", max_length=400)


class CampaignReturnRequest(Schema):
    reason: str = Field(max_length=400)


class ThemedRequest(Schema):
    body: int
    theme: str = Field(max_length=60)
    title: str = Field(max_length=80)
    place: str = Field("", max_length=80)
    starts_at: datetime
    ends_at: datetime
    hosts: list[int] = Field([], max_length=50)


class ThemeRequest(Schema):
    activity: int
    theme: str = Field(max_length=60)
    title: str = Field("", max_length=80)


class ThemedResultRequest(Schema):
    figures: dict[str, Decimal]
    note: str = Field("", max_length=400)
    reason: str = Field("", max_length=120, description="更正的，写原因")


class ThemeChangeRequest(Schema):
    theme: str = Field(max_length=60, description="主题的代码")


class ThemedProblemRequest(Schema):
    problem: str = Field(max_length=120)
    assignee: int
    due_at: datetime
