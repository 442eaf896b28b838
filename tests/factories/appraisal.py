"""A quarter to be judged: two branches below a committee, their members, and a playbook with a sheet for each level."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from ronghe.domain.appraisal.models import Run, VetoCase
from ronghe.domain.appraisal.selectors.vetoes import veto_kinds
from ronghe.domain.appraisal.services.computing import compute_run
from ronghe.domain.appraisal.services.runs import finalize_run, publish_run, start_run
from ronghe.domain.appraisal.services.vetoes import raise_veto, review_veto
from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.playbooks.calc.loading import load_playbook
from ronghe.domain.playbooks.calc.model import Playbook
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.kernel.facts.kinds import Code, declare, declared_kinds
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record
from tests.factories.kept import kept
from tests.factories.org import make_account, make_body, make_person, make_post

SHANGHAI = ZoneInfo("Asia/Shanghai")
STUDY = declared_kinds().get("story.study") or declare("story.study", "学习", attributes={"item": Code()})
FAULT = declared_kinds().get("story.fault") or declare("story.fault", "违章", attributes={"item": Code()})

QUARTER = "2026Q3"
OCTOBER = datetime(2026, 10, 12, 9, 0, tzinfo=SHANGHAI)
"""The Monday after the holiday on which runs of the third quarter are started and published."""

PLAYBOOK = """
schema: 1
id: story_book
version: 1
title: {zh: 故事范本, en: Story playbook}
dimensions: [{id: life, title: {zh: 组织生活, en: Organized life}}]
roles: [{id: secretary, title: {zh: 书记, en: Secretary}}]
mechanisms:
  - id: monthly_study
    title: {zh: 月度学习, en: Monthly study}
    dimension: life
    for: [branch]
    cadence: {rrule: FREQ=MONTHLY, window: month}
    calendar: every_day
    answers: secretary
    satisfied_by: [{kind: story.study}]
sheets:
  - id: branch_quarter
    title: {zh: 党支部季度考评, en: Quarterly branch appraisal}
    level: branch
    period: [quarter, year]
    root:
      id: total
      title: {zh: 总分, en: Total}
      kind: sum
      items:
        - {id: study, title: {zh: 学习, en: Study}, kind: each, of: {facts: story.study}, points: 20, cap: 60}
        - {id: safety, title: {zh: 安全, en: Safety}, kind: deduct, full: 40, of: {facts: story.fault}, points: 5}
    consequences:
      - {grade: good, pay: 1.1, selected: true}
      - {grade: fair, pay: 1}
      - {grade: below, pay: 0.8, bars: [advanced_unit]}
    vetoes:
      - {id: accident, title: {zh: 生产安全责任事故, en: Liability accident}, grade_at_most: below}
    grades:
      bands:
        - {id: good, title: {zh: 优秀, en: Good}, if: {at_least: 90}}
        - {id: fair, title: {zh: 达标, en: Fair}, if: {at_least: 60}}
        - {id: below, title: {zh: 待达标, en: Below}}
  - id: member_quarter
    title: {zh: 党员季度积分, en: Quarterly member points}
    level: member
    root: {id: points, title: {zh: 积分, en: Points}, kind: each, of: {facts: story.study}, points: 2, cap: 20}
  - id: duties
    title: {zh: 履行情况, en: Duties kept}
    level: branch
    root: {id: kept, title: {zh: 按期率, en: Kept}, kind: ratio, of: {due: monthly_study, late: 0.5}, full: 100}
  - id: brought_in
    title: {zh: 督导和产量, en: Visit and output}
    level: branch
    root:
      id: total
      title: {zh: 总分, en: Total}
      kind: sum
      items:
        - {id: output, title: {zh: 产量完成率, en: Output}, kind: ratio, of: {figure: story_output}, target: 100, full: 50}
        - {id: visit, title: {zh: 现场督导, en: Visit}, kind: ratio, of: {panel: story_visit}, full: 50}
  - id: tied
    title: {zh: 红旗党支部, en: Red-flag branch}
    level: branch
    root: {id: total, title: {zh: 得分, en: Score}, kind: each, of: {facts: story.study}, points: 1, cap: 100}
    grades:
      bands:
        - {id: first, title: {zh: 红旗, en: Red flag}, if: {first: 1, ties: ask}}
        - {id: rest, title: {zh: 其余, en: The rest}}
"""


def story_playbook() -> Playbook:
    loaded = load_playbook(PLAYBOOK)
    assert loaded.playbook is not None, [problem.message for problem in loaded.problems]
    return loaded.playbook


@dataclass
class Field:
    """采油一厂党委 with 南一 and 北二 below it; 沈清 keeps the committee's books, 高远 leads 南一, 罗一鸣 works there."""

    committee: PartyOrg
    south: PartyOrg
    north: PartyOrg
    clerk: Person
    south_secretary: Person
    south_member: Person
    north_member: Person
    auditor: Person
    stranger: Person


@kept
def make_field() -> Field:
    committee = make_body("采油一厂党委", kind=PartyOrgKind.COMMITTEE)
    south, north = make_body("南一联合站党支部", parent=committee), make_body("北二采油队党支部", parent=committee)
    elsewhere = make_body("采油二厂党支部")
    field = Field(
        committee=committee,
        south=south,
        north=north,
        clerk=make_person("沈清"),
        south_secretary=make_person("高远", home=south),
        south_member=make_person("罗一鸣", home=south),
        north_member=make_person("折静", home=north),
        auditor=make_person("薛志强"),
        stranger=make_person("拓晓红", home=elsewhere),
    )
    make_post(field.clerk, PostRole.COMMITTEE_CLERK, body=committee)
    make_post(field.south_secretary, PostRole.SECRETARY, body=south)
    make_post(field.auditor, PostRole.AUDITOR, body=committee)
    make_post(field.stranger, PostRole.SECRETARY, body=elsewhere)
    return field


def adopt(body: PartyOrg) -> None:
    """Let a branch work by the story's playbook from the beginning of the year."""
    new_year = datetime(2026, 1, 1, 8, 0, tzinfo=SHANGHAI)
    adopt_playbook(body=body, playbook=story_playbook(), since=new_year.date(), actor=None, at=new_year)


def veto_in_force(
    field: Field, body: PartyOrg, *, veto: str = "accident", day: int = 20, until: date = date(2026, 12, 31)
) -> VetoCase:  # fmt: skip
    """Raise a veto for what happened in August, and let the auditor confirm it."""
    if veto not in veto_kinds():
        adopt(field.north)  # so that the story's vetoes are among those that there are
    case = raise_veto(
        body=body, veto=veto, evidence="事故调查报告 2026-8 号", happened_on=date(2026, 8, day), until_on=until,
        actor=field.clerk, at=OCTOBER,
    )  # fmt: skip
    return review_veto(case=case, holds=True, remark="报告属实", actor=field.auditor, at=OCTOBER)


def study(body: PartyOrg, *, times: int = 1, person: Person | None = None, day: int = 14) -> list[Fact]:
    at = datetime(2026, 9, day, 7, 40, tzinfo=SHANGHAI)
    return [record(Draft(STUDY, at, None, about=person, body=body.pk)) for _time in range(times)]


def fault(body: PartyOrg, *, times: int = 1) -> list[Fact]:
    at = datetime(2026, 8, 3, 10, 0, tzinfo=SHANGHAI)
    return [record(Draft(FAULT, at, None, body=body.pk)) for _time in range(times)]


def a_quarter(field: Field) -> None:
    """南一 comes to 100 points, 北二 to 75; 罗一鸣 to 4, 折静 to 2."""
    study(field.south, times=1)
    study(field.south, times=2, person=field.south_member)
    study(field.north, times=1)
    study(field.north, times=1, person=field.north_member)
    fault(field.north, times=1)


def started_run(field: Field, *, sheet: str = "branch_quarter", period: str = QUARTER, at: datetime = OCTOBER) -> Run:
    return start_run(
        body=field.committee, playbook=story_playbook(), sheet_id=sheet, period=period, actor=field.clerk, at=at
    )


def computed_run(field: Field, *, sheet: str = "branch_quarter", at: datetime = OCTOBER) -> Run:
    return compute_run(run=started_run(field, sheet=sheet, at=at), at=at)


def published_run(field: Field, *, sheet: str = "branch_quarter", at: datetime = OCTOBER) -> Run:
    return publish_run(run=computed_run(field, sheet=sheet, at=at), actor=field.clerk, at=at)


def final_run(field: Field, *, sheet: str = "branch_quarter") -> Run:
    run = published_run(field, sheet=sheet)
    return finalize_run(run=run, actor=field.clerk, at=datetime(2026, 10, 20, 9, 0, tzinfo=SHANGHAI))


def scores_of(rows) -> dict[int, Decimal | None]:
    return {row.subject: None if row.score is None else Decimal(row.score) / 10_000 for row in rows}


def log_in_as(client, person: Person):
    """Return the client with the person logged in."""
    account = person.account or make_account(person)
    client.force_login(account)
    return client
