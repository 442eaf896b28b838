"""Task forces on the page: what is shown to whom, each act, and what bad input meets."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from ronghe.domain.org.models import Person
from ronghe.domain.taskforces.enums import ForceState, OutcomeKind, PointState
from ronghe.domain.taskforces.models import DifficultPoint, TaskForce
from ronghe.domain.taskforces.services.points import resolve_point
from ronghe.domain.taskforces.services.running import describe_task_force
from tests.factories.org import make_account
from tests.factories.taskforces import (
    approve,
    make_force_story,
    make_task_force,
    propose,
    raise_fixed,
    sum_up,
)
from tests.web.making import picture

pytestmark = pytest.mark.django_db
LIST = "/taskforces/"
TODAY = "2026-09-14"


@pytest.fixture
def field(now):
    return make_force_story(at=now)


@pytest.fixture
def running(field, now):
    make_task_force(at=now, story=field)
    return field


@pytest.fixture
def secretary(field, as_person):
    return as_person(field.secretary)


@pytest.fixture
def clerk(field, as_person):
    return as_person(field.clerk)


def page(field, act=""):
    return f"{LIST}{field.force.pk}/{act}"


def point_page(field, act=""):
    return f"{LIST}points/{field.points[0].pk}/{act}"


ACTS = ("approve", "return", "submit", "withdraw", "start", "call-off", "wind-up", "resume", "close", "describe", "mark",
        "members/add", "track", "outcomes/team", "files/add")  # fmt: skip


def test_pages_want_a_log_in(client, running):
    for path in (LIST, f"{LIST}new/", f"{LIST}points/", page(running), point_page(running)):
        assert client.get(path)["Location"].startswith("/login/")


def test_list_holds_what_the_reader_may_see_filtered_and_searched(running, secretary, as_person):
    assert [force for force, _shape in secretary.get(LIST).context["lines"]] == [running.force]
    assert as_person(running.outsider).get(LIST).context["lines"] == []
    assert secretary.get(LIST, {"q": "数字化"}).context["lines"] != []
    assert secretary.get(LIST, {"q": "没有的"}).context["lines"] == []
    assert secretary.get(LIST, {"state": "closed"}).context["lines"] == []
    for query in ({"state": "\x00"}, {"page": "9" * 30}, {"project": "x" * 40}, {"sort": "--"}, {"q": "%"}):
        assert secretary.get(LIST, query).status_code in (200, 400)


def test_list_costs_the_same_for_one_group_and_for_three(running, secretary, statements, now):
    one = statements(secretary, LIST)
    for name in ("第二小组", "第三小组"):
        propose(running, now, name=name)
    assert TaskForce.objects.count() == 3
    assert statements(secretary, LIST) == one
    assert one <= 8


def test_points_cost_the_same_for_one_and_for_three(running, secretary, statements, now):
    one = statements(secretary, f"{LIST}points/")
    for title in ("难点二", "难点三"):
        raise_fixed(running, now, title=title)
    assert statements(secretary, f"{LIST}points/") == one
    assert one <= 8


def test_group_of_others_is_not_found(running, as_person):
    stranger = as_person(running.outsider)

    assert stranger.get(page(running)).status_code == 404
    assert stranger.get(point_page(running)).status_code == 404
    assert stranger.get(f"{LIST}new/").status_code == 404
    for act in ACTS:
        assert stranger.post(page(running, f"{act}/")).status_code == 404
    for act in ("note", "resolve", "hand-over", "reopen"):
        assert stranger.post(point_page(running, f"{act}/")).status_code == 404


def test_administrators_see_nothing(running, as_person):
    operator = Person.objects.create(name="查守静", initials="csj", valid_from="2020-01-01")
    make_account(operator, administrator="audit_admin")
    browser = as_person(Person.objects.get(pk=operator.pk))

    assert browser.get(page(running)).status_code in (403, 404)


def test_proposal_is_filled_in_from_the_project_and_its_agreement(field, secretary):
    shown = secretary.get(f"{LIST}new/")
    assert shown.context["form"].initial["name"] == "新型输气作业区数字化转型攻关临时党小组"
    assert shown.context["agreement"] == field.agreement
    data = {
        "project": field.project.pk, "parent": field.branch.pk, "name": "数字化攻关小组", "leader": field.leader.pk,
        "guide": field.guide.pk, "people": [one.pk for one in field.members], "feature": "一日一测",
    }  # fmt: skip
    answer = secretary.post(f"{LIST}new/", data)

    made = TaskForce.objects.get()
    assert answer["Location"] == f"{LIST}{made.pk}/"
    assert (made.members.count(), made.feature, made.state) == (5, "一日一测", ForceState.PROPOSED)


def test_proposal_that_fails_keeps_what_was_typed(field, secretary):
    data = {"project": field.project.pk, "parent": field.branch.pk, "name": "小组", "leader": field.leader.pk}
    answer = secretary.post(f"{LIST}new/", data)

    assert answer.status_code == 422
    assert "PO-09" in answer.content.decode()
    for bad in (
        {"leader": "9" * 25},
        {"leader": field.outsider.pk},
        {"name": "\x00"},
        {"parent": "abc"},
        {"people": "x"},
    ):
        assert secretary.post(f"{LIST}new/", {**data, **bad}).status_code in (400, 422)


def test_office_approves_with_one_tap_and_returns_with_a_reason(field, clerk, secretary, now):
    propose(field, now)
    assert "请党群部门批准" in clerk.get(page(field)).content.decode()
    assert clerk.post(page(field, "return/"), {"reason": ""}).status_code == 422
    clerk.post(page(field, "return/"), {"reason": "请加信息站的人"})
    assert "请加信息站的人" in secretary.get(page(field)).content.decode()
    secretary.post(page(field, "submit/"))
    assert secretary.post(page(field, "approve/")).status_code == 403
    clerk.post(page(field, "approve/"))

    field.force.refresh_from_db()
    assert field.force.state == ForceState.APPROVED


def test_start_says_what_is_missing_and_adopts_the_chosen_playbook(field, secretary, now):
    propose(field, now)
    approve(field, now)
    shown = secretary.get(page(field)).content.decode()
    assert "还没有难点" in shown
    assert "启动攻关" in shown
    refused = secretary.post(page(field, "start/"), {"playbook": ""})
    assert refused.status_code == 422
    raise_fixed(field, now)
    offered = [
        key for key, _title in secretary.get(page(field)).context["start_form"].fields["playbook"].choices if key
    ]
    assert any(key.startswith("yilong_4plus1") for key in offered)
    assert secretary.post(page(field, "start/"), {"playbook": "nothing@1"}).status_code == 422
    chosen = next(key for key in offered if key.startswith("yilong_4plus1"))
    secretary.post(page(field, "start/"), {"playbook": chosen})

    field.force.refresh_from_db()
    assert field.force.state == ForceState.UNDER_WAY
    assert "一小组一特色一品牌" in secretary.get(page(field)).content.decode()


def test_member_raises_a_difficulty_and_leader_fixes_it(running, as_person):
    member, leader = as_person(running.members[2]), as_person(running.leader)
    new = page(running, "points/new/")
    assert "定人员" not in member.get(new).content.decode().split("</form>")[0].replace("定人员、定目标", "")
    assert member.post(new, {"title": "", "kind": "safety"}).status_code == 422
    made = member.post(new, {"title": "动火点多", "kind": "safety", "text": "三处同时"})
    point = DifficultPoint.objects.get(title="动火点多")
    assert made["Location"] == f"{LIST}points/{point.pk}/"
    assert member.get(f"{LIST}points/{point.pk}/fix/").status_code == 403

    fix = f"{LIST}points/{point.pk}/fix/"
    data = {
        "in_charge": running.members[2].pk, f"duty_{running.members[2].pk}": "编方案", "goal": "错峰动火",
        "due_on": "2026-09-20", "baseline": "", "target": "", "unit": "",
    }  # fmt: skip
    assert leader.post(fix, {**data, "goal": ""}).status_code == 422
    leader.post(fix, data)
    point.refresh_from_db()
    assert (point.state, point.people.get().duty) == (PointState.FIXED, "编方案")
    for bad in (
        {"due_on": "9999-99-99"},
        {"target": "1e999"},
        {"target": "9" * 20},
        {"in_charge": "0"},
        {"due_on": "2026-09-01"},
    ):
        assert leader.post(fix, {**data, **bad}).status_code == 422


def test_point_goes_on_is_resolved_and_reopened(running, as_person):
    charge = as_person(running.members[0])
    assert charge.post(point_page(running, "note/"), {"text": ""}).status_code == 422
    charge.post(point_page(running, "note/"), {"text": "降到 1%", "figure": "1"})
    shown = charge.get(point_page(running)).content.decode()
    assert "现在 1 %" in shown
    assert charge.post(point_page(running, "resolve/"), {"result": ""}).status_code == 422
    charge.post(point_page(running, "resolve/"), {"result": "加装网关", "actual": "0.08"})
    assert "提出到解决 0 小时" in charge.get(point_page(running)).content.decode()
    charge.post(point_page(running, "reopen/"))
    running.points[0].refresh_from_db()
    assert running.points[0].state == PointState.FIXED
    assert charge.post(point_page(running, "hand-over/"), {"to": "生产科"}).status_code == 403
    as_person(running.leader).post(point_page(running, "hand-over/"), {"to": "生产科"})
    assert "已移交" in charge.get(point_page(running)).content.decode()


def test_describing_refuses_a_harmful_link_and_members_alone_see_a_good_one(running, as_person, secretary):
    leader = as_person(running.leader)
    fields = {"feature": "一日一测", "brand": "数智先锋", "base_place": "中控室", "base_note": "有展板"}
    bad = leader.post(page(running, "describe/"), {**fields, "messenger_url": "javascript:alert(1)"})
    assert bad.status_code == 422
    leader.post(page(running, "describe/"), {**fields, "messenger_url": "https://work.weixin.qq.com/join/x"})

    assert "work.weixin.qq.com" in leader.get(page(running)).content.decode()
    assert "work.weixin.qq.com" not in as_person(running.clerk).get(page(running)).content.decode()
    assert "数智先锋" in as_person(running.clerk).get(page(running)).content.decode()
    assert secretary.get(page(running)).status_code == 200


def test_people_are_added_led_and_let_go(running, secretary):
    newcomer = running.other_secretary
    secretary.post(page(running, "members/add/"), {"person": newcomer.pk, "part": "member"})
    member = running.force.members.get(person=newcomer)
    assert secretary.post(page(running, "members/add/"), {"person": newcomer.pk, "part": "member"}).status_code == 422
    assert (
        secretary.post(page(running, "members/add/"), {"person": running.outsider.pk, "part": "x"}).status_code == 422
    )
    secretary.post(page(running, f"members/{member.pk}/lead/"))
    member.refresh_from_db()
    assert member.part == "leader"
    other = running.force.members.get(person=running.members[2])
    secretary.post(page(running, f"members/{other.pk}/remove/"))
    other.refresh_from_db()
    assert other.valid_until is not None
    assert secretary.post(page(running, "members/999999/remove/")).status_code == 404


def test_tracking_is_noted_by_the_guide(running, as_person):
    guide = as_person(running.guide)
    assert guide.post(page(running, "track/"), {"text": "看调试", "day": "2026-09-15"}).status_code == 422
    guide.post(page(running, "track/"), {"text": "看调试，要求复测", "day": TODAY})

    assert "要求复测" in guide.get(page(running)).content.decode()


def test_group_closes_with_outcomes_figures_and_files(running, secretary, as_person, now):
    resolve_point(point=running.points[0], result="加装网关", actor=running.members[0], at=now)
    secretary.post(page(running, "wind-up/"))
    leader = as_person(running.leader)
    secretary.post(page(running, "close/"))
    running.force.refresh_from_db()
    assert running.force.state == ForceState.CLOSING
    for kind in OutcomeKind.values:
        data = {
            f"{kind}-text": "成果",
            f"{kind}-name_1": "用时",
            f"{kind}-before_1": "10",
            f"{kind}-after_1": "2",
            f"{kind}-unit_1": "天",
        }
        assert leader.post(page(running, f"outcomes/{kind}/"), {**data, f"{kind}-after_1": ""}).status_code == 422
        assert leader.post(page(running, f"outcomes/{kind}/"), data).status_code == 302
    assert leader.post(page(running, "outcomes/none/")).status_code == 404
    leader.post(page(running, "files/add/"), {"photo": picture()})
    row = running.force.outcome_files.get()
    path = page(running, f"files/{row.file.sha256}/")
    assert b"".join(leader.get(path).streaming_content)[:3] == b"\xff\xd8\xff"
    assert as_person(running.outsider).get(path).status_code == 404
    secretary.post(page(running, "close/"))

    running.force.refresh_from_db()
    assert running.force.state == ForceState.CLOSED
    shown = leader.get(page(running)).content.decode()
    assert "三项成果" in shown
    assert "原 10" in shown


def test_file_of_another_thing_is_not_shown(running, secretary):
    assert secretary.get(page(running, f"files/{'0' * 64}/")).status_code == 404


def test_mark_is_shown_to_those_who_see_the_group(running, as_person):
    leader = as_person(running.leader)
    leader.post(page(running, "mark/"), {"mark": picture(3)})
    running.force.refresh_from_db()

    shown = leader.get(page(running, f"files/{running.force.mark.sha256}/"))
    assert b"".join(shown.streaming_content)
    assert leader.post(page(running, "mark/")).status_code == 302


def test_project_that_ended_asks_for_the_summing_up(running, secretary, now):
    sum_up(running, now)
    TaskForce.objects.update(wind_up_reason="project_completed")

    assert "项目已完工" in secretary.get(page(running)).content.decode()


def test_lists_come_out_as_workbooks(running, secretary, now):
    describe_task_force(force=running.force, actor=running.leader, at=now, brand="=数智先锋")
    book = load_workbook(BytesIO(b"".join(secretary.get(f"{LIST}export/?q=数字化").streaming_content)))
    rows = list(book.active.values)
    assert rows[1][0] == "数字化攻关临时党小组"
    points = load_workbook(BytesIO(b"".join(secretary.get(f"{LIST}points/export/").streaming_content)))
    assert list(points.active.values)[1][3] == "李江"


def test_overdue_point_is_said_on_the_group(running, secretary, now, monkeypatch):
    DifficultPoint.objects.update(due_on=now.date() - timedelta(days=1))

    assert "有难点逾期" in secretary.get(page(running)).content.decode()
    assert [line.point for line, _s, _w in secretary.get(f"{LIST}points/?overdue=1").context["lines"]] == running.points
