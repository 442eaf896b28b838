"""The acts of a zone's life through the API, and what is refused."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from ronghe.domain.org.enums import PostRole
from ronghe.domain.zones.enums import ZoneState
from ronghe.domain.zones.models import CollaborationZone
from tests.factories.agreements import make_agreement_in_force
from tests.factories.org import make_account, make_person, make_unit
from tests.factories.projects import make_project
from tests.factories.rhythm import make_task, make_zone

pytestmark = pytest.mark.django_db

TEXTS = {"effects": "工期提前", "problems": "图纸晚", "lessons": "现场审图"}


@pytest.fixture
def story(monkeypatch, morning):
    monkeypatch.setattr("django.utils.timezone.now", lambda: morning)
    return make_zone()


@pytest.fixture
def asked(story):
    """Post, put or get as somebody; returns status and body."""

    def ask(person, path, data=None, *, put=False):
        client = Client()
        client.force_login(person.account or make_account(person))
        address = f"/api/v1/zones/{path}"
        if data is None:
            answer = client.get(address)
        else:
            send = client.put if put else client.post
            answer = send(address, json.dumps(data), content_type="application/json")
        return answer.status_code, answer.json()

    return ask


def test_zone_from_the_proposal_to_the_start(story, asked, morning):
    project = make_project(body=story.committee, unit=story.committee.unit, actor=story.clerk, at=morning)
    make_agreement_in_force(project=project, branches=[story.branch, story.committee], at=morning)
    _status, advice = asked(story.clerk, f"advice?sponsor={story.committee.pk}&projects={project.pk}")
    assert (advice["mode"], len(advice["reasons"])) == ("project_based", 4)

    wanted = {"name": "喇十七", "projects": [project.pk], "mode": advice["mode"], "sponsor": story.committee.pk}
    status, zone = asked(story.clerk, "", wanted)
    assert (status, zone["state"], zone["projects"][0]["id"]) == (201, "proposed", project.pk)
    pk = zone["id"]
    for unit, role in ((story.committee.unit, "host_site"), (make_unit(parent=story.committee.unit), "constructor")):
        status, _answer = asked(story.clerk, f"{pk}/parties", {"unit": unit.pk, "role": role, "since": "2026-09-14"})
        assert status == 201
    assert asked(story.clerk, f"{pk}/agree", {})[1]["state"] == "agreed"
    assert asked(story.clerk, f"{pk}/return", {"reason": "缺监理"})[1]["state"] == "proposed"
    asked(story.clerk, f"{pk}/agree", {})
    assert asked(story.clerk, f"{pk}/approve", {"approval_ref": "〔2026〕7号"})[1]["state"] == "approved"
    start = {"office_below": story.committee.unit_id, "since": "2026-09-14"}
    status, zone = asked(story.clerk, f"{pk}/start", start)
    assert (status, zone["state"], zone["safety"]["is_asked"]) == (200, "running", True)
    assert asked(story.clerk, f"{pk}/start", start)[0] == 409


def test_zone_is_evaluated_and_dissolved(story, asked, morning):
    pk = story.zone.pk
    make_task(story, morning)
    assert asked(story.clerk, f"{pk}/dissolve", {"reason": "投产"})[0] == 409
    assert asked(story.lead, f"{pk}/evaluate", TEXTS)[1]["state"] == "evaluated"
    party = story.zone.participating_units.first()
    assert asked(story.lead, f"{pk}/parties/{party.pk}/comment", {"text": "同意"})[0] == 201
    assert asked(story.clerk, f"{pk}/ending")[1]["tasks"] == 1

    status, refused = asked(story.clerk, f"{pk}/dissolve", {"reason": "投产"})
    assert (status, refused["code"]) == (409, "tasks_left")
    status, archive = asked(story.clerk, f"{pk}/dissolve", {"reason": "投产", "hand_over": True})

    assert (status, archive["reason"], archive["dissolved_on"]) == (200, "投产", "2026-09-14")
    assert CollaborationZone.objects.get().state == ZoneState.DISSOLVED
    assert {row["kind"] for row in asked(story.clerk, f"{pk}/archive")[1]["kept"]} >= {"zones.zone_dissolved"}


def test_sheet_is_drafted_changed_and_read_from_one_side(story, asked):
    pk = story.zone.pk
    _status, lines = asked(story.lead, f"{pk}/sheet/draft", {})
    line = {"topic": "safety", "matter": "动火监护", "duty": "全程监护", "lead": "builder", "assists": ["supervision"]}
    status, added = asked(story.lead, f"{pk}/sheet", line)
    changed = {**line, "person": story.members[0].pk, "due_on": "2026-10-01"}
    _status, after = asked(story.lead, f"{pk}/sheet/{added['id']}", changed, put=True)

    assert (status, after["person"]["id"], after["due_on"]) == (201, story.members[0].pk, "2026-10-01")
    assert len(asked(story.members[0], f"{pk}/sheet")[1]) == len(lines) + 1
    assert "动火监护" not in [row["matter"] for row in asked(story.lead, f"{pk}/sheet?side=territory")[1]]
    assert asked(story.lead, f"{pk}/sheet/{added['id']}/end", {})[0] == 200


def test_posts_contacts_projects_and_shut_downs(story, asked, morning):
    pk, member = story.zone.pk, story.members[0]
    party = story.zone.participating_units.first()
    project = make_project(body=story.committee, unit=story.committee.unit, actor=story.clerk, at=morning)
    make_agreement_in_force(project=project, branches=[story.branch, story.committee], at=morning)

    status, post = asked(story.clerk, f"{pk}/posts", {"person": member.pk, "role": PostRole.HSE_OFFICER})
    assert (status, asked(story.lead, f"{pk}/posts", {"person": member.pk, "role": "secretary"})[0]) == (201, 403)
    assert asked(story.clerk, f"{pk}/posts/{post['id']}/end", {})[0] == 200
    contact = asked(story.lead, f"{pk}/parties/{party.pk}/contact", {"contact": member.pk})[1]["contact"]
    assert contact["id"] == member.pk
    assert len(asked(story.clerk, f"{pk}/projects", {"project": project.pk})[1]["projects"]) == 2
    assert len(asked(story.clerk, f"{pk}/projects/{project.pk}/leave", {})[1]["projects"]) == 1
    days = {"from_on": "2026-10-01", "until_on": "2026-10-08", "reason": "检修"}
    _status, stop = asked(story.lead, f"{pk}/shut-downs", days)
    assert asked(story.lead, f"{pk}/shut-downs/{stop['id']}/lift", {"resume_on": "2026-10-03"})[0] == 200
    assert asked(story.lead, f"{pk}/parties/{party.pk}/leave", {"until": "2026-09-14"})[0] == 200


def test_what_one_may_not_see_or_do_is_refused(story, asked):
    pk, stranger = story.zone.pk, make_person("赵六")
    for path in ("", "/sheet", "/posts", "/ending", "/archive"):
        assert asked(stranger, f"{pk}{path}")[0] == 404
    for path, data in (
        ("agree", {}), ("withdraw", {}), ("approve", {"approval_ref": "x"}), ("evaluate", TEXTS),
        ("dissolve", {"reason": "x"}), ("sheet/draft", {}),
    ):  # fmt: skip
        assert asked(story.members[0], f"{pk}/{path}", data)[0] in {403, 409}
        assert asked(stranger, f"{pk}/{path}", data)[0] == 404
    assert asked(story.members[0], f"{pk}/ending")[0] == 403


def test_figures_count_what_the_reader_sees(story, asked):
    _status, figures = asked(story.clerk, "figures")

    assert figures == {"zones": 1, "running": 1, "hosts": 1, "teams": 1, "covered": 1, "key_projects": 1}
    assert asked(make_person("赵六"), "figures")[1]["zones"] == 0
