from __future__ import annotations

import io
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from openpyxl import load_workbook

from ronghe.domain.appraisal.models import Run
from ronghe.domain.appraisal.services.runs import publish_run
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
from tests.factories.contractors import make_admitted, make_site
from tests.factories.judging import check_company, judged_run
from tests.factories.org import make_body

SHANGHAI = ZoneInfo("Asia/Shanghai")

pytestmark = pytest.mark.django_db


@pytest.fixture
def field():
    return make_field()


def client_of(person) -> Client:
    return log_in_as(Client(), person)


def start(client: Client, field, **changes):
    wanted = {"body": field.committee.pk, "playbook": "story_book", "sheet": "branch_quarter", "period": "2024Q3"}
    return client.post("/api/v1/appraisal/runs", {**wanted, **changes}, content_type="application/json")


def test_start_answers_with_the_computed_draft(field):
    adopt(field.south)

    answer = start(client_of(field.clerk), field)

    assert answer.status_code == 201
    shown = answer.json()
    assert (shown["state"], shown["stage"], shown["subject_count"]) == ("draft", "done", 2)
    assert (shown["playbook"], shown["period"], shown["body"]["name"]) == ("story_book@1", "2024Q3", "采油一厂党委")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"playbook": "no_such_book"}, 422, "playbook_unknown"),
        ({"sheet": "no_such_sheet"}, 422, "sheet_unknown"),
        ({"period": "2024-08"}, 422, "period_not_of_sheet"),
        ({"period": "9998Q4"}, 409, "period_still_open"),
        ({"period": 3}, 422, "misshapen"),
    ],
)
def test_start_refuses_with_a_stable_code(field, changes, status, code):
    adopt(field.south)

    answer = start(client_of(field.clerk), field, **changes)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert Run.objects.count() == 0


def test_start_for_a_body_out_of_sight_is_404_and_for_one_in_sight_without_right_403(field):
    adopt(field.south)

    assert start(client_of(field.clerk), field, body=make_body("采油三厂党委").pk).status_code == 404
    assert start(client_of(field.auditor), field).status_code == 403


def test_results_are_exact_texts_best_first(field):
    a_quarter(field)
    run = computed_run(field)

    answer = client_of(field.clerk).get(f"/api/v1/appraisal/runs/{run.pk}/results").json()

    assert answer == {
        "items": [
            {
                "subject": str(field.south.pk), "name": "南一联合站党支部", "body": field.committee.pk,
                "category": "branch", "total": "100", "rank": 1, "grade": "good", "vetoes": [], "notes": [],
            },
            {
                "subject": str(field.north.pk), "name": "北二采油队党支部", "body": field.committee.pk,
                "category": "branch", "total": "75", "rank": 2, "grade": "fair", "vetoes": [], "notes": [],
            },
        ],
        "count": 2,
        "page": 1,
        "pages": 1,
    }  # fmt: skip


def test_result_has_its_items(field):
    a_quarter(field)
    run = computed_run(field)

    answer = client_of(field.clerk).get(f"/api/v1/appraisal/runs/{run.pk}/results/{field.north.pk}").json()

    assert answer["items"] == [
        {"id": "study", "score": "40", "applicable": True}, {"id": "safety", "score": "35", "applicable": True},
    ]  # fmt: skip


def test_explanation_is_the_sheet_s_tree_down_to_the_facts(field):
    facts = study(field.south, times=2)
    run = computed_run(field)

    tree = client_of(field.clerk).get(f"/api/v1/appraisal/runs/{run.pk}/results/{field.south.pk}/explanation").json()

    assert (tree["id"], tree["kind"], tree["value"], tree["full"]) == ("total", "sum", "80", "100")
    leaf = tree["children"][0]
    assert {"id", "kind", "value", "full", "applicable", "facts"} <= set(leaf)
    assert (leaf["id"], leaf["value"], leaf["facts"]) == ("study", "40", [fact.pk for fact in facts])


def test_publish_and_finalize_go_through_the_same_refusals_as_the_page(field):
    a_quarter(field)
    run = computed_run(field)
    client = client_of(field.clerk)

    published = client.post(f"/api/v1/appraisal/runs/{run.pk}/publish", {"workdays": 5}, "application/json")
    early = client.post(f"/api/v1/appraisal/runs/{run.pk}/publish", {"workdays": 5}, "application/json")

    assert (published.status_code, published.json()["state"]) == (200, "public_notice")
    assert (early.status_code, early.json()["code"]) == (409, "step_not_allowed")


def test_finalize_while_the_notice_lasts_names_the_day(field):
    a_quarter(field)
    run = computed_run(field)
    publish_run(run=run, actor=field.clerk, at=datetime(9000, 1, 2, 9, 0, tzinfo=SHANGHAI))

    answer = client_of(field.clerk).post(f"/api/v1/appraisal/runs/{run.pk}/finalize")

    assert (answer.status_code, answer.json()["code"]) == (409, "notice_not_over")
    assert answer.json()["detail"].endswith("起才能定稿。")


def test_replace_answers_with_the_correcting_run(field):
    a_quarter(field)
    run = final_run(field)

    answer = client_of(field.clerk).post(
        f"/api/v1/appraisal/runs/{run.pk}/replace", {"reason": "漏记违章"}, "application/json"
    )

    assert (answer.status_code, answer.json()["replaces"], answer.json()["state"]) == (201, run.pk, "draft")


def test_export_is_the_workbook_of_what_one_may_see(field):
    a_quarter(field)
    run = published_run(field, sheet="member_quarter")

    answer = client_of(field.south_member).get(f"/api/v1/appraisal/runs/{run.pk}/export")

    rows = list(load_workbook(io.BytesIO(answer.content))["考评结果"].iter_rows(min_row=5, values_only=True))
    assert [row[1] for row in rows] == ["罗一鸣"]


@pytest.mark.parametrize("path", ["", "/results", "/results/1", "/results/1/explanation", "/export"])
def test_a_run_out_of_sight_is_not_there(field, path):
    run = computed_run(field)

    assert client_of(field.south_member).get(f"/api/v1/appraisal/runs/{run.pk}{path}").status_code == 404
    assert Client().get(f"/api/v1/appraisal/runs/{run.pk}{path}").status_code == 401


@pytest.mark.parametrize("count", [1, 3])
def test_lists_take_at_most_five_statements_for_one_row_and_for_three(field, count, django_assert_max_num_queries):
    for _number in range(count):
        run = published_run(field)
    client = client_of(field.south_secretary)
    client.get("/api/v1/appraisal/runs")

    with django_assert_max_num_queries(5):
        listed = client.get("/api/v1/appraisal/runs").json()
    assert len(listed["items"]) == count
    with django_assert_max_num_queries(8):  # session, account and person stand before every answer
        assert client.get(f"/api/v1/appraisal/runs/{run.pk}/results").json()["count"] == 2


def test_figures_of_companies_are_taken_and_the_run_computed_again():
    story = make_site()
    company = make_admitted(story)
    check_company(story, company)
    run = judged_run(story, "contractor_two_plus_one")
    client, path = client_of(story.clerk), "/api/v1/appraisal"
    line = {
        "item": "plus_part", "whose": f"contractor#{company.pk}", "period": run.period, "value": "50",
        "source": "考核记录", "vouched_by": "生产办",
    }  # fmt: skip

    def post(**said):
        wanted = {"lines": [line | said], "run": run.pk}
        return client.post(f"{path}/figures", wanted, content_type="application/json")

    unknown, done = post(item="x"), post()

    assert (unknown.status_code, unknown.json()["code"], done.status_code) == (422, "figures_refused", 201)
    [figure] = client.get(f"{path}/figures").json()["items"]
    assert (figure["whose"], figure["level"], figure["subject"]) == (company.name, "contractor", company.pk)
    [result] = client.get(f"{path}/runs/{run.pk}/results").json()["items"]
    assert result["total"] == "90"
