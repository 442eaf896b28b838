"""督查与达标 through the API: visits item by item, grades, calls, findings to their effect, refusals and rights."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ronghe.domain.inspections.enums import InspectionForm, InspectionState, Verdict
from ronghe.domain.inspections.models import Inspection, InspectionCall
from ronghe.domain.items.models import WorkItem
from ronghe.domain.org.enums import PostRole
from tests.factories.inspections import SIX, Visited, carried, judge_all, make_finding, make_inspection, sealed
from tests.factories.org import make_body, make_person, make_post
from tests.factories.ways_in import Api

pytestmark = pytest.mark.django_db
ROOT, FINDINGS, TODAY = "/inspections", "/inspections/findings", "2026-09-14"


@pytest.fixture
def story(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    return Visited()


@pytest.fixture
def clerk(story):
    return Api(story.clerk, ROOT)


def plan(story, **more):
    group = [story.clerk.pk, story.auditor.pk]
    return {"checklist": "short_visit", "planned_on": TODAY, "until_on": TODAY, "group": group, **more}


def make_stranger():
    person = make_person("隔壁书记")
    make_post(person, PostRole.SECRETARY, body=make_body("采油九厂党支部"))
    return person


def code_of(answer):
    return answer.status_code, answer.json().get("code")


# Visits


def test_a_visit_is_arranged_judged_found_in_and_sealed(story, clerk):
    made = clerk.post("", **plan(story, body=story.branch.pk, form="routine"))
    shown = made.json()
    assert made.status_code == 201
    assert ([one["id"] for one in shown["group"]], shown["state"]) == ([story.clerk.pk, story.auditor.pk], "planned")
    assert [one["is_missing"] for one in shown["items"]] == [True] * 5

    here = f"/{shown['id']}"
    judged = clerk.post(f"{here}/items/records/judge", verdict="partly", mark="7.5", words="缺三天").json()
    row = next(one for one in judged["items"] if one["id"] == "records")
    assert (judged["state"], row["verdict"], row["mark"], row["words"]) == ("under_way", "partly", "7.50", "缺三天")
    found = clerk.post(f"{here}/items/records/finding").json()["finding"]
    assert clerk.post(f"{here}/items/records/finding").json()["finding"] == found
    assert code_of(clerk.post(f"{here}/seal", words="")) == (409, "inspection_items_missing")
    for item in ("meetings", "joint_meetings", "problems_closed", "needs_heard"):
        clerk.post(f"{here}/items/{item}/judge", verdict="meets")
    done = clerk.post(f"{here}/seal", words="总体较好").json()
    assert (done["state"], done["mark"], done["full"], done["percent"]) == ("sealed", "87.50", "100.00", "87.50")
    assert code_of(clerk.post(f"{here}/items/meetings/judge", verdict="meets")) == (409, "inspection_over")


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"group": "member"}, "inspection_group_in_conflict"), ({"until_on": "2026-09-13"}, "inspection_days_unfit"),
     ({"checklist": SIX}, "inspection_checklist_elsewhere"), ({"form": "acceptance"}, "inspection_checklist_elsewhere")],
)  # fmt: skip
def test_a_visit_that_does_not_fit_is_refused_with_its_code(story, clerk, changed, code):
    if "group" in changed:
        changed = {"group": [story.clerk.pk, story.member.pk]}
    answer = clerk.post("", **{**plan(story, body=story.branch.pk, form="routine"), **changed})
    assert answer.json()["code"] == code
    assert answer.status_code in (409, 422)
    assert not Inspection.objects.exists()


def test_rt_07_one_alone_accepts_no_grade(story, clerk):
    alone = plan(story, body=story.branch.pk, form="acceptance", checklist=SIX, group=[story.clerk.pk])
    assert code_of(clerk.post("", **alone)) == (422, "inspection_group_too_small")


@pytest.mark.parametrize("form", [one.value for one in InspectionForm])
def test_checklists_are_those_of_a_form(clerk, form):
    rows = clerk.get(f"/checklists?form={form}").json()
    assert rows
    assert all(form in one["forms"] for one in rows)


def test_a_visit_is_called_off_with_a_reason_from_above(story, clerk, morning):
    visit = make_inspection(story, morning)
    assert code_of(clerk.post(f"/{visit.pk}/call-off", reason=" ")) == (422, "inspection_reason_missing")
    assert Api(story.secretary, ROOT).post(f"/{visit.pk}/call-off", reason="忙").status_code == 403
    assert clerk.post(f"/{visit.pk}/call-off", reason="汛期抢险").json()["state"] == "called_off"
    assert clerk.post(f"/{visit.pk}/call-off", reason="再取消").status_code == 409


def test_the_list_is_cut_by_form_state_body_and_whose(story, clerk, morning):
    first = make_inspection(story, morning)
    second = sealed(story, morning, form=InspectionForm.ACCEPTANCE)
    third = make_inspection(story, morning, group=[story.auditor])

    def listed(query=""):
        return {one["id"] for one in clerk.get(query).json()["items"]}

    assert listed() == {first.pk, second.pk, third.pk}
    assert listed("?form=acceptance") == listed("?state=grading") == listed("?state=sealed") == {second.pk}
    assert listed("?state=open") == {first.pk, third.pk}
    assert listed("?mine=true") == {first.pk, second.pk}
    assert listed(f"?body={story.branch.pk}&q=采油") == {first.pk, second.pk, third.pk}
    assert listed(f"?body={story.committee.pk}") == listed("?q=没有") == set()
    assert clerk.get("?state=splendid").status_code == 422


def test_whoever_is_visited_reads_verdicts_once_they_are_sealed_and_strangers_nothing(story, morning):
    visit = judge_all(make_inspection(story, morning), story.clerk, morning, but={"records": Verdict.PARTLY})
    secretary, stranger = Api(story.secretary, ROOT), Api(make_stranger(), ROOT)
    shown = secretary.get(f"/{visit.pk}").json()
    assert (shown["is_shown"], {one["verdict"] for one in shown["items"]}) == (False, {None})
    assert "记录不全" not in str(shown)
    assert secretary.post(f"/{visit.pk}/items/records/judge", verdict="meets").status_code == 403
    for path in ("/items/records/finding", "/seal"):
        assert secretary.post(f"/{visit.pk}{path}", words="").status_code == 403
    assert stranger.get(f"/{visit.pk}").status_code == 404
    assert stranger.get("").json()["items"] == []
    assert stranger.post(f"/{visit.pk}/seal", words="").status_code == 404
    Api(story.clerk, ROOT).post(f"/{visit.pk}/seal", words="")
    assert "记录不全" in str(secretary.get(f"/{visit.pk}").json())


def test_pp_05_a_grade_is_decided_after_its_notice_by_one_who_did_not_visit(story, clerk, morning, monkeypatch):
    visit = sealed(story, morning, form=InspectionForm.ACCEPTANCE)
    head, path = Api(story.head, ROOT), f"/{visit.pk}/grade"
    assert code_of(head.post(path, grade="model")) == (409, "inspection_notice_running")
    monkeypatch.setattr(timezone, "now", lambda: morning + timedelta(days=7))
    assert clerk.post(path, grade="model").status_code == 403
    assert code_of(head.post(path, grade="splendid")) == (422, "inspection_grade_unknown")
    assert code_of(head.post(path, grade="excellent")) == (422, "inspection_grade_unexplained")
    assert head.post(path, grade="model").json()["grade"] == "model"
    assert head.post(path, grade="model").status_code == 409


@pytest.mark.parametrize("path", ["", "/findings", "/calls"])
def test_a_list_costs_the_same_for_one_and_for_four(story, clerk, morning, path):
    def cost():
        clerk.get(path)
        with CaptureQueriesContext(connection) as asked:
            assert clerk.get(path).status_code == 200
        return len(asked)

    def more():
        call = plan(story, title="专项", body=story.committee.pk, bodies=[story.branch.pk], checklist="special_fusion")
        clerk.post("/calls", **call)
        make_finding(story, morning)

    more()
    one = cost()
    for _number in range(3):
        more()
    assert cost() == one


def test_one_visit_costs_the_same_with_few_verdicts_and_with_all(story, clerk, morning):
    visit = make_inspection(story, morning, form=InspectionForm.ACCEPTANCE)

    def cost():
        clerk.get(f"/{visit.pk}")
        with CaptureQueriesContext(connection) as asked:
            clerk.get(f"/{visit.pk}")
        return len(asked)

    few = cost()
    judge_all(visit, story.clerk, morning, but={"secretary_visits": Verdict.NOT_MET})
    assert cost() == few


# Calls


def test_a_call_is_issued_followed_and_closed(story, clerk):
    other = make_body("采油二队党支部", parent=story.committee)
    bodies = [story.branch.pk, other.pk, story.branch.pk]
    given = plan(story, title="党政融合专项督察", body=story.committee.pk, bodies=bodies, checklist="special_fusion")
    assert code_of(clerk.post("/calls", **{**given, "title": " "})) == (422, "inspection_call_title_missing")
    assert clerk.post("/calls", **{**given, "bodies": []}).status_code == 422
    assert clerk.post("/calls", **{**given, "bodies": [story.branch.pk, 987654]}).status_code == 404
    assert Api(story.secretary, ROOT).post("/calls", **given).status_code == 404
    assert not InspectionCall.objects.exists()

    made = clerk.post("/calls", **given)
    here = f"/calls/{made.json()['id']}"
    assert (made.status_code, made.json()["bodies"], len(made.json()["visits"])) == (201, 2, 2)
    first = made.json()["visits"][0]["inspection"]
    clerk.post(f"/{first}/items/look_back/judge", verdict="not_met", words="原因没有写到底")
    assert [(one["item"], one["judged"], one["below"]) for one in clerk.get(here).json()["common"]] == [
        ("look_back", 1, 1)
    ]
    assert code_of(clerk.post(f"{here}/close", words="好")) == (409, "inspection_call_open")
    for one in made.json()["visits"]:
        clerk.post(f"/{one['inspection']}/call-off", reason="合并")
    assert code_of(clerk.post(f"{here}/close", words="")) == (422, "inspection_call_no_conclusion")
    closed = clerk.post(f"{here}/close", words="回头看不深").json()
    assert (closed["is_closed"], closed["conclusion"]) == (True, "回头看不深")
    assert clerk.post(f"{here}/close", words="再来").status_code == 409
    assert Api(story.secretary, ROOT).get(here).status_code == 404


def test_a_call_for_many_costs_no_more_questions_about_them_than_a_call_for_one(story, clerk):
    bodies = [make_body(f"采油{number}队党支部", parent=story.committee).pk for number in range(6)]

    def asked(keys):
        given = plan(story, title="专项", body=story.committee.pk, bodies=keys, checklist="special_fusion")
        with CaptureQueriesContext(connection) as found:
            assert clerk.post("/calls", **given).status_code == 201
        return sum('FROM "org_partyorg"' in one["sql"] and '"org_partyorg"."id" =' in one["sql"] for one in found)

    assert asked(bodies) == asked(bodies[:1])


# Findings


def test_a_finding_goes_from_a_board_to_its_effect(story, clerk, morning, monkeypatch):
    auditor, secretary = Api(story.auditor, FINDINGS), Api(story.secretary, FINDINGS)
    board = {"board": "joint_work", "run": 7, "subject": story.branch.pk, "period": "2026Q2", "figure": "-3.25"}
    made = auditor.post("", body=story.branch.pk, title="联席会开得少", about="工作融合", **board)
    shown = made.json()
    assert (made.status_code, shown["state"], shown["board"], shown["figure_then"]) == (
        201, "found", "joint_work", "-3.2500",
    )  # fmt: skip
    here = f"/{shown['id']}"
    measure = {"measure": "每周开一次", "owner": story.member.pk, "due_on": "2026-09-20"}
    assert code_of(secretary.post(f"{here}/settle", **{**measure, "due_on": "2020-01-01"}))[0] == 422
    assert Api(story.member, FINDINGS).post(f"{here}/settle", **measure).status_code == 403
    settled = secretary.post(f"{here}/settle", **measure).json()
    assert (settled["state"], settled["measure"], settled["owner"]["id"]) == ("acting", "每周开一次", story.member.pk)

    carried(story, morning, item=WorkItem.objects.get())
    assert auditor.get(here).json()["effect_on"] == "2026-10-14"
    steps = Api(story.auditor, f"/work/items/{shown['id']}")
    early = steps.post("/steps/shown", note="连着几周都开了")
    assert code_of(early) == (409, "finding_effect_too_early")
    monkeypatch.setattr(timezone, "now", lambda: morning + timedelta(days=31))
    own = Api(story.member, f"/work/items/{shown['id']}").post("/steps/shown", note="自己说好")
    assert own.status_code in (403, 409)
    assert steps.post("/steps/shown", note="连着四周都开了").status_code == 200
    assert auditor.get(here).json()["state"] == "closed"
    assert auditor.get("?is_open=true").json()["items"] == []
    assert [one["id"] for one in auditor.get(f"?state=closed&body={story.branch.pk}&mine=true").json()["items"]] == [
        shown["id"]
    ]


def test_an_objection_comes_from_the_visited_body_and_ends_with_the_notice(story, clerk, morning, monkeypatch):
    visit = sealed(story, morning, but={"records": Verdict.NOT_MET})
    secretary = Api(story.secretary, FINDINGS)
    [row] = secretary.get(f"?inspection={visit.pk}").json()["items"]
    path = f"/{row['id']}/object"
    assert Api(story.member, FINDINGS).post(path, reason="有记录").status_code == 403
    assert secretary.post(path, reason=" ").status_code == 422
    assert secretary.post(path, reason="有记录").json()["state"] == "objected"
    answer = Api(story.head, f"/work/items/{row['id']}").post("/steps/uphold", note="记录是后补的")
    assert answer.status_code == 200
    monkeypatch.setattr(timezone, "now", lambda: morning + timedelta(days=20))
    assert code_of(secretary.post(path, reason="再提")) == (409, "finding_objection_too_late")


def test_a_finding_of_others_is_not_there(story, morning):
    item, stranger = make_finding(story, morning), Api(make_stranger(), FINDINGS)
    assert stranger.get(f"/{item.pk}").status_code == 404
    assert stranger.get("").json()["items"] == []
    assert stranger.post("", body=story.branch.pk, title="别处的").status_code == 404
    assert Api(story.member, FINDINGS).post("", body=story.branch.pk, title="我说的").status_code == 404


# What nobody should send


@pytest.mark.parametrize("nasty", ["\x00", "9" * 60, "-1", "长" * 3000, "NaN"])
def test_bad_input_is_refused_and_never_breaks(story, clerk, morning, nasty):
    visit, item = make_inspection(story, morning), make_finding(story, morning)
    names = ("body", "form", "checklist", "planned_on", "until_on", "title", "text", "about", "measure", "owner", "due_on", "board",
             "run", "subject", "period", "figure", "verdict", "mark", "words", "reason", "grade")  # fmt: skip
    typed = dict.fromkeys(names, nasty) | {"group": [nasty], "bodies": [nasty]}
    for path in ("", "/calls", f"/{visit.pk}/items/meetings/judge", "/findings", f"/findings/{item.pk}/settle"):
        assert clerk.post(path, **typed).status_code in (400, 404, 422)
    sane = plan(story, form="routine")
    for body, group in ((10**30, [story.clerk.pk]), (story.branch.pk, [10**30]), (-1, [0])):
        assert clerk.post("", **{**sane, "body": body, "group": group}).status_code in (404, 422)
        assert clerk.post(
            "/calls", **{**sane, "title": "专项", "checklist": "special_fusion", "body": story.committee.pk,
                         "bodies": [body], "group": group}
        ).status_code in (404, 422)  # fmt: skip
    given = {"verdict": "partly", "words": "看了", "mark": nasty[:12]}
    assert clerk.post(f"/{visit.pk}/items/meetings/judge", **given).status_code == 422 or nasty == "\x00"
    for query in (f"?q={nasty}", f"?body={10**30}", f"?call={10**30}", "?page=0", f"?page={10**30}"):
        assert clerk.get(query).status_code in (200, 422)
    for query in (f"?q={nasty}", f"?state={nasty}", f"?body={10**30}", f"?inspection={10**30}"):
        assert clerk.get(f"/findings{query}").status_code in (200, 422)
    for path in (f"/{10**30}", f"/calls/{10**30}", f"/findings/{10**30}"):
        assert clerk.get(path).status_code in (404, 422)
    assert Inspection.objects.get().state in (InspectionState.PLANNED, InspectionState.UNDER_WAY)
