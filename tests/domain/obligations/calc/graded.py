"""A playbook whose mechanisms depend on the quarter's grade of a branch."""

from __future__ import annotations

GRADED_BOOK = """\
schema: 1
id: test_book
version: 1
title: {zh: 测试范本, en: Test playbook}
dimensions: [{id: life, title: {zh: 组织生活, en: Life}}]
roles: [{id: secretary, title: {zh: 书记, en: Secretary}}]
mechanisms:
  - id: ordinary_visit
    title: {zh: 季度走访, en: Quarterly visit}
    dimension: life
    for: [branch]
    for_grade: {sheet: branch_quarter, grades: [fair], ungraded: owed}
    cadence: {rrule: "FREQ=MONTHLY;INTERVAL=3", window: quarter, partial_window: owed}
    calendar: every_day
    answers: secretary
    satisfied_by: [{kind: exchange.visit_held}]
  - id: close_watch
    title: {zh: 每月督导, en: Monthly inspection}
    dimension: life
    for: [branch]
    for_grade: {sheet: branch_quarter, grades: [below]}
    cadence: {rrule: FREQ=MONTHLY, window: month}
    calendar: every_day
    answers: secretary
    satisfied_by: [{kind: exchange.visit_held}]
  - id: support
    title: {zh: 季度帮扶, en: Quarterly support}
    dimension: life
    for: [branch]
    for_grade: {sheet: branch_quarter, grades: [below], ungraded: not_owed}  # support
    cadence: {rrule: "FREQ=MONTHLY;INTERVAL=3", window: quarter, partial_window: owed}
    calendar: every_day
    answers: secretary
    satisfied_by: [{kind: clinic.case_solved}]
sheets:
  - id: branch_quarter
    title: {zh: 党支部季度评星, en: Quarterly branch stars}
    level: branch
    period: [quarter]
    root: {id: total, title: {zh: 得分, en: Score}, kind: each, of: {facts: exchange.visit_held}, points: 1, cap: 100}
    grades:
      bands:
        - {id: good, title: {zh: 三星, en: Three stars}, if: {at_least: 80}}
        - {id: fair, title: {zh: 二星, en: Two stars}, if: {at_least: 60}}
        - {id: below, title: {zh: 一星, en: One star}}
"""
