"""Hazards and violations on the page: reported on a phone, assessed, confirmed, closed; lists, figures, what others may not."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ronghe.domain.hazards.services.reporting import Offender
from ronghe.domain.items.models import WorkItem
from ronghe.domain.org.enums import PoliticalStatus
from ronghe.domain.risks.models import Risk
from tests.factories.hazards import FIVE, assessed, confirmed, make_hazard, make_violation
from tests.factories.org import make_person
from tests.factories.rhythm import photo
from tests.factories.risks import make_area, make_risk, safety_of
from tests.web.conftest import squeezed, text_of

pytestmark = pytest.mark.django_db
HAZARDS, VIOLATIONS = "/field/hazards/", "/field/violations/"


@pytest.fixture
def officer(story):
    return safety_of(story)


@pytest.fixture
def safety(officer, as_person):
    return as_person(officer)


@pytest.fixture
def stranger(story, as_person):
    return as_person(make_person("过客"))


def picture():
    return SimpleUploadedFile("现场.jpg", photo().content.read(), "image/jpeg")


def test_a_worker_reports_a_hazard_with_a_photo_and_it_is_struck_off(story, as_person, safety, lead, member, now):
    risk = make_risk(story, now)
    worker = as_person(make_person("王海", unit=story.committee.unit, status=PoliticalStatus.MASSES))
    assert "现在没有没办结的隐患" in worker.get(HAZARDS).content.decode()
    shown = worker.get(f"{HAZARDS}new/").content.decode()
    assert "在哪个区域" in shown
    given = {"title": "法兰渗油", "area": risk.area_id, "grade": "general", "place": "3 号沟"}
    assert worker.post(f"{HAZARDS}new/", {**given, "title": ""}).status_code == 422
    nowhere = worker.post(f"{HAZARDS}new/", {**given, "area": ""})
    assert (nowhere.status_code, "请选区域" in nowhere.content.decode()) == (422, True)
    answer = worker.post(f"{HAZARDS}new/", {**given, "photo": picture()})
    item = WorkItem.objects.get()
    assert (answer.status_code, item.evidence.count(), item.place) == (302, 1, "原油脱水区 3 号沟")
    page = f"/work/items/{item.pk}/"
    assert "五落实" not in worker.get(page).content.decode()
    assert "法兰渗油" in safety.get("/").content.decode()
    assert "五落实：责任、措施、资金、时限、预案" in safety.get(page).content.decode()
    five = {**FIVE, "grade": "general", "owner": story.members[0].pk, "risk": risk.pk}
    assert safety.post(f"{HAZARDS}{item.pk}/assess/", {**five, "plan": ""}).status_code == 422
    far = safety.post(f"{HAZARDS}{item.pk}/assess/", {**five, "due_on": "2027-01-01"})
    assert (far.status_code, "最长 15 天" in far.content.decode()) == (422, True)
    assert safety.post(f"{HAZARDS}{item.pk}/assess/", five).status_code == 302
    assert Risk.objects.get().is_raised
    assert "法兰渗油" in member.get("/").content.decode()
    assert member.post(f"{page}steps/fix/", {"note": "已换"}).status_code == 422
    fix = {"note": "已换", "photo": SimpleUploadedFile("后.jpg", photo(color=(9, 9, 9)).content.read(), "image/jpeg")}
    assert member.post(f"{page}steps/fix/", fix).status_code == 302
    for step in ("accept", "close"):
        assert safety.post(f"{page}steps/{step}/", {}).status_code == 302
    item.refresh_from_db()
    assert item.state == "closed"
    assert "升级了的风险" in worker.get(page).content.decode()


def test_a_violation_is_suspected_until_it_is_confirmed(story, officer, safety, lead, member, now):
    area = make_area(story, now)
    given = {"title": "未系安全带", "area": area.pk, "grade": "general", "sort": "operation"}
    assert "操作证编号" not in member.get(f"{VIOLATIONS}new/").content.decode()
    assert "操作证编号" in lead.get(f"{VIOLATIONS}new/").content.decode()
    named = {**given, "person": story.members[1].pk, "certificate": "T230602198801011234"}
    assert lead.post(f"{VIOLATIONS}new/", {**given, "certificate": "T1"}).status_code == 422
    assert lead.post(f"{VIOLATIONS}new/", named).status_code == 302
    item = WorkItem.objects.get()
    page = f"/work/items/{item.pk}/"
    shown = lead.get(page).content.decode()
    assert ("还是疑似" in shown, "T23************1234" in shown, "怎么查实的" in shown) == (True, True, False)
    assert member.get(page).status_code == 404
    confirm = {"grade": "serious", "owner": story.members[0].pk, "note": "看了录像", "is_serious_harm": "on"}
    assert lead.post(f"{VIOLATIONS}{item.pk}/confirm/", confirm).status_code == 403
    assert safety.post(f"{VIOLATIONS}{item.pk}/confirm/", {**confirm, "note": ""}).status_code == 422
    assert safety.post(f"{VIOLATIONS}{item.pk}/confirm/", confirm).status_code == 302
    assert "造成严重后果" in member.get(page).content.decode()
    assert safety.post(f"{page}steps/overturn/", {"note": "申诉成立"}).status_code == 302
    assert "认定已撤销" in lead.get(page).content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [("", True), ("?state=rectifying", True), ("?state=registered", False), ("?grade=major", False),
     ("?grade=general", True), ("?grade=x", True), ("?area=99", False), ("?q=渗油", True), ("?q=没有", False),
     ("?mine=1", False), ("?overdue=1", False), ("?sort=due&page=9", True)],
)  # fmt: skip
def test_filters_of_the_list_and_its_export(safety, story, now, query, found):
    assessed(story, now)

    assert ("法兰渗油</a>" in safety.get(f"{HAZARDS}{query}").content.decode()) is found
    assert safety.get(f"{HAZARDS}export/{query}").getvalue().startswith(b"PK")


def test_fragments_and_figures(lead, story, now):
    assessed(story, now)
    confirmed(story, now)
    for path in (HAZARDS, VIOLATIONS):
        whole = squeezed(lead.get(path).content.decode())
        assert squeezed(lead.fragment(path).content.decode()) in whole
        assert lead.get(f"{path}export/").getvalue().startswith(b"PK")
        assert "没写区域" in lead.get(f"{path}figures/?period=month").content.decode()


def test_a_list_costs_the_same_for_one_and_for_three(lead, story, now):
    make_hazard(story, now)
    lead.get(HAZARDS)
    counts = []
    for more in (0, 2):
        for number in range(more):
            assessed(story, now, item=make_hazard(story, now, title=f"另一处{number}"))
        with CaptureQueriesContext(connection) as caught:
            lead.get(HAZARDS)
        counts.append(len(caught))

    assert counts[0] == counts[1]


def test_a_stranger_sees_and_reports_nothing(stranger, member, story, officer, now):
    hazard = make_hazard(story, now)
    violation = make_violation(story, now, offender=Offender(officer))

    for path in (HAZARDS, VIOLATIONS):
        assert stranger.get(f"{path}new/").status_code == 403
        assert "没有没办结的" in stranger.get(path).content.decode()
    assert stranger.post(f"{HAZARDS}{hazard.pk}/assess/", {}).status_code == 404
    assert stranger.post(f"{VIOLATIONS}{violation.pk}/confirm/", {}).status_code == 404
    assert member.post(f"{VIOLATIONS}{violation.pk}/confirm/", {}).status_code == 404
    assert (
        member.post(
            f"{HAZARDS}{hazard.pk}/assess/", {**FIVE, "grade": "general", "owner": story.members[0].pk}
        ).status_code
        == 403
    )


def test_the_photo_of_a_violation_that_names_somebody_is_for_those_who_may_read_it_alone(
    story, officer, lead, as_person, now
):
    area = make_area(story, now)
    named, other = story.members[1], as_person(story.members[2])
    data = {"title": "高处作业未系安全带", "area": area.pk, "grade": "general", "sort": "operation", "person": named.pk}
    answer = lead.post(f"{VIOLATIONS}new/", {**data, "photo": picture()})
    item = WorkItem.objects.get(kind="violation")
    assert answer.status_code == 302, text_of(answer.content.decode())
    [evidence] = item.evidence.all()
    address = reverse("web:stored_file", args=[evidence.file.sha256])

    seen = [as_person(one).get(address) for one in (officer, named)]
    assert [one.status_code for one in seen] == [200, 200]
    for one in seen:
        b"".join(one.streaming_content)

    assert other.get(address).status_code == 404
    hits = other.get("/search/", {"q": "安全带"}).content.decode()
    assert (
        f"/work/items/{item.pk}/" in hits,
        f"/work/items/{item.pk}/" in as_person(named).get("/search/", {"q": "安全带"}).content.decode(),
    ) == (False, True)
    assert "安全带" not in text_of(other.get(VIOLATIONS).content.decode())
    assert Client().get(address).status_code == 302
