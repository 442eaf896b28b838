"""组织生活会与民主评议: the shapes of what comes and goes."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Field, Schema

from ronghe.api.v1.shapes import Named
from ronghe.domain.orglife.enums import (
    Exemption,
    ListLevel,
    MeetingForm,
    MemberStanding,
    ReviewGrade,
    SessionState,
)


class LifeSessionRow(Schema):
    id: int
    body: Named
    year: int
    theme: str
    form: MeetingForm
    has_review: bool
    starts_at: datetime
    state: SessionState
    members: int
    graded: int = Field(description="已评定等次的人数；告知本人以前为 0")
    corrections: int
    corrections_done: int


class LifeMemberRow(Schema):
    id: int
    person: Named
    standing: MemberStanding
    exemption: str = Field(description="免参加的原因代码；参加为空")
    has_statement: bool
    has_self_appraisal: bool
    is_seen: bool = Field(description="您能看等次和测评")
    marks: list[int] | None = Field(description="民主测评各档票数，从优秀到不合格；看不到或人太少为空")
    grade: str = Field(description="评定等次代码；看不到或没有为空")
    is_acknowledged: bool


class LifeCorrectionRow(Schema):
    id: int
    level: ListLevel
    problem: str
    measure: str
    assignee: Named
    due_at: datetime
    task: int
    state: str
    is_carried: bool


class LifeSessionAnswer(Schema):
    id: int
    body: Named
    year: int
    state: SessionState
    should: int | None = Field(description="测评时应到人数")
    present: int | None = Field(description="测评时实到人数")
    most_excellent: int = Field(description="优秀最多几人（PM-08）")
    objections_until: date | None
    reported_at: datetime | None
    corrections_percent: int
    members: list[LifeMemberRow]
    corrections: list[LifeCorrectionRow]


class LifeSaid(Schema):
    text: str
    by: str = Field(description="谁提的；未署名为空")


class LifeMeasureWords(Schema):
    kind: str
    reasons: str


class LifePersonalAnswer(Schema):
    id: int
    person: Named
    statement: str
    self_text: str
    opinions: list[LifeSaid]
    criticisms: list[LifeSaid]
    comments: list[str]
    reasons: str
    objection: str
    answer: str


class LifeOverviewRow(Schema):
    body: Named
    session: int | None
    state: str
    members: int
    grades: dict[str, int] = Field(description="等次代码 → 人数；告知本人以前没有")
    most_excellent: int
    is_reported: bool
    corrections: int
    corrections_done: int
    corrections_overdue: int


class LifeLeaderRow(Schema):
    person: Named
    posts: list[str]
    home: Named | None
    leading: list[date] = Field(description="参加领导班子民主生活会的日子")
    home_days: list[date] = Field(description="参加所在支部组织生活会的日子")
    is_double: bool


class LifeSessionRequest(Schema):
    body: int
    year: int = Field(ge=2000, le=2999)
    form: MeetingForm = MeetingForm.GENERAL
    theme: str = Field(max_length=120)
    chair: int
    starts_at: datetime
    ends_at: datetime
    place: str = Field(max_length=80)
    has_review: bool = True
    is_combined: bool = True
    peers_by_group: bool = False
    objection_days: int = Field(5, ge=1, le=30)


class LifeTextRequest(Schema):
    text: str = Field(max_length=10_000)


class LifeSelfRequest(Schema):
    grade: ReviewGrade
    text: str = Field(max_length=10_000)


class LifeRating(Schema):
    member: int
    grade: ReviewGrade
    comment: str = Field("", max_length=200)


class LifeRatingsRequest(Schema):
    ratings: list[LifeRating]


class LifeOpinionRequest(Schema):
    text: str = Field(max_length=600)
    about: int | None = Field(None, description="对哪名党员，不写是对支委会班子")
    is_named: bool = False


class LifeExemptRequest(Schema):
    reason: Exemption
    note: str = Field("", max_length=120)


class LifeGradeRequest(Schema):
    grade: ReviewGrade
    reasons: str = Field("", max_length=1000)


class LifeObjectionRequest(Schema):
    text: str = Field(max_length=600)


class LifeAnswerRequest(Schema):
    is_upheld: bool
    answer: str = Field(max_length=600)
    grade: ReviewGrade | None = None


class LifeCorrectionRequest(Schema):
    level: ListLevel
    problem: str = Field(max_length=120)
    measure: str = Field(max_length=300)
    due_at: datetime
    assignee: int | None = Field(None, description="党员个人的不用写")
    member: int | None = None


class LifeCarryRequest(Schema):
    reason: str = Field(max_length=200)
