"""A run of the shipped yearly sheet for Party cadres: whoever holds a post in a Party body is judged, nobody else."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from ronghe.domain.appraisal.facts import PANEL_MARK
from ronghe.domain.appraisal.selectors.results import results_seen_by
from ronghe.domain.appraisal.services.computing import compute_run
from ronghe.domain.appraisal.services.runs import start_run
from ronghe.domain.playbooks.calc.shipped import shipped_playbook
from ronghe.kernel.facts.kinds import declared_kinds
from ronghe.kernel.facts.record import Draft, record
from tests.factories.merits import make_merits

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
JANUARY = datetime(2027, 1, 11, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture
def story(morning):
    return make_merits(morning, adopts=False)


def computed(story):
    run = start_run(
        body=story.committee, playbook=shipped_playbook("responsibilities"), sheet_id="cadre_yearly", period="2026",
        actor=story.clerk, at=JANUARY,
    )  # fmt: skip
    page = results_seen_by(story.clerk, compute_run(run=run, at=JANUARY), JANUARY)
    return {one.name: one.row for one in page.rows}


def test_secretaries_and_committee_members_are_judged_and_others_are_not(story, morning):
    found = computed(story)

    assert set(found) == {story.secretary.name, story.org_member.name, story.stranger.name}


def test_marks_of_both_ways_and_the_grades_of_hearing_and_review_come_to_the_year(story, morning):
    for item, mark in (("cadre_from_above", 92), ("cadre_from_below", 88)):
        record(Draft(PANEL_MARK, morning, None, about=story.secretary, quantity=mark, attributes={"item": item}))
    for kind, grade in (("hearings.result", "good"), ("orglife.graded", "qualified")):
        record(
            Draft(declared_kinds()[kind], morning, None, about=story.secretary, body=story.branch.pk,
                  attributes={"grade": grade, "year": 2026})
        )  # fmt: skip

    row = computed(story)[story.secretary.name]

    # 23 + 22 + 10 + 8.5 of 80 without tasks, no study: 63.5 carried to 100
    assert (row.score, row.grade, row.rank) == (793_750, "competent", None)
