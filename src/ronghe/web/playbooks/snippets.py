"""Pieces of a playbook that the editor inserts: complete, so that the text checks clean with them."""

from __future__ import annotations

from dataclasses import dataclass

from ronghe.kernel.words import N_, _


@dataclass(frozen=True, slots=True)
class Snippet:
    """One piece, and the list of the file below which it belongs."""

    id: str
    name: str
    below: str
    text: str

    @property
    def title(self) -> str:
        return _(self.name)


SNIPPETS = (
    Snippet(
        "mechanism",
        N_("一项制度"),
        "mechanisms",
        """\
  - id: new_mechanism
    title: {zh: 新制度, en: New mechanism}
    dimension: life
    for: [branch]
    cadence: {rrule: FREQ=MONTHLY, window: month}
    calendar: statutory
    grace: {days: 5, unit: working}
    answers: secretary
    expected: [members]
    satisfied_by:
      - kind: rhythm.activity_closed
        where: {activity_type: theme_party_day}
    evidence: {required: [sign_in]}
""",
    ),
    Snippet(
        "checks",
        N_("制度的检查表"),
        "mechanisms[].form",
        """\
    form:
      checks:
        - {id: first_check, title: {zh: 第一项检查, en: First check}}
        - {id: second_check, title: {zh: 第二项检查, en: Second check}}
""",
    ),
    Snippet(
        "sheet_item",
        N_("评分表的一项"),
        "sheets[].root.items",
        """\
        - id: meetings_in_time
          title: {zh: 会议按时率, en: Meetings held in time}
          kind: ratio
          of: {due: theme_day}
          full: 10
""",
    ),
    Snippet(
        "goal",
        N_("合作协议的一个目标"),
        "agreement.goals",
        """\
    - id: new_goal
      head: project
      title: {zh: 工期提前, en: Days ahead of schedule}
      unit: {zh: 天, en: days}
      better: up
""",
    ),
    Snippet(
        "document",
        N_("一份依据文件"),
        "documents",
        """\
  - id: new_document
    title: {zh: 某某管理办法, en: Measures on something}
    number: 某党发〔2026〕1号
    version: "2026"
    effective_from: "2026-01-01"
""",
    ),
    Snippet(
        "role",
        N_("一个角色"),
        "roles",
        """\
  - id: new_role
    title: {zh: 某某负责人, en: Person in charge}
""",
    ),
)
