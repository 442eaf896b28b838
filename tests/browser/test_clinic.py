"""A worker asks on a phone with a picture; the expert answers; rated, told for everybody, found by search."""

from __future__ import annotations

import pytest

from ronghe.domain.clinic.models import Piece
from ronghe.domain.items.models import WorkItem
from tests.browser.conftest import DESK
from tests.browser.test_pages import faults_of
from tests.factories.clinic import make_clinic, published, sits
from tests.factories.rhythm import photo

ASKED = "变频器一启动就报过流"
TOLD = "先脱开电机空载起，不报就查电缆绝缘。"


@pytest.fixture
def clinic(emptying_here, transactional_db, clock):
    clinic = make_clinic()
    sits(clinic.hua)
    return clinic


def test_a_question_from_a_phone_becomes_an_answer_for_everybody(clinic, people, clock):
    worker = people.comes_in(clinic.worker)
    worker.goto("/work/clinic/")
    worker.get_by_role("link", name="问专家").first.click()
    worker.locator("[name=title]").fill(ASKED)
    worker.locator("[name=text]").fill("3 号泵热态报 OC1。")
    picture = {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": photo().content.read()}
    worker.locator("input[name=photo]").set_input_files(picture)
    worker.locator("[name=expert]").select_option(label="华哥（庞国华） · 电力电子")
    worker.get_by_role("button", name="问", exact=True).click()
    worker.get_by_text("已问，专家答复了会告诉您。").wait_for()
    assert worker.evaluate("document.documentElement.scrollWidth") <= 390
    worker.locator(".clinic-said img").wait_for()

    clock.go_on(minutes=20)
    expert = people.comes_in(clinic.hua.person, size=DESK)
    expert.goto("/work/clinic/")
    expert.get_by_role("link", name=ASKED).first.click()
    expert.locator("#say-form [name=words]").fill(TOLD)
    expert.get_by_role("button", name="作为答复发出").click()
    expert.get_by_text("已答复，等提问人确认。").wait_for()

    clock.go_on(minutes=5)  # a session that nobody uses for half an hour would have ended
    worker.reload()
    worker.locator(".clinic-words").filter(has_text="空载起").wait_for()
    worker.get_by_role("button", name="5 分，很有帮助").click()
    worker.get_by_text("谢谢评价").wait_for()
    worker.get_by_role("link", name="写成知识").click()
    worker.get_by_role("button", name="交审核").click()
    worker.get_by_text("已推荐，等别人审核。").wait_for()

    secretary = people.comes_in(clinic.secretary, size=DESK)
    secretary.goto("/work/clinic/knowledge/reviews/")
    secretary.get_by_role("link", name=ASKED).click()
    secretary.get_by_role("button", name="审核通过，发布").click()
    secretary.get_by_text("已发布，大家都能搜到。").wait_for()

    other = people.comes_in(clinic.other)
    other.goto("/work/clinic/ask/")
    other.locator("[name=title]").press_sequentially("变频器启动报过流")
    other.locator("#similar").get_by_text(ASKED).click()
    other.get_by_role("button", name="帮到我了").click()
    other.get_by_text("帮到 1 人").wait_for()
    assert other.get_by_text("王海").count() == 0
    other.goto("/search/?q=bpq")
    other.get_by_role("link", name=ASKED).wait_for()
    assert Piece.objects.get().helped.count() == 1
    assert WorkItem.objects.get().state == "closed"


def test_a_time_is_booked_by_two_taps(clinic, people):
    worker = people.comes_in(clinic.worker)
    worker.goto(f"/work/clinic/experts/{clinic.hua.pk}/")
    worker.get_by_role("link", name="09:30").click()
    worker.get_by_text("同时约好").wait_for()
    worker.locator("[name=title]").fill(ASKED)
    worker.get_by_role("button", name="问并约好").click()
    worker.get_by_text("已问，时间也约好了。").wait_for()
    worker.get_by_text("电气班值班室").wait_for()


def test_pages_of_the_clinic_have_no_barrier(clinic, people, clock):
    piece = published(clinic, clock.at)
    pages = (
        "/work/clinic/", "/work/clinic/ask/", "/work/clinic/experts/", f"/work/clinic/experts/{clinic.hua.pk}/",
        f"/work/clinic/cases/{piece.item_id}/", f"/work/clinic/knowledge/{piece.pk}/", "/work/clinic/knowledge/",
        "/work/clinic/cases/?state=all", f"/work/clinic/experts/{clinic.hua.pk}/hours/", "/work/clinic/visits/",
    )  # fmt: skip
    found = {}
    for size in ({"width": 390, "height": 844}, DESK):
        page = people.comes_in(clinic.hua.person, size=size)
        found |= {(size["width"], path): faults_of(page, path, size["width"]) for path in pages}
    assert {key: faults for key, faults in found.items() if faults} == {}
