"""Points on pages: my account, the branch's members, applying, odd ones, stars."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from ronghe.domain.items.models import WorkItem
from ronghe.domain.merits.models import MeritCase
from ronghe.domain.playbooks.services import adopt_playbook
from tests.domain.appraisal.test_ledgers import granted, held
from tests.factories.appraisal import a_quarter, final_run, log_in_as, make_field, story_playbook
from tests.factories.merits import MeritStory, make_merits, on_notice
from tests.factories.rhythm import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def story(now) -> MeritStory:
    return make_merits(now)


def page(client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:400]
    return answer.content.decode()


def test_my_page_shows_each_entry_its_rule_and_what_is_open(client, story, now):
    for _time in range(3):
        granted(story, "innovation", now - timedelta(minutes=5))
    log_in_as(client, story.member)
    body = page(client, "/points/")
    assert "积分申请通过" in body
    assert "革新成果、专利、合理化建议被采用" in body
    assert "每次（每单位）2 分" in body
    assert "封顶未计" in body
    assert "还可得 10 分，再 4 次" in body  # tasks
    assert "申请积分" in body
    assert "只有本人和本支部负责人能看到" in body


def test_a_member_sees_no_other_members_points_and_the_secretary_does(client, story):
    log_in_as(client, story.other)
    page(client, f"/points/people/{story.member.token}/", 404)
    assert "您没有负责的党组织" in page(client, "/points/members/")
    log_in_as(client, story.secretary)
    assert "罗一鸣" in page(client, f"/points/people/{story.member.token}/")
    members = page(client, "/points/members/")
    assert members.index("高远") < members.index("折静")  # by name, not by points
    page(client, f"/points/members/?body={story.committee.pk}", 404)


def test_without_a_sheet_the_page_says_where_one_is_adopted(client, now):
    story = make_merits(now, adopts=False)
    log_in_as(client, story.member)
    assert "支部书记在“范本”里采用一份" in page(client, "/points/")
    assert "还没有采用积分表" in page(client, "/points/applications/new/")
    log_in_as(client, story.secretary)
    assert "还没有采用积分表" in page(client, "/points/members/")


def test_an_application_by_page_from_form_to_notice(client, story, now):
    log_in_as(client, story.member)
    form = page(client, "/points/applications/new/")
    assert "避免事故、抢险救急（+3）" in form
    assert "受通报批评" not in form
    typed = {"reward": "rescue", "title": "制止一起误操作", "done_on": f"{timezone.localdate(now)}"}
    refused = client.post("/points/applications/new/", typed)
    assert refused.status_code == 422
    assert "证明材料" in refused.content.decode()
    upload = photo()
    from django.core.files.uploadedfile import SimpleUploadedFile

    sent = client.post(
        "/points/applications/new/",
        typed | {"photo": SimpleUploadedFile(upload.name, upload.content.getvalue(), "image/jpeg")},
    )
    item = WorkItem.objects.get(kind="merit")
    assert sent.status_code == 302, sent.content.decode()[:300]
    assert "制止一起误操作" in page(client, "/points/applications/")
    assert "分值" in page(client, f"/work/items/{item.pk}/")

    for step, actor in (("check", story.group_leader), ("review", story.org_member), ("approve", story.secretary)):
        log_in_as(client, actor)
        assert client.post(f"/work/items/{item.pk}/steps/{step}/", {}).status_code in (302, 200)
    item.refresh_from_db()
    assert item.state == "notice"
    assert "公示" in page(client, f"/work/items/{item.pk}/")


def test_a_record_of_the_platform_is_proof_enough(client, story, now):
    done = on_notice(story, now - timedelta(hours=1))
    log_in_as(client, story.member)
    assert "平台里的记录" in page(client, "/points/applications/new/")
    typed = {
        "reward": "commended_unit", "title": "受厂里表彰", "done_on": f"{timezone.localdate(now)}",
        "record": f"items.workitem:{done.pk}",
    }  # fmt: skip
    assert client.post("/points/applications/new/", typed).status_code == 302
    again = client.post("/points/applications/new/", typed | {"reward": "innovation"})
    assert "就高不重复" in again.content.decode()


def test_what_takes_points_away_is_reported_by_the_group_leader(client, story, now):
    log_in_as(client, story.group_leader)
    assert "提出扣分" in page(client, "/points/applications/")
    form = page(client, "/points/applications/new/?report=1")
    assert "受通报批评（-5）" in form
    log_in_as(client, story.other)
    assert "没有可以申请的项目" in page(client, "/points/applications/new/?report=1")


def test_odd_ones_are_looked_at_on_the_page(client, story, now):
    for number in range(11):
        held(story, 1, now - timedelta(seconds=number))
    log_in_as(client, story.secretary)
    body = page(client, "/points/odd/")
    assert "支部中位数是 0 条" in body
    key = body.split('name="key" value="')[1].split('"')[0]
    sent = client.post(f"/points/odd/{story.branch.pk}/look/", {"key": key, "verdict": "fine"})
    assert sent.status_code == 302
    assert "已看，正常" in page(client, "/points/odd/")
    assert client.post(f"/points/odd/{story.branch.pk}/look/", {"key": key, "verdict": "guilty"}).status_code == 404
    log_in_as(client, story.member)
    assert client.post(f"/points/odd/{story.branch.pk}/look/", {"key": key, "verdict": "fine"}).status_code == 404


def test_stars_come_from_final_runs_and_each_sees_what_is_theirs(client):
    field = make_field()
    a_quarter(field)
    final_run(field)
    final_run(field, sheet="member_quarter")
    log_in_as(client, field.south_secretary)
    assert "南一联合站党支部" in page(client, "/points/stars/?level=branch")
    assert "罗一鸣" in page(client, "/points/stars/")
    log_in_as(client, field.north_member)
    mine = page(client, "/points/stars/")
    assert "折静" in mine
    assert "罗一鸣" not in mine
    assert "还没有您能看到的定稿结果" in page(client, "/points/stars/?level=team")


def test_a_final_quarter_is_shown_as_it_was_kept(client, monkeypatch):
    field = make_field()
    a_quarter(field)
    run = final_run(field, sheet="member_quarter")
    adopt_playbook(body=field.south, playbook=story_playbook(), since=run.period_until.replace(year=2025), actor=None,
                   at=run.started_at)  # fmt: skip
    log_in_as(client, field.south_member)
    body = page(client, "/points/?period=2026Q3")
    assert "已定稿" in body
    assert "4.00" in body


def test_the_account_goes_out_as_a_workbook(client, story, now):
    granted(story, "innovation", now)
    log_in_as(client, story.member)
    answer = client.get(f"/points/people/{story.member.token}/export/")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    log_in_as(client, story.other)
    assert client.get(f"/points/people/{story.member.token}/export/").status_code == 404


def test_the_item_page_offers_each_step_to_who_may_take_it(client, story, now):
    item = on_notice(story, now)
    log_in_as(client, story.other)
    assert "提出异议" in page(client, f"/work/items/{item.pk}/")
    log_in_as(client, story.member)
    assert "提出异议" not in page(client, f"/work/items/{item.pk}/")
    assert MeritCase.objects.filter(item=item).exists()
