"""Surveys on the page: from a template to results, answered on a phone, and what small groups never show."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.items.models import WorkItem
from ronghe.domain.surveys.enums import Audience
from ronghe.domain.surveys.models import Survey, SurveyPerson, SurveyText
from ronghe.domain.surveys.services.answering import answer_survey
from ronghe.domain.surveys.services.closing import close_survey
from tests.factories.org import make_person
from tests.factories.surveys import answers, make_asked, make_draft, make_open

pytestmark = pytest.mark.django_db
HOME = "/work/surveys/"
SHEET = {"q1": "4", "q2": "1", "q3": ["1", "3"], "q4": "2.5", "q5_1": "4", "q5_2": "5", "q6": "多来现场"}
LATER = "2026-09-21T18:00"


@pytest.fixture
def asked(db, now):
    return make_asked(6, 6)


@pytest.fixture
def owner(asked, as_person):
    return as_person(asked.owner)


def page(survey, act=""):
    return f"{HOME}{survey.pk}/{act}"


def closed(story, now, **more):
    survey = make_open(story, now, **more)
    for person in story.people:
        answer_survey(survey=survey, answers=answers(4, "多来现场"), actor=person, at=now)
    return close_survey(survey=survey, actor=story.owner, at=now + timedelta(hours=1))


def test_a_template_becomes_a_survey_that_people_answer(owner, asked, as_person, now):
    form = owner.get(f"{HOME}new/?template=satisfaction").content.decode()
    assert "服务满意度" in form
    given = {"title": "服务满意度", "body": asked.body.pk, "purpose": "satisfaction", "audience": "below"}
    owner.post(f"{HOME}new/?template=satisfaction", given)
    survey = Survey.objects.get()
    assert survey.questions.count() == 4
    assert owner.post(page(survey, "open/"), {"closes_at": "2020-01-01T08:00"}).status_code == 422
    assert owner.post(page(survey, "open/"), {"closes_at": LATER}).status_code == 302
    worker = as_person(asked.people[0])
    assert "问卷等您答" in worker.get("/").content.decode()
    shown = worker.get(page(survey)).content.decode()
    assert "这份问卷匿名。" in shown
    assert "no-store" in worker.get(page(survey))["Cache-Control"]
    assert worker.post(page(survey, "answer/"), {"q1": "5"}).status_code == 422
    sheet = {"q1": "5", "q2_1": "5", "q2_2": "4", "q2_3": "3", "q2_4": "5", "q3": "1", "q4": ""}
    assert worker.post(page(survey, "answer/"), sheet).status_code == 302
    assert "您已答过。" in worker.get(page(survey)).content.decode()
    assert "问卷等您答" not in worker.get("/").content.decode()


def test_a_refused_sheet_keeps_what_was_typed_and_names_the_question(asked, as_person, now):
    survey = make_open(asked, now)
    worker = as_person(asked.people[0])
    refused = worker.post(page(survey, "answer/"), {**SHEET, "q2": "", "q4": "几小时"})
    text = refused.content.decode()

    assert refused.status_code == 422
    assert "第 2 题要答。" in text
    assert "第 4 题请填不小于 0 的数。" in text
    assert "多来现场" in text
    assert not SurveyPerson.objects.filter(has_answered=True).exists()


def test_results_are_shown_printed_exported_and_a_text_becomes_a_need(owner, asked, as_person, now):
    survey = closed(asked, now)
    text = owner.get(page(survey, "results/")).content.decode()
    assert "12 人中 12 人答题" in text
    assert "4.00" in text
    assert text.count("多来现场") == 12
    assert owner.get(page(survey, "results/export/")).getvalue().startswith(b"PK")
    for form in ("pdf", "docx"):
        assert len(owner.get(page(survey, f"results/print.{form}")).content) > 1000
    first = SurveyText.objects.order_by("pk")[0]
    assert owner.post(page(survey, f"texts/{first.pk}/need/"), {"tag": "management"}).status_code == 302
    need = WorkItem.objects.get()
    assert (need.raised_by, need.title, need.source_type, need.source_id) == (
        asked.owner, "多来现场", "surveys.survey", survey.pk,
    )  # fmt: skip
    worker = as_person(asked.people[0])
    assert worker.get(page(survey, "results/")).status_code == 403
    assert worker.post(page(survey, f"texts/{first.pk}/need/"), {"tag": "management"}).status_code == 403


def test_nobody_else_sees_runs_or_answers_it(stranger, as_person, asked, now):
    survey = make_open(asked, now)
    worker = as_person(asked.people[0])
    assert stranger.get(page(survey)).status_code == 404
    assert stranger.post(page(survey, "answer/"), SHEET).status_code == 404
    assert stranger.get(f"{HOME}new/").status_code == 403
    for act in ("close/", "extend/", "drop/", "copy/"):
        worker.post(page(survey, act), {"closes_at": LATER, "reason": "x"})
    survey.refresh_from_db()
    assert (survey.state, Survey.objects.count()) == ("open", 1)
    for act in ("edit/", "questions/", "people/"):
        assert worker.get(page(survey, act)).status_code == 404


def test_results_wait_for_the_end(owner, asked, now):
    survey = make_open(asked, now)
    answer = owner.get(page(survey, "results/"))

    assert answer.status_code == 409
    assert "截止后才看得到结果" in answer.content.decode()


def test_questions_of_a_draft_are_added_changed_moved_and_removed(owner, asked, now):
    draft = make_draft(asked, now, questions=())
    given = {"text": "怎么帮", "type": "single", "lines": "上门\n远程", "is_required": "on"}
    assert owner.post(page(draft, "questions/"), {**given, "lines": "上门"}).status_code == 422
    assert "questions" in owner.post(page(draft, "questions/"), {**given, "more": "1"})["Location"]
    owner.post(page(draft, "questions/"), {"text": "各项", "type": "matrix", "lines": "快慢\n态度"})
    assert [row.rows for row in draft.questions.order_by("number")] == [[], ["快慢", "态度"]]
    owner.post(page(draft, "questions/2/"), {"text": "分项", "type": "matrix", "lines": "快慢"})
    owner.post(page(draft, "questions/2/up/"))
    assert [row.text for row in draft.questions.order_by("number")] == ["分项", "怎么帮"]
    owner.post(page(draft, "questions/1/remove/"))
    assert [row.text for row in draft.questions.order_by("number")] == ["怎么帮"]
    assert owner.post(page(draft, "questions/9/up/")).status_code == 404
    assert owner.get(page(draft, "questions/9/")).status_code == 404
    assert owner.get(page(draft, "questions/1/")).status_code == 200


def test_a_list_is_ticked_and_kept(owner, asked, now):
    draft = make_draft(asked, now)
    Survey.objects.filter(pk=draft.pk).update(audience=Audience.LIST)
    chosen = asked.teams[0]
    assert chosen[0].name in owner.get(page(draft, f"people/?q={chosen[0].name}")).content.decode()
    owner.post(page(draft, "people/"), {"person": [person.pk for person in chosen]})
    assert draft.people.count() == 6
    owner.post(page(draft, "people/"), {"person": [chosen[0].pk, make_person().pk, "x"], "more": "1"})
    assert [row.person for row in draft.people.all()] == [chosen[0]]


def test_a_named_one_says_so_before_and_names_are_for_who_asked(owner, asked, as_person, now):
    survey = make_open(asked, now, is_named=True, shows_results=True)
    worker = as_person(asked.people[0])
    assert "这份问卷记名。" in worker.get(page(survey)).content.decode()
    for person in asked.people:
        answer_survey(survey=survey, answers=answers(4), actor=person, at=now)
    owner.post(page(survey, "close/"))
    assert "记名答卷" in owner.get(page(survey, "results/")).content.decode()
    shown = worker.get(page(survey, "results/")).content.decode()
    assert "4.00" in shown
    assert "记名答卷" not in shown


def test_it_is_extended_taken_back_and_copied(owner, asked, now):
    survey = make_open(asked, now)
    assert owner.post(page(survey, "extend/"), {"closes_at": "x"}).status_code == 422
    owner.post(page(survey, "extend/"), {"closes_at": LATER})
    owner.post(page(survey, "drop/"), {"reason": ""})
    survey.refresh_from_db()
    assert survey.state == "open"
    owner.post(page(survey, "drop/"), {"reason": "发错了"})
    assert "发错了" in owner.get(page(survey)).content.decode()
    copied = owner.post(page(survey, "copy/"))["Location"]
    assert owner.get(copied).status_code == 200
    assert Survey.objects.count() == 2


@pytest.mark.parametrize(
    ("query", "found"),
    [("", 1), ("?state=open", 1), ("?state=closed", 0), ("?purpose=satisfaction", 1), ("?purpose=review", 0),
     ("?q=满意", 1), ("?q=没有", 0), ("?mine=1", 0), ("?sort=-ends", 1), ("?body=x", 1)],
)  # fmt: skip
def test_filters_of_the_list(owner, asked, now, query, found):
    survey = make_open(asked, now)

    assert owner.get(f"{HOME}{query}").content.decode().count(f'href="{page(survey)}"') == found


def test_many_cost_as_many_statements_as_one(owner, asked, now, statements):
    survey = closed(asked, now)
    pages = (HOME, page(survey), page(survey, "results/"))
    few = [statements(owner, one) for one in pages]
    for _ in range(4):
        make_open(asked, now)

    assert [statements(owner, one) for one in pages] == few
    assert few[0] <= 10
    assert max(few) <= 16


def test_nasty_values_break_nothing(owner, asked, as_person, now):
    survey, draft = make_open(asked, now), make_draft(asked, now)
    worker = as_person(asked.people[0])
    nasty = {"q1": "\x00", "q2": "9" * 30, "q3": ["-1"], "q4": "1e999", "q5_1": "x", "q6": "\x00" * 300}
    assert worker.post(page(survey, "answer/"), nasty).status_code == 422
    assert owner.post(page(draft, "edit/"), {"title": "\x00", "audience": "x"}).status_code == 422
    assert owner.post(page(draft, "questions/"), {"text": "\x00", "type": "x"}).status_code == 422
    assert owner.post(page(draft, "open/"), {"closes_at": "9999-12-31T23:59"}).status_code == 422
    assert owner.get(f"{HOME}new/?template=x&body={'9' * 40}").status_code == 200


def test_pp_06_the_author_says_what_the_marks_count_for(owner, asked, as_person, now):
    survey = make_draft(asked, now)
    path = page(survey, "judging/")
    given = {"item": "branch_judged_by_staff:body", "judged": asked.body.name, "period": "2026Q3"}

    form = owner.get(path).content.decode()
    refused = owner.post(path, {**given, "judged": "没有的支部"})
    saved = owner.post(path, given)

    shown = owner.get(page(survey)).content.decode()
    assert "党支部季度评星 · 员工评价" in form
    assert (refused.status_code, "没有叫“没有的支部”的评价对象" in refused.content.decode()) == (422, True)
    assert (saved.status_code, "这份问卷计入考评。" in shown) == (302, True)
    assert as_person(asked.people[0]).get(path).status_code in (403, 404)
