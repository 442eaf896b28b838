"""节拍 on the page: list, bars, one duty with its record, waiving, export."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from ronghe.domain.obligations.models import Obligation, Waiver
from ronghe.domain.org.enums import PostRole
from ronghe.web.obligations.explained import meets_words
from tests.domain.playbooks.making import adopt, playbook, shipped
from tests.factories.org import make_body, make_post
from tests.factories.rhythm import make_meeting
from tests.web.conftest import squeezed
from tests.web.making import hold

pytestmark = pytest.mark.django_db

LIST = "/obligations/"


def page(duty, act: str = "") -> str:
    return f"/obligations/{duty.pk}/{act}"


@pytest.fixture
def committee(story, as_person):
    """周玉兰 keeps the committee's books and may waive."""
    return as_person(story.clerk)


def test_pages_want_a_log_in(client, story, duty):
    for path in (LIST, "/obligations/export/", page(duty), f"/obligations/bodies/{story.body.pk}/"):
        assert client.get(path)["Location"] == f"/login/?next={path}"


def test_list_holds_what_is_open_of_what_the_reader_may_see(duty, lead, stranger):
    adopt(make_body("采油九队党支部"), playbook(), date(2026, 9, 1))

    assert lead.get(LIST).context["page"].object_list == [duty]
    assert stranger.get(LIST).context["page"].object_list == []


def test_list_filters_by_state_and_body(story, duty, committee):
    adopt(story.branch, playbook(), date(2026, 7, 1))
    july, august, september = Obligation.objects.filter(body=story.branch, due_on__lt="2026-10-01").order_by("due_on")

    def listed(**query):
        return committee.get(LIST, query).context["page"].object_list

    assert listed(state="missed") == [july, august]
    assert listed(body=story.body.pk) == [duty]
    assert listed(body=story.branch.pk, sort="-due") == [september]
    assert listed(body="²", state="missed") == [july, august]
    assert listed(state="met") == []


def test_list_costs_at_most_eight_statements_and_the_same_for_three(story, duty, committee, statements):
    one = statements(committee, f"{LIST}?state=missed")
    adopt(story.branch, playbook(), date(2026, 6, 1))

    assert len(committee.get(f"{LIST}?state=missed").context["lines"]) == 3
    three = statements(committee, f"{LIST}?state=missed")
    assert three == statements(committee, LIST) <= 8 + 3
    assert one == three - 1  # an empty list is not read


def test_list_fragment_is_found_in_the_whole_page(duty, lead):
    assert squeezed(lead.fragment(LIST).content.decode()) in squeezed(lead.get(LIST).content.decode())


def test_a_duty_says_each_way_to_meet_it_once_and_of_which_kind(story):
    for body in (story.branch, story.committee):
        adopt(body, shipped("changqing_six"), date(2026, 7, 1))

    def ways(body, mechanism):
        return meets_words(Obligation.objects.filter(body=body, mechanism=mechanism).first())

    assert ways(story.branch, "plus_integrity") == ["举办主题活动，廉洁"]
    assert ways(story.branch, "expert_clinic") == ["专家解决问题", "专家坐诊", "评估师徒结对", "走访，连心关爱"]
    assert ways(story.committee, "special_inspection") == ["走访，进站所班组、定点帮扶"]
    assert ways(story.committee, "going_out") == ["观摩学习"]


def test_export_holds_what_the_list_shows(story, duty, lead):
    rows = list(
        load_workbook(BytesIO(lead.get("/obligations/export/").getvalue()), read_only=True).worksheets[0].values
    )

    assert [row[:3] + row[5:6] for row in rows[1:]] == [("主题党日", story.body.name, "书记", "待办")]


def test_bars_hold_one_line_a_mechanism(story, duty, lead, stranger):
    path = f"/obligations/bodies/{story.body.pk}/"
    context = lead.get(path, {"span": "month"}).context

    (row,) = context["calendar"].rows
    assert (row.name, [window.href for window in row.windows]) == ("主题党日", [page(duty)])
    assert context["counts"]["due"] == 1
    assert lead.get(path, {"span": "decade"}).status_code == 200
    assert stranger.get(path).status_code == 404


def test_bars_cost_the_same_for_one_and_for_three(story, duty, lead, statements):
    path = f"/obligations/bodies/{story.body.pk}/"

    one = statements(lead, f"{path}?span=month")
    assert len(lead.get(f"{path}?span=year").context["calendar"].rows[0].windows) == 4
    assert statements(lead, f"{path}?span=year") == one


def test_page_says_who_when_and_why(duty, lead, stranger):
    context = lead.get(page(duty)).context

    assert [context[name] for name in ("obligation", "answers", "state", "days_left", "record")] == [
        duty, "书记", "due", 16, None,
    ]  # fmt: skip
    assert stranger.get(page(duty)).status_code == 404


def test_page_leads_to_planning_what_would_meet_it(story, duty, lead, member):
    assert lead.get(page(duty)).context["plan_query"] == f"?type=theme_party_day&body={story.body.pk}"
    assert member.get(page(duty)).context["plan_query"] == ""


def test_page_of_a_met_duty_leads_to_the_record(story, duty, lead, now):
    meeting = hold(story, make_meeting(story, now), now)

    record = lead.get(page(duty)).context["record"]

    assert (record.title, record.href) == ("主题党日", f"/rhythm/activities/{meeting.pk}/")


def test_waive_and_take_it_back(story, duty, committee):
    committee.post(page(duty, "waive/"), {"reason": "现场连续抢修"})
    assert Waiver.objects.get().reason == "现场连续抢修"
    assert committee.get(page(duty)).context["can_unwaive"] is True

    committee.post(page(duty, "waive/withdraw/"))
    assert Waiver.objects.count() == 0


def test_waive_wants_a_reason_and_a_right(duty, committee, member, stranger):
    refused = committee.post(page(duty, "waive/"), {"reason": ""})

    assert (refused.status_code, list(refused.context["waive_form"].errors)) == (422, ["reason"])
    assert member.post(page(duty, "waive/"), {"reason": "免了"}).status_code == 403
    assert stranger.post(page(duty, "waive/"), {"reason": "免了"}).status_code == 404
    assert committee.get(page(duty, "waive/")).status_code == 405
    assert Waiver.objects.count() == 0


def test_taking_back_wants_the_same_right(story, duty, committee, member):
    committee.post(page(duty, "waive/"), {"reason": "现场连续抢修"})

    assert member.post(page(duty, "waive/withdraw/")).status_code == 403
    assert Waiver.objects.count() == 1


def test_a_secretary_does_not_waive_what_the_own_body_owes(story, duty, as_person):
    make_post(story.members[0], PostRole.SECRETARY, body=story.body)

    assert as_person(story.members[0]).get(page(duty)).context["can_waive"] is False


def test_page_says_who_answers_and_what_would_meet_it(story, duty, lead):
    told = squeezed(lead.get(page(duty)).content.decode())

    assert "没有人负责" not in told  # the zone's lead stands in for the vacant secretary
    assert "刘丽萍" in told
    assert "职务空缺，由本组织负责人办" in told
    assert lead.get(page(duty)).context["meets"] == ["主题党日"]
