from __future__ import annotations

import io

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from ronghe.domain.appraisal.models import Result, Run
from ronghe.web.appraisal.presenting import period_title, stars_of
from tests.factories.appraisal import (
    a_quarter,
    adopt,
    computed_run,
    final_run,
    log_in_as,
    make_field,
    published_run,
    study,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def field():
    return make_field()


def browser_of(person) -> Client:
    return log_in_as(Client(), person)


def page(run: Run, name: str = "run_detail", *more) -> str:
    return reverse(f"web:{name}", args=[run.pk, *more])


@pytest.mark.parametrize(
    ("period", "title"),
    [
        ("2026Q3", "2026年三季度"), ("2026H1", "2026年上半年"), ("2026H2", "2026年下半年"), ("2026-03", "2026年3月"),
        ("2026", "2026年"), ("2024Q1..2025Q4", "2024Q1..2025Q4"),
    ],
)  # fmt: skip
def test_period_title_is_what_people_say(period, title):
    assert period_title(period) == title


def test_stars_are_drawn_only_for_grades_that_are_stars_rt_04():
    assert [stars_of(grade) for grade in ("five_star", "no_star", "model", None)] == [5, 0, None, None]


# Lists and details


@pytest.mark.parametrize("count", [1, 3])
def test_run_list_asks_as_much_for_one_row_as_for_three(field, count, django_assert_max_num_queries):
    for _number in range(count):
        published_run(field)
    browser = browser_of(field.south_secretary)
    browser.get(reverse("web:runs"))

    with django_assert_max_num_queries(8):
        answer = browser.get(reverse("web:runs"))

    assert answer.content.decode().count("<tr data-row>") == count


def test_run_list_fragment_is_the_same_as_in_the_page(field):
    published_run(field)
    browser = browser_of(field.clerk)

    whole = browser.get(reverse("web:runs"))
    fragment = browser.get(reverse("web:runs"), headers={"HX-Request": "true"})

    assert fragment.content.decode().strip() in whole.content.decode()
    assert "HX-Request" in whole["Vary"]


def test_run_page_shows_results_bands_and_the_next_act(field):
    a_quarter(field)
    run = computed_run(field)

    text = browser_of(field.clerk).get(page(run)).content.decode()

    assert text.index("南一联合站党支部") < text.index("北二采油队党支部")
    assert "100.00" in text
    assert 'data-dialog="publish"' in text
    assert 'data-dialog="finalize"' not in text
    assert run.results_digest in text


def test_run_page_offers_no_act_to_who_may_only_look(field):
    a_quarter(field)
    run = published_run(field)

    text = browser_of(field.south_member).get(page(run)).content.decode()

    assert "南一联合站党支部" in text
    assert not any(f'data-dialog="{act}"' in text for act in ("publish", "finalize", "withdraw", "replace"))


def test_run_page_of_members_shows_each_their_own(field):
    a_quarter(field)
    run = published_run(field, sheet="member_quarter")

    text = browser_of(field.south_member).get(page(run)).content.decode()

    assert "罗一鸣" in text
    assert "折静" not in text
    assert "党员积分不排位次" in text


@pytest.mark.parametrize("name", ["run_detail", "run_export"])
def test_a_draft_is_not_there_for_those_below(field, name):
    a_quarter(field)
    run = computed_run(field)

    assert browser_of(field.south_member).get(page(run, name)).status_code == 404


# Acts


def test_start_page_offers_own_bodies_and_closed_periods_and_leads_to_the_draft(field):
    adopt(field.south)
    study(field.south)
    browser = browser_of(field.clerk)
    form = browser.get(reverse("web:run_start")).context["form"]
    period = form.fields["period"].choices[0][0]

    answer = browser.post(
        reverse("web:run_start"),
        {"body": field.committee.pk, "sheet": "story_book:branch_quarter", "period": period},
    )

    run = Run.objects.get()
    assert {body.pk for body in form.fields["body"].queryset} == {field.committee.pk, field.south.pk, field.north.pk}
    assert answer.url == page(run)
    assert (run.state, run.period) == ("draft", period)


def test_start_page_says_in_the_form_what_was_refused(field):
    adopt(field.south)
    browser = browser_of(field.clerk)
    period = browser.get(reverse("web:run_start")).context["form"].fields["period"].choices[4][0]

    answer = browser.post(
        reverse("web:run_start"),
        {"body": field.committee.pk, "sheet": "story_book:branch_quarter", "period": period},
    )

    assert answer.status_code == 422
    assert "不能按" in answer.content.decode()


def test_publish_and_withdraw_by_the_page(field):
    a_quarter(field)
    run = computed_run(field)
    browser = browser_of(field.clerk)

    browser.post(page(run, "run_publish"), {"workdays": 5})
    run.refresh_from_db()
    published = run.state
    browser.post(page(run, "run_withdraw"))

    run.refresh_from_db()
    assert (published, run.state) == ("public_notice", "withdrawn")


def test_finalize_by_the_page_is_offered_once_the_notice_is_over(field):
    a_quarter(field)
    run = published_run(field)
    Run.objects.filter(pk=run.pk).update(notice_from="2026-01-05", notice_last_on="2026-01-09")
    browser = browser_of(field.clerk)
    offered = 'data-dialog="finalize"' in browser.get(page(run)).content.decode()

    browser.post(page(run, "run_finalize"))

    run.refresh_from_db()
    assert (offered, run.state, Result.objects.count()) == (True, "final", 2)


def test_a_refused_act_says_why_and_changes_nothing(field):
    a_quarter(field)
    run = published_run(field)
    Run.objects.filter(pk=run.pk).update(notice_from="9000-01-02", notice_last_on="9000-01-08")

    answer = browser_of(field.clerk).post(page(run, "run_finalize"), follow=True)

    run.refresh_from_db()
    assert "9000-01-09 起才能定稿" in answer.content.decode()
    assert run.state == "public_notice"


def test_replace_by_the_page_asks_for_a_reason_and_leads_to_the_correction(field):
    a_quarter(field)
    run = final_run(field)
    browser = browser_of(field.clerk)

    refused = browser.post(page(run, "run_replace"), {"reason": ""}, follow=True)
    answer = browser.post(page(run, "run_replace"), {"reason": "漏记违章"})

    correction = Run.objects.get(replaces=run)
    assert "要写明理由" in refused.content.decode()
    assert answer.url == page(correction)
    assert "漏记违章" in browser.get(answer.url).content.decode()


def test_a_tie_is_settled_on_the_page(field):
    study(field.south)
    study(field.north)
    run = computed_run(field, sheet="tied")
    browser = browser_of(field.clerk)

    unsettled = browser.post(page(run, "run_settle"), {f"place-{field.south.pk}": 1, f"place-{field.north.pk}": 1})
    run.refresh_from_db()
    assert (unsettled.status_code, run.state) == (302, "stopped")
    browser.post(page(run, "run_settle"), {f"place-{field.south.pk}": 2, f"place-{field.north.pk}": 1})

    run.refresh_from_db()
    assert run.state == "draft"
    assert browser.get(page(run)).context["lines"][0]["row"].subject in {field.south.pk, field.north.pk}


def test_acts_are_refused_as_get(field):
    run = computed_run(field)
    browser = browser_of(field.clerk)

    for name in ("run_publish", "run_finalize", "run_withdraw", "run_recompute", "run_settle", "run_replace"):
        assert browser.get(page(run, name)).status_code == 405


# The explanation


def test_explain_page_goes_down_to_the_facts_and_names_the_gap(field):
    a_quarter(field)
    run = computed_run(field)

    text = browser_of(field.clerk).get(page(run, "run_explain", field.north.pk)).content.decode()

    assert "75.00" in text
    assert "9月14日" in text
    assert "离优秀差 15.00 分" in text
    assert "story.study" not in text


def test_explain_page_lists_the_duties_that_were_missed(field):
    adopt(field.south)
    study(field.south)
    run = computed_run(field, sheet="duties")

    text = browser_of(field.clerk).get(page(run, "run_explain", field.south.pk)).content.decode()

    assert "月度学习" in text
    assert "漏办" in text


def test_explain_page_of_somebody_else_is_404(field):
    a_quarter(field)
    run = published_run(field, sheet="member_quarter")
    browser = browser_of(field.south_member)

    assert browser.get(page(run, "run_explain", field.north_member.token)).status_code == 404
    assert browser.get(page(run, "run_explain", field.south_member.token)).status_code == 200


def test_the_facts_of_one_node_come_when_it_is_opened(field):
    a_quarter(field)
    run = computed_run(field)

    text = browser_of(field.clerk).get(page(run, "run_facts", field.south.pk, "study")).content.decode()

    assert text.count("学习") == 3
    assert browser_of(field.clerk).get(page(run, "run_facts", field.south.pk, "nothing")).status_code == 404


def test_export_by_the_page_is_named_in_chinese(field):
    a_quarter(field)
    run = computed_run(field)

    answer = browser_of(field.clerk).get(page(run, "run_export"))

    content = b"".join(answer.streaming_content)
    assert load_workbook(io.BytesIO(content)).sheetnames == ["考评结果", "计分办法", "依据与封存"]
    assert "%E5%85%9A%E6%94%AF%E9%83%A8" in answer["Content-Disposition"]
