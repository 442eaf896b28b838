"""A safety check from the duty: one tap, and the record is open."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.test import Client

from ronghe.cli.main import cli
from ronghe.demo.models_shipped import playbook_named
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.obligations.services.generating import generate_obligations
from ronghe.domain.org.enums import PostRole
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.rhythm.models import Activity
from tests.factories.org import make_account, make_post
from tests.factories.rhythm import make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(now):
    story = make_zone()
    made = now - timedelta(days=2)
    adopt_playbook(
        body=story.body, playbook=playbook_named("daqing_zone"), since=made.date(), actor=story.clerk, at=made
    )
    make_post(story.members[0], PostRole.HSE_OFFICER, body=story.body)
    return story


@pytest.fixture
def duty(story, now):
    generate_obligations(at=now, body_ids=[story.body.pk])
    return Obligation.objects.get(mechanism="subcontractor_safety", window_from=now.date())


def test_the_duty_offers_to_check_now_and_one_tap_opens_the_record(story, duty, as_person):
    officer = as_person(story.members[0])
    assert "现在检查" in officer.get(f"/obligations/{duty.pk}/").content.decode()

    answer = officer.post(
        "/rhythm/huddles/open/", {"body": story.body.pk, "type": "subcontractor_safety_check"}, follow=True
    )

    check = Activity.objects.get()
    assert answer.redirect_chain[-1][0] == f"/rhythm/activities/{check.pk}/"
    again = officer.post("/rhythm/huddles/open/", {"body": story.body.pk, "type": "subcontractor_safety_check"})
    assert again["Location"] == f"/rhythm/activities/{check.pk}/"


def test_somebody_else_is_not_offered_to_check(story, duty, as_person):
    assert "现在检查" not in as_person(story.members[1]).get(f"/obligations/{duty.pk}/").content.decode()


def test_the_form_offers_the_officer_safety_checks_and_nothing_else(story, as_person):
    form = as_person(story.members[0]).get("/rhythm/activities/new/").context["form"]

    assert [value for value, _label in form.fields["activity_type"].choices] == [
        "subcontractor_safety_check", "contractor_safety_check",
    ]  # fmt: skip
    assert list(form.fields["body"].queryset) == [story.body]


def test_the_api_and_the_command_begin_a_check(story):
    client = Client()
    client.force_login(make_account(story.members[0], "anquan"))
    wanted = {"body": story.body.pk, "activity_type": "subcontractor_safety_check"}
    begun = client.post("/api/v1/rhythm/huddles", wanted, content_type="application/json")
    assert begun.status_code == 201
    refused = client.post("/api/v1/rhythm/huddles", {"body": story.body.pk}, content_type="application/json")
    assert refused.status_code == 403

    said = CliRunner().invoke(
        cli,
        ["--as", "anquan", "huddle", "open", "--body", story.body.name, "--type", "contractor_safety_check", "--json"],
    )
    assert json.loads(said.output)["activity_type"] == "contractor_safety_check"
