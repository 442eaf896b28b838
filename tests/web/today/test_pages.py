"""今日 on the page: what is shown to whom, one tap and its way back, at the same price for one thing and for many."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import NoReverseMatch, reverse
from openpyxl import load_workbook

from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.steps import take_step
from ronghe.domain.members.services.corrections import ask_correction
from ronghe.domain.org.enums import MembershipKind, PostRole
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.today.models import PutOff
from ronghe.domain.work.models import Task
from ronghe.kernel.inbox import declared_inboxes
from tests.factories.items import claimed, handed_in, make_claim
from tests.factories.org import make_person, make_post
from tests.factories.rhythm import make_huddle, make_meeting, make_task, plan_meeting
from tests.web.conftest import text_of
from tests.web.making import hold, submitted_task

pytestmark = pytest.mark.django_db


def shown(answer):
    """The titles of each part."""
    return {str(part): [line.title for line in found] for part, found in answer.context["parts"]}


def said(answer):
    return [str(message) for message in answer.wsgi_request._messages]


def test_a_stranger_must_log_in_first(client, db):
    assert client.get("/")["Location"] == "/login/?next=/"


def test_the_old_way_leads_to_the_first_page(lead):
    assert lead.get("/today/?topic=work")["Location"] == "/?topic=work"


def test_an_administrator_is_sent_to_the_own_page(administrator):
    assert administrator.get("/")["Location"] == "/administration/"


def test_a_day_of_nothing_says_so(stranger, story, now):
    make_huddle(story, now)
    make_task(story, now)

    answer = stranger.get("/")

    assert shown(answer) == {}
    assert "今天没有要您办的事。" in text_of(answer.content.decode())


def test_the_day_is_in_parts_with_the_late_in_front(story, member, now):
    make_task(story, now - timedelta(hours=20), title="昨晚到期")
    make_task(story, now, title="今天到期")
    make_task(story, now + timedelta(days=2), title="周三到期")
    make_task(story, now + timedelta(days=9), title="下周到期")
    huddle = make_huddle(story, now)

    answer = member.get("/")

    assert shown(answer) == {
        "now": ["早碰头", "昨晚到期"], "today": ["今天到期"], "week": ["周三到期"], "later": ["下周到期"],
    }  # fmt: skip
    words = text_of(answer.content.decode())
    assert "超 1 天" in words
    assert "刘丽萍交给您的任务" in words
    assert f'href="/rhythm/activities/{huddle.pk}/"' in answer.content.decode() or "扫签到码" in words


def test_the_huddle_is_opened_with_one_tap_and_leads_on(story, lead):
    page = f"/today/huddle_morning/{story.zone.pk}/do/open/"
    assert page in lead.get("/").content.decode()

    answer = lead.post(page)

    assert answer["Location"] == f"/rhythm/activities/{Activity.objects.get().pk}/"


def test_with_htmx_the_huddle_leads_on_too(story, lead):
    answer = lead.fragment(f"/today/huddle_morning/{story.zone.pk}/do/open/", post=True)

    assert answer["HX-Redirect"] == f"/rhythm/activities/{Activity.objects.get().pk}/"


def test_accepting_is_one_tap_and_comes_back_to_the_list_as_it_was(story, lead, now):
    task = submitted_task(story, now)

    answer = lead.post(f"/today/tasks_submitted/{task.pk}/do/accept/", {"next": "/?topic=work"})

    assert (answer["Location"], Task.objects.get().state, said(answer)) == ("/?topic=work", "accepted", ["已验收。"])


def test_reporting_half_is_undone_from_the_toast(story, member, now):
    item = claimed(story, now, story.members[0])
    take_step(item=item, step="sign", actor=story.members[0], at=now)

    page = member.post(f"/today/items_owed/{item.pk}/do/percent-50/", follow=True)
    undo = f"/today/items_owed/{item.pk}/do/percent-0/"
    assert undo in page.content.decode()

    member.post(undo)
    assert WorkItem.objects.get().percent == 0


def test_what_somebody_else_did_meanwhile_is_said_and_not_an_error(story, lead, now):
    task = submitted_task(story, now)
    lead.post(f"/today/tasks_submitted/{task.pk}/do/accept/")

    answer = lead.post(f"/today/tasks_submitted/{task.pk}/do/accept/", follow=True)

    assert answer.status_code == 200
    assert "已验收" in text_of(answer.content.decode())


@pytest.mark.parametrize("path", ["papers/99/do/receive/", "nowhere/1/do/x/", "tasks/99/later/hour/"])
def test_what_is_not_there_is_said_on_the_page(lead, path):
    assert "已经不在您的清单里" in text_of(lead.post(f"/today/{path}", follow=True).content.decode())


def test_no_other_word_puts_off(lead):
    assert lead.post("/today/tasks/1/later/never/").status_code == 404


def test_what_is_put_off_is_out_of_sight_and_not_lost(story, member, now):
    task = make_task(story, now)

    page = member.post(f"/today/tasks/{task.pk}/later/hour/", follow=True)

    assert shown(page) == {}
    words = text_of(page.content.decode())
    assert "稍后再办" in words
    assert "9月14日 周一 08:40 再提醒" in words
    assert f"/today/tasks/{task.pk}/back/" in page.content.decode()

    assert shown(member.post(f"/today/tasks/{task.pk}/back/", follow=True)) == {"today": ["清理3号沟"]}
    assert not PutOff.objects.exists()


def test_nothing_leads_out_of_the_house(story, member, now):
    task = make_task(story, now)

    answer = member.post(f"/today/tasks/{task.pk}/later/hour/", {"next": "https://example.org/"})

    assert answer["Location"] == "/"


@pytest.mark.parametrize("path", ["tasks/1/do/accept/", "tasks/1/later/hour/", "tasks/1/back/"])
def test_acts_are_posted(lead, path):
    assert lead.get(f"/today/{path}").status_code == 405


def test_kind_and_words_cut_the_list(story, member, now):
    make_task(story, now)
    plan_meeting(story, now)

    assert shown(member.get("/?topic=meeting")) == {"week": ["主题党日"]}
    assert shown(member.get("/?q=3号沟")) == {"today": ["清理3号沟"]}
    assert shown(member.get("/?topic=nonsense&n=x")) == {"today": ["清理3号沟"], "week": ["主题党日"]}
    assert "没有符合条件的事。" in text_of(member.get("/?q=没有这样的").content.decode())


def test_thirty_are_shown_and_more_on_a_tap(story, member, now):
    for number in range(33):
        make_task(story, now + timedelta(minutes=number))

    first = member.get("/")
    assert (len(first.context["mine"].lines), first.context["more_href"]) == (30, "?n=60")
    assert "再看一些（已列 30 件，共 33 件）" in text_of(first.content.decode())

    assert len(member.get("/?n=60").context["mine"].lines) == 33


def test_only_the_list_comes_to_htmx(member):
    answer = member.fragment("/")

    assert '<div id="day"' in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert "HX-Request" in answer["Vary"]


def test_what_was_held_is_done(story, lead, now):
    hold(story, make_huddle(story, now), now)

    answer = lead.get("/")

    assert [line.title for line in answer.context["done"]] == ["早碰头"]
    assert "已办 1 件" in text_of(answer.content.decode())


def test_what_waits_in_a_room_below_is_a_line_with_its_page(story, lead, now):
    member = story.members[0]
    make_post(story.lead, PostRole.SECRETARY, body=member.memberships.get(kind=MembershipKind.HOME).body)
    asked = ask_correction(person=member, field="education", value="本科", reason="已毕业", actor=member, at=now)

    page = lead.get("/").content.decode()

    assert f"更正申请等您处理：{member.name}" in text_of(page)
    assert f'href="/org/members/corrections/{asked.pk}/"' in page


def test_every_inbox_leads_to_addresses_that_are_there():
    for inbox in declared_inboxes().values():
        reverse(f"web:{inbox.list_name}")
        for args in ([], [1], [1, 1]):
            try:
                reverse(f"web:{inbox.page or inbox.list_name}", args=args)
            except NoReverseMatch:
                continue
            break
        else:
            pytest.fail(f"{inbox.id} leads nowhere: {inbox.page}")


def test_the_page_costs_the_same_for_one_and_for_many(story, lead, now, statements):
    def add():
        make_task(story, now, assignee=story.lead)
        submitted_task(story, now)
        handed_in(story, now, story.members[1])
        make_meeting(story, now, activity_type=ActivityType.WEEKLY_MEETING)

    add()
    one = statements(lead, "/")
    for _turn in range(4):
        add()

    assert statements(lead, "/") == one <= 8


def test_the_day_is_printed(story, member, now):
    make_task(story, now)

    answer = member.get("/today/sheet.docx")

    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_leader_sees_people_side_by_side_and_a_member_the_own(story, lead, member, now):
    make_task(story, now)

    assert [load.person for load, _kinds in member.get("/today/load/").context["loads"]] == [story.members[0]]
    loads = {load.person: load for load, _kinds in lead.get("/today/load/?hands=all").context["loads"]}
    assert set(story.members) <= set(loads)
    assert loads[story.members[0]].open == 1
    assert "谁手上有多少" in text_of(lead.get("/").content.decode())
    assert "谁手上有多少" not in text_of(member.get("/").content.decode())


def test_people_are_sorted_and_cut_as_asked(story, lead, now):
    make_task(story, now, assignee=story.members[1])
    make_task(story, now - timedelta(hours=20), assignee=story.members[2])

    def people(query):
        return [load.person for load, _kinds in lead.get(f"/today/load/{query}").context["loads"]]

    assert people("?sort=-overdue") == [story.members[2], story.members[1]]
    assert set(people("?hands=free")) == {story.members[0], story.lead}
    assert set(people("?hands=all&sort=-open")[:2]) == {story.members[1], story.members[2]}
    assert people("?overdue=1") == [story.members[2]]
    assert people("?q=没有这个人") == []
    assert set(people(f"?hands=all&body={story.body.pk}")) >= set(story.members)
    assert people("?sort=nonsense") == people("")


def test_a_body_out_of_sight_is_a_404(stranger, story):
    assert stranger.get(f"/today/load/?body={story.body.pk}").status_code == 404


def test_what_lies_on_one_opens_for_whoever_leads(story, lead, stranger, now):
    task = make_task(story, now)
    page = f"/today/load/{story.members[0].pk}/"

    assert f'href="/work/tasks/{task.pk}/"' in lead.get(page).content.decode()
    assert stranger.get(page).status_code == 404


def test_the_table_is_exported_as_shown(story, lead, now):
    make_task(story, now)

    answer = lead.get("/today/load/export/?sort=-open")

    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    rows = list(sheet.values)
    assert rows[0][:6] == ("姓名", "单位", "在办", "超期", "本周到期", "本周分量")
    assert (rows[1][0], rows[1][2]) == (story.members[0].name, 1)


def test_people_cost_the_same_for_few_and_for_many(story, lead, now, statements):
    make_task(story, now)
    few = statements(lead, "/today/load/")
    for member in story.members:
        make_task(story, now, assignee=member)
        handed_in(story, now, member)

    assert statements(lead, "/today/load/") == few <= 12


def test_what_lies_on_each_is_said_where_somebody_is_chosen(story, lead, now):
    member = story.members[0]
    make_task(story, now)
    item = make_claim(story, now)
    take_step(item=item, step="publish", actor=story.lead, at=now)
    words = f"{member.name} · {member.unit.name} · 在办 1 · 本周 1"

    assert words in lead.get("/work/tasks/new/").content.decode()
    assert words in lead.get(f"/work/items/{item.pk}/").content.decode()
    assert words in lead.get("/work/people/choices/", {"q": member.name, "load": "1"}).content.decode()
    assert words not in lead.get("/work/people/choices/", {"q": member.name}).content.decode()


def test_nobody_learns_there_what_lies_on_those_whom_somebody_else_leads(story, now, as_person):
    make_task(story, now)
    auditor = make_person("查账")
    make_post(auditor, PostRole.AUDITOR, body=story.committee)

    options = as_person(auditor).get("/work/people/choices/", {"q": story.members[0].name, "load": "1"})

    assert story.members[0].name in options.content.decode()
    assert "在办" not in options.content.decode()
