"""How many zones there are, of whom, and how they grew: live counts over what one sees (SD-19)."""

from __future__ import annotations

from datetime import date

import pytest

from ronghe.domain.projects.enums import Difficulty
from ronghe.domain.zones.selectors.figures import zone_figures, zone_groups
from ronghe.domain.zones.services.parties import add_participating_unit
from tests.factories.org import make_person, make_unit
from tests.factories.projects import make_project
from tests.factories.rhythm import make_zone

pytestmark = pytest.mark.django_db

DAY = date(2026, 9, 14)


def test_figures_count_distinct_units_and_key_projects_sd_19(morning):
    story = make_zone()
    make_zone(name="别处", plant_name="采油九厂")
    for role in ("supervisor", "inspector", "owner"):
        add_participating_unit(
            zone=story.zone, unit=make_unit(), role=role, since=DAY, actor=story.lead, at=morning
        )  # fmt: skip
    for name, difficulty in (("难", Difficulty.VERY_HARD), ("易", Difficulty.ORDINARY)):
        make_project(
            body=story.committee, unit=make_unit(), actor=story.clerk, at=morning, name=name, difficulty=difficulty
        )

    found = zone_figures(story.clerk, morning, DAY)

    assert (found.zones, found.running, found.hosts, found.teams) == (1, 1, 1, 3)
    assert (found.covered, found.key_projects) == (1, 2)
    assert zone_groups(story.clerk, morning).growth == [(date(2020, 1, 1), 1)]


def test_whoever_sees_nothing_counts_nothing_sd_19(morning):
    make_zone()

    found = zone_figures(make_person(), morning, DAY)

    assert (found.zones, found.teams, found.key_projects) == (0, 0, 0)
