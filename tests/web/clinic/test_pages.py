"""The pages of the clinic: asking on a phone, answering, visits, knowledge, and who sees nothing of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ronghe.domain.clinic.models import ClinicField, Expert, ExpertAway, ExpertHours, Piece, Visit
from ronghe.domain.items.models import WorkItem
from ronghe.domain.org.models import Person
from ronghe.domain.today.selectors.gathering import arms_waiting
from ronghe.kernel.access.models import Look
from ronghe.kernel.inbox import declared_inboxes
from ronghe.web.clinic.acting import slot_key
from tests.factories.clinic import (
    ANSWER,
    TITLE,
    answered,
    asked,
    cared,
    in_review,
    make_clinic,
    published,
    sits,
    tuesday,
)
from tests.factories.org import make_person
from tests.factories.rhythm import photo
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db
HOME = "/work/clinic/"


@pytest.fixture
def clinic(now):
    return make_clinic()


@pytest.fixture
def worker(clinic, as_person):
    return as_person(clinic.worker)


@pytest.fixture
def hua(clinic, as_person):
    return as_person(clinic.hua.person)


@pytest.fixture
def secretary(clinic, as_person):
    return as_person(clinic.secretary)


@pytest.fixture
def outsider(clinic, as_person):
    return as_person(clinic.other)


def shown(browser, path):
    answer = browser.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return text_of(answer.content.decode())


def waiting(person, at):
    """Return the inboxes in which something waits for a person."""
    names = list(declared_inboxes())
    return {names[arm.inbox] for arm in arms_waiting(Person.objects.get(pk=person.pk), at, most=5)}


def test_a_worker_asks_with_a_picture_and_rates_the_answer(clinic, worker, hua):
    assert "华哥（庞国华） · 电力电子" in shown(worker, f"{HOME}ask/")
    assert worker.post(f"{HOME}ask/", {"title": "", "help": "post"}).status_code == 422
    picture = SimpleUploadedFile("现场.jpg", photo().content.read(), "image/jpeg")
    given = {"title": TITLE, "text": "报 OC1", "help": "post", "expert": clinic.hua.pk, "photo": [picture]}
    assert worker.post(f"{HOME}ask/", given).status_code == 302
    item = WorkItem.objects.get()
    page = f"{HOME}cases/{item.pk}/"
    assert TITLE in shown(hua, "/work/clinic/")
    file = item.evidence.get().file
    assert file.sha256 in hua.get(page).content.decode()
    assert hua.get(f"/work/tasks/files/{file.sha256}/").status_code in (200, 404)
    assert hua.post(f"{page}say/", {"words": "负载多大？"}).status_code == 302
    assert hua.post(f"{page}answer/", {"words": ANSWER}).status_code == 302
    assert "解决了吗" in shown(worker, page)
    assert worker.post(f"{page}confirm/", {"score": "9"}).status_code == 302
    item.refresh_from_db()
    assert item.state == "answered"
    worker.post(f"{page}confirm/", {"score": "5"})
    item.refresh_from_db()
    assert item.state == "closed"
    assert "又出问题了" in shown(worker, page)
    assert worker.post(f"{page}reopen/", {"words": ""}).status_code == 422
    assert worker.post(f"{page}reopen/", {"words": "又跳了"}).status_code == 302


def test_the_common_page_of_an_item_leads_to_the_case(clinic, worker, now):
    item = asked(clinic, now)
    assert worker.get(f"/work/items/{item.pk}/").url == f"{HOME}cases/{item.pk}/"
    assert f"{HOME}cases/{item.pk}/" in worker.get("/work/items/").content.decode()
    assert worker.post(f"/work/items/{item.pk}/steps/withdraw/").status_code == 404


def test_what_is_typed_shows_what_was_asked_before(clinic, outsider, now):
    published(clinic, now)
    answer = outsider.fragment(f"{HOME}ask/similar/", {"title": "变频器启动报过流怎么办"})
    assert TITLE in answer.content.decode()
    assert TITLE not in outsider.fragment(f"{HOME}ask/similar/", {"title": "食堂的菜"}).content.decode()
    assert outsider.fragment(f"{HOME}ask/similar/", {"title": "\x00" * 900}).status_code == 200
    assert "有人问过差不多的" in shown(outsider, f"{HOME}ask/?title=变频器启动报过流")


def test_a_time_is_booked_with_the_question_moved_and_told(clinic, worker, hua, now):
    sits(clinic.hua)
    card = f"{HOME}experts/{clinic.hua.pk}/"
    assert "09:30" in shown(worker, card)
    slot = slot_key(tuesday(now))
    assert f"slot={slot}" in worker.get(card).content.decode()
    given = {"title": TITLE, "help": "post", "expert": clinic.hua.pk}
    assert worker.post(f"{HOME}ask/?expert={clinic.hua.pk}&slot={slot}", given).status_code == 302
    again = worker.post(f"{HOME}ask/?expert={clinic.hua.pk}&slot={slot}", given)
    assert again.status_code == 422
    assert "已经被约走" in again.content.decode()
    item, visit = WorkItem.objects.get(), Visit.objects.get()
    assert "09:00" not in text_of(worker.get(card).content.decode())
    page = f"{HOME}cases/{item.pk}/"
    assert "点一个新的时间就改" in shown(hua, f"{card}?case={item.pk}")
    assert hua.post(f"{page}book/", {"slot": slot_key(tuesday(now, 10))}).status_code == 302
    visit.refresh_from_db()
    assert visit.starts_at == tuesday(now, 10)
    hua.post(f"{page}book/", {"slot": "nonsense"})
    assert "改了时间" in shown(worker, page)
    assert "王海" in shown(hua, f"{HOME}visits/")
    assert "这一周没有约好的" in shown(hua, f"{HOME}visits/?week=2026-10-05")
    assert "王海" in shown(hua, f"{HOME}visits/?week=0001-01-01")
    assert worker.post(f"{HOME}visits/{visit.pk}/off/").status_code == 302
    visit.refresh_from_db()
    assert visit.state == "called_off"


def test_what_came_of_a_visit_is_told_after_it(clinic, worker, hua, now, monkeypatch, as_person):
    sits(clinic.hua)
    item = asked(clinic, now, expert=clinic.hua)
    page = f"{HOME}cases/{item.pk}/"
    worker.post(f"{page}book/", {"slot": slot_key(tuesday(now))})
    visit = Visit.objects.get()
    assert hua.post(f"{HOME}visits/{visit.pk}/hold/", {"words": "谈过", "answers": "on"}).status_code == 422
    monkeypatch.setattr("django.utils.timezone.now", lambda: tuesday(now, 9, 40))
    worker, hua = as_person(clinic.worker), as_person(clinic.hua.person)
    assert "见过面了吗" in shown(hua, HOME)
    assert waiting(clinic.hua.person, tuesday(now, 8)) >= {"clinic_visits"}
    assert hua.post(f"{HOME}visits/{visit.pk}/hold/", {"words": ""}).status_code == 422
    assert hua.post(f"{HOME}visits/{visit.pk}/miss/").status_code == 302
    assert worker.post(f"{HOME}visits/{visit.pk}/hold/", {"words": "谈过"}).status_code == 403
    item.refresh_from_db()
    assert item.state == "addressed"


def test_a_sealed_case_is_read_by_two_and_each_look_is_kept(clinic, worker, hua, secretary, outsider, now):
    item = cared(clinic, now)
    page = f"{HOME}cases/{item.pk}/"
    assert "孩子高考，家里吵架" in shown(hua, page)
    assert Look.objects.count() == 1
    assert "附照片" not in shown(hua, page)
    for other in (secretary, outsider):
        assert other.get(page).status_code == 404
        assert other.post(f"{page}say/", {"words": "看看"}).status_code == 404
        assert "没有符合条件的求助" in shown(other, f"{HOME}cases/?state=all")
    assert "高考" not in shown(worker, f"{HOME}cases/")
    assert "高考" not in shown(worker, HOME)
    assert "高考" not in shown(worker, "/work/items/")
    assert b"PK" in worker.get(f"{HOME}cases/export/").getvalue()[:4]
    assert hua.post(f"{page}say/", {"words": "我在"}).status_code == 302
    assert "我在" in shown(worker, page)


def test_readers_are_let_in_and_the_expert_changed(clinic, worker, hua, outsider, now, as_person):
    item = asked(clinic, now, expert=clinic.hua)
    page = f"{HOME}cases/{item.pk}/"
    assert worker.post(f"{page}readers/", {"person": clinic.shao.person_id}).status_code == 302
    assert "邵明" in shown(worker, page)
    assert worker.post(f"{page}readers/", {"person": "x"}).status_code == 422
    assert worker.post(f"{page}address/", {"expert": "99"}).status_code == 422
    assert worker.post(f"{page}address/", {"expert": clinic.shao.pk}).status_code == 302
    assert hua.get(page).status_code == 404
    shao = as_person(clinic.shao.person)
    assert shao.post(f"{page}decline/", {"words": ""}).status_code == 422
    assert shao.post(f"{page}take/").status_code == 302
    assert shao.post(f"{page}lapse/").status_code == 302
    assert shao.post(f"{page}decline/", {"words": "不归我"}).status_code == 302
    assert worker.post(f"{page}withdraw/").status_code == 302
    item.refresh_from_db()
    assert item.state == "withdrawn"


def test_news_wait_in_the_day_until_they_are_seen(clinic, worker, hua, now):
    item = asked(clinic, now - timedelta(hours=1), expert=clinic.hua)
    assert "clinic_news" in waiting(clinic.hua.person, now)
    page = f"{HOME}cases/{item.pk}/"
    assert "有新消息" in shown(hua, page)
    assert hua.fragment(f"{page}seen/", post=True).content == b""
    assert "clinic_news" not in waiting(clinic.hua.person, now)
    assert hua.post(f"{page}seen/").status_code == 302


def test_an_expert_is_put_up_says_yes_and_sets_hours(clinic, secretary, now, as_person):
    person = make_person("乔梁", unit=clinic.committee.unit)
    browser = as_person(person)
    given = {"person": person.pk, "fields_known": [clinic.field.pk], "helps": ["post"], "body": clinic.committee.pk}
    assert secretary.post(f"{HOME}experts/new/", {**given, "helps": []}).status_code == 422
    assert secretary.post(f"{HOME}experts/new/", given).status_code == 302
    expert = Expert.objects.get(person=person)
    card = f"{HOME}experts/{expert.pk}/"
    assert "推荐您当门诊专家" in shown(browser, HOME)
    assert "clinic_invitations" in waiting(person, now)
    assert secretary.post(f"{card}answer/", {"agrees": "1"}).status_code == 403
    assert browser.post(f"{card}answer/", {"agrees": "1"}).status_code == 302
    hours = {"weekday": 3, "starts": "14:00", "ends": "16:00", "minutes": 30, "way": "on_site", "place": "焊工班"}
    assert browser.post(f"{card}hours/add/", {**hours, "place": ""}).status_code == 422
    assert browser.post(f"{card}hours/add/", hours).status_code == 302
    assert "14:00" in shown(browser, f"{card}hours/")
    assert secretary.get(f"{card}hours/").status_code == 403
    assert browser.post(f"{card}away/", {"from_on": "2026-09-16", "until_on": "2026-09-15"}).status_code == 422
    assert browser.post(f"{card}away/", {"from_on": "2026-09-16", "until_on": "2026-09-16"}).status_code == 302
    assert "14:00" not in shown(secretary, f"{card}?week=2026-09-14")
    assert "14:00" in shown(secretary, card)
    assert browser.post(f"{card}away/{ExpertAway.objects.get().pk}/end/").status_code == 302
    assert browser.post(f"{card}hours/{ExpertHours.objects.get().pk}/close/").status_code == 302
    assert browser.post(f"{card}edit/", {"fields_known": [clinic.field.pk], "helps": ["skill"]}).status_code == 302
    assert secretary.post(f"{card}end/").status_code == 302
    assert Expert.objects.get(pk=expert.pk).state == "ended"


def test_somebody_applies_and_a_leader_agrees(clinic, worker, secretary, outsider):
    assert outsider.get(f"{HOME}experts/new/").status_code == 403
    given = {"fields_known": [clinic.field.pk], "helps": ["post"], "about": "修过一百台电机"}
    assert worker.post(f"{HOME}experts/apply/", given).status_code == 302
    expert = Expert.objects.get(state="applied")
    assert outsider.get(f"{HOME}experts/{expert.pk}/").status_code == 404
    assert "王海报名坐诊" in shown(secretary, HOME)
    assert secretary.post(f"{HOME}experts/{expert.pk}/answer/", {"agrees": "0"}).status_code == 302
    assert Expert.objects.get(pk=expert.pk).state == "declined"


def test_fields_are_kept_by_leaders(clinic, secretary, worker):
    assert "开一个专业" not in shown(worker, f"{HOME}fields/")
    assert worker.post(f"{HOME}fields/add/", {"name": "焊接", "body": clinic.committee.pk}).status_code == 422
    assert secretary.post(f"{HOME}fields/add/", {"name": "焊接", "body": clinic.committee.pk}).status_code == 302
    assert secretary.post(f"{HOME}fields/add/", {"name": "焊接", "body": clinic.committee.pk}).status_code == 422
    field = ClinicField.objects.get(name="焊接")
    assert worker.post(f"{HOME}fields/{field.pk}/rename/", {"name": "乱改"}).status_code == 403
    assert secretary.post(f"{HOME}fields/{field.pk}/rename/", {"name": "铆焊"}).status_code == 302
    assert secretary.post(f"{HOME}fields/{field.pk}/close/").status_code == 302
    assert not ClinicField.objects.filter(name="铆焊", closed_at=None).exists()


def test_a_case_becomes_knowledge_that_everybody_finds(clinic, worker, hua, secretary, outsider, now):
    item = answered(clinic, now)
    proposing = f"{HOME}cases/{item.pk}/propose/"
    assert "王海" not in text_of(hua.get(proposing).content.decode()).replace("海王海", "")[-600:]
    given = {"title": TITLE, "question": "热态启动报 OC1，王海问的", "answer": ANSWER}
    refused = hua.post(proposing, given)
    assert refused.status_code == 422
    assert "还能看出是谁" in refused.content.decode()
    assert hua.post(proposing, {**given, "question": "热态启动报 OC1"}).status_code == 302
    page = f"{HOME}knowledge/{Piece.objects.get().pk}/"
    assert secretary.get(page).status_code == 404
    assert "等您同意" in shown(worker, HOME)
    assert worker.post(f"{page}consent/", {"agrees": "1"}).status_code == 302
    assert "待审核" in shown(secretary, f"{HOME}knowledge/reviews/")
    assert hua.post(f"{page}publish/").status_code == 403
    assert secretary.post(f"{page}return/", {"note": ""}).status_code == 422
    assert secretary.post(f"{page}return/", {"note": "写型号"}).status_code == 302
    assert "写型号" in shown(hua, f"{page}edit/")
    assert hua.post(f"{page}edit/", {"title": TITLE, "question": "ACS880 报 OC1", "answer": ANSWER}).status_code == 302
    assert secretary.post(f"{page}publish/").status_code == 302
    assert TITLE in shown(outsider, f"{HOME}knowledge/?q=bpq")
    assert TITLE in shown(outsider, "/search/?q=过流")
    assert "华哥" in shown(outsider, "/search/?q=pgh")
    assert "王海" not in shown(outsider, page)
    assert outsider.get(f"{HOME}knowledge/export/").getvalue().startswith(b"PK")
    outsider.post(f"{page}helped/")
    outsider.post(f"{page}helped/")
    assert "帮到 1 人" in shown(outsider, page)
    outsider.post(f"{page}helped/", {"undo": "1"})
    assert "帮到 0 人" in shown(outsider, page)
    assert outsider.post(f"{page}outdated/", {"why": "旧"}).status_code == 403
    assert hua.post(f"{page}outdated/", {"why": ""}).status_code == 422
    assert hua.post(f"{page}outdated/", {"why": "换了新型号"}).status_code == 302
    assert "换了新型号" in shown(outsider, page)
    assert hua.post(f"{page}current/").status_code == 302
    assert worker.post(f"{page}down/").status_code == 302
    assert outsider.get(page).status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [("", 1), ("?state=all", 1), ("?state=treating", 0), ("?help=post", 1), ("?help=care", 0), ("?q=过流", 1),
     ("?q=\x00没有", 0), ("?mine=1", 1), ("?overdue=1", 0), ("?sort=due", 1), ("?field=x", 1), ("?page=99", 1)],
)  # fmt: skip
def test_filters_of_the_cases(clinic, worker, now, query, found):
    asked(clinic, now)
    assert worker.get(f"{HOME}cases/{query}").content.decode().count(f">{TITLE}<") == found
    assert worker.get(f"{HOME}cases/export/{query}").getvalue().startswith(b"PK")


@pytest.mark.parametrize("query", ["", "?q=华", "?field=9", "?help=nonsense", "?state=ended", "?field=x&page=\x00"])
def test_filters_of_the_experts(clinic, secretary, query):
    assert secretary.get(f"{HOME}experts/{query}").status_code == 200
    assert secretary.fragment(f"{HOME}experts/{query}").status_code == 200
    assert secretary.get(f"{HOME}experts/export/{query}").getvalue().startswith(b"PK")


def test_many_cost_as_many_statements_as_one(clinic, hua, now, statements):
    sits(clinic.hua)
    in_review(clinic, now)
    published(clinic, now)
    asked(clinic, now)
    item = asked(clinic, now, expert=clinic.hua)
    pages = [HOME, f"{HOME}cases/", f"{HOME}experts/", f"{HOME}knowledge/", f"{HOME}visits/", f"{HOME}cases/{item.pk}/",
             f"{HOME}experts/{clinic.shao.pk}/", f"{HOME}knowledge/reviews/", f"{HOME}fields/"]  # fmt: skip
    few = [statements(hua, page) for page in pages]
    for number in range(4):
        published(clinic, now, title=f"第{number}件", by=clinic.other)
        asked(clinic, now, expert=clinic.hua, title=f"另{number}件")
        asked(clinic, now, title=f"又{number}件")
    assert [statements(hua, page) for page in pages] == few
    assert max(few) <= 42, dict(zip(pages, few, strict=True))


def test_nasty_values_break_nothing(clinic, worker, hua, now):
    item = asked(clinic, now, expert=clinic.hua)
    page = f"{HOME}cases/{item.pk}/"
    nasty = {"title": "\x00" * 300, "words": "\x00", "help": "x", "expert": "9" * 40, "slot": "\x00", "score": "\x00"}
    assert worker.post(f"{HOME}ask/", nasty).status_code == 422
    assert worker.get(f"{HOME}ask/?slot=9999999999&expert=x&field=\x00&help=zz&zone=x&source=y").status_code == 200
    assert worker.get(f"{HOME}experts/{clinic.hua.pk}/?week=x&case=abc").status_code == 200
    assert worker.get(f"{HOME}experts/{clinic.hua.pk}/?week=9999-12-31").status_code == 200
    for act in ("say", "answer", "decline", "confirm", "reopen", "address", "readers", "book"):
        assert hua.post(f"{page}{act}/", nasty).status_code in (302, 403, 422), act
    assert worker.get(f"{HOME}cases/999999/").status_code == 404
    assert worker.get(f"{HOME}knowledge/999999/").status_code == 404
