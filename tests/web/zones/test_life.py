"""A zone's life in the browser, from the proposal to the archive; each act refused to those who may not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ronghe.domain.org.enums import PostRole
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.services.activities import plan_activity
from ronghe.domain.zones.enums import ZoneState
from ronghe.domain.zones.models import CollaborationZone, ResponsibilityLine
from tests.domain.playbooks.making import shipped
from tests.factories.agreements import make_agreement_in_force
from tests.factories.org import make_unit
from tests.factories.projects import make_project
from tests.factories.rhythm import make_task
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db

TEXTS = {"effects": "工期提前", "problems": "图纸晚", "lessons": "现场审图"}


@pytest.fixture
def clerk(story, as_person):
    return as_person(story.clerk)


@pytest.fixture
def works(story, now):
    project = make_project(
        body=story.committee, unit=story.committee.unit, actor=story.clerk, at=now, name="喇十七改造"
    )
    make_agreement_in_force(project=project, branches=[story.branch, story.committee], at=now)
    return project


@pytest.fixture
def path(story):
    return f"/zones/{story.zone.pk}/"


def adopt(story):
    adopt_playbook(
        body=story.body, playbook=shipped("daqing_zone"), since=date(2026, 9, 1), actor=None, at=story.zone.proposed_at
    )


def test_clerk_takes_a_zone_from_the_proposal_to_the_start(story, clerk, works):
    advised = clerk.fragment("/zones/new/", {"projects": works.pk, "sponsor": story.committee.pk})
    assert "建议：项目共建" in text_of(advised.content.decode())
    data = {"projects": [works.pk], "sponsor": story.committee.pk, "name": "喇十七协作区", "mode": "project_based"}
    path = clerk.post("/zones/new/", data)["Location"]

    for unit, role in ((story.committee.unit, "host_site"), (make_unit(parent=story.committee.unit), "constructor")):
        assert clerk.post(f"{path}parties/add/", {"unit": unit.pk, "role": role}).status_code == 302
    clerk.post(f"{path}agree/")
    clerk.post(f"{path}return/", {"reason": "监理没有到"})
    assert "监理没有到" in text_of(clerk.get(path).content.decode())
    clerk.post(f"{path}agree/")
    clerk.post(f"{path}approve/", {"approval_ref": "〔2026〕7号"})
    assert "PC-08" in clerk.get(path).content.decode()
    clerk.post(f"{path}start/", {"office_below": story.committee.unit_id, "since": "2026-09-14"})

    zone = CollaborationZone.objects.get(name="喇十七协作区")
    assert (zone.state, zone.office.parent) == (ZoneState.RUNNING, story.committee.unit)
    assert clerk.get(path).status_code == 200


def test_other_mode_without_a_reason_comes_back_with_what_was_typed(story, clerk, works):
    data = {"projects": [works.pk], "sponsor": story.committee.pk, "name": "喇十七协作区", "mode": "area_based"}

    answer = clerk.post("/zones/new/", data)

    assert answer.status_code == 422
    assert "请写明理由" in text_of(answer.content.decode())
    assert 'value="喇十七协作区"' in answer.content.decode()


def test_refused_act_says_why_and_changes_nothing(clerk, path):
    clerk.post(f"{path}agree/")
    answer = clerk.get(path)

    assert "运行中" in text_of(answer.content.decode())
    assert clerk.post(f"{path}approve/", {"approval_ref": "x"}).status_code == 422
    assert clerk.post(f"{path}edit/", {"name": ""}).status_code == 422


def test_member_sees_every_page_and_does_nothing(story, member, path):
    adopt(story)
    for part in ("", "people/", "sheet/", "sheet/history/", "institutions/", "integration/", "records/", "evaluation/",
                 "archive/"):  # fmt: skip
        assert member.get(path + part).status_code == 200, part
    for part in ("agree/", "withdraw/", "approve/", "return/", "edit/", "sheet/draft/", "parties/add/", "posts/add/",
                 "projects/add/", "dissolve/", "sheet/add/", "evaluation/"):  # fmt: skip
        answer = member.post(path + part, {"name": "x", "approval_ref": "x", "reason": "x", **TEXTS})
        assert answer.status_code in {302, 403, 404, 422}, part
    assert CollaborationZone.objects.get().state == ZoneState.RUNNING
    assert ResponsibilityLine.objects.count() == 0
    assert member.get("/zones/new/").status_code == 404


def test_administrators_see_nothing_of_a_zone(administrator, path):
    for part in ("", "people/", "sheet/", "dissolve/", "records/", "archive/"):
        assert administrator.get(path + part).status_code in {403, 404}, part


def test_nobody_from_elsewhere_finds_any_page(stranger, path):
    for part in ("", "people/", "sheet/", "sheet/add/", "institutions/", "integration/", "records/", "evaluation/",
                 "dissolve/", "archive/", "sheet/export/"):  # fmt: skip
        assert stranger.get(path + part).status_code == 404, part


def test_sheet_is_drafted_changed_seen_from_each_side_and_exported(story, lead, path):
    adopt(story)
    lead.post(f"{path}sheet/draft/")
    line = ResponsibilityLine.objects.get(matter="施工监督关")
    data = {"topic": "safety", "matter": line.matter, "duty": "旁站", "lead": "supervision", "assists": ["builder"],
            "person": story.members[0].pk}  # fmt: skip

    assert lead.post(f"{path}sheet/{line.pk}/", data).status_code == 302
    whole, builders = lead.get(f"{path}sheet/"), lead.get(f"{path}sheet/", {"side": "builder"})

    count = whole.context["count"]
    assert count == ResponsibilityLine.objects.count() > 10
    assert 0 < builders.context["count"] < count
    assert "旁站、巡视，发现违章当场制止" in text_of(lead.get(f"{path}sheet/history/").content.decode())
    exported = lead.get(f"{path}sheet/export/?side=builder")
    assert b"".join(exported.streaming_content)[:2] == b"PK"
    assert lead.post(f"{path}sheet/{line.pk}/", {**data, "matter": ""}).status_code == 422
    lead.post(f"{path}sheet/{line.pk}/end/")
    assert lead.get(f"{path}sheet/").context["count"] == count - 1


def test_contact_post_and_project_are_changed_on_one_page(story, clerk, works, path):
    party = story.zone.participating_units.get(role="host_site")
    clerk.post(f"{path}parties/{party.pk}/contact/", {"contact": story.members[0].pk})
    clerk.post(f"{path}posts/add/", {"person": story.members[0].pk, "role": "hse_officer"})
    clerk.post(f"{path}projects/add/", {"project": works.pk})

    party.refresh_from_db()
    assert party.contact == story.members[0]
    post = story.members[0].posts.get()
    assert (post.role, post.body) == (PostRole.HSE_OFFICER, story.body)
    assert story.zone.projects.count() == 2
    row = story.zone.zone_projects.get(project=works)
    clerk.post(f"{path}projects/{row.pk}/remove/")
    clerk.post(f"{path}posts/{post.pk}/end/")
    clerk.post(f"{path}parties/{party.pk}/leave/")
    assert story.zone.participating_units.filter(valid_until=None).count() == 1


def test_evaluated_zone_is_commented_on_and_dissolved_after_a_preview(story, clerk, lead, path, now):
    adopt(story)
    later = now + timedelta(days=2)
    plan_activity(
        activity_type=ActivityType.WEEKLY_MEETING, body=story.body, place="板房", scheduled_from=later,
        scheduled_until=later + timedelta(hours=1), actor=story.lead, at=now,
    )  # fmt: skip
    make_task(story, now)
    assert lead.post(f"{path}evaluation/", {**TEXTS, "effects": ""}).status_code == 422
    lead.post(f"{path}evaluation/", TEXTS)
    party = story.zone.participating_units.first()
    assert lead.post(f"{path}evaluation/{party.pk}/comment/", {"text": ""}).status_code == 422
    lead.post(f"{path}evaluation/{party.pk}/comment/", {"text": "同意"})

    preview = clerk.get(f"{path}dissolve/")
    assert preview.context["going"].counts["participations"] == 4
    assert (len(preview.context["left"].planned), len(preview.context["left"].tasks)) == (1, 1)
    refused = clerk.post(f"{path}dissolve/", {"reason": "投产"})
    assert "请选择一并取消" in text_of(refused.content.decode())
    done = clerk.post(f"{path}dissolve/", {"reason": "投产", "call_off": "on", "hand_over": "on"})

    assert done["Location"] == f"{path}archive/"
    assert "投产" in text_of(clerk.get(f"{path}archive/").content.decode())
    assert clerk.get(path).status_code == 200
    assert clerk.get(f"{path}dissolve/")["Location"] == path


def test_institutions_open_to_their_records_and_cost_the_same(story, lead, path, statements):
    adopt(story)
    pages = [path, f"{path}institutions/", f"{path}integration/", f"{path}people/"]
    before = [statements(lead, page) for page in pages]
    for number in range(3):
        story.zone.participating_units.create(
            unit=make_unit(f"队{number}"), role="constructor", valid_from=date(2026, 1, 1)
        )

    assert [statements(lead, page) for page in pages] == before
    six = lead.get(f"{path}institutions/").context["six"]
    assert len(six) == 6
    assert len(lead.get(f"{path}institutions/").context["rhythm"]) == 3


def test_figures_of_the_advice_are_the_committees(story, clerk, member):
    path = f"/zones/parameters/{story.committee.pk}/"

    assert clerk.post(f"{path}long_days/", {"value": "200"})["Location"] == path
    assert clerk.post(f"{path}long_days/", {"value": "0"}).status_code == 422
    assert clerk.post(f"{path}nothing/", {"value": "1"}).status_code == 404
    assert member.get(path).status_code == 404


@pytest.mark.parametrize("word", ["\x00", "9" * 40, "-1", "’; drop"])
def test_whatever_is_posted_is_answered(story, clerk, path, word):
    line = {"topic": word, "matter": word, "duty": word, "lead": word, "person": word, "due_on": "9999-12-31"}
    for part in ("edit/", "return/", "approve/", "start/", "parties/add/", "posts/add/", "projects/add/", "sheet/add/",
                 "shut-downs/plan/", "evaluation/"):  # fmt: skip
        data = {**line, "name": word, "reason": word, "approval_ref": word, "office_below": word, "since": "9999-12-31",
                "unit": word, "role": word, "project": word, "from_on": "9999-12-30", "until_on": "9999-12-31"}  # fmt: skip
        assert clerk.post(path + part, data).status_code < 500, part
    for query in (f"q={word}", f"state={word}", f"sponsor={word}", f"sort={word}"):
        assert clerk.get("/zones/", query_params=dict([query.split("=")])).status_code < 500
    assert clerk.get("/zones/new/", {"projects": word, "sponsor": word}).status_code == 200
    assert clerk.get(f"{path}records/", {"kind": word, "page": word}).status_code < 500
