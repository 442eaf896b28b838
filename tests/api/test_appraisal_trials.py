from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.test import Client

from ronghe.cli.main import cli
from ronghe.domain.playbooks.models import PlaybookDraft
from tests.factories.appraisal import a_quarter, computed_run, log_in_as, make_field, published_run
from tests.factories.org import make_account

pytestmark = pytest.mark.django_db
POINTS = "root/items/0/points"


@pytest.fixture
def field():
    made = make_field()
    make_account(made.clerk, "clerk")
    a_quarter(made)
    return made


def post(client: Client, address: str, data: dict):
    return client.post(f"/api/v1/appraisal/{address}", json.dumps(data), content_type="application/json")


def ronghe(*arguments: object):
    return CliRunner().invoke(cli, ["--as", "clerk", "run", *(str(argument) for argument in arguments)])


def test_api_and_command_say_the_same_of_a_trial(field):
    run, client = computed_run(field), log_in_as(Client(), field.clerk)

    answer = post(client, f"runs/{run.pk}/what-if", {"values": {POINTS: "15"}}).json()
    said = json.loads(ronghe("what-if", run.pk, "--set", f"{POINTS}=15", "--json").stdout)

    assert answer["grades"] == [{"before": "good", "after": "fair", "count": 1}]
    assert [item["after"]["total"] for item in answer["items"]] == ["85", "65"]
    assert {key: answer[key] for key in said} == said


def test_api_and_command_list_the_numbers(field):
    run, client = computed_run(field), log_in_as(Client(), field.clerk)

    answer = client.get(f"/api/v1/appraisal/runs/{run.pk}/what-if").json()

    assert {"name": POINTS, "owner": "study", "word": "points", "value": "20"} in answer
    assert json.loads(ronghe("what-if", run.pk, "--json").stdout) == answer
    assert POINTS in ronghe("what-if", run.pk).stdout


def test_api_and_command_say_how_firm_places_are(field):
    run, client = computed_run(field), log_in_as(Client(), field.clerk)

    answer = client.get(f"/api/v1/appraisal/runs/{run.pk}/firmness?step=0.2").json()

    said = json.loads(ronghe("firmness", run.pk, "--step", "0.2", "--json").stdout)
    assert (answer["step"], answer["unsure"], answer["weights"]) == ("0.2", 0, ["study", "safety"])
    assert {key: answer[key] for key in said} == said
    assert "南一联合站党支部" in ronghe("firmness", run.pk).stdout


def test_a_draft_by_api_and_by_command(field):
    run, client = computed_run(field), log_in_as(Client(), field.clerk)

    made = post(client, f"runs/{run.pk}/what-if/draft", {"values": {POINTS: "15"}})
    said = ronghe("draft", run.pk, "--set", f"{POINTS}=15")

    assert made.status_code == 201
    assert said.exit_code == 0
    assert PlaybookDraft.objects.count() == 2


def test_refusals_are_sentences(field):
    run, client = computed_run(field), log_in_as(Client(), field.clerk)

    unknown = post(client, f"runs/{run.pk}/what-if", {"values": {"root/items/9/points": "1"}})
    unread = ronghe("what-if", run.pk, "--set", "cap")

    assert (unknown.status_code, unknown.json()["code"]) == (422, "knob_unknown")
    assert unread.exception.code == "set_unreadable"


def test_who_sees_a_part_does_not_try(field):
    run, client = published_run(field), log_in_as(Client(), field.south_member)

    assert post(client, f"runs/{run.pk}/what-if", {"values": {}}).status_code == 404
    assert client.get(f"/api/v1/appraisal/runs/{run.pk}/firmness").status_code == 404
