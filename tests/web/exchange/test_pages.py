"""学习交流 on the page: planning, offering, signing, reviewing, taking home; who sees what, and what bad input meets."""

from __future__ import annotations

import re

import pytest

from ronghe.domain.exchange.models import (
    LearningVisit,
    Lecture,
    LectureWish,
    PairProgramme,
    Practice,
    StudyLine,
    StudyProgramme,
)
from ronghe.domain.exchange.services.pairs import draft_pair, submit_pair
from ronghe.domain.members.models import MentorPair
from ronghe.web.sources import href_of
from tests.factories.exchange import (
    hold,
    make_given,
    make_held,
    make_lecture,
    make_line,
    make_pair,
    make_pair_running,
    make_practice,
    make_programme,
    make_running,
    make_visit,
    pair_text,
    plan_line,
)
from tests.factories.rhythm import photo

pytestmark = pytest.mark.django_db
HOME = "/rhythm/exchange/"
LISTS = ("", "lectures/", "pairs/", "visits/", "practices/", "mine/")
NASTY = {
    "topic": "\x00", "month": "x", "kind": "?", "preparer": "9" * 40, "scheduled_from": "9999-99-99T99:99", "text": "\x00",
    "usefulness": "6", "clarity": "", "ours": "1e99", "theirs": "NaN", "people": ["9" * 40], "title": "\x00",
    "practice_owner": "9" * 40, "outcome": "?", "before": "1e999", "actual": "Infinity", "digest": "x" * 90,
    "starts_on": "0001-01-01", "day": "9999-12-31", "wanted": "7", "holder": "force:" + "9" * 40, "host_name": "\x00",
}  # fmt: skip


@pytest.fixture
def sides(now):
    return make_running(now)


@pytest.fixture
def secretary(sides, as_person):
    return as_person(sides.secretary)


@pytest.fixture
def other(sides, as_person):
    return as_person(sides.other_secretary)


@pytest.fixture
def preparer(sides, as_person):
    return as_person(sides.members[0])


@pytest.fixture
def outsider(sides, as_person):
    return as_person(sides.outsider)


@pytest.fixture
def everything(sides, now):
    """One of each, in a state that shows most."""
    programme = make_programme(sides, now)
    line = make_line(programme, sides, now)
    lecture = make_lecture(sides, now)
    session = make_given(lecture, sides, now, listeners=[sides.leader, sides.secretary])
    pair = make_pair_running(sides, now).pair
    visit = make_held(sides, now)
    practice = make_practice(visit, sides, now)
    return {
        "programme": programme, "line": line, "lecture": lecture, "session": session, "pair": pair, "visit": visit,
        "practice": practice,
    }  # fmt: skip


def pages(made):
    return [
        f"{HOME}programmes/{made['programme'].pk}/", f"{HOME}topics/{made['line'].pk}/",
        f"{HOME}lectures/{made['lecture'].pk}/", f"{HOME}pairs/{made['pair'].pk}/", f"{HOME}visits/{made['visit'].pk}/",
        f"{HOME}practices/{made['practice'].pk}/",
    ]  # fmt: skip


def test_every_page_opens_for_a_leader(secretary, everything):
    for path in [*(HOME + one for one in LISTS), *pages(everything), f"{HOME}new/", f"{HOME}lectures/new/",
                 f"{HOME}pairs/new/", f"{HOME}visits/new/", f"{HOME}pairs/{everything['pair'].pk}/review/",
                 f"{HOME}lectures/{everything['lecture'].pk}/edit/"]:  # fmt: skip
        assert secretary.get(path).status_code == 200, path


def test_a_stranger_finds_nothing(outsider, everything):
    for path in pages(everything):
        assert outsider.get(path).status_code == 404, path
    for path in LISTS:
        shown = outsider.get(HOME + path)
        assert shown.status_code == 200
        assert "网关" not in shown.content.decode()
        assert "机封" not in shown.content.decode()
    for path in ("new/", "pairs/new/", "visits/new/"):
        assert outsider.get(HOME + path).status_code == 403


def test_empty_lists_say_what_to_do(outsider):
    assert "还没有联合学习计划" in outsider.get(HOME).content.decode()
    assert "我能讲一课" in outsider.get(f"{HOME}lectures/").content.decode()


def test_from_a_plan_to_a_study_with_its_question(secretary, preparer, sides, now):
    shown = secretary.get(f"{HOME}new/").content.decode()
    assert f"force:{sides.force.pk}" in shown
    given = {"holder": f"force:{sides.force.pk}", "title": "", "starts_on": "2026-09-01", "ends_on": "2026-12-31",
             "place": "攻关室", "mode": "both", "chat": "攻关群"}  # fmt: skip
    assert secretary.post(f"{HOME}new/", {**given, "ends_on": "2026-08-01"}).status_code == 422
    answer = secretary.post(f"{HOME}new/", given)
    programme = StudyProgramme.objects.get()
    path = f"{HOME}programmes/{programme.pk}/"
    assert (answer["Location"], programme.title) == (path, "数字化攻关临时党小组联合学习计划")
    assert "老站仪表协议不统一" in secretary.get(path).content.decode()
    assert secretary.post(f"{path}points/{sides.points[0].pk}/").status_code == 302
    line = StudyLine.objects.get()
    topic = f"{HOME}topics/{line.pk}/"
    assert preparer.post(f"{topic}questions/", {"text": "协议怎么转？"}).status_code == 302
    question = line.questions.get()
    assert secretary.post(f"{topic}questions/{question.pk}/", {"answer": "加转换模块"}).status_code == 302
    assert preparer.post(f"{topic}materials/", {"file": _uploaded()}).status_code == 302
    material = line.materials.get()
    assert preparer.get(f"{topic}materials/{material.pk}/").getvalue()
    span = {"scheduled_from": "2026-09-20T09:00", "scheduled_until": "2026-09-20T10:00", "place": "攻关室"}
    assert secretary.post(f"{topic}plan/", span).status_code == 302
    line.refresh_from_db()
    assert line.activity is not None
    assert "看这场学习" in secretary.get(topic).content.decode()


def test_a_topic_is_added_dropped_and_taken_back(secretary, preparer, sides, now):
    programme = make_programme(sides, now)
    path = f"{HOME}programmes/{programme.pk}/"
    given = {"topic": "边缘网关", "kind": "new_technology", "month": "2026-09-01", "preparer": "", "mode": "both"}
    assert preparer.post(f"{path}lines/", given).status_code == 403
    assert secretary.post(f"{path}lines/", {**given, "topic": ""}).status_code == 422
    assert secretary.post(f"{path}lines/", given).status_code == 302
    line = StudyLine.objects.get()
    for state in ("dropped", "listed"):
        secretary.post(f"{HOME}topics/{line.pk}/drop/")
        line.refresh_from_db()
        assert line.state == state
    secretary.post(f"{path}end/")
    assert "已结束" in secretary.get(path).content.decode()


def test_next_steps_are_shown_once_it_was_studied(secretary, sides, now):
    programme = make_programme(sides, now)
    line = make_line(programme, sides, now)
    hold(plan_line(line, sides, now), sides.secretary, now, people=sides.members, next_step="试装一台")
    assert "试装一台" in secretary.get(f"{HOME}programmes/{programme.pk}/").content.decode()
    assert "试装一台" in secretary.get(f"{HOME}topics/{line.pk}/").content.decode()


def test_a_lecture_from_the_offer_to_the_rating(preparer, secretary, sides, as_person, now):
    given = {"title": "机封怎么换", "kind": "business", "minutes": "45", "audience": "新员工", "outline": ""}
    assert preparer.post(f"{HOME}lectures/new/", {**given, "minutes": "4"}).status_code == 422
    assert preparer.post(f"{HOME}lectures/new/", given).status_code == 302
    lecture = Lecture.objects.get()
    path = f"{HOME}lectures/{lecture.pk}/"
    assert secretary.post(f"{path}want/", {"wanted": "1", "from": "wall"})["Location"] == f"{HOME}lectures/"
    assert LectureWish.objects.count() == 1
    secretary.post(f"{path}want/", {"wanted": "0"})
    assert LectureWish.objects.count() == 0
    span = {"scheduled_from": "2026-09-20T09:00", "scheduled_until": "2026-09-20T10:00", "place": "会议室",
            "body": sides.branch.pk}  # fmt: skip
    assert secretary.post(f"{path}plan/", span).status_code == 302
    session = make_given(lecture, sides, now, listeners=[sides.leader])
    listener = as_person(sides.leader)
    assert "请评一评" in listener.get(path).content.decode()
    rate = f"{path}sessions/{session.pk}/rate/"
    assert secretary.post(rate, {"usefulness": "5", "clarity": "4"}).status_code == 403
    assert listener.post(rate, {"usefulness": "5", "clarity": "4", "word": "有用"}).status_code == 302
    shown = preparer.get(path).content.decode()
    assert "满 3 人才公布" in shown
    preparer.post(f"{path}withdraw/")
    assert "机封怎么换" not in secretary.get(f"{HOME}lectures/").content.decode()
    assert preparer.post(f"{path}edit/", {**given, "title": "机封这样换"}).status_code == 302


def test_what_met_the_duty_leads_to_the_pair(secretary, outsider, sides, now):
    programme = make_pair_running(sides, now)
    leads_to = href_of("exchange.pairprogramme", programme.pk)
    assert secretary.get(leads_to)["Location"] == f"{HOME}pairs/{programme.pair_id}/"
    assert outsider.get(leads_to).status_code == 404


def test_a_pair_from_pairing_to_the_end(secretary, sides, as_person, now):
    mentor, apprentice = as_person(sides.leader), as_person(sides.members[0])
    given = {"apprentice": sides.members[0].pk, "mentor": sides.leader.pk, "kind": "apprenticeship", "topic": "仪表",
             "since": "2026-09-01", "planned_until": "2027-08-31"}  # fmt: skip
    pair_page = secretary.post(f"{HOME}pairs/new/", given)["Location"]
    pair = MentorPair.objects.get()
    assert pair_page == f"{HOME}pairs/{pair.pk}/programme/"
    assert re.search(r"<option[^>]* selected[^>]*>熊忠涵", mentor.get(pair_page).content.decode())
    text = {"starts_on": "2026-09-01", "until_on": "2027-08-31", "review_months": "3", "witness": sides.secretary.pk,
            "text": "多练", "what_1": "调校", "baseline_1": "0", "target_1": "12", "unit_1": "台", "better_1": "up",
            "what_2": "会看图", "better_2": "up"}  # fmt: skip
    assert mentor.post(pair_page, {**text, "what_2": ""}).status_code == 422
    assert mentor.post(pair_page, text).status_code == 302
    path = f"{HOME}pairs/{pair.pk}/"
    assert mentor.post(f"{path}submit/").status_code == 302
    digest = PairProgramme.objects.get().texts.get().digest
    for browser in (mentor, apprentice, secretary):
        assert "签字" in browser.get(path).content.decode()
        assert browser.post(f"{path}sign/", {"digest": digest}).status_code == 302
    programme = PairProgramme.objects.get()
    assert programme.state == "running"
    note = {"kind": "word", "day": "2026-09-14", "text": "接线图还不熟"}
    assert apprentice.post(f"{path}notes/", note).status_code == 302
    assert "接线图还不熟" in secretary.get(f"{path}review/").content.decode()
    review = {"held_on": "2026-09-14", "figure_1": "12", "met_2": "on", "mentor_word": "肯学", "apprentice_word": "会了",
              "next_step": "", "outcome": "passed"}  # fmt: skip
    assert mentor.post(f"{path}review/", review).status_code == 422  # not among the mentor's choices
    assert secretary.post(f"{path}review/", review).status_code == 302
    programme.refresh_from_db()
    assert programme.state == "passed"
    for paper in ("agreement.docx", "agreement.pdf", "reviews.pdf"):
        assert apprentice.get(path + paper).status_code == 200


def test_an_agreement_goes_back_to_be_changed(secretary, sides, as_person, now):
    pair = make_pair(sides, now)
    programme = draft_pair(pair=pair, given=pair_text(sides, now), actor=sides.leader, at=now)
    path = f"{HOME}pairs/{pair.pk}/"
    assert secretary.get(f"{path}agreement.pdf").status_code == 302
    submit_pair(programme=programme, actor=sides.leader, at=now)
    assert as_person(sides.members[0]).post(f"{path}rework/").status_code == 302
    assert "改计划" in secretary.get(path).content.decode()


def test_a_visit_from_the_plan_to_what_is_used(secretary, other, preparer, sides, now):
    given = {"body": sides.branch.pk, "direction": "benchmark", "host_name": "信息站党支部", "purpose": "学网关运维",
             "day": "2026-09-14", "place": "信息站", "to_see": "机柜间"}  # fmt: skip
    assert secretary.post(f"{HOME}visits/new/", {**given, "purpose": ""}).status_code == 422
    assert secretary.post(f"{HOME}visits/new/", given).status_code == 302
    visit = LearningVisit.objects.get()
    path = f"{HOME}visits/{visit.pk}/"
    assert visit.host_body == sides.other
    people = {"people": [sides.members[0].pk], "more": "没有这个人", "seen": "双人巡检"}
    assert secretary.post(f"{path}hold/", people).status_code == 422
    assert secretary.post(f"{path}hold/", {**people, "more": "陈立"}).status_code == 302
    assert visit.people.count() == 2
    line = {"indicator": "完好率", "unit": "%", "better": "up", "ours": "92.5", "theirs": "96", "target": "95",
            "due_on": "2026-12-01", "measure": "双人巡检", "owner": sides.members[0].pk}  # fmt: skip
    assert secretary.post(f"{path}benchmarks/", {**line, "owner": ""}).status_code == 422
    assert secretary.post(f"{path}benchmarks/", line).status_code == 302
    assert "落后 3.5" in preparer.get(path).content.decode()
    assert preparer.post(f"{path}benchmarks/{visit.benchmarks.get().pk}/", {"actual": "95"}).status_code == 302
    taken = {"title": "网关双人巡检", "text": "", "practice_owner": sides.members[0].pk}
    assert secretary.post(f"{path}practices/", taken).status_code == 302
    assert other.post(f"{path}answer/", {"thanks": "欢迎再来"}).status_code == 302
    assert "欢迎再来" in secretary.get(path).content.decode()
    practice = Practice.objects.get()
    home = f"{HOME}practices/{practice.pk}/"
    assert preparer.post(f"{home}settle/", {"outcome": "not_adopted"}).status_code == 422
    settled = {"outcome": "adopted", "figure": "误报", "before": "5", "after": "2", "unit": "次"}
    assert preparer.post(f"{home}settle/", settled).status_code == 302
    assert "误报 5 → 2 次" in secretary.get(home).content.decode()
    assert other.get(home).status_code == 404
    preparer.post(f"{home}offer/")
    assert other.get(home).status_code == 200
    preparer.post(f"{home}reopen/")
    assert other.get(home).status_code == 404
    for form in ("docx", "pdf"):
        assert secretary.get(f"{path}print.{form}").status_code == 200


def test_a_visit_becomes_an_activity_or_is_called_off(secretary, sides, now):
    visit = make_visit(sides, now)
    span = {"scheduled_from": "2026-09-20T09:00", "scheduled_until": "2026-09-20T12:00"}
    path = f"{HOME}visits/{visit.pk}/"
    assert secretary.get(f"{path}print.pdf").status_code == 302
    assert secretary.post(f"{path}plan/", span).status_code == 302
    assert "看这场活动" in secretary.get(path).content.decode()
    free = make_visit(sides, now)
    secretary.post(f"{HOME}visits/{free.pk}/off/")
    free.refresh_from_db()
    assert free.state == "called_off"


def test_what_waits_is_on_the_day_page(preparer, sides, now):
    make_line(make_programme(sides, now), sides, now).questions.create(text="问", asked_by=sides.leader, asked_at=now)
    pair = make_pair(sides, now)
    programme = draft_pair(pair=pair, given=pair_text(sides, now), actor=sides.leader, at=now)
    submit_pair(programme=programme, actor=sides.leader, at=now)
    shown = preparer.get("/").content.decode()
    assert "学习提问等您答复" in shown
    assert "师徒协议等您签字" in shown


def test_lists_are_exported(secretary, everything):
    for path in ("export/", "lectures/export/", "pairs/export/", "visits/export/", "practices/export/"):
        assert secretary.get(HOME + path).getvalue().startswith(b"PK")
    for form in ("docx", "pdf"):
        assert secretary.get(f"{HOME}programmes/{everything['programme'].pk}/print.{form}").status_code == 200


def test_search_and_filters(secretary, everything):
    assert "联合学习计划" in secretary.get(f"{HOME}?q=边缘网关").content.decode()
    assert "机封" not in secretary.get(f"{HOME}lectures/?q=没有").content.decode()
    for query in ("?state=overdue", "?state=without", "?kind=apprenticeship", "?state=?&kind=?", "?q=%00"):
        assert secretary.fragment(f"{HOME}pairs/{query}").status_code == 200
    for query in ("?state=due", "?offered=1", "?state=%00", "?q=%00"):
        assert secretary.fragment(f"{HOME}practices/{query}").status_code == 200
    for query in ("?direction=benchmark", "?state=held", "?q=网关"):
        assert "学边缘网关运维" in secretary.fragment(f"{HOME}visits/{query}").content.decode()
    assert secretary.get(f"{HOME}mine/?year=99999").status_code == 200


def acts(made):
    programme, line, lecture, pair = (made[name].pk for name in ("programme", "line", "lecture", "pair"))
    visit, practice = made["visit"].pk, made["practice"].pk
    return [
        f"programmes/{programme}/lines/", f"topics/{line}/plan/", f"topics/{line}/questions/", f"topics/{line}/materials/",
        f"lectures/{lecture}/plan/", f"lectures/{lecture}/sessions/{made['session'].pk}/rate/", f"lectures/{lecture}/edit/",
        f"pairs/{pair}/sign/", f"pairs/{pair}/notes/", f"pairs/{pair}/review/", f"pairs/{pair}/submit/",
        f"pairs/{pair}/rework/", f"visits/{visit}/hold/", f"visits/{visit}/plan/", f"visits/{visit}/seen/",
        f"visits/{visit}/answer/", f"visits/{visit}/benchmarks/", f"visits/{visit}/practices/",
        f"practices/{practice}/settle/", f"practices/{practice}/offer/", f"practices/{practice}/reopen/",
    ]  # fmt: skip


def test_nothing_posted_breaks_anything(secretary, outsider, everything):
    for act in acts(everything):
        assert secretary.post(HOME + act, NASTY).status_code in (302, 403, 422), act
        assert outsider.post(HOME + act, NASTY).status_code == 404, act
    for act in ("new/", "lectures/new/", "pairs/new/", "visits/new/"):
        assert secretary.post(HOME + act, NASTY).status_code in (403, 422), act


def test_administrators_get_nothing(administrator, everything):
    for path in pages(everything):
        assert administrator.get(path).status_code in (302, 403, 404)


def test_lists_of_many_cost_as_many_statements_as_lists_of_one(secretary, sides, now, everything, statements):
    before = {path: statements(secretary, HOME + path) for path in LISTS}
    for number in range(4):
        make_line(make_programme(sides, now), sides, now)
        make_lecture(sides, now, title=f"第{number}课")
        make_practice(make_held(sides, now), sides, now)
    make_pair(sides, now, apprentice=sides.members[2])
    after = {path: statements(secretary, HOME + path) for path in LISTS}
    assert after == before
    assert max(before[path] for path in LISTS if path != "mine/") <= 8
    assert before["mine/"] <= 14  # ten lists of one's own


def _uploaded():
    from django.core.files.uploadedfile import SimpleUploadedFile

    made = photo()
    return SimpleUploadedFile("材料.jpg", made.content.read(), content_type="image/jpeg")
