"""Playbooks and adoptions for tests."""

from __future__ import annotations

from datetime import date

from ronghe.domain.org.models import PartyOrg
from ronghe.domain.playbooks.calc.library import SHIPPED, Library
from ronghe.domain.playbooks.calc.loading import load_playbook
from ronghe.domain.playbooks.calc.model import Playbook
from ronghe.domain.playbooks.models import Adoption
from ronghe.domain.playbooks.services import adopt_playbook
from tests.factories.org import SET_UP_AT

FRAME = """\
schema: 1
id: {id}
version: {version}
title: {{zh: 测试范本, en: Test playbook}}
dimensions: [{{id: life, title: {{zh: 组织生活, en: Life}}}}]
roles: [{{id: secretary, title: {{zh: 书记, en: Secretary}}}}]
mechanisms:
"""

THEME_DAY = """\
  - id: theme_day
    title: {zh: 主题党日, en: Theme day}
    dimension: life
    for: [branch, co_built_branch, temporary_party_group]
    cadence: {rrule: FREQ=MONTHLY, window: month}
    grace: {days: 5}
    answers: secretary
    satisfied_by: [{kind: rhythm.activity_closed, where: {activity_type: theme_party_day}}]
"""


def shipped(name: str) -> Playbook:
    playbook = load_playbook(SHIPPED / f"{name}.yaml").playbook
    assert playbook is not None
    return playbook


def playbook(mechanisms: str = THEME_DAY, *, playbook_id: str = "test_book", version: int = 1) -> Playbook:
    loaded = load_playbook(FRAME.format(id=playbook_id, version=version) + mechanisms, Library(folders=()))
    assert loaded.playbook is not None, [problem.message for problem in loaded.problems]
    return loaded.playbook


def adopt(body: PartyOrg, book: Playbook, since: date) -> Adoption:
    return adopt_playbook(body=body, playbook=book, since=since, actor=None, at=SET_UP_AT)
