"""载体 on the page: from choosing a type to the end, the public board, and who may not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.carriers.enums import CarrierType
from ronghe.domain.carriers.models import Carrier, CarrierResult, CarrierReview
from ronghe.domain.items.models import WorkItem
from ronghe.domain.work.services.tasks import accept_task, open_task, submit_task
from tests.factories.carriers import make_carrier, make_story, proposed
from tests.factories.rhythm import photo
from tests.web.conftest import text_of
from tests.web.making import picture

pytestmark = pytest.mark.django_db
HOME = "/work/carriers/"
NASTY = {
    "name": "\x00", "lead": "1e9", "reason": "\x00", "note": "\x00", "title": "\x00", "measure": "\x00",
    "due_on": "2026-13-45", "target": "NaN", "figure": "1e99", "grade": "x", "until_on": "9999-99-99", "text": "\x00",
    "person": "-1", "part": "x", "records": "x:1", "people": "9" * 40,
}  # fmt: skip


@pytest.fixture
def crew(now):
    return make_story(now, with_teams=False)


def at(carrier, act=""):
    return f"{HOME}{carrier.pk}/{act}"


def given(story, now, **changes):
    day = now.date()
    return {
        "name": "南八突击队", "lead": story.captain.pk, "place": "南八作业区院内", "task": "巡线护线，险情先上",
        "from_on": day, "until_on": day + timedelta(days=365), "people": [one.pk for one in story.members],
        "deputy": story.members[0].pk, "promise-TOTAL_FORMS": 3, "promise-INITIAL_FORMS": 0,
        "promise-0-title": "三十分钟到现场", "promise-0-measure": "以集结记录为准",
        "promise-0-due_on": day + timedelta(days=30), "promise-0-direction": "at_most", "promise-0-target": "30",
        "promise-0-unit": "分钟", **changes,
    }  # fmt: skip


def test_a_carrier_from_the_type_to_the_board(crew, as_person, now):
    proposer, secretary, outsider = as_person(crew.proposer), as_person(crew.secretary), as_person(crew.outsider)
    assert "党员突击队" in proposer.get(f"{HOME}new/").content.decode()
    form = f"{HOME}new/?type=commando_team&body={crew.branch.pk}"
    assert "平时在哪里集合" in proposer.get(form).content.decode()
    refused = proposer.post(form, given(crew, now, task="", **{"promise-0-measure": ""}))
    assert (refused.status_code, Carrier.objects.count()) == (422, 0)
    assert proposer.post(form, given(crew, now)).status_code == 302
    carrier = Carrier.objects.get()
    assert sorted(carrier.members.values_list("part", flat=True)) == ["deputy", "lead", "member", "member"]
    assert outsider.get(at(carrier)).status_code == 404
    assert at(carrier, "approve/") not in proposer.get(at(carrier)).content.decode()

    secretary.post(at(carrier, "return/"), {"reason": "写清楚集合点"})
    assert "写清楚集合点" in proposer.get(at(carrier)).content.decode()
    assert proposer.post(at(carrier, "edit/"), given(crew, now, place="料棚")).status_code == 302
    proposer.post(at(carrier, "submit/"))
    secretary.post(at(carrier, "approve/"))

    board = outsider.get(f"{HOME}board/").content.decode()
    assert "三十分钟到现场" in board
    assert "南八突击队" in board
    assert "料棚" in outsider.get(at(carrier)).content.decode()
    for path in (at(carrier, "print/pdf/"), f"{HOME}board/print/pdf/"):
        assert outsider.get(path).content.startswith(b"%PDF")
    for path in (at(carrier, "print/docx/"), f"{HOME}board/print/docx/"):
        assert outsider.get(path).content.startswith(b"PK")


@pytest.mark.parametrize("type_", list(CarrierType))
def test_every_type_has_a_form_and_a_page(crew, as_person, now, type_):
    proposer = as_person(crew.proposer)
    assert proposer.get(f"{HOME}new/?type={type_.value}").status_code == 200
    carrier = make_carrier(crew, now, type_=type_, name="甲")
    page = as_person(crew.secretary).get(at(carrier)).content.decode()
    assert carrier.get_type_display() in page
    assert (f"/work/carriers/calls/new/?team={carrier.pk}" in page) is carrier.spec.is_team
    assert as_person(crew.secretary).get(at(carrier, "edit/")).status_code == 200


def test_a_promise_is_reported_with_a_record_and_judged(crew, as_person, now):
    carrier = make_carrier(crew, now)
    task = open_task(
        title="抢修阀组", assignee=crew.captain, due_at=now + timedelta(days=1), body=crew.branch, actor=crew.secretary,
        at=now,
    )  # fmt: skip
    submit_task(task=task, note="修好了", uploads=[photo()], actor=crew.captain, at=now)
    accept_task(task=task, actor=crew.secretary, at=now)
    captain, secretary = as_person(crew.captain), as_person(crew.secretary)
    item = WorkItem.objects.get(kind="promise")
    page, report = f"/work/items/{item.pk}/", f"{HOME}promises/{item.pk}/report/"
    assert "抢修阀组" in captain.get(page).content.decode()
    assert report not in secretary.get(page).content.decode()
    assert captain.post(report, {"note": "都到了", "actual": "28"}).status_code == 422
    done = captain.post(report, {"note": "都到了", "actual": "28", "records": f"work.task:{task.pk}"})
    assert done.status_code == 302
    assert f"/work/tasks/{task.pk}/" in secretary.get(page).content.decode()
    secretary.post(f"{page}steps/keep/", {"note": ""})
    item.refresh_from_db()
    assert item.state == "kept"
    assert "兑现 1 / 1" in text_of(secretary.get(at(carrier)).content.decode())


def test_a_promise_is_reported_with_a_picture(crew, as_person, now):
    make_carrier(crew, now)
    item = WorkItem.objects.get(kind="promise")
    answer = as_person(crew.captain).post(
        f"{HOME}promises/{item.pk}/report/", {"note": "到了", "actual": "31", "photo": picture()}
    )
    assert answer.status_code == 302
    secretary = as_person(crew.secretary)
    answer = secretary.post(f"/work/items/{item.pk}/steps/keep/", {"note": ""}, follow=True)
    assert "不能判为兑现" in answer.content.decode()


def test_people_results_reviews_and_the_end(crew, as_person, now):
    carrier = make_carrier(crew, now)
    captain, secretary = as_person(crew.captain), as_person(crew.secretary)
    assert captain.post(at(carrier, "members/add/"), {"person": crew.welder.pk, "part": "member"}).status_code == 302
    assert captain.post(at(carrier, "members/add/"), {"person": crew.welder.pk, "part": "lead"}).status_code == 422
    row = carrier.members.get(person=crew.welder)
    captain.post(at(carrier, f"members/{row.pk}/remove/"))
    assert "焊工老刘" in captain.get(at(carrier)).content.decode()  # among those who were in it
    captain.post(at(carrier, "promises/add/"), {"title": "夜巡不断", "measure": "看巡线记录", "due_on": "2026-10-01"})
    assert carrier.promises.count() == 2
    captain.post(at(carrier, "results/add/"), {"text": "提前 3 天投产", "figure": "3", "unit": "天"})
    result = CarrierResult.objects.get()
    captain.post(at(carrier, f"results/{result.pk}/take-back/"))
    assert captain.post(at(carrier, "review/"), {"grade": "good", "text": "好"}).status_code == 403
    assert secretary.post(at(carrier, "review/"), {"grade": "good", "text": ""}).status_code == 422
    secretary.post(at(carrier, "review/"), {"grade": "good", "text": "叫得应、顶得上"})
    assert CarrierReview.objects.get().still_open == 2
    secretary.post(at(carrier, "renew/"), {"until_on": "2028-01-01"})
    ended = secretary.post(at(carrier, "end/"), {"reason": "done", "note": "完成"})
    assert (ended.status_code, "2 项承诺" in ended.content.decode()) == (422, True)
    for item in WorkItem.objects.filter(kind="promise"):
        secretary.post(f"/work/items/{item.pk}/steps/waive/", {"note": "项目停了"})
    secretary.post(at(carrier, "end/"), {"reason": "done", "note": "完成"})
    carrier.refresh_from_db()
    assert carrier.state == "ended"
    assert carrier.until_on.isoformat() == "2028-01-01"


ACTS = ("approve", "return", "submit", "withdraw", "members/add", "members/1/remove", "promises/add", "promises/1/drop",
        "results/add", "results/1/take-back", "review", "renew", "end", "edit")  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
def test_nothing_posted_breaks_a_carrier(crew, as_person, now, act):
    asks_nothing = act in ("approve", "submit", "withdraw")
    people = (crew.outsider,) if asks_nothing else (crew.secretary, crew.captain, crew.outsider)
    browsers = [as_person(one) for one in people]
    for carrier in (proposed(crew, now, name="草稿"), make_carrier(crew, now)):
        state = carrier.state
        for browser in browsers:
            assert browser.post(at(carrier, f"{act}/"), NASTY).status_code in (302, 403, 404, 422)
        carrier.refresh_from_db()
        assert carrier.state == state
    assert browsers[0].post(f"{HOME}999999/{act}/", NASTY).status_code == 404


@pytest.mark.parametrize(
    "query", ["", "?type=x", "?state=active&mine=1", "?due=1&q=南八", "?body=x&zone=1x", "?page=99", "?sort=-until"]
)
def test_every_list_takes_every_query(crew, as_person, now, query):
    make_carrier(crew, now)
    browser = as_person(crew.secretary)
    for path in ("", "board/", "people/"):
        whole = browser.get(f"{HOME}{path}{query}")
        assert whole.status_code == 200
        assert browser.fragment(f"{HOME}{path}{query}").content.decode().strip().startswith('<div id="rows"')
    for path in ("export/", "people/export/"):
        assert browser.get(f"{HOME}{path}{query}").getvalue().startswith(b"PK")


def test_pages_cost_the_same_for_few_and_many(crew, as_person, now, django_assert_max_num_queries):
    browser = as_person(crew.secretary)
    for size in (1, 4):
        while Carrier.objects.count() < size:
            make_carrier(crew, now, name=f"队{Carrier.objects.count()}")
        carrier = Carrier.objects.first()
        browser.get(HOME)
        for path, most in ((HOME, 15), (f"{HOME}board/", 12), (f"{HOME}people/", 15), (at(carrier), 36)):
            with django_assert_max_num_queries(most):
                browser.get(path)
