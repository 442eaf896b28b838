from __future__ import annotations

import json
from datetime import datetime

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse

from ronghe.cli.main import cli
from ronghe.domain.appraisal.calc.boards import KEPT, LEADING, SHORT
from ronghe.domain.appraisal.selectors.boards import NoBoards, barrel_for, shortest_boards
from ronghe.domain.appraisal.selectors.explaining import explained_for
from ronghe.domain.appraisal.services.computing import compute_run
from ronghe.domain.appraisal.services.runs import start_run
from ronghe.kernel.errors import NotFound
from ronghe.kernel.facts.record import Draft, record
from tests.factories.appraisal import (
    OCTOBER,
    SHANGHAI,
    STUDY,
    computed_run,
    fault,
    log_in_as,
    make_field,
    published_run,
    story_playbook,
    study,
)
from tests.factories.org import make_account, make_body

pytestmark = pytest.mark.django_db


@pytest.fixture
def field():
    """Four branches: 南一 learns twice and breaks rules twice, 北二 learns once, two more learn three times."""
    made = make_field()
    make_account(made.clerk, "clerk")
    study(made.south, times=2)
    fault(made.south, times=2)
    study(made.north)
    made.east, west = (make_body(name, parent=made.committee) for name in ("东三联合站党支部", "西四联合站党支部"))
    for body in (made.east, west):
        study(body, times=3)
    return made


def barrel(field, run, body):
    return barrel_for(field.clerk, run, explained_for(field.clerk, run, body.pk, OCTOBER), OCTOBER)


def test_the_shortest_board_is_the_deepest_below_the_peers(field):
    run = computed_run(field)

    page = shortest_boards(field.clerk, run, OCTOBER)

    assert [(row.name, row.board.id, row.board.score, row.board.median, row.board.peers) for row in page.rows] == [
        ("北二采油队党支部", "study", 200_000, 400_000, 4), ("南一联合站党支部", "safety", 300_000, 400_000, 4),
    ]  # fmt: skip
    assert (page.count, dict(page.by_board)) == (2, {"study": 1, "safety": 1})
    only = shortest_boards(field.clerk, run, OCTOBER, board="safety")
    assert [row.name for row in only.rows] == ["南一联合站党支部"]


def test_boards_of_one_body_with_causes_of_the_shortest(field):
    run = computed_run(field)

    found = barrel(field, run, field.south)

    assert {board.id: board.kind for board in found.boards} == {"study": KEPT, "safety": SHORT}
    assert [(cause.title, cause.missing) for cause in found.causes] == [("安全", 100_000)]
    assert {board.id: board.kind for board in barrel(field, run, field.east).boards} == {
        "study": LEADING,
        "safety": KEPT,
    }


def test_the_same_board_in_the_run_before_shows_the_effect(field):
    record(Draft(STUDY, datetime(2026, 5, 14, 8, 0, tzinfo=SHANGHAI), None, body=field.south.pk))
    earlier = start_run(
        body=field.committee, playbook=story_playbook(), sheet_id="branch_quarter", period="2026Q2", actor=field.clerk,
        at=OCTOBER,
    )  # fmt: skip
    earlier = compute_run(run=earlier, at=OCTOBER)
    run = computed_run(field)

    found = barrel(field, run, field.south)

    assert (found.run_before, found.before.id, found.before.gap, found.shortest.gap) == (earlier, "safety", 0, -100_000)


def test_people_and_sheets_of_one_piece_have_no_boards_pi_05(field):
    for sheet in ("member_quarter", "duties"):
        with pytest.raises(NoBoards):
            shortest_boards(field.clerk, computed_run(field, sheet=sheet), OCTOBER)


def test_who_sees_no_result_sees_no_board(field):
    with pytest.raises(NotFound):
        shortest_boards(field.south_member, computed_run(field), OCTOBER)
    assert shortest_boards(field.south_member, published_run(field), OCTOBER).count == 2


def test_pages_show_the_boards(field):
    run, browser = computed_run(field), log_in_as(Client(), field.clerk)

    listed = browser.get(reverse("web:run_boards", args=[run.pk])).content.decode()
    explained = browser.get(reverse("web:run_explain", args=[run.pk, field.north.pk])).content.decode()
    part = browser.get(reverse("web:run_boards", args=[run.pk]), {"board": "study"}, headers={"HX-Request": "true"})

    assert "北二采油队党支部" in listed
    assert "学习短在哪里" in explained
    assert "南一联合站党支部" not in part.content.decode()
    member = computed_run(field, sheet="member_quarter")
    assert "看不出短板" in browser.get(reverse("web:run_boards", args=[member.pk])).content.decode()


def test_api_and_command_tell_the_same_boards(field):
    run, browser = computed_run(field), log_in_as(Client(), field.clerk)

    answer = browser.get(f"/api/v1/appraisal/runs/{run.pk}/boards").json()
    one = browser.get(f"/api/v1/appraisal/runs/{run.pk}/results/{field.south.pk}/boards").json()
    said = json.loads(CliRunner().invoke(cli, ["--as", "clerk", "run", "boards", str(run.pk), "--json"]).stdout)

    assert [(item["name"], item["gap"], item["kind"]) for item in answer["items"]] == [
        ("北二采油队党支部", "-20", "short"), ("南一联合站党支部", "-10", "short"),
    ]  # fmt: skip
    assert {key: answer[key] for key in said} == said
    assert (one["shortest"], one["causes"][0]["missing"]) == ("safety", "10")
