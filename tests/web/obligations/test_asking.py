"""免办申请 on the page: one duty, several at once, all of a shut-down, and the superior's answer."""

from __future__ import annotations

from datetime import date

import pytest

from ronghe.domain.obligations.models import Obligation, Waiver, WaiverRequest
from ronghe.domain.obligations.services.asking import ask_waiver
from ronghe.domain.org.enums import PostRole
from ronghe.domain.zones.models import ShutDown
from tests.domain.playbooks.making import adopt, playbook
from tests.factories.org import make_post

pytestmark = pytest.mark.django_db

ASK, REQUESTS = "/obligations/waivers/ask/", "/obligations/waivers/"


@pytest.fixture
def committee(story, as_person):
    return as_person(story.clerk)


@pytest.fixture
def duties(story, duty):
    return list(Obligation.objects.filter(body=story.body).order_by("due_on")[:3])


@pytest.fixture
def asked(story, duties, now):
    rows = Obligation.objects.filter(pk__in=[row.pk for row in duties]).select_related("body", "version")
    return ask_waiver(obligations=list(rows), reason="联合站停产检修", actor=story.lead, at=now)


def answer(browser, asked, way: str, words: str = ""):
    return browser.post(f"{REQUESTS}{asked.pk}/answer/", {"way": way, "answer": words})


def test_lead_asks_for_one_duty_from_its_page(story, duty, lead):
    done = lead.post(f"/obligations/{duty.pk}/ask/", {"reason": "停产检修"})

    assert done["Location"] == f"/obligations/{duty.pk}/"
    assert WaiverRequest.objects.get().reason == "停产检修"
    assert lead.get(f"/obligations/{duty.pk}/").context["asked"].request.reason == "停产检修"


def test_lead_asks_for_several_at_once(duties, lead):
    chosen = {"chosen": [row.pk for row in duties]}

    shown = lead.get(ASK, chosen)
    done = lead.post(ASK, {**chosen, "reason": "停产检修"})

    assert shown.context["rows"] == duties
    assert shown.context["decides"] is False
    asked = WaiverRequest.objects.get()
    assert done["Location"] == f"{REQUESTS}{asked.pk}/"
    assert asked.items.count() == 3


def test_superior_lets_off_several_directly(duties, committee):
    done = committee.post(ASK, {"chosen": [row.pk for row in duties], "reason": "停产检修"})

    assert done["Location"] == "/obligations/"
    assert Waiver.objects.count() == 3


def test_everything_due_while_the_site_is_shut_is_asked_for_at_once(story, duties, lead):
    stop = ShutDown.objects.create(
        zone=story.zone, from_on=date(2026, 9, 20), until_on=date(2026, 11, 10), reason="联合站停产检修"
    )

    shown = lead.get(ASK, {"shut_down": stop.pk})

    assert [row.due_on for row in shown.context["rows"]] == [date(2026, 9, 30), date(2026, 10, 31)]
    assert shown.context["form"].initial["reason"] == "联合站停产检修"
    assert lead.get(f"/obligations/bodies/{story.body.pk}/").context["shut_down"] == stop


def test_asking_wants_a_reason_and_a_right(duties, lead, member, stranger):
    chosen = {"chosen": [row.pk for row in duties]}

    assert lead.post(ASK, {**chosen, "reason": " "}).status_code == 422
    assert member.post(ASK, {**chosen, "reason": "停产"}).status_code == 403
    assert stranger.get(ASK, chosen).context["rows"] == []
    assert WaiverRequest.objects.count() == 0


@pytest.mark.parametrize("chosen", [["0"], ["²"], ["9" * 40], ["\x00"], []])
def test_nonsense_is_nothing_to_ask_for(duties, lead, chosen):
    assert lead.get(ASK, {"chosen": chosen}).context["rows"] == []
    assert lead.post(ASK, {"chosen": chosen, "reason": "停产"}).status_code == 422
    assert lead.get(ASK, {"shut_down": "99"}).status_code == 404


def test_superior_finds_the_request_on_the_list_and_grants_it(story, asked, committee):
    assert [row for row, _shape in committee.get(REQUESTS).context["lines"]] == [asked]
    assert committee.get(REQUESTS).context["waiting"] == 1
    assert committee.get(f"{REQUESTS}{asked.pk}/").context["can_answer"] is True

    answer(committee, asked, "grant")

    assert Waiver.objects.count() == 3
    assert committee.get(f"{REQUESTS}{asked.pk}/").context["can_answer"] is False


def test_refusal_without_words_is_said_beside_the_form(asked, committee):
    assert answer(committee, asked, "refuse").status_code == 422
    assert answer(committee, asked, "refuse", "月底前可以补").status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.answer) == ("refused", "月底前可以补")


def test_whoever_asked_sees_it_and_takes_it_back_but_does_not_answer(asked, lead, stranger):
    shown = lead.get(f"{REQUESTS}{asked.pk}/")
    assert (shown.context["can_answer"], shown.context["can_take_back"]) == (False, True)
    assert answer(lead, asked, "grant").status_code == 403
    assert stranger.get(f"{REQUESTS}{asked.pk}/").status_code == 404

    lead.post(f"{REQUESTS}{asked.pk}/take-back/")

    asked.refresh_from_db()
    assert asked.state == "withdrawn"


def test_list_of_requests_costs_at_most_eight_statements(story, asked, committee, statements):
    few = statements(committee, REQUESTS)
    adopt(story.branch, playbook(), date(2026, 7, 1))
    make_post(story.secretary, PostRole.SECRETARY, body=story.branch)
    for row in Obligation.objects.filter(body=story.branch).select_related("body", "version"):
        ask_waiver(obligations=[row], reason="检修", actor=story.secretary, at=asked.asked_at)

    assert statements(committee, REQUESTS) == few <= 8


def test_administrators_have_no_part_in_it(asked, administrator):
    for path in (ASK, REQUESTS, f"{REQUESTS}{asked.pk}/", "/obligations/behind/"):
        assert administrator.get(path).status_code == 403
