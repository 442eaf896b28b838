"""紧急集结 on the page: called in a few taps, answered in one, handed over by two, stood down, verified by another."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from ronghe.domain.carriers.models import CallNeed, CallPerson, CallUp, LogLine, Shift, ShiftPerson
from ronghe.domain.carriers.services.proposing import approve_carrier
from ronghe.domain.org.models import Person
from ronghe.domain.pools.enums import ItemKind
from ronghe.domain.pools.models import SharedItem
from tests.factories.carriers import (
    all_here,
    make_call,
    make_story,
    place_of,
    proposed,
    stood_down,
    with_shifts,
)
from tests.web.conftest import text_of
from tests.web.making import picture

pytestmark = pytest.mark.django_db
HOME = "/work/carriers/calls/"
END = {"result": "加固 320 米", "saved": "外输管线", "saved_yuan": "420000", "injuries": "0", "injury_note": ""}
NASTY = {
    "occasion": "x", "place": "\x00", "teams": "9" * 40, "rally_at": "x", "reason": "\x00", "team": "-1", "note": "\x00",
    "person": "x", "text": "\x00", "happened_at": "9999-99-99", "corrects": "9" * 30, "kind": "x", "what": "\x00",
    "quantity": "-1", "how": "\x00", "result": "\x00", "injuries": "1e9", "saved_yuan": "NaN", "length_hours": "0",
    "count": "-5", "starts_at": "x", "ends_at": "x", "row": "x", "item": "x",
}  # fmt: skip


@pytest.fixture
def crew(now):
    return make_story(now)


def at(call, act=""):
    return f"{HOME}{call.pk}/{act}"


def row(call, person):
    return CallPerson.objects.get(call=call, person=person)


def later(monkeypatch, now, **delta):
    moment = now + timedelta(**delta)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment


def test_a_team_is_called_with_three_words(crew, as_person, now):
    captain = as_person(crew.captain)
    page = captain.get(f"{HOME}new/").content.decode()
    assert f'value="{crew.team.pk}" id="id_teams_0" checked' in page.replace("required ", "")
    refused = captain.post(f"{HOME}new/", {"occasion": "flood", "teams": crew.team.pk})
    assert (refused.status_code, CallUp.objects.count()) == (422, 0)
    assert captain.post(f"{HOME}new/", {"occasion": "flood", "place": "大堤", "teams": crew.team.pk}).status_code == 302
    call = CallUp.objects.get()
    assert (call.rally_place, call.roster.count()) == ("大堤", 4)
    member = as_person(crew.members[0])
    assert "请马上应答" in member.get("/work/carriers/").content.decode()
    assert at(call, f"roster/{row(call, crew.members[0]).pk}/coming/") in member.get(at(call)).content.decode()
    assert as_person(crew.outsider).get(at(call)).status_code == 404
    assert as_person(crew.outsider).get(f"{HOME}new/").status_code == 403
    assert as_person(crew.outsider).post(f"{HOME}new/", {"occasion": "flood"}).status_code == 403


def test_each_answers_with_one_tap_and_the_leader_for_another(crew, as_person, now):
    call = make_call(crew, now)
    third, first, second = crew.members  # the first of them is the deputy, who leads too
    browser = as_person(first)
    browser.post(at(call, f"roster/{row(call, first).pk}/coming/"))
    assert browser.post(at(call, f"roster/{row(call, second).pk}/coming/")).status_code == 403
    browser.post(at(call, f"roster/{row(call, first).pk}/here/"))
    refused = as_person(second).post(at(call, f"roster/{row(call, second).pk}/cannot/"), {"other": " "}, follow=True)
    assert "请写一句为什么来不了" in refused.content.decode()
    as_person(second).post(at(call, f"roster/{row(call, second).pk}/cannot/"), {"reason": "在外地"})
    captain = as_person(crew.captain)
    captain.post(at(call, f"roster/{row(call, third).pk}/here/"))
    page = text_of(captain.get(at(call)).content.decode())
    assert "韩雪松代记" in page
    assert "在外地" in page
    assert "2 / 4 人" in page
    captain.post(at(call, f"roster/{row(call, third).pk}/not-here/"))
    assert sorted(call.roster.values_list("answer", flat=True)) == ["arrived", "cannot", "coming", "none"]
    roster = captain.fragment(at(call)).content.decode().strip()
    assert roster.startswith('<div id="roster" hx-get=')


def test_a_neighbour_is_asked_answers_and_commands_with(crew, as_person, now):
    call = make_call(crew, now)
    as_person(crew.captain).post(at(call, "teams/add/"), {"team": crew.next_team.pk})
    neighbour = as_person(crew.next_captain)
    team = call.teams.get(carrier=crew.next_team)
    assert at(call, f"teams/{team.pk}/answer/") in neighbour.get(at(call)).content.decode()
    neighbour.post(at(call, f"teams/{team.pk}/answer/"), {"note": "正在检修"})
    assert "正在检修" in as_person(crew.captain).get(at(call)).content.decode()
    as_person(crew.captain).post(at(call, "teams/add/"), {"team": crew.next_team.pk})
    neighbour.post(at(call, f"teams/{team.pk}/answer/"), {"sends": "1"})
    assert call.roster.count() == 7
    as_person(crew.captain).post(at(call, "command/"), {"person": crew.next_captain.pk})
    call.refresh_from_db()
    assert call.commander == crew.next_captain


def test_shifts_are_planned_changed_and_handed_over_by_two(crew, as_person, now, monkeypatch):
    call = make_call(crew, now)
    captain = as_person(crew.captain)
    early = captain.post(at(call, "shifts/plan/"), {"length_hours": "12", "count": "2"})
    assert (early.status_code, "人不够" in early.content.decode()) == (422, True)
    all_here(crew, call, now)
    assert captain.post(at(call, "shifts/plan/"), {"length_hours": "12", "count": "2"}).status_code == 302
    first, second = Shift.objects.order_by("number")
    page = captain.get(at(call)).content.decode()
    assert "连续 12.00 小时" in text_of(page)
    part = first.people.get(is_lead=False)
    wrong = {f"on-{first.pk}-row": part.row_id, f"on-{first.pk}-starts_at": "2026-09-14T07:50"}
    assert "整刻" in captain.post(at(call, f"shifts/{first.pk}/put-on/"), wrong).content.decode()
    captain.post(at(call, f"shifts/{first.pk}/people/{part.pk}/off/"))
    captain.post(at(call, f"shifts/{first.pk}/put-on/"), {f"on-{first.pk}-row": part.row_id})
    span = {f"at-{second.pk}-starts_at": "2026-09-14T19:45", f"at-{second.pk}-ends_at": "2026-09-15T06:00"}
    assert captain.post(at(call, f"shifts/{second.pk}/move/"), span).status_code == 302
    part = first.people.get(is_lead=False)
    captain.post(at(call, f"shifts/{first.pk}/people/{part.pk}/away/"))
    captain.post(at(call, f"shifts/{first.pk}/people/{part.pk}/away/"), {"back": "1"})

    later(monkeypatch, now, hours=12)
    out = as_person(first.people.get(is_lead=True).row.person)
    incoming = as_person(second.people.get(is_lead=True).row.person)
    assert out.post(at(call, f"shifts/{first.pk}/hand-over/"), {"note": ""}).status_code == 422
    out.post(at(call, f"shifts/{first.pk}/hand-over/"), {"note": "3 号段还有渗水"})
    assert "签字接班" in incoming.get(at(call)).content.decode()
    incoming.post(at(call, f"shifts/{first.pk}/take-over/"))
    captain = as_person(crew.captain)
    page = captain.get(at(call)).content.decode()
    assert "3 号段还有渗水" in page
    assert "合计 24.00 小时" in text_of(page)

    first.refresh_from_db()
    wrong = {"starts_at": "2026-09-14T08:00", "ends_at": "2026-09-14T19:45", "is_held": "on", "reason": "八点才到"}
    other = next(one for one in first.people.select_related("row") if one.row.person_id != crew.captain.pk)
    assert captain.post(at(call, f"shifts/{first.pk}/people/{other.pk}/correct/"), wrong).status_code == 302
    assert "合计 23.75 小时" in text_of(captain.get(at(call)).content.decode())
    assert captain.get(at(call, "export/")).getvalue().startswith(b"PK")
    captain.post(at(call, f"shifts/{second.pk}/drop/"))
    assert Shift.objects.count() == 1


def test_the_log_takes_pictures_and_corrections(crew, as_person, now):
    call = make_call(crew, now)
    member = as_person(crew.members[0])
    assert member.post(at(call, "log/"), {"text": ""}).status_code == 422
    member.post(at(call, "log/"), {"text": "水位 3.2 米", "photo": picture()})
    line = LogLine.objects.get()
    member.post(at(call, "log/"), {"text": "应为 2.3 米", "corrects": line.pk})
    page = member.get(at(call)).content.decode()
    assert "后面有更正" in page
    address = f"{HOME}pictures/{line.pictures.get().file.sha256}/"
    assert address in page or "应为 2.3 米" in page
    shown = member.get(address)
    assert (shown["Content-Type"], shown.getvalue()[:2]) == ("image/jpeg", b"\xff\xd8")
    assert as_person(crew.outsider).get(address).status_code == 404
    assert as_person(crew.outsider).post(at(call, "log/"), {"text": "x"}).status_code == 404
    other = make_call(crew, now, teams=[crew.next_team], by=crew.next_secretary)
    stranger = as_person(crew.next_captain)
    assert stranger.post(at(other, "log/"), {"text": "x", "corrects": line.pk}).status_code == 404


def test_needs_are_met_by_word_by_a_team_and_from_the_pool(story, as_person, now):
    """A team of a zone finds what the zone shares."""
    crew = make_story(now, with_teams=False)
    draft = proposed(
        crew, now, body=story.body, lead=story.lead, people=story.members, proposer=story.members[0], zone=story.zone
    )
    Person.objects.filter(pk=story.lead.pk).update(unit=story.committee.unit)
    crew.team = approve_carrier(carrier=draft, actor=story.clerk, at=now)
    call = make_call(crew, now, by=story.lead)
    item = SharedItem.objects.create(
        zone=story.zone, unit=story.committee.unit, kind=ItemKind.values[0], title="抽水泵", opens_at="00:00",
        closes_at="23:59", contact=story.lead, offered_by=story.lead, offered_at=now, capacity=2,
    )  # fmt: skip
    lead = as_person(story.lead)
    lead.post(at(call, "needs/add/"), {"kind": "equipment", "what": "抽水泵", "quantity": "1", "unit": "台"})
    lead.post(at(call, "needs/add/"), {"kind": "supplies", "what": "沙袋", "quantity": "200"})
    pump, bags = CallNeed.objects.order_by("pk")
    assert "从共享资源里订" in lead.get(at(call)).content.decode()
    lead.post(at(call, f"needs/{bags.pk}/meet/"), {"how": "库房送到"})
    lead.post(at(call, f"needs/{bags.pk}/reopen/"))
    lead.post(at(call, f"needs/{bags.pk}/drop/"), {"how": "用不上了"})
    past = {"item": item.pk, "starts_at": "2026-09-13T08:00", "ends_at": "2026-09-13T09:00", "quantity": "1"}
    refused = lead.post(at(call, f"needs/{pump.pk}/book/"), past)
    assert (refused.status_code, "已经过去" in refused.content.decode()) == (422, True)
    time = {"item": item.pk, "starts_at": "2026-09-14T08:00", "ends_at": "2026-09-14T18:00", "quantity": "1"}
    booked = lead.post(at(call, f"needs/{pump.pk}/book/"), time)
    assert booked.status_code == 302
    pump.refresh_from_db()
    bags.refresh_from_db()
    assert (pump.booking.item, pump.state, bags.state) == (item, "met", "dropped")
    assert f"/pools/{item.pk}/" in lead.get(at(call)).content.decode()


def test_it_is_stood_down_sent_back_and_verified(crew, as_person, now, monkeypatch):
    call = with_shifts(crew, now)
    later(monkeypatch, now, hours=6)
    captain, hse = as_person(crew.captain), as_person(crew.hse)
    assert captain.post(at(call, "stand-down/"), {**END, "injuries": "1"}).status_code == 422
    assert captain.post(at(call, "stand-down/"), END).status_code == 302
    page = text_of(captain.get(at(call)).content.decode())
    assert "420,000.00" in page
    assert "12.00" in page
    captain.post(at(call, "resume/"))
    captain.post(at(call, "stand-down/"), END)
    assert at(call, "verify/") not in captain.get(at(call)).content.decode()
    assert captain.post(at(call, "verify/"), {"agrees": "1"}).status_code == 403
    assert hse.post(at(call, "verify/"), {"note": ""}).status_code == 422
    hse.post(at(call, "verify/"), {"note": "金额没有依据"})
    assert "金额没有依据" in captain.get(at(call)).content.decode()
    captain.post(at(call, "stand-down/"), {**END, "saved_yuan": ""})
    hse.post(at(call, "verify/"), {"agrees": "1"})
    call.refresh_from_db()
    assert (call.state, call.saved_fen) == ("verified", None)
    assert "回头看" in captain.get(at(call)).content.decode()
    assert captain.get(at(call, "print/pdf/")).content.startswith(b"%PDF")
    assert captain.get(at(call, "print/docx/")).content.startswith(b"PK")


def test_a_false_alarm_is_called_off(crew, as_person, now):
    call = make_call(crew, now)
    captain = as_person(crew.captain)
    assert captain.post(at(call, "call-off/"), {"note": ""}).status_code == 422
    captain.post(at(call, "call-off/"), {"note": "误报"})
    assert "误报" in captain.get(at(call)).content.decode()
    assert captain.get(f"{HOME}new/").status_code == 200


ACTS = ("teams/add", "teams/1/answer", "command", "log", "needs/add", "needs/1/meet", "needs/1/book", "needs/1/x",
        "call-off", "stand-down", "verify", "shifts/plan", "shifts/{s}/put-on", "shifts/{s}/move", "shifts/1/drop",
        "shifts/{s}/hand-over", "shifts/{s}/people/{p}/correct", "roster/{r}/cannot", "roster/99999/here")  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
def test_nothing_posted_breaks_a_call(crew, as_person, now, act):
    browsers = [as_person(one) for one in (crew.captain, crew.hse, crew.members[0], crew.outsider)]
    call = with_shifts(crew, now)
    part = ShiftPerson.objects.first()
    path = act.format(s=part.shift_id, p=part.pk, r=place_of(call, crew.members[0]).pk)
    for browser in browsers:
        assert browser.post(at(call, f"{path}/"), NASTY).status_code in (302, 403, 404, 422)
    call.refresh_from_db()
    assert (call.state, call.log.count(), call.needs.count()) == ("running", 0, 0)
    assert browsers[0].post(f"{HOME}999999/{path}/", NASTY).status_code == 404
    assert browsers[0].post(f"{HOME}new/", NASTY).status_code in (403, 422)


@pytest.mark.parametrize("query", ["", "?occasion=flood&state=x", "?q=大堤", "?body=x", "?page=99", "?sort=-place"])
def test_the_list_takes_every_query(crew, as_person, now, query):
    stood_down(crew, now)
    browser = as_person(crew.captain)
    assert browser.get(f"{HOME}{query}").status_code == 200
    assert browser.fragment(f"{HOME}{query}").status_code == 200
    assert browser.get(f"{HOME}export/{query}").getvalue().startswith(b"PK")


def test_a_call_costs_the_same_whatever_its_size(crew, as_person, now, django_assert_max_num_queries):
    captain = as_person(crew.captain)
    call = with_shifts(crew, now, count=1)
    captain.get(at(call))
    with django_assert_max_num_queries(48):
        captain.get(at(call))
    captain.post(at(call, "shifts/plan/"), {"length_hours": "12", "count": "9"})
    for number in range(8):
        captain.post(at(call, "log/"), {"text": f"第 {number} 条", "photo": picture(number)})
        captain.post(at(call, "needs/add/"), {"kind": "people", "what": "人", "quantity": "1"})
    with django_assert_max_num_queries(48):
        captain.get(at(call))
