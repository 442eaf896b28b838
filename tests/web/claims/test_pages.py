"""The claim sheet on the page: drawn up from a difficult point, published, claimed with one tap, signed, printed."""

from __future__ import annotations

import pytest

from ronghe.domain.claims.models import ClaimSheet
from ronghe.domain.items.models import WorkItem
from tests.factories.claims import make_published, make_sheet, put_task
from tests.factories.items import DUTIES
from tests.factories.taskforces import make_running

pytestmark = pytest.mark.django_db
HOME = "/work/claims/"
NASTY = {"title": "\x00", "goal": "\x00", "due_at": "9999-12-31T23:59", "point": "9" * 40, "force": "x", "body": "-1"}


def page(sheet, act=""):
    return f"{HOME}{sheet.pk}/{act}"


def test_from_the_point_to_the_signature(now, as_person):
    force = make_running(now)
    leader, hand, secretary = (as_person(who) for who in (force.leader, force.members[0], force.secretary))
    answer = leader.post(f"{HOME}new/", {"force": force.force.pk, "body": "", "title": ""})
    sheet = ClaimSheet.objects.get()
    assert answer["Location"] == page(sheet)
    assert sheet.title == force.force.name
    assert "还没有分解的难点" in leader.get(page(sheet)).content.decode()

    form = leader.get(page(sheet, f"tasks/new/?point={force.points[0].pk}")).content.decode()
    assert "老站仪表协议不统一" in form
    given = {
        "point": force.points[0].pk, "title": "视频与周界联动", "goal": "12 路联动", "due_at": "2026-09-20T18:00",
        "place": "", **DUTIES,
    }  # fmt: skip
    assert leader.post(page(sheet, "tasks/new/"), {**given, "member_duty": ""}).status_code == 422
    assert leader.post(page(sheet, "tasks/new/"), given).status_code == 302
    leader.post(page(sheet, "publish/"))
    assert "等人领办" in hand.get(HOME).content.decode()
    item = WorkItem.objects.get()
    assert hand.post(f"/work/items/{item.pk}/steps/claim/").status_code == 302
    item.refresh_from_db()
    assert item.owner == force.members[0]

    assert secretary.post(page(sheet, f"sign/{force.branch.pk}/")).status_code == 302
    assert "待承诺" in secretary.get(page(sheet)).content.decode()
    assert secretary.get(page(sheet)).content.decode().count("熊忠涵") >= 1


def test_it_prints_and_exports(now, as_person):
    story = make_published(now)
    leader = as_person(story.force.leader)

    for form in ("docx", "pdf"):
        assert leader.get(page(story.sheet, f"print.{form}")).status_code == 200
    assert leader.get(page(story.sheet, "export/")).getvalue().startswith(b"PK")


def test_an_outsider_finds_nothing(now, as_person):
    story = make_published(now)
    outsider = as_person(story.force.outsider)

    assert story.sheet.title not in outsider.get(HOME).content.decode()
    for act in ("", "tasks/new/", "print.pdf", "export/"):
        assert outsider.get(page(story.sheet, act)).status_code == 404
    for act in ("publish/", "close/", f"sign/{story.force.branch.pk}/"):
        assert outsider.post(page(story.sheet, act)).status_code == 404
    assert outsider.get(f"{HOME}new/").status_code == 403


@pytest.mark.parametrize("act", ["tasks/new/", "publish/", "close/", "sign/999999/"])
def test_nothing_posted_breaks_a_sheet(now, as_person, act):
    story = make_sheet(now, tasks=0)
    leader, hand = as_person(story.force.leader), as_person(story.force.members[0])

    assert leader.post(page(story.sheet, act), NASTY).status_code in (302, 403, 422)
    assert hand.post(page(story.sheet, act), NASTY).status_code in (302, 403, 404)
    assert leader.post(f"{HOME}new/", NASTY).status_code == 422
    story.sheet.refresh_from_db()
    assert (story.sheet.state, story.sheet.lines.count()) == ("draft", 0)


def test_a_sheet_of_many_tasks_costs_as_many_statements(now, as_person, statements):
    story = make_published(now, tasks=1)
    leader = as_person(story.force.leader)
    one = statements(leader, page(story.sheet))
    for number in range(5):
        put_task(story, now, title=f"又一项{number}")

    assert statements(leader, page(story.sheet)) == one <= 22
    assert statements(leader, HOME) <= 12
