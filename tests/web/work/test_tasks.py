"""Tasks on the page: list, hand out, hand in with a photo, accept, return, cancel, export, and who sees a file."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from ronghe.domain.org.models import Person
from ronghe.domain.work.enums import TaskState
from ronghe.domain.work.models import Task
from ronghe.domain.work.services.tasks import accept_task
from tests.factories.org import make_body, make_person
from tests.factories.rhythm import make_task, make_zone
from tests.web.conftest import squeezed
from tests.web.making import picture, submitted_task

pytestmark = pytest.mark.django_db

LIST = "/work/tasks/"


def page(task, act: str = "") -> str:
    return f"/work/tasks/{task.pk}/{act}"


@pytest.fixture
def task(story, now):
    return make_task(story, now)


@pytest.fixture
def waiting(story, now):
    return submitted_task(story, now, title="边坡复测")


@pytest.fixture
def assignee(story, as_person):
    return as_person(story.members[0])


def test_pages_want_a_log_in(client, task):
    for path in (LIST, "/work/tasks/new/", "/work/tasks/export/", page(task), "/work/people/choices/"):
        assert client.get(path)["Location"] == f"/login/?next={path}"


def test_list_holds_what_the_reader_may_see(task, lead, stranger, now):
    make_task(make_zone(name="北二协作区", plant_name="采油二厂"), now)

    assert lead.get(LIST).context["page"].object_list == [task]
    assert stranger.get(LIST).context["page"].object_list == []


def test_list_shows_what_is_not_settled_unless_asked(story, task, waiting, lead, now):
    done = accept_task(task=submitted_task(story, now, title="样板段"), actor=story.lead, at=now)

    def listed(**query):
        return {row.title for row in lead.get(LIST, query).context["page"].object_list}

    assert listed() == {task.title, waiting.title}
    assert listed(state="submitted") == {waiting.title}
    assert listed(state="accepted") == {done.title}
    assert listed(state="all") == {task.title, waiting.title, done.title}
    assert listed(mine="1") == set()
    assert listed(q="边坡") == {waiting.title}


def test_list_of_what_is_overdue(story, lead, now):
    late = make_task(story, now - timedelta(days=2), title="昨天的")
    make_task(story, now)

    answer = lead.get(LIST, {"overdue": "1"})

    assert answer.context["lines"] == [(late, "failed")]


def test_list_is_sorted_both_ways(story, lead, now):
    second, first = make_task(story, now, title="乙"), make_task(story, now - timedelta(hours=1), title="甲")

    assert lead.get(LIST, {"sort": "due"}).context["page"].object_list == [first, second]
    assert lead.get(LIST, {"sort": "-due"}).context["page"].object_list == [second, first]


def test_list_costs_at_most_eight_statements_and_the_same_for_three(story, lead, now, statements):
    make_task(story, now)
    one = statements(lead, LIST)
    make_task(story, now)
    make_task(story, now)

    assert statements(lead, LIST) == one <= 8 + 3


def test_list_fragment_is_found_in_the_whole_page(task, lead):
    assert squeezed(lead.fragment(LIST).content.decode()) in squeezed(lead.get(LIST).content.decode())


def test_export_holds_what_the_list_shows(story, task, waiting, lead, stranger):
    answer = lead.get("/work/tasks/export/", {"state": "submitted"})

    rows = list(load_workbook(BytesIO(answer.getvalue()), read_only=True).worksheets[0].values)
    assert [row[:3] for row in rows[1:]] == [("边坡复测", story.members[0].name, story.body.name)]
    empty = stranger.get("/work/tasks/export/")
    assert len(list(load_workbook(BytesIO(empty.getvalue()), read_only=True).worksheets[0].values)) == 1


def data(story, **changes):
    return {
        "title": "清理4号沟", "goal": "", "body": story.body.pk, "assignee": story.members[0].pk,
        "due_at": "2026-09-14T17:30", **changes,
    }  # fmt: skip


def test_create_hands_out_the_task(story, lead):
    answer = lead.post("/work/tasks/new/", data(story))

    task = Task.objects.get()
    assert answer["Location"] == page(task)
    assert (task.title, task.assignee, task.opened_by) == ("清理4号沟", story.members[0], story.lead)


def test_create_keeps_what_was_typed(story, lead):
    answer = lead.post("/work/tasks/new/", data(story, due_at=""))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["due_at"])
    assert 'value="清理4号沟"' in answer.content.decode()
    assert f'value="{story.members[0].pk}" selected' in answer.content.decode()


def test_create_is_for_those_who_may_and_for_people_they_see(story, lead, member):
    elsewhere = make_person("倪春梅", home=make_body("采油七队党支部"))

    assert member.get("/work/tasks/new/").status_code == 403
    assert member.post("/work/tasks/new/", data(story)).status_code == 403
    assert list(lead.post("/work/tasks/new/", data(story, assignee=elsewhere.pk)).context["form"].errors) == [
        "assignee"
    ]


def test_choices_find_people_by_name_and_initials_as_far_as_seen(story, lead, member):
    Person.objects.filter(pk=story.members[0].pk).update(name="罗一鸣", initials="lym")
    make_person("罗远", home=make_body("采油七队党支部"))

    for typed in ("罗", "lym"):
        answer = lead.get("/work/people/choices/", {"q": typed})
        assert [person.name for person, _words in answer.context["people"]] == ["罗一鸣"]
    answer = member.get("/work/people/choices/", {"q": "罗"})
    assert [person.name for person, _words in answer.context["people"]] == ["罗一鸣"]


def test_page_of_another_zone_is_not_there(task, stranger):
    assert stranger.get(page(task)).status_code == 404
    for act in ("submit/", "accept/", "return/", "cancel/"):
        assert stranger.post(page(task, act)).status_code == 404


def test_acts_are_posts(task, lead):
    for act in ("submit/", "accept/", "return/", "cancel/"):
        assert lead.get(page(task, act)).status_code == 405


def test_page_offers_each_reader_the_own_acts(task, waiting, lead, assignee):
    def offered(browser, row):
        context = browser.get(page(row)).context
        return [name for name in ("can_submit", "can_settle", "can_cancel") if context[name]]

    assert offered(assignee, task) == ["can_submit"]
    assert offered(lead, task) == ["can_cancel"]
    assert offered(assignee, waiting) == []
    assert offered(lead, waiting) == ["can_settle"]


def test_submit_with_a_photo_is_seen_by_the_zone_and_by_nobody_else(story, task, assignee, lead, stranger):
    answer = assignee.post(page(task, "submit/"), {"note": "已清理。", "photo": picture()})

    task.refresh_from_db()
    assert (answer["Location"], task.state, task.submission_note) == (page(task), TaskState.SUBMITTED, "已清理。")
    file = f"/files/{task.evidence.get().file.sha256}/"
    shown = lead.get(file)
    assert (shown.status_code, shown["Content-Type"], shown["Content-Security-Policy"]) == (
        200,
        "image/jpeg",
        "sandbox",
    )
    assert b"".join(shown.streaming_content).startswith(b"\xff\xd8")
    assert stranger.get(file).status_code == 404


def test_submit_without_words_and_photo_is_refused(task, assignee):
    answer = assignee.post(page(task, "submit/"), {"note": ""}, follow=True)

    task.refresh_from_db()
    assert task.state == TaskState.OPEN
    assert [str(message) for message in answer.context["messages"]] == ["请写明完成情况，或附上照片、PDF。"]


def test_only_the_assignee_submits(task, lead):
    lead.post(page(task, "submit/"), {"note": "替他交"})

    task.refresh_from_db()
    assert task.state == TaskState.OPEN


def test_accept_settles_it_once(story, waiting, lead, assignee):
    assignee.post(page(waiting, "accept/"))
    waiting.refresh_from_db()
    assert waiting.state == TaskState.SUBMITTED

    lead.post(page(waiting, "accept/"))
    waiting.refresh_from_db()
    assert (waiting.state, waiting.settled_by) == (TaskState.ACCEPTED, story.lead)


def test_return_wants_a_reason(waiting, lead):
    refused = lead.post(page(waiting, "return/"), {"reason": ""})
    lead.post(page(waiting, "return/"), {"reason": "照片缺参照尺"})

    waiting.refresh_from_db()
    assert refused.status_code == 422
    assert (waiting.state, waiting.settling_note) == (TaskState.RETURNED, "照片缺参照尺")


def test_cancel_takes_it_from_the_list(task, lead):
    lead.post(page(task, "cancel/"), {"reason": "雨停了"})

    task.refresh_from_db()
    assert task.state == TaskState.CANCELLED
    assert lead.get(LIST).context["page"].object_list == []


def test_page_costs_the_same_for_one_and_for_three_photos(story, task, assignee, lead, now, statements):
    other = make_task(story, now)
    assignee.post(page(task, "submit/"), {"note": "一", "photo": [picture(1)]})
    assignee.post(page(other, "submit/"), {"note": "三", "photo": [picture(2), picture(3), picture(4)]})

    assert other.evidence.count() == 3
    assert statements(lead, page(other)) == statements(lead, page(task))


def test_a_file_that_is_not_kept_is_not_there(lead):
    assert lead.get(f"/files/{'0' * 64}/").status_code == 404
