"""Project control over the API: the same services as the pages, the same refusals."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from ronghe.domain.control.models import OutsideApproval, WorkPart, WorkProcess
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.steps import Said, take_step
from tests.factories.control import accept, make_loss, make_site
from tests.factories.org import make_account, make_body, make_person
from tests.factories.rhythm import photo

pytestmark = pytest.mark.django_db
CONTROL = "/api/v1/work/control"


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def send(client, path, method="post", **body):
    return getattr(client, method)(f"{CONTROL}{path}", body, content_type="application/json")


def got(client, path):
    answer = client.get(f"{CONTROL}{path}")
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.fixture
def site(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    return make_site()


@pytest.fixture
def manager(site):
    return client_of(site.manager)


def test_a_process_by_its_three_checks_to_excellent(site, manager):
    first, second = site.processes[:2]
    here = f"/processes/{first.pk}"
    for client, act in zip(map(client_of, site.builders), ("self", "mutual", "special"), strict=True):
        assert send(client, f"/processes/{second.pk}/start").json()["code"] == "process_before_not_accepted"
        answer = send(
            client, f"{here}/{act}", note="好", measured=20 * (act == "special"), passed=19 * (act == "special")
        )
        assert answer.status_code == 200, answer.content
    assert send(client_of(site.builders[0]), f"{here}/accept").status_code == 403
    supervisor = client_of(site.supervisor)
    assert [one["id"] for one in got(supervisor, "/todo")] == [first.pk]
    file = SimpleUploadedFile("沟底.jpg", photo().content.read())
    answer = supervisor.post(f"{CONTROL}{here}/accept/files", {"photo": file, "note": "合格"})
    assert answer.json()["records"][0]["pictures"]
    assert send(supervisor, f"{here}/rate").status_code == 403
    rated = send(client_of(site.owner), f"{here}/rate").json()
    assert (rated["state"], rated["is_excellent"], rated["accepted_by"]["name"]) == ("accepted", True, "孙监理")
    whole = got(manager, f"/{site.project.pk}")
    assert (whole["tally"]["accepted"], whole["tally"]["excellent"], whole["tally"]["all"]) == (1, 1, 4)
    assert whole["tally"]["accepted_share"] == "25.0"
    [line] = got(manager, "?zone=" + str(site.zone.zone.pk))["items"]
    assert (line["project"]["id"], line["counters"][0]["days"]) == (site.project.pk, 197)
    listed = got(manager, f"/{site.project.pk}/processes?rating=excellent")
    assert [one["name"] for one in listed["items"]] == ["管沟开挖"]
    assert send(supervisor, f"{here}/nothing").status_code == 404
    assert send(client_of(site.owner), f"/{site.project.pk}/rate", processes=[second.pk, first.pk]).json()["done"] == 0


def test_the_structure(site, manager):
    base = f"/{site.project.pk}"
    row = {"unit_work": "变电所", "division": "电气", "section": "盘柜", "inspection_lot": "1号", "name": "就位"}
    made = send(manager, f"{base}/structure", rows=[row, {**row, "name": "接线", "point": "hold"}]).json()
    assert [one["point"] for one in made] == ["ordinary", "hold"]
    assert send(manager, f"{base}/structure", rows=[row]).json()["code"] == "control_process_there"
    assert (
        send(manager, f"{base}/structure", rows=[{**row, "name": "a", "before": [0]}]).json()["code"]
        == "control_circular_before"
    )
    assert send(client_of(site.builders[0]), f"{base}/structure", rows=[row]).status_code == 403
    assert [part["name"] for part in got(manager, f"{base}/parts")][-1] == "1号"
    clerk = client_of(site.zone.clerk)
    body = site.project.body_id
    template = send(
        clerk, "/templates", body=body, name="盘柜", lines=[{"name": "验电"}, {"name": "送电", "point": "hold"}]
    ).json()
    assert [one["id"] for one in got(clerk, f"/templates?body={body}")] == [template["id"]]
    part = WorkPart.objects.get(name="1号")
    used = send(clerk, f"{base}/structure/template", template=template["id"], part=part.pk).json()
    assert [one["number"] for one in used] == [3, 4]
    assert send(clerk, f"{base}/structure/copy", source=site.project.pk).json()["code"] == "control_process_there"


def test_a_review_and_its_clock(site):
    designer, reviewer = client_of(site.designer), client_of(site.reviewers[0])
    made = send(
        designer, f"/{site.project.pk}/reviews", title="总图", discipline="civil",
        seats=[{"person": site.reviewers[0].pk, "deputy": site.owner.pk}],
    ).json()  # fmt: skip
    here = f"/reviews/{made['id']}"
    assert send(designer, f"{here}/opinion", opinion="agrees").status_code == 403
    said = send(reviewer, f"{here}/opinion", opinion="comments", comments=[{"title": "缺标高", "sheet": "1"}]).json()
    assert (said["state"], len(said["comments"])) == ("answering", 1)
    item = WorkItem.objects.get(pk=said["comments"][0])
    assert send(designer, f"{here}/resubmit").json()["code"] == "review_comments_unanswered"
    take_step(
        item=item,
        step="answer",
        actor=site.designer,
        at=timezone.now(),
        said=Said(note="已补", values={"answer": "adopted"}),
    )
    take_step(item=item, step="accept", actor=site.reviewers[0], at=timezone.now())
    assert send(designer, f"{here}/resubmit").json()["state"] == "agreed"
    assert send(designer, f"{here}/issue").status_code == 403
    issued = send(client_of(site.owner), f"{here}/issue").json()
    assert (issued["state"], issued["hours"]) == ("issued", "0.00")
    assert got(designer, f"/{site.project.pk}/reviews?state=issued")[0]["id"] == made["id"]
    other = send(
        designer, f"/{site.project.pk}/reviews", title="总图二", discipline="civil", seats=[{"person": site.owner.pk}]
    ).json()
    assert send(designer, f"/reviews/{other['id']}/withdraw", reason="重出").json()["state"] == "withdrawn"


def test_readiness_and_incidents(site):
    now, owner, supervisor = timezone.now(), client_of(site.owner), client_of(site.supervisor)
    base = f"/{site.project.pk}"
    assert send(owner, f"{base}/readiness").json()["code"] == "project_not_ready"
    for aspect in ("design", "quality", "unfinished"):
        send(supervisor, f"{base}/readiness/aspects", aspect=aspect, checked_on=str(now.date()))
    point = send(
        supervisor, f"{base}/readiness/points", aspect="quality", title="漏项", owner=site.builders[0].pk,
        due_at=(now + timedelta(days=1)).isoformat(), measure="补装",
    ).json()  # fmt: skip
    assert point["state"] == "open"
    item = WorkItem.objects.get(pk=point["item"])
    take_step(item=item, step="dismiss", actor=site.manager, at=now, said=Said(note="不属本项目"))
    for process in site.processes:
        accept(site, process, now)
    assert send(owner, f"{base}/readiness").json()["is_ready"]
    assert not send(owner, f"{base}/readiness", "delete", reason="漏查").json()["is_ready"]
    incident = send(client_of(site.safety), f"{base}/incidents", kind="accident", happened_on=str(now.date())).json()
    assert got(owner, base)["counters"][0]["days"] == 0
    assert (
        send(client_of(site.safety), f"{base}/incidents/{incident['id']}", "delete", reason="误报").status_code == 403
    )
    send(client_of(site.manager), f"{base}/incidents/{incident['id']}", "delete", reason="误报")
    assert got(owner, f"{base}/incidents")[0]["withdrawn_at"] is not None


def test_losses_and_approvals(site, manager):
    now, base = timezone.now(), f"/{site.project.pk}"
    builder, owner = client_of(site.builders[0]), client_of(site.owner)
    wanted = {"kind": "idle", "cause": "drawings", "happened_on": str(now.date()), "crew": "一班", "people": 6, "hours": "36.5",
              "cost": "4380", "basis": "120 元", "answers_unit": site.units["owner"].pk, "answerer": site.owner.pk}  # fmt: skip
    assert send(builder, f"{base}/losses", **{**wanted, "hours": "1.005"}).status_code == 422
    made = send(builder, f"{base}/losses", **wanted).json()
    assert (made["state"], made["yuan"], made["cause"]) == ("recorded", "4380", "图纸未到或有误")
    item = WorkItem.objects.get(pk=made["item"])
    take_step(item=item, step="contest", actor=site.owner, at=now, said=Said(note="少"))
    assert send(builder, f"/losses/{item.pk}/again", hours="18", note="按一天").json()["state"] == "recorded"
    take_step(item=make_loss(site, now).item, step="confirm", actor=site.owner, at=now)
    found = got(manager, f"{base}/losses")
    assert (found["total"]["yuan"], found["waiting"]) == ("4380", 1)
    assert found["causes"]["weather"] == "天气"
    register = {"kind": "grid", "title": "并网", "authority": "供电公司", "stages": ["受理", "批复"], "owner": site.owner.pk,
                "phone": "0459-1"}  # fmt: skip
    number = send(manager, f"{base}/approvals", **register).json()["item"]
    day = str(now.date() - timedelta(days=23))
    assert send(owner, f"/approvals/{number}/submit", day=day).json()["all_days"] == 23
    assert send(owner, f"/approvals/{number}/advance", day=str(now.date())).json()["stage"] == "批复"
    assert send(owner, f"/approvals/{number}/next", "put", next_step="催").json()["next_step"] == "催"
    assert send(owner, f"/approvals/{number}/phone").json() == {"phone": "0459-1"}
    assert send(builder, f"/approvals/{number}/phone").status_code == 403
    assert send(owner, f"/approvals/{number}/get", day=str(now.date())).json()["code"] == "item_evidence_missing"
    paper = SimpleUploadedFile("批复.jpg", photo().content.read())
    answer = owner.post(
        f"{CONTROL}/approvals/{number}/get/files", {"photo": paper, "day": str(now.date()), "document_number": "88"}
    )
    assert answer.json()["state"] == "got", answer.content
    assert OutsideApproval.objects.get().document_number == "88"
    assert got(manager, f"{base}/approvals")[0]["all_days"] == 23


def test_standards(site):
    clerk, here = client_of(site.zone.clerk), f"/standards/{site.project.body_id}"
    assert send(clerk, f"{here}/rating", "put", least_percent="101").json()["code"] == "rating_rule_unfit"
    assert send(clerk, f"{here}/rating", "put", least_percent="95.5").json()["rating"]["least_percent"] == "95.5"
    pace = {
        "old_days": "8",
        "target_days": "1",
        "begins": "08:00",
        "break_from": "12:00",
        "break_until": "13:00",
        "ends": "17:00",
    }
    assert send(clerk, f"{here}/review", "put", **pace).json()["review"]["old_days"] == "8.0"
    assert "等吊车" in send(clerk, f"{here}/causes", name="等吊车").json()["causes"].values()
    assert client_of(site.builders[0]).get(f"{CONTROL}{here}").status_code == 404


def test_a_stranger_finds_nothing(site):
    stranger = client_of(make_person("倪春梅", home=make_body()))
    assert got(stranger, "")["items"] == []
    for path in (f"/{site.project.pk}", f"/{site.project.pk}/processes", f"/processes/{site.processes[0].pk}",
                 f"/{site.project.pk}/losses", f"/todo?project={site.project.pk}"):  # fmt: skip
        assert stranger.get(f"{CONTROL}{path}").status_code == 404


def test_parts_and_processes_one_by_one(site, manager):
    base = f"/{site.project.pk}"
    above = send(manager, f"{base}/parts", level="unit_work", name="变电所", lot="二标段").json()
    assert (above["lot"], above["below"]) == ("二标段", None)
    wrong = send(manager, f"{base}/parts", level="section", name="盘柜", below=above["id"])
    assert wrong.json()["code"] == "control_part_misplaced"
    below = send(manager, f"{base}/parts", level="division", name="电气", below=above["id"]).json()
    assert send(manager, f"{base}/parts/{above['id']}", "delete").json()["code"] == "control_part_in_use"
    assert send(manager, f"{base}/parts/{below['id']}", "put", name="电气安装").json()["name"] == "电气安装"
    assert send(client_of(site.builders[0]), f"{base}/parts/{below['id']}", "delete").status_code == 403
    assert send(manager, f"{base}/parts/{below['id']}", "delete").status_code == 204
    assert not WorkPart.objects.filter(pk=below["id"]).exists()

    first, second = (process.pk for process in site.processes[:2])
    changed = send(manager, f"{base}/processes/{second}", "put", name="焊口打磨", point="hold", before=[]).json()
    assert (changed["name"], changed["point"]) == ("焊口打磨", "hold")
    assert not WorkProcess.objects.get(pk=second).links.exists()
    circle = send(manager, f"{base}/processes/{second}", "put", name="焊口打磨", before=[second])
    assert circle.json()["code"] == "control_circular_before"
    assert send(manager, f"{base}/processes/{first}", "delete").status_code == 204
    assert send(manager, f"{base}/processes/{first}", "delete").status_code == 404


def test_a_template_and_a_cause_are_offered_no_more(site):
    clerk, body = client_of(site.zone.clerk), site.project.body_id
    template = send(clerk, "/templates", body=body, name="盘柜", lines=[{"name": "验电"}]).json()["id"]
    assert send(client_of(site.builders[0]), f"/templates/{template}", "delete").status_code == 404
    assert send(clerk, f"/templates/{template}", "delete").status_code == 204
    assert got(clerk, f"/templates?body={body}") == []
    causes = send(clerk, f"/standards/{body}/causes", name="等吊车").json()["causes"]
    own = next(code for code, word in causes.items() if word == "等吊车").removeprefix("own:")
    assert send(clerk, f"/standards/{body}/causes/{own}", "delete").status_code == 204
    assert "等吊车" not in got(clerk, f"/standards/{body}")["causes"].values()
    assert send(clerk, f"/standards/{body}/causes/{own}", "delete").json()["code"] == "stale"
