"""The risk register on the page: areas, a risk entered, raised and put back; filters, export; what others may not."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.risks.enums import RiskGrade
from ronghe.domain.risks.models import Risk, RiskArea
from ronghe.domain.risks.services.raising import raise_risk
from tests.factories.org import make_person
from tests.factories.risks import make_area, make_risk, safety_of
from tests.web.conftest import squeezed

pytestmark = pytest.mark.django_db
HOME = "/field/risks/"


@pytest.fixture
def safety(story, as_person):
    return as_person(safety_of(story))


@pytest.fixture
def stranger(story, as_person):
    return as_person(make_person("过客"))


def test_an_area_and_a_risk_from_the_form_to_the_end(lead, safety, member, story, now):
    assert "还没有划定区域" in lead.get(f"{HOME}areas/").content.decode()
    given = {"name": "原油脱水区", "bounds": "3 号沟以东", "body": story.body.pk, "zone": story.zone.pk}
    assert lead.post(f"{HOME}areas/new/", {**given, "name": ""}).status_code == 422
    assert lead.post(f"{HOME}areas/new/", given).status_code == 302
    area = RiskArea.objects.get()
    assert lead.post(f"{HOME}areas/new/", given).status_code == 422
    page = f"{HOME}areas/{area.pk}/"
    assert "管控措施" in lead.get(f"{page}risks/new/").content.decode()
    wanted = {"title": "油气积聚", "grade": 2, "measures": "复测、通风", "owner": story.members[0].pk}
    assert lead.post(f"{page}risks/new/", {**wanted, "grade": 9}).status_code == 422
    assert lead.post(f"{page}risks/new/", {**wanted, "valid_from": "2027-01-01"}).status_code == 422
    assert lead.post(f"{page}risks/new/", wanted).status_code == 302
    risk = Risk.objects.get()
    own = f"{HOME}{risk.pk}/"
    assert lead.post(f"{own}edit/", {**wanted, "grade": 1, "reason": "改造后"}).status_code == 302
    assert "改造后" in member.get(own).content.decode()
    assert lead.post(f"{own}raise/", {"reason": "又超限", "to": 1}).status_code == 422
    assert lead.post(f"{own}raise/", {"reason": "又超限"}).status_code == 302
    assert "油气积聚" in safety.get("/").content.decode()
    assert "这项风险已升级" in member.get(own).content.decode()
    assert lead.post(f"{own}edit/", {**wanted, "grade": 4}).status_code == 422
    assert lead.post(f"{own}review/", {"grade": 1, "reason": "好了"}).status_code == 403
    today = f"{local_day(now)}"
    assert safety.post(f"{own}review/", {"grade": 1, "reason": "好", "review_on": today}).status_code == 422
    assert safety.post(f"{own}review/", {"grade": 1, "reason": "三次检测合格"}).status_code == 302
    assert lead.post(f"{page}close/").status_code == 302
    assert "请先逐项销去" in lead.get(f"{page}edit/").content.decode()
    assert lead.post(f"{own}close/", {"reason": ""}).status_code == 422
    assert lead.post(f"{own}close/", {"reason": "沟已回填"}).status_code == 302
    assert "沟已回填" in member.get(own).content.decode()
    assert lead.post(f"{page}edit/", {"name": "脱水区"}).status_code == 302
    assert lead.post(f"{page}close/").status_code == 302
    area.refresh_from_db()
    assert (area.name, area.closed_at) == ("脱水区", now)


@pytest.mark.parametrize(
    ("query", "found"),
    [("", 1), ("?grade=yellow", 0), ("?grade=orange", 1), ("?grade=x", 1), ("?raised=1", 1), ("?due=1", 1), ("?mine=1", 0),
     ("?closed=1", 0), ("?q=积聚", 1), ("?q=没有", 0), ("?q=\x00", 1), ("?area=99", 0), ("?sort=review", 1),
     ("?sort=-title&page=99", 1)],
)  # fmt: skip
def test_filters_of_the_list_and_its_export(lead, story, now, query, found):
    raise_risk(risk=make_risk(story, now), reason="检查", actor=story.members[0], at=now)

    assert ("管沟内油气积聚</a>" in lead.get(f"{HOME}{query}").content.decode()) is bool(found)
    assert lead.get(f"{HOME}export/{query}").getvalue().startswith(b"PK")


def test_a_fragment_is_in_the_whole_page(lead, story, now):
    make_risk(story, now)
    for path in (HOME, f"{HOME}areas/"):
        assert squeezed(lead.fragment(path).content.decode()) in squeezed(lead.get(path).content.decode())


def test_a_list_costs_the_same_for_one_risk_and_for_three(lead, story, now):
    area = make_risk(story, now).area
    lead.get(HOME)
    counts = []
    for more in (0, 2):
        for number in range(more):
            make_risk(story, now, area=area, title=f"另一项{number}", grade=RiskGrade.RED)
        with CaptureQueriesContext(connection) as caught:
            lead.get(HOME)
        counts.append(len(caught))

    assert counts[0] == counts[1]


def test_a_stranger_sees_nothing(stranger, member, story, now):
    risk = make_risk(story, now)

    assert "管沟" not in stranger.get(HOME).content.decode()
    assert "原油脱水区" not in stranger.get(f"{HOME}areas/").content.decode()
    for path in (f"{risk.pk}/", f"{risk.pk}/edit/", f"areas/{risk.area_id}/edit/", f"areas/{risk.area_id}/risks/new/"):
        assert stranger.get(HOME + path).status_code == 404
    assert stranger.get(f"{HOME}areas/new/").status_code == 403
    assert stranger.post(f"{HOME}{risk.pk}/raise/", {"reason": "x"}).status_code == 404
    assert member.get(f"{HOME}areas/{risk.area_id}/risks/new/").status_code == 403
    assert member.get(f"{HOME}areas/{make_area(story, now, name='罐区').pk}/edit/").status_code == 403


def test_a_risk_is_found_by_search(lead, story, now):
    risk = make_risk(story, now)

    assert f"{HOME}{risk.pk}/" in lead.get("/search/?q=积聚").content.decode()
