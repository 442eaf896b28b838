"""The stars page: a team and its Party group are one result (PP-11), and the group owes by the team's grade (RT-03)."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from ronghe.domain.appraisal.enums import Level
from ronghe.domain.appraisal.facts import PANEL_MARK
from ronghe.domain.appraisal.selectors.stars import groups_of_teams, star_board
from ronghe.domain.appraisal.services.computing import compute_run
from ronghe.domain.appraisal.services.runs import finalize_run, publish_run, start_run
from ronghe.domain.org.enums import PartyOrgKind, PostRole, UnitKind
from ronghe.domain.pairing.models import GroupTeamLink
from ronghe.domain.playbooks.calc.shipped import shipped_playbook
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record
from tests.factories.appraisal import OCTOBER
from tests.factories.org import make_body, make_person, make_post, make_unit

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
AUGUST, LATER = datetime(2026, 8, 3, 9, 0, tzinfo=SHANGHAI), datetime(2026, 10, 21, 9, 0, tzinfo=SHANGHAI)
ISES = ("first_ise", "second_ise", "third_ise", "fourth_ise")


@pytest.fixture
def story():
    """采油一班 with its Party group, marked 18 of 20 by each of the four; 采油二班 without a group, marked 12."""
    plant = make_unit("采油厂")
    committee = make_body("采油厂党委", kind=PartyOrgKind.COMMITTEE, unit=plant)
    group = make_body("采油一班党小组", kind=PartyOrgKind.PARTY_GROUP, parent=committee)
    teams = [make_unit(name, kind=UnitKind.TEAM, parent=plant) for name in ("采油一班", "采油二班")]
    GroupTeamLink.objects.create(group=group, team=teams[0], valid_from=date(2026, 1, 1))
    clerk = make_person("沈清")
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=committee)
    for team, mark in zip(teams, (18, 12), strict=True):
        for item in ISES:
            record(Draft(PANEL_MARK, AUGUST, None, unit=team.pk, quantity=mark, attributes={"item": item}))
    return committee, group, teams, clerk


def final(story):
    committee, _group, _teams, clerk = story
    run = start_run(
        body=committee, playbook=shipped_playbook("member_points"), sheet_id="team_stars", period="2026Q3", actor=clerk,
        at=OCTOBER,
    )  # fmt: skip
    run = publish_run(run=compute_run(run=run, at=OCTOBER), actor=clerk, at=OCTOBER)
    return finalize_run(run=run, actor=clerk, at=LATER)


def test_pp_11_a_team_stands_with_its_party_group_on_one_row(story):
    final(story)

    board = star_board(story[3], Level.TEAM, LATER)

    found = [(row.name, row.partner, row.cells["2026Q3"].grade) for row in board.rows]
    assert found == [("采油一班", "采油一班党小组", "four_star"), ("采油二班", "", "one_star")]


def test_pp_11_the_grade_of_a_team_is_that_of_its_group(story):
    run = final(story)

    facts = Fact.objects.filter(kind="appraisal.graded")
    assert [(fact.body, fact.values["grade"], fact.source_id) for fact in facts] == [(story[1].pk, "four_star", run.pk)]


def test_pp_11_a_pair_that_ended_is_no_partner(story):
    _committee, group, teams, _clerk = story
    GroupTeamLink.objects.filter(group=group).update(valid_until=date(2026, 10, 21))

    units = [team.pk for team in teams]
    assert groups_of_teams(units, date(2026, 10, 20)) == {teams[0].pk: "采油一班党小组"}
    assert groups_of_teams(units, date(2026, 10, 21)) == {}
