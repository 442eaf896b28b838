"""Beside the place among all: the place among bodies of the same size, how sure it is; and the way over the periods."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ronghe.cli.main import cli
from ronghe.domain.appraisal.calc.peers import Among, Band, Reach, band_of, places_among, told_apart
from ronghe.domain.appraisal.documents import explanation_document
from ronghe.domain.appraisal.selectors.peers import NoPeers, peers_for
from ronghe.domain.appraisal.selectors.trends import trend_for
from ronghe.domain.appraisal.services.computing import compute_run
from ronghe.domain.appraisal.services.runs import finalize_run, publish_run
from ronghe.kernel.documents import Labelled, Table
from ronghe.kernel.errors import NotFound
from ronghe.scoring.sureness import Sure
from tests.factories.appraisal import (
    OCTOBER,
    a_quarter,
    computed_run,
    final_run,
    log_in_as,
    make_field,
    published_run,
    started_run,
    study,
)
from tests.factories.org import make_account, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def field():
    made = make_field()
    make_account(made.clerk, "clerk")
    a_quarter(made)
    return made


@pytest.mark.parametrize(
    ("size", "band"),
    [(0, Band(0, 7)), (6, Band(0, 7)), (7, Band(7, 21)), (20, Band(7, 21)), (21, Band(21, 51)), (50, Band(21, 51)),
     (51, Band(51, None))],
)  # fmt: skip
def test_sizes_fall_into_groups_at_their_edges(size, band):
    assert band_of(size, (7, 21, 51)) == band


def test_without_edges_all_are_peers():
    assert band_of(3, ()) == band_of(300, ()) == Band(0, None)


def test_equal_totals_share_a_place_within_their_group():
    totals = {1: 90, 2: 80, 3: 80, 4: 70, 5: 99}
    groups = {1: "small", 2: "small", 3: "small", 4: "small", 5: "large"}
    assert places_among(totals, groups) == {
        1: Among(1, 4), 2: Among(2, 4), 3: Among(2, 4), 4: Among(4, 4), 5: Among(1, 1),
    }  # fmt: skip


def test_places_that_lie_within_each_others_interval_cannot_be_told_apart():
    rows = [Sure(1, 90, 80, 95, ()), Sure(2, 85, 70, 91, ()), Sure(3, 82, 82, 82, ()), Sure(4, 60, 40, 100, ())]
    # 3 is certain: others hold it, it holds nobody. 4 holds all, and none of them holds it.
    assert told_apart(rows, {1: 1, 2: 2, 3: 3, 4: 4}) == {
        1: Reach(1, 2), 2: Reach(1, 2), 3: Reach(3, 3), 4: Reach(4, 4),
    }  # fmt: skip


def test_a_large_branch_and_a_small_one_are_first_among_their_peers(field):
    for number in range(7):
        make_person(f"党员{number}", home=field.south)
    run = computed_run(field)

    rows = peers_for(field.clerk, run, OCTOBER).rows

    assert [(row.name, row.rank, row.among, row.size, row.band) for row in rows] == [
        ("南一联合站党支部", 1, Among(1, 1), 9, Band(7, 21)), ("北二采油队党支部", 2, Among(1, 1), 1, Band(0, 7)),
    ]  # fmt: skip
    assert all(row.reach.is_firm and row.sure.low == row.sure.high for row in rows)  # counts are what they are


def test_people_have_no_peers_and_who_sees_a_part_sees_none(field):
    members = published_run(field, sheet="member_quarter")
    with pytest.raises(NoPeers):
        peers_for(field.clerk, members, OCTOBER)
    draft = computed_run(field)
    for who in (field.south_secretary, field.stranger):
        with pytest.raises(NotFound):
            peers_for(who, draft, OCTOBER)


def two_quarters(field, *, sheet="branch_quarter"):
    """The second quarter final, the third computed."""
    earlier = compute_run(run=started_run(field, sheet=sheet, period="2026Q2"), at=OCTOBER)
    earlier = publish_run(run=earlier, actor=field.clerk, at=OCTOBER)
    finalize_run(run=earlier, actor=field.clerk, at=OCTOBER.replace(day=20))
    return earlier, computed_run(field, sheet=sheet)


def test_a_trend_tells_totals_places_and_dimensions_of_the_final_runs_before(field):
    earlier, run = two_quarters(field)
    started_run(field, period="2026Q1")  # never final: no part of it

    found = trend_for(field.clerk, run, field.north.pk, OCTOBER)

    assert [(one.run.pk, one.row.score, one.row.rank, one.among) for one in found.points] == [
        (earlier.pk, 400_000, 1, Among(1, 2)), (run.pk, 750_000, 2, Among(2, 2)),
    ]  # fmt: skip
    assert [one.dimensions["study"] for one in found.points] == [(0, 600_000), (400_000, 600_000)]
    assert found.titles == {"study": "学习", "safety": "安全"}
    assert len(trend_for(field.clerk, run, field.north.pk, OCTOBER, periods=1).points) == 1


def test_a_members_trend_is_the_members_and_has_no_places(field):
    _earlier, run = two_quarters(field, sheet="member_quarter")
    run = publish_run(run=run, actor=field.clerk, at=OCTOBER)
    token = field.south_member.token

    for who in (field.south_member, field.south_secretary, field.clerk):
        points = trend_for(who, run, token, OCTOBER).points
        assert [(one.row.rank, one.among) for one in points] == [(None, None)] * 2
    for who in (field.north_member, field.stranger):
        with pytest.raises(NotFound):
            trend_for(who, run, token, OCTOBER)


def test_the_paper_goes_from_the_total_to_the_facts_and_to_what_it_stands_on(field):
    run = computed_run(field)
    document = explanation_document(field.clerk, run, field.north.pk, OCTOBER)

    assert document.title == "北二采油队党支部\n2026年三季度党支部季度考评得分说明"
    told = {block.label: block.text for block in document.blocks if isinstance(block, Labelled)}
    assert (told["总分"], told["等次"]) == ("75.00", "达标")
    tree, closing, facts, sealed = (block for block in document.blocks if isinstance(block, Table))
    assert dict(sealed.rows)["结果摘要"].replace(" ", "") == run.results_digest
    assert [row[0].strip("　") for row in tree.rows] == ["总分", "学习", "安全"]
    assert closing.rows[0][:2] == ("学习", "20.00")
    assert len(facts.rows) == 3


def test_the_paper_of_a_member_does_not_carry_the_name_in_its_title(field):
    run = published_run(field, sheet="member_quarter")
    document = explanation_document(field.south_member, run, field.south_member.token, OCTOBER)
    assert "罗一鸣" not in document.title
    with pytest.raises(NotFound):
        explanation_document(field.north_member, run, field.south_member.token, OCTOBER)


def test_pages_the_interface_and_commands_say_the_same(field, tmp_path):
    _earlier, run = two_quarters(field)
    browser = log_in_as(Client(), field.clerk)
    arguments = [run.pk, field.north.pk]

    for name, args in (("run_peers", [run.pk]), ("run_trend", arguments), ("run_trend_export", arguments),
                       ("run_explain_paper", arguments)):  # fmt: skip
        answer = browser.get(reverse(f"web:{name}", args=args))
        assert answer.status_code == 200
        assert b"".join(answer) != b""
    assert browser.get(reverse("web:run_peers", args=[run.pk]), {"band": "nothing"}).status_code == 200
    peers = browser.get(f"/api/v1/appraisal/runs/{run.pk}/peers").json()
    trend = browser.get(f"/api/v1/appraisal/runs/{run.pk}/results/{field.north.pk}/trend").json()
    paper = browser.get(f"/api/v1/appraisal/runs/{run.pk}/results/{field.north.pk}/explanation/pdf")
    assert paper.content.startswith(b"%PDF")

    def ronghe(*words):
        return CliRunner().invoke(cli, ["--as", "clerk", "run", *map(str, words)])

    assert json.loads(ronghe("peers", run.pk, "--json").stdout) == peers
    assert json.loads(ronghe("trend", *arguments, "--json").stdout) == trend
    assert ronghe("peers", run.pk).stdout.count("党支部") == 2
    assert ronghe("trend", *arguments).stdout.count("\n") == 2
    written = tmp_path / "说明.pdf"
    assert ronghe("explain", *arguments, "--pdf", written).exit_code == 0
    assert written.read_bytes().startswith(b"%PDF")


def test_who_may_not_see_a_result_gets_no_paper_and_no_trend(field):
    run = final_run(field, sheet="member_quarter")
    browser = log_in_as(Client(), field.north_member)
    for name in ("run_trend", "run_trend_export", "run_explain_paper"):
        assert browser.get(reverse(f"web:{name}", args=[run.pk, field.south_member.token])).status_code == 404


def test_the_explanation_takes_the_same_statements_for_ten_facts_and_for_two_hundred(field):
    browser = log_in_as(Client(), field.clerk)
    counts = []
    for times in (8, 190):
        study(field.south, times=times)
        run = computed_run(field)
        path = reverse("web:run_explain", args=[run.pk, field.south.pk])
        assert browser.get(path).status_code == 200
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(path).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
