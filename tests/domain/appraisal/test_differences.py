from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from ronghe.domain.appraisal.selectors.differences import NothingToCompare, comparable_runs, difference_for
from ronghe.domain.appraisal.services.computing import compute_run
from ronghe.domain.appraisal.services.runs import replace_run, start_run
from ronghe.kernel.errors import NotFound
from ronghe.kernel.facts.record import Draft, record
from tests.factories.appraisal import (
    OCTOBER,
    SHANGHAI,
    STUDY,
    a_quarter,
    computed_run,
    fault,
    final_run,
    log_in_as,
    make_field,
    published_run,
    story_playbook,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def field():
    made = make_field()
    a_quarter(made)
    return made


def the_quarter_before(field):
    """南一 learned once in the second quarter: 20 + 40 points."""
    record(Draft(STUDY, datetime(2026, 5, 14, 8, 0, tzinfo=SHANGHAI), None, body=field.south.pk))
    run = start_run(
        body=field.committee, playbook=story_playbook(), sheet_id="branch_quarter", period="2026Q2", actor=field.clerk,
        at=OCTOBER,
    )  # fmt: skip
    return compute_run(run=run, at=OCTOBER)


def test_periods_are_compared_item_by_item(field):
    earlier, run = the_quarter_before(field), computed_run(field)

    found = difference_for(field.clerk, run, field.south.pk, OCTOBER)

    assert (found.run_before, found.run_after) == (earlier, run)
    assert [(one.id, one.points, one.why) for one in found.found.moving] == [("study", 400_000, ("measured",))]
    assert found.found.points == 400_000


def test_a_correction_is_compared_with_what_it_replaces(field):
    the_quarter_before(field)
    final = final_run(field)
    fault(field.south, times=2)
    corrected = replace_run(run=final, playbook=story_playbook(), reason="漏记违章", actor=field.clerk, at=OCTOBER)
    compute_run(run=corrected, at=OCTOBER)

    found = difference_for(field.clerk, corrected, field.south.pk, OCTOBER)

    assert found.run_before == final
    assert [(one.id, Decimal(one.points) / 10_000) for one in found.found.moving] == [("safety", Decimal(-10))]


def test_one_of_two_that_may_not_be_seen_is_not_found(field):
    draft, published = the_quarter_before(field), published_run(field)

    assert list(comparable_runs(field.south_member, published, OCTOBER)) == []
    with pytest.raises(NothingToCompare):
        difference_for(field.south_member, published, field.south.pk, OCTOBER)
    with pytest.raises(NotFound):
        difference_for(field.south_member, published, field.south.pk, OCTOBER, other=draft.pk)


def test_the_page_lists_what_moved_and_why(field):
    the_quarter_before(field)
    run, browser = computed_run(field), log_in_as(Client(), field.clerk)

    shown = browser.get(reverse("web:run_difference", args=[run.pk, field.south.pk])).content.decode()

    assert "+40.00" in shown
    assert "量出来的数变了" in shown
    assert "2026年二季度" in shown


def test_the_page_says_that_there_is_nothing_to_compare(field):
    run, browser = computed_run(field), log_in_as(Client(), field.clerk)

    shown = browser.get(reverse("web:run_difference", args=[run.pk, field.south.pk]))

    assert "另一次考评" in shown.content.decode()


def test_api_and_command_tell_the_same_difference(field):
    import json

    from click.testing import CliRunner

    from ronghe.cli.main import cli
    from tests.factories.org import make_account

    make_account(field.clerk, "clerk")
    earlier, run = the_quarter_before(field), computed_run(field)
    browser = log_in_as(Client(), field.clerk)

    address = f"/api/v1/appraisal/runs/{run.pk}/results/{field.south.pk}/difference?with={earlier.pk}"
    answer = browser.get(address).json()
    wanted = ["--as", "clerk", "run", "difference", str(run.pk), str(field.south.pk)]
    said = CliRunner().invoke(cli, [*wanted, "--json"])

    assert (answer["before"], answer["after"], answer["points"]) == ("60", "100", "40")
    assert json.loads(said.stdout) == answer
    assert "40" in CliRunner().invoke(cli, wanted).stdout
