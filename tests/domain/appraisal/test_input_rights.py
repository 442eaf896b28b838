"""Who enters figures, raises and reviews vetoes, opens, runs and marks panels, and looks into points: from both sides."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ronghe.domain.appraisal.rules import (
    ENTER_FIGURE,
    ENTER_UNIT_FIGURE,
    LOOK_INTO,
    MARK_PANEL,
    OPEN_PANEL,
    RAISE_VETO,
    REVIEW_VETO,
    RUN_PANEL,
    SEE_MARKS,
    SEE_MEMBERS_POINTS,
    SEE_PANEL,
    SEE_POINTS,
    SEE_VETO,
)
from ronghe.domain.appraisal.services.panels import PanelPlan, open_panel
from ronghe.domain.appraisal.services.vetoes import raise_veto
from ronghe.domain.org.enums import PostRole
from tests.factories.appraisal import OCTOBER, adopt, make_field
from tests.factories.org import make_person, make_post, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def field():
    field = make_field()
    adopt(field.north)
    return field


def may(permission, thing, field, **more) -> set[str]:
    """Which of the people of the story may do it; `more` are people beside them."""
    people = {
        "clerk": field.clerk, "auditor": field.auditor, "secretary": field.south_secretary,
        "member": field.south_member, "beside": field.north_member, "stranger": field.stranger, **more,
    }  # fmt: skip
    return {name for name, person in people.items() if permission.allows(person, thing, at=OCTOBER)}


def test_figures_are_entered_by_who_makes_runs_for_the_body(field):
    assert may(ENTER_FIGURE, field.south, field) == {"clerk", "secretary"}
    assert may(ENTER_FIGURE, field.committee, field) == {"clerk"}


def test_figures_of_a_unit_are_entered_where_the_unit_carries_the_body(field):
    unit, other = make_unit("南一联合站"), make_unit("北二采油队")
    field.south.unit = unit
    field.south.save(update_fields=["unit"])

    assert may(ENTER_UNIT_FIGURE, unit, field) >= {"secretary"}
    assert not may(ENTER_UNIT_FIGURE, unit, field) & {"auditor", "member", "beside", "stranger"}
    assert may(ENTER_UNIT_FIGURE, other, field) == set()


def test_rt_07_vetoes_are_raised_and_reviewed_by_makers_and_watchers_and_read_by_whom_they_mean(field):
    case = raise_veto(
        body=field.south, veto="accident", evidence="事故调查报告 2026-8 号", happened_on=date(2026, 8, 20),
        until_on=date(2026, 12, 31), actor=field.clerk, at=OCTOBER,
    )  # fmt: skip

    assert may(RAISE_VETO, field.south, field) == {"clerk", "auditor", "secretary"}
    assert may(REVIEW_VETO, case, field) == {"clerk", "auditor", "secretary"}
    assert may(SEE_VETO, case, field) == {"clerk", "auditor", "secretary"}
    case.person = field.south_member
    case.save(update_fields=["person"])
    assert may(SEE_VETO, case, field) == {"clerk", "auditor", "secretary", "member"}


def test_a_panel_is_run_where_it_was_opened_and_marked_by_its_reviewers_alone(field):
    judge = make_person("评委", home=field.north)
    plan = PanelPlan(
        item="story_visit", title="三季度督导", period="2026Q3", criteria=[("完成任务", Decimal(1))],
        closes_on=date(2026, 10, 16), bodies=[field.south], reviewers=[judge], least=1,
    )  # fmt: skip
    panel = open_panel(body=field.committee, plan=plan, actor=field.clerk, at=OCTOBER)

    assert may(OPEN_PANEL, field.committee, field, judge=judge) == {"clerk"}
    assert may(RUN_PANEL, panel, field, judge=judge) == {"clerk"}
    assert may(SEE_MARKS, panel, field, judge=judge) == {"clerk", "auditor"}
    assert may(SEE_PANEL, panel, field, judge=judge) == {"clerk", "auditor", "judge"}
    assert may(MARK_PANEL, panel, field, judge=judge) == {"judge"}


def test_pi_05_points_are_seen_by_the_person_and_those_above(field):
    assert may(SEE_POINTS, field.south_member, field) == {"clerk", "auditor", "secretary", "member"}
    assert may(SEE_MEMBERS_POINTS, field.south, field) == {"clerk", "auditor", "secretary"}


def test_odd_patterns_are_looked_into_by_secretary_clerk_and_discipline_member(field):
    discipline = make_person("纪检委员", home=field.south)
    make_post(discipline, PostRole.DISCIPLINE_MEMBER, body=field.south)

    assert may(LOOK_INTO, field.south, field, discipline=discipline) == {"clerk", "secretary", "discipline"}
    assert may(LOOK_INTO, field.north, field, discipline=discipline) == {"clerk"}
