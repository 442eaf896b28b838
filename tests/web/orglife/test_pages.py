"""Organization-life sessions on the page: from the plan to the answer, who sees what, and what bad input meets."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.orglife.enums import ListLevel
from ronghe.domain.orglife.models import Correction, LifeSession, Opinion, PeerSheet
from ronghe.domain.orglife.selectors.members import to_rate
from ronghe.domain.orglife.services.correcting import list_correction
from ronghe.domain.orglife.services.grading import propose_grade
from ronghe.kernel.access.models import Look
from tests.factories.orglife import (
    begin_meeting,
    fill_in,
    make_branch,
    make_counted,
    make_marking,
    make_session,
    make_told,
    place_of,
    vote,
)

pytestmark = pytest.mark.django_db
HOME = "/rhythm/org-life/"
NASTY = {
    "reason": "\x00", "study": "9" * 40, "item": "x", "level": "x", "member": "-1", "due_at": "9999-12-31T23:59",
    "text": "\x00", "grade": "\x00", "said_by": "9" * 40, "kind": "x", "until": "0001-01-01", "note": "\x00",
}  # fmt: skip
ACTS = (
    "arrange", "refresh", "call-off", "study", "prepare", "open", "admit", "stop", "count", "rest", "tell", "report",
    "close", "review", "corrections",
)  # fmt: skip
OF_MEMBER = (
    "statement", "self", "criticism", "exempt", "take-in", "measure", "acknowledge", "object", "answer", "corrections",
)  # fmt: skip


@pytest.fixture
def branch(db, now):
    return make_branch()


@pytest.fixture
def secretary(branch, as_person):
    return as_person(branch.secretary)


@pytest.fixture
def clerk(branch, as_person):
    return as_person(branch.clerk)


@pytest.fixture
def auditor(branch, as_person):
    return as_person(branch.auditor)


@pytest.fixture
def plain(branch, as_person):
    return as_person(branch.members[0])


@pytest.fixture
def outsider(db, now, as_person):
    return as_person(make_branch("别处党支部").members[0])


def page(session, act=""):
    return f"{HOME}{session.pk}/{act}"


def own(member, act=""):
    return f"{HOME}{member.session_id}/members/{member.pk}/{act}"


@pytest.mark.parametrize("who", ["secretary", "clerk", "auditor", "plain", "outsider"])
def test_everybody_gets_the_list_with_what_they_may_see(request, branch, now, who):
    make_session(branch, now)
    shown = request.getfixturevalue(who).get(HOME)
    assert shown.status_code == 200
    assert ("南I-1联合站党支部" in shown.content.decode()) == (who != "outsider")


def test_a_session_is_planned_with_what_is_proposed(secretary, plain, branch):
    shown = secretary.get(f"{HOME}new/")
    assert shown.status_code == 200
    given = {
        "body": branch.branch.pk, "theme": "找差距", "form": "general", "chair": branch.secretary.pk, "year": 2026,
        "starts_at": "2026-09-28T14:00", "ends_at": "2026-09-28T17:00", "place": "会议室", "has_review": "on",
        "is_combined": "on", "objection_days": 5,
    }  # fmt: skip
    assert secretary.post(f"{HOME}new/", {**given, "ends_at": "2026-09-28T13:00"}).status_code == 422
    answer = secretary.post(f"{HOME}new/", given)
    session = LifeSession.objects.get()
    assert answer["Location"] == page(session)
    assert secretary.post(f"{HOME}new/", given).status_code == 422
    assert plain.get(f"{HOME}new/").status_code == 403
    assert secretary.get(page(session)).status_code == 200


def test_a_member_writes_everything_on_a_phone(plain, secretary, branch, now):
    session = make_session(branch, now)
    member = place_of(session, branch.members[0])
    shown = plain.get(HOME).content.decode()
    assert "个人自评等您填写" in shown
    assert plain.get(own(member)).status_code == 200
    assert plain.post(own(member, "statement/"), {"text": ""}).status_code == 422
    assert plain.post(own(member, "statement/"), {"text": "找到三个问题"}).status_code == 302
    assert plain.post(own(member, "self/"), {"grade": "qualified", "text": "还有差距"}).status_code == 302
    peers = {f"grade_{row.pk}": "qualified" for row in to_rate(member)}
    assert plain.get(page(session, "peers/")).status_code == 200
    assert plain.post(page(session, "peers/"), {**peers, next(iter(peers)): ""}).status_code == 422
    assert plain.post(page(session, "peers/"), peers).status_code == 302
    assert PeerSheet.objects.count() == 1
    about = place_of(session, branch.members[1])
    assert plain.get(page(session, "opinions/new/")).status_code == 200
    assert plain.post(page(session, "opinions/new/"), {"text": "多带徒弟", "about": about.pk}).status_code == 302
    assert Opinion.objects.get().author is None
    assert "找到三个问题" in plain.get(own(member)).content.decode()
    assert "找到三个问题" not in secretary.get(own(member)).content.decode()
    assert "找到三个问题" in secretary.post(own(member, "read/")).content.decode()
    assert Look.objects.filter(about=branch.members[0].token, compartment="org_life").exists()


def test_opinions_on_the_committee_are_read_once_and_recorded(secretary, plain, branch, now):
    session = make_session(branch, now)
    plain.post(page(session, "opinions/new/"), {"text": "班子要多下站"})
    shown = secretary.post(page(session, "opinions/read/"))
    assert "班子要多下站" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert plain.post(page(session, "opinions/read/")).status_code == 403


def test_preparing_exempting_and_taking_back(secretary, branch, now):
    session = make_session(branch, now)
    secretary.post(page(session, "prepare/"), {"item": "plan_filed", "note": "已报党委"})
    assert "已报党委" in secretary.get(page(session)).content.decode()
    assert secretary.post(page(session, "prepare/"), {"item": "talks", "note": ""}).status_code == 422
    secretary.post(page(session, "prepare/plan_filed/take-back/"))
    assert session.preparations.count() == 0
    member = place_of(session, branch.members[3])
    secretary.post(own(member, "exempt/"), {"reason": "sick", "note": ""})
    assert "长期病假" in secretary.get(own(member)).content.decode()
    secretary.post(own(member, "take-in/"))
    assert "长期病假" not in secretary.get(page(session)).content.decode().split("参加党员")[1].split("整改")[0]


def test_from_the_marking_to_the_objection_in_the_browser(secretary, plain, branch, now, as_person):
    session = make_session(branch, now)
    fill_in(session, branch.everybody, now)
    begin_meeting(session, branch.everybody, now)
    assert "实到 9 人" in secretary.get(page(session)).content.decode()
    secretary.post(page(session, "open/"))
    vote(session, branch.everybody, 2, now)
    assert "9 人中 9 人已测评" in secretary.get(page(session)).content.decode()
    secretary.post(page(session, "count/"))
    grades = page(session, "grades/")
    assert secretary.get(grades).status_code == 200
    first, second = (place_of(session, person) for person in branch.members[:2])
    assert secretary.post(grades, {f"grade_{first.pk}": "excellent"}).status_code == 422
    assert secretary.post(grades, {f"grade_{first.pk}": "excellent", f"say_{first.pk}": "带头攻关"}).status_code == 302
    assert secretary.post(grades, {f"grade_{second.pk}": "basic", f"say_{second.pk}": "责任心不强"}).status_code == 302
    secretary.post(page(session, "rest/"))
    as_person(branch.organizer).post(page(session, "rest/"))
    secretary.post(page(session, "tell/"))
    session.refresh_from_db()
    assert session.state == "opinion"  # a poor grade wants help first
    given = {"kind": "help", "until": "2026-12-10", "helper": branch.organizer.pk, "reasons": "结对帮带"}
    assert secretary.post(own(second, "measure/"), {**given, "until": ""}).status_code == 422
    assert secretary.post(own(second, "measure/"), given).status_code == 302
    secretary.post(page(session, "tell/"))
    session.refresh_from_db()
    assert session.state == "told"
    assert "评议结果等您知悉" in plain.get(HOME).content.decode()
    assert "带头攻关" in plain.get(own(first)).content.decode()
    plain.post(own(first, "acknowledge/"))
    other = as_person(branch.members[1])
    assert "结对帮带" in other.get(own(second)).content.decode()
    assert plain.post(own(second, "read/")).content.decode().count("结对帮带") == 0
    other.post(own(second, "object/"), {"text": "请复核"})
    shown = secretary.post(own(second, "read/")).content.decode()
    assert "请复核" in shown
    answer = {"is_upheld": "1", "grade": "qualified", "answer": "成立"}
    assert secretary.post(own(second, "answer/"), answer).status_code == 302
    assert place_of(session, branch.members[1]).grade == "qualified"


def test_members_see_no_grade_of_others(plain, branch, now):
    session = make_told(branch, now, excellent=2)
    shown = plain.get(page(session)).content.decode()
    assert shown.count("优秀") == 2  # the own one, in the own card and in the list
    assert "优秀" in plain.get(own(place_of(session, branch.members[0]))).content.decode()
    assert "优秀" not in plain.get(own(place_of(session, branch.members[1]))).content.decode()


def test_a_proposed_grade_is_not_shown_before_it_is_told(plain, branch, now):
    session = make_counted(branch, now)
    member = place_of(session, branch.members[0])
    propose_grade(member=member, grade="excellent", reasons="带头", actor=branch.secretary, at=now)
    assert "带头" not in plain.get(own(member)).content.decode()
    assert "优秀" not in plain.get(page(session)).content.decode()


def test_papers_print_for_those_who_may(secretary, clerk, plain, branch, now):
    session = make_told(branch, now)
    member = place_of(session, branch.members[0])
    for form in ("docx", "pdf"):
        for paper in ("summary", "annex", "corrections"):
            assert secretary.get(page(session, f"{paper}.{form}")).status_code == 200
        assert plain.get(own(member, f"print.{form}")).status_code == 200
        assert plain.get(page(session, f"summary.{form}")).status_code == 403
        assert plain.get(page(session, f"corrections.{form}")).status_code == 200
        assert clerk.get(own(member, f"print.{form}")).status_code == 403


def test_nothing_is_printed_that_is_not_there_yet(secretary, branch, now):
    session = make_session(branch, now)
    assert secretary.get(page(session, "summary.pdf")).status_code in (409, 422)
    assert secretary.get(page(session, "annex.pdf")).status_code in (409, 422)


def test_corrections_are_listed_carried_and_kept(secretary, plain, branch, now):
    session = make_told(branch, now)
    given = {
        "level": "branch", "problem": "下站不够", "measure": "每周下站", "assignee": branch.organizer.pk,
        "due_at": "2026-11-30T18:00",
    }  # fmt: skip
    assert secretary.post(page(session, "corrections/"), {**given, "assignee": ""}).status_code == 422
    assert secretary.post(page(session, "corrections/"), given).status_code == 302
    row = Correction.objects.get()
    secretary.post(page(session, f"corrections/{row.pk}/carry/"), {"reason": "明年再改"})
    assert "明年再改" in plain.get(page(session)).content.decode()
    secretary.post(page(session, f"corrections/{row.pk}/keep/"))
    row.refresh_from_db()
    assert row.carried_at is None
    mine = place_of(session, branch.members[0])
    plain.post(own(mine, "corrections/"), {"problem": "写得少", "measure": "每月一篇", "due_at": "2026-11-30T18:00"})
    assert Correction.objects.count() == 2


def test_the_view_from_above_and_the_leaders_are_for_the_committee(clerk, auditor, plain, branch, now):
    make_told(branch, now, excellent=2)
    for path in ("overview/", "leaders/"):
        for reader in (clerk, auditor):
            assert reader.get(f"{HOME}{path}").status_code == 200
            assert reader.get(f"{HOME}{path}export/").getvalue().startswith(b"PK")
        assert plain.get(f"{HOME}{path}").status_code == 403
    shown = clerk.get(f"{HOME}overview/?year=2026").content.decode()
    assert "南I-1联合站党支部" in shown


@pytest.mark.parametrize("act", ACTS)
def test_nothing_posted_breaks_a_session(secretary, plain, outsider, clerk, branch, now, act):
    session = make_session(branch, now)
    path = page(session, f"{act}/")
    assert outsider.post(path, NASTY).status_code == 404
    assert plain.post(path, NASTY).status_code in (302, 403, 422)
    assert secretary.post(path, NASTY).status_code in (302, 403, 422)
    assert clerk.post(f"{HOME}999999/{act}/").status_code == 404


@pytest.mark.parametrize("act", OF_MEMBER)
def test_nothing_posted_breaks_a_member(secretary, plain, outsider, branch, now, act):
    session = make_told(branch, now)
    member = place_of(session, branch.members[0])
    assert outsider.post(own(member, f"{act}/"), NASTY).status_code == 404
    for reader in (plain, secretary):
        assert reader.post(own(member, f"{act}/"), NASTY).status_code in (302, 403, 404, 422)


def test_administrators_get_nothing(administrator, branch, now):
    session = make_session(branch, now)
    assert administrator.get(page(session)).status_code in (302, 403, 404)


def test_pages_cost_the_same_whatever_their_rows(secretary, clerk, branch, now, statements):
    make_session(branch, now)
    one = statements(clerk, HOME)
    for number in range(3):
        other = make_branch(f"第{number}党支部")
        other.branch.parent = branch.committee
        make_session(other, now)
    assert statements(clerk, HOME) == one
    session = make_marking(make_branch("大支部", members=4), now)
    more = LifeSession.objects.get(pk=session.pk)
    for number in range(6):
        list_correction(
            session=more, level=ListLevel.BRANCH, problem=f"问题{number}", measure="改", assignee=more.chair,
            due_at=now + timedelta(days=9), actor=more.chair, at=now,
        )  # fmt: skip
    assert one <= 22
