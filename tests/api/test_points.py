"""Points over the API: the same selectors and services as the pages, the same refusals."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from ronghe.domain.items.models import WorkItem
from tests.domain.appraisal.test_ledgers import granted, held
from tests.factories.appraisal import a_quarter, final_run, make_field
from tests.factories.merits import make_merits, on_notice
from tests.factories.org import make_account
from tests.factories.rhythm import photo

pytestmark = pytest.mark.django_db
POINTS = "/api/v1/points"


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def story(now):
    return make_merits(now)


def test_the_ledger_says_points_what_was_cut_and_what_is_open(story, now):
    for _time in range(3):
        granted(story, "innovation", now - timedelta(minutes=1))
    told = client_of(story.member).get(POINTS).json()
    item = next(item for item in told["items"] if item["id"] == "innovation")
    assert [(entry["points"], entry["cut"]) for entry in item["entries"]] == [("2", "0"), ("2", "0"), ("0", "2")]
    assert (told["playbook"], told["sheet"], told["run"]) == ("member_points@2", "member_points", None)
    secretary = client_of(story.secretary)
    assert secretary.get(f"{POINTS}?person={story.member.token}").json()["total"] == told["total"]
    assert client_of(story.other).get(f"{POINTS}?person={story.member.token}").status_code == 404


def test_members_are_for_leaders(story):
    members = client_of(story.secretary).get(f"{POINTS}/members?body={story.branch.pk}").json()
    assert len(members["members"]) == 5
    assert client_of(story.other).get(f"{POINTS}/members?body={story.branch.pk}").status_code == 404


def test_an_application_with_a_file_or_a_record(story, now):
    member = client_of(story.member)
    known = member.get(f"{POINTS}/rewards").json()
    assert [one["id"] for one in known["rewards"] if one["points"].startswith("-")] == ["discipline", "criticized"]
    wanted = {"reward": "rescue", "title": "避免误操作", "done_on": f"{timezone.localdate(now)}"}
    assert member.post(f"{POINTS}/applications", wanted).json()["code"] == "merit_proof_missing"
    picture = photo()
    upload = SimpleUploadedFile(picture.name, picture.content.getvalue(), "image/jpeg")
    sent = member.post(f"{POINTS}/applications", wanted | {"photo": upload})
    assert sent.status_code == 201, sent.content
    done = on_notice(story, now)
    by_record = wanted | {"reward": "commended_unit", "record": f"items.workitem:{done.pk}"}
    assert member.post(f"{POINTS}/applications", by_record).status_code == 201
    assert member.post(f"{POINTS}/applications", by_record).json()["code"] == "merit_counted_already"
    assert member.post(f"{POINTS}/applications", wanted | {"record": "work.task:99"}).status_code == 404
    against = wanted | {"reward": "discipline", "member": story.other.token}
    assert member.post(f"{POINTS}/applications", against).status_code == 404

    leader = client_of(story.group_leader)
    item = sent.json()["item"]
    answer = leader.post(f"/api/v1/work/items/{item}/steps/check", {}, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert WorkItem.objects.get(pk=item).state == "checked"


def test_without_a_sheet_it_is_told(now):
    story = make_merits(now, adopts=False)
    member = client_of(story.member)
    assert member.get(POINTS).status_code == 404
    assert member.get(f"{POINTS}/rewards").json()["code"] == "merit_no_sheet"


def test_odd_ones_and_the_look(story, now):
    for number in range(11):
        held(story, 1, now - timedelta(seconds=number))
    secretary = client_of(story.secretary)
    (found,) = secretary.get(f"{POINTS}/odd?body={story.branch.pk}").json()
    assert (found["pattern"], found["verdict"]) == ("above", None)
    path = f"{POINTS}/odd/{story.branch.pk}/{found['key']}"
    assert secretary.post(path, {"verdict": "asked"}, content_type="application/json").status_code == 204
    assert secretary.get(f"{POINTS}/odd?body={story.branch.pk}").json()[0]["verdict"] == "asked"
    member = client_of(story.member)
    assert member.post(path, {"verdict": "fine"}, content_type="application/json").status_code == 404


def test_stars_of_final_runs():
    field = make_field()
    a_quarter(field)
    final_run(field)
    lines = client_of(field.clerk).get(f"{POINTS}/stars?level=branch").json()
    assert [(line["name"], line["results"][0]["grade"]) for line in lines] == [
        ("南一联合站党支部", "good"), ("北二采油队党支部", "fair"),
    ]  # fmt: skip
    assert client_of(field.stranger).get(f"{POINTS}/stars?level=branch").json() == []
