"""Lists, rules of procedure, charters and responsibility sheets through the API; papers and avoidances of a matter."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from ronghe.api.v1.decision_shapes import CharterAnswer, DecisionListAnswer, RulesRow, SheetLineRow
from tests.factories.decisions import make_committee, make_list, make_matter, make_matter_before
from tests.factories.org import make_account

pytestmark = pytest.mark.django_db
URL = "/api/v1/decisions"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


@pytest.fixture(autouse=True)
def _today(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def get(actor, path):
    return client_of(actor).get(f"{URL}{path}")


def send(actor, path, method="post", **body):
    return getattr(client_of(actor), method)(f"{URL}{path}", body, content_type="application/json")


def test_a_list_is_drafted_edited_and_put_in_force():
    story = make_committee()
    draft = send(story.clerk, "/lists", body=story.committee.pk)
    assert draft.status_code == 201
    path = f"/lists/{draft.json()['id']}"
    made = send(story.clerk, f"{path}/entries", title="年度综合计划", needs_study=True, quorum="2/3").json()
    entry = DecisionListAnswer(**made).entries[0]
    assert (entry.title, entry.needs_study, entry.quorum) == ("年度综合计划", True, "2/3")
    changed = send(
        story.clerk, f"{path}/entries/{entry.id}", "put", title="年度综合计划", basis="议事规则第八条"
    ).json()
    assert (changed["entries"][0]["basis"], changed["entries"][0]["needs_study"]) == ("议事规则第八条", False)
    send(story.clerk, f"{path}/entries", title="错加的")
    wrong = next(row["id"] for row in get(story.clerk, path).json()["entries"] if row["title"] == "错加的")
    assert send(story.clerk, f"{path}/entries/{wrong}", "delete").json()["size"] == 1
    assert send(story.clerk, f"{path}/adopt", document="").status_code == 422
    assert send(story.clerk, f"{path}/adopt", document="党委会〔2026〕3号").json()["state"] == "in_force"
    assert send(story.clerk, f"{path}/entries", title="晚了").json()["code"] == "edition_not_a_draft"


def test_whoever_does_not_keep_the_rules_changes_none():
    story = make_committee()
    make_list(story, timezone.now())
    in_force = get(story.clerk, "/lists").json()[0]["id"]
    assert send(story.member, "/lists", body=story.committee.pk).status_code == 404
    assert send(story.member, "/rules", body=story.committee.pk, document="抄来的").status_code == 404
    assert send(story.member, f"/lists/{in_force}/adopt", document="抄来的").status_code in (403, 404)
    assert send(story.secretary, f"/lists/{in_force}/entries/999", "delete").status_code == 404


def test_rules_of_procedure_are_put_in_force_and_replaced():
    story = make_committee()
    first = send(story.clerk, "/rules", body=story.committee.pk, document="党委会〔2026〕1号", notice_days=0)
    assert (first.status_code, RulesRow(**first.json()).notice_days) == (201, 0)
    send(story.clerk, "/rules", body=story.committee.pk, document="党委会〔2026〕9号", quorum="2/3")
    versions = get(story.clerk, "/rules").json()
    assert [(row["number"], row["state"]) for row in versions] == [(2, "in_force"), (1, "superseded")]
    assert send(story.clerk, "/rules", body=story.committee.pk, document="x", notice_days=61).status_code == 422


def test_clauses_of_a_charter_are_written_linked_and_adopted():
    story = make_committee()
    entries = make_list(story, timezone.now())
    made = send(story.clerk, "/charters", body=story.committee.pk, title="公司章程").json()
    path = f"/charters/{made['id']}"
    whole = send(story.clerk, f"{path}/clauses", label="第三十一条", text="党委研究讨论是前置程序").json()
    clause = CharterAnswer(**whole).clauses[0].id
    send(story.clerk, f"{path}/clauses/{clause}", "put", label="第三十二条", text="党委研究讨论是前置程序")
    key = str(entries["年度综合计划"].key)
    linked = send(story.clerk, f"{path}/clauses/{clause}/links", governs="matter", reference=key).json()
    assert [(row["label"], row["governed"][0]["title"]) for row in linked["clauses"]] == [
        ("第三十二条", "年度综合计划")
    ]
    assert send(story.clerk, f"{path}/clauses/{clause}/links", governs="matter", reference="999").status_code == 422
    link = linked["clauses"][0]["governed"][0]["id"]
    assert send(story.clerk, f"{path}/links/{link}", "delete").json()["clauses"][0]["governed"] == []
    spare = send(story.clerk, f"{path}/clauses", label="第四十条", text="多写的").json()["clauses"][1]["id"]
    assert send(story.clerk, f"{path}/clauses/{spare}", "delete").json()["size"] == 1
    assert send(story.clerk, f"{path}/adopt", document="股东会决议").json()["state"] == "in_force"
    assert get(story.clerk, f"{path}/coverage").json()["idle"] == ["第三十二条"]
    assert [row["state"] for row in get(story.clerk, "/charters").json()] == ["in_force"]


def test_a_sheet_is_drafted_edited_published_done_and_undone():
    story = make_committee()
    leader = story.members[0]
    sheet = send(story.clerk, "/sheets", body=story.committee.pk, year=2026).json()
    path = f"/sheets/{sheet['id']}"
    said = {"layer": "member", "person": leader.pk, "title": "每月下站一次", "rhythm": "month"}
    rows = send(story.clerk, f"{path}/lines", **said).json()
    line = next(row["id"] for row in rows if row["title"] == "每月下站一次")
    rows = send(story.clerk, f"{path}/lines/{line}", "put", **said | {"field": "安全"}).json()
    assert next(SheetLineRow(**row).field for row in rows if row["id"] == line) == "安全"
    assert send(story.clerk, f"{path}/lines", **said | {"person": story.member.pk}).status_code == 404
    spare = next(row["id"] for row in rows if row["id"] != line)
    assert len(send(story.clerk, f"{path}/lines/{spare}", "delete").json()) == len(rows) - 1
    assert send(story.clerk, f"{path}/adopt").json()["state"] == "in_force"
    done = send(leader, f"/lines/{line}/done", done_on="2026-09-14", text="到了南I-1联合站").json()
    record = SheetLineRow(**done).records[0].id
    assert send(story.member, f"/lines/{line}/records/{record}", "delete").status_code == 404
    assert send(leader, f"/lines/{line}/records/{record}", "delete").json()["records"] == []


def test_papers_avoidances_and_taking_off_the_agenda(morning):
    story = make_committee()
    entries = make_list(story, morning)
    matter = make_matter(story, entries["年度综合计划"], morning)
    path = f"/matters/{matter.pk}"
    paper = SimpleUploadedFile("计划草案.pdf", PDF, "application/pdf")
    answer = client_of(story.clerk).post(f"{URL}{path}/papers", {"paper": paper})
    assert (answer.status_code, answer.json()["papers"]) == (201, ["计划草案.pdf"])
    avoided = send(story.clerk, f"{path}/avoidances", person=story.members[0].pk, reason="亲属任职").json()
    assert avoided["avoidances"][0]["reason"] == "亲属任职"
    assert send(story.clerk, f"{path}/avoidances", person=story.member.pk, reason="不相干").status_code == 404
    back = send(story.clerk, f"{path}/avoidances/{avoided['avoidances'][0]['id']}", "delete").json()
    assert back["avoidances"] == []
    assert send(story.member, f"{path}/defer").status_code == 404


def test_a_matter_comes_off_the_agenda_and_waits_for_another_meeting(morning):
    story = make_committee()
    entries = make_list(story, morning)
    matter = make_matter_before(story, entries["年度综合计划"], morning)
    assert send(story.clerk, f"/matters/{matter.pk}/defer").json()["state"] == "prepared"
    assert send(story.clerk, f"/matters/{matter.pk}/defer").status_code == 409
