"""Members by the API: the same rights and refusals as the pages."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from ronghe.domain.members.models import PersonSkill
from ronghe.domain.org.models import Membership
from ronghe.kernel.access.models import Look
from tests.domain.members.making import make_branch
from tests.factories.org import make_account

pytestmark = pytest.mark.django_db
HERE = "/api/v1/org/members"


class Caller:
    def __init__(self, person):
        self.client = Client()
        self.client.force_login(person.account or make_account(person))

    def get(self, path):
        answer = self.client.get(HERE + path)
        return answer.status_code, answer.json()

    def post(self, path, **body):
        answer = self.client.post(HERE + path, body, content_type="application/json")
        return answer.status_code, answer.json() if answer.content else None


@pytest.fixture
def field():
    return make_branch()


@pytest.fixture
def secretary(field):
    return Caller(field.secretary)


@pytest.fixture
def member(field):
    return Caller(field.member)


@pytest.fixture
def clerk(field):
    return Caller(field.clerk)


def test_po_01_headcounts_and_votes_of_a_day(field, secretary, member):
    """PO-01, PE-08: two headcounts on any day; the vote is told to leaders alone."""
    who = f"/people/{field.worker.pk}"
    assert secretary.post(f"{who}/status", political_status="02", since="2026-03-01")[0] == 200
    Membership.objects.create(person=field.worker, body=field.branch, kind="home", valid_from="2026-03-01")

    counts = [
        secretary.get(f"/bodies/{field.branch.pk}/headcount?day={day}")[1] for day in ("2026-02-28", "2026-03-01")
    ]
    assert [(one["formal"], one["all"]) for one in counts] == [(2, 2), (2, 3)]
    assert secretary.get(f"{who}/status?day=2026-02-28")[1]["political_status"] == "13"
    assert secretary.get(f"/people/{field.member.pk}/status")[1]["may_vote"] is True
    assert member.get(f"/people/{field.member.pk}/status")[1]["may_vote"] is None
    status, refusal = secretary.post(f"{who}/status", political_status="02", since="2026-04-01")
    assert (status, refusal["code"]) == (409, "status_unchanged")
    assert member.post(f"{who}/status", political_status="01", since="2026-04-01")[0] == 404


def test_a_bar_is_set_and_ended_by_leaders(field, secretary, member):
    path = f"/people/{field.member.pk}/bars"
    said = {"reason": "detained", "decision_ref": "纪〔2026〕3号", "since": "2026-03-01"}

    status, bar = secretary.post(path, **said)
    assert (status, bar["valid_until"]) == (201, None)
    assert member.get(path)[0] == 404
    assert member.post(f"/bars/{bar['id']}/end", day="2026-04-01")[0] == 404
    assert secretary.post(f"/bars/{bar['id']}/end", day="2026-04-01")[1]["valid_until"] == "2026-04-01"
    assert len(secretary.get(path)[1]) == 1
    assert secretary.post(path, **{**said, "decision_ref": ""})[0] == 422


def test_po_12_a_home_is_moved_and_people_are_placed_together(field, clerk, secretary, member):
    path = f"/people/{field.member.pk}/memberships"
    status, row = clerk.post(path, body=field.other.pk, since="2026-03-01")
    assert (status, row["body"]["name"]) == (201, "北区党支部")
    assert clerk.post(path, body=field.zone_branch.pk, since="2026-03-01")[1]["code"] == "not_a_home"
    assert secretary.post(path, body=field.other.pk, since="2026-03-01")[0] == 404
    assert clerk.post(f"/memberships/{row['id']}/group", group=field.first.pk, since="2026-03-01")[0] == 404
    made = clerk.post(
        "/placements", people=[field.member.pk], body=field.branch.pk, group=field.first.pk, since="2026-04-01"
    )
    assert (made[0], made[1]["people"]) == (201, 1)
    assert clerk.post(f"/placements/{made[1]['id']}/undo")[1]["undone_at"]
    assert member.post(f"/placements/{made[1]['id']}/undo")[0] == 404
    guest = clerk.post(path, body=field.zone_branch.pk, kind="participation", since="2026-04-01")[1]
    assert clerk.post(f"/memberships/{guest['id']}/leave", day="2026-05-01")[1]["valid_until"] == "2026-05-01"
    assert len(clerk.get(path)[1]) == 3
    assert "王新" not in [row["name"] for row in clerk.get("/unplaced")[1]["items"]]
    assert clerk.get("/unplaced?gap=group")[0] == 200
    assert clerk.get("/unplaced?gap=else")[0] == 422


def test_a_group_is_changed_within_the_branch(field, secretary):
    home = Membership.objects.get(person=field.member)

    assert (
        secretary.post(f"/memberships/{home.pk}/group", group=field.first.pk, since="2026-03-01")[1]["group"]["name"]
        == "第一小组"
    )


def test_trades_are_claimed_confirmed_listed_and_made_broad(field, secretary, member):
    path = f"/people/{field.member.pk}/skills"
    claimed = member.post(path, trade="电工", since="2026-01-01", grade="高级工")[1]
    assert claimed["state"] == "claimed"
    assert member.post(f"/skills/{claimed['id']}/confirm")[0] == 403
    assert secretary.post(f"/skills/{claimed['id']}/confirm")[1]["state"] == "confirmed"
    assert [row["skills"][0]["trade"] for row in secretary.get("/skills?trade=电工")[1]["items"]] == ["电工"]
    entered = secretary.post(path, trade="焊工", since="2026-01-01")[1]
    assert secretary.post(f"/skills/{entered['id']}/refuse")[1]["code"] == "step_not_allowed"
    assert secretary.post(f"/skills/{entered['id']}/end")[1]["state"] == "ended"
    assert [row["trade"] for row in member.get(path)[1]] == ["电工"]
    assert PersonSkill.objects.count() == 2
    broad = f"/units/{field.unit.pk}/broad-names"
    assert secretary.post(broad, kind="trade", old="电工", broad="电仪")[1]["trades"] == {"电工": "电仪"}
    assert secretary.get(broad)[1]["posts"] == {}
    assert member.post(broad, kind="trade", old="a", broad="b")[0] == 404


def test_mentors_corrections_and_the_card(field, secretary, member):
    path = f"/people/{field.worker.pk}/mentors"
    pair = secretary.post(path, mentor=field.member.pk, kind="passing_on", topic="联调", since="2026-01-01")[1]
    assert secretary.get(path)[1][0]["mentor"]["name"] == "王新"
    assert secretary.post(f"/mentors/{pair['id']}/end", day="2026-02-01")[1]["valid_until"] == "2026-02-01"
    assert member.post(f"/mentors/{pair['id']}/end", day="2026-02-01")[0] == 404

    asked = member.post("/corrections", field="phone", value="13912345678", reason="换号")[1]
    assert asked["new"] == "139****5678"
    assert [row["id"] for row in secretary.get("/corrections")[1]] == [asked["id"]]
    assert secretary.post(f"/corrections/{asked['id']}/refuse", reason="号码不对")[1]["refusal"] == "号码不对"
    again = member.post("/corrections", field="education", value="本科")[1]
    assert secretary.post(f"/corrections/{again['id']}/accept")[1]["state"] == "accepted"
    last = member.post("/corrections", field="trade", value="电工")[1]
    assert member.post(f"/corrections/{last['id']}/withdraw")[1]["state"] == "withdrawn"
    assert member.get(f"/corrections/{last['id']}")[1]["state"] == "withdrawn"

    card = f"/people/{field.member.pk}/card"
    assert secretary.get(card)[0] == 404
    assert member.post("/card")[0] == 204
    assert secretary.get(card)[1]["body"] == "南区党支部"
    assert member.client.delete(f"{HERE}/card").status_code == 204
    assert secretary.get(card)[0] == 404


def table(*rows):
    book, kept = Workbook(), BytesIO()
    for row in rows:
        book.active.append(list(row))
    book.save(kept)
    return SimpleUploadedFile("表.xlsx", kept.getvalue())


def test_tables_of_trades_and_broad_names_are_read_and_an_entry_dropped(field, secretary, member):
    skills = table(("姓名", "工种"), ("李群", "焊工"))
    sent = secretary.client.post(f"{HERE}/skills/import", {"file": skills})
    assert sent.json() == {"rows": 1, "added": 1, "changed": 0, "same": 0}
    bad = secretary.client.post(f"{HERE}/skills/import", {"file": table(("姓名", "工种"), ("没有这个人", "焊工"))})
    assert (bad.status_code, PersonSkill.objects.count()) == (422, 1)
    broad = f"/units/{field.unit.pk}/broad-names"
    names = table(("类别", "原名称", "归入"), ("岗位", "巡检岗", "运维岗"))
    assert secretary.client.post(f"{HERE}{broad}/import", {"file": names}).json() == {"count": 1}
    assert secretary.get(broad)[1]["posts"] == {"巡检岗": "运维岗"}
    assert member.post(f"{broad}/drop", kind="post", old="巡检岗")[0] == 404
    assert secretary.post(f"{broad}/drop", kind="post", old="巡检岗")[0] == 204
    assert secretary.get(broad)[1]["posts"] == {}
    assert secretary.post(f"{broad}/drop", kind="post", old="巡检岗")[0] == 404


def test_placing_is_tried_and_changes_nothing(field, clerk, member):
    wanted = {"people": [field.member.pk], "body": field.other.pk, "since": "2026-03-01"}
    [line] = clerk.post("/placements/preview", **wanted)[1]
    assert (line["person"]["name"], line["why"]) == ("王新", "")
    assert Membership.objects.get(person=field.member).body == field.branch
    assert member.post("/placements/preview", **wanted)[0] in (403, 404)


def test_pi_09_a_sealed_value_is_shown_and_the_look_recorded(field, secretary, member):
    asked = member.post("/corrections", field="phone", value="13912345678", reason="换号")[1]["id"]
    looks = Look.objects.count()
    assert secretary.post(f"/corrections/{asked}/open")[1]["new"] == "13912345678"
    assert Look.objects.count() == looks + 1
    assert Caller(field.stranger).post(f"/corrections/{asked}/open")[0] == 404
    assert Look.objects.count() == looks + 1
