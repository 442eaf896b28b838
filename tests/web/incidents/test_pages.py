"""Accidents on the page: reported, told level by level, changed, closed, withdrawn; list and export; what others may not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.incidents.models import Accident
from ronghe.domain.incidents.services.reporting import Figures
from ronghe.domain.projects.models import Project
from tests.factories.incidents import make_accident
from tests.factories.org import make_person
from tests.factories.risks import make_area, safety_of
from tests.web.conftest import squeezed

pytestmark = pytest.mark.django_db
HOME = "/field/incidents/"


@pytest.fixture
def safety(story, as_person):
    return as_person(safety_of(story))


@pytest.fixture
def stranger(story, as_person):
    return as_person(make_person("过客"))


def local(moment):
    return moment.strftime("%Y-%m-%dT%H:%M")


def test_an_accident_from_the_report_to_the_end(member, safety, lead, story, now):
    area = make_area(story, now)
    assert "没有事故事件" in member.get(HOME).content.decode()
    assert "先救人" in member.get(f"{HOME}new/").content.decode()
    given = {"title": "管沟塌方", "kind": "accident", "happened_at": local(now - timedelta(minutes=20)), "area": area.pk,
             "deaths": 0, "injured": 1, "yuan": "0", "project": Project.objects.get().pk}  # fmt: skip
    assert lead.post(f"{HOME}new/", {**given, "area": ""}).status_code == 422
    assert lead.post(f"{HOME}new/", {**given, "happened_at": local(now + timedelta(hours=1))}).status_code == 422
    assert lead.post(f"{HOME}new/", given).status_code == 302
    accident = Accident.objects.get()
    page = f"{HOME}{accident.pk}/"
    assert "本单位负责人" in safety.get("/").content.decode()
    shown = safety.get(page).content.decode()
    assert ("县级应急管理部门" in shown, "最晚" in shown, "立即" in shown) == (True, True, True)
    head, county = accident.notices.order_by("number")[:2]
    wrong = safety.post(f"{page}notices/{head.pk}/tell/", {"told_at": local(now - timedelta(hours=3))})
    assert (wrong.status_code, "报告时间要在知道事故以后" in wrong.content.decode()) == (422, True)
    assert safety.post(f"{page}notices/{head.pk}/tell/", {"way": "电话"}).status_code == 302
    assert safety.post(f"{page}notices/{county.pk}/tell/", {}).status_code == 302
    assert "按时报了" in safety.get(page).content.decode()
    assert lead.post(f"{page}figures/", {"deaths": -1, "injured": 0, "yuan": 0}).status_code == 422
    assert lead.post(f"{page}figures/", {"deaths": 3, "injured": 0, "yuan": 0}).status_code == 302
    assert "较大事故" in member.get(page).content.decode()
    assert lead.post(f"{page}withdraw/", {"reason": "误报"}).status_code == 403
    assert safety.post(f"{page}withdraw/", {"reason": ""}).status_code == 422
    assert safety.post(f"{page}close/", {"result": ""}).status_code == 422
    assert safety.post(f"{page}close/", {"result": "支护不足"}).status_code == 302
    assert safety.post(f"{page}withdraw/", {"reason": "并到另一起"}).status_code == 302
    assert "已撤销" in member.get(page).content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [("", True), ("?kind=accident", True), ("?kind=event", False), ("?kind=x", True), ("?grade=general", True),
     ("?grade=major", False), ("?open=1", True), ("?late=1", False), ("?q=塌方", True), ("?q=\x00没有", False),
     ("?sort=title&page=9", True)],
)  # fmt: skip
def test_filters_of_the_list_and_its_export(lead, story, now, query, found):
    make_accident(story, now)

    assert ("一人重伤</a>" in lead.get(f"{HOME}{query}").content.decode()) is found
    assert lead.get(f"{HOME}export/{query}").getvalue().startswith(b"PK")


def test_the_fragment_is_in_the_page_and_search_finds_it(lead, story, now):
    accident = make_accident(story, now)

    assert squeezed(lead.fragment(HOME).content.decode()) in squeezed(lead.get(HOME).content.decode())
    assert f"{HOME}{accident.pk}/" in lead.get("/search/?q=塌方").content.decode()


def test_a_near_miss_has_no_grade(lead, story, now):
    accident = make_accident(story, now, kind="event", figures=Figures(), title="吊钩滑落")

    assert "一般事故" not in lead.get(f"{HOME}{accident.pk}/").content.decode()
    assert "吊钩滑落</a>" in lead.get(HOME).content.decode()


def test_a_stranger_sees_and_reports_nothing(stranger, member, story, now):
    accident = make_accident(story, now, by=story.lead)
    notice = accident.notices.first()

    assert stranger.get(f"{HOME}new/").status_code == 403
    assert "一人重伤" not in stranger.get(HOME).content.decode()
    for path in (f"{accident.pk}/", f"{accident.pk}/close/", f"{accident.pk}/notices/{notice.pk}/tell/"):
        assert (stranger.get if path.count("/") == 1 else stranger.post)(HOME + path).status_code == 404
    assert member.post(f"{HOME}{accident.pk}/notices/{notice.pk}/tell/", {}).status_code == 403
