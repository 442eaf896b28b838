from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from ronghe.cli.main import cli
from ronghe.domain.appraisal.models import Run
from ronghe.kernel.errors import DomainError
from tests.factories.appraisal import a_quarter, adopt, computed_run, final_run, make_field, published_run, study
from tests.factories.contractors import make_admitted, make_site
from tests.factories.judging import check_company, judged_run
from tests.factories.org import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def field():
    made = make_field()
    for name in ("clerk", "auditor", "south_member"):
        make_account(getattr(made, name), name)
    return made


def ronghe(account: str, *arguments: object):
    return CliRunner().invoke(cli, ["--as", account, "run", *(str(argument) for argument in arguments)])


def test_start_computes_the_draft_under_the_name_of_who_acts(field):
    adopt(field.south)
    wanted = ("start", "--body", field.committee.name, "--playbook", "story_book", "--sheet", "branch_quarter")

    done = ronghe("clerk", *wanted, "--period", "2024Q3", "--json")

    answer = json.loads(done.stdout)
    assert (done.exit_code, answer["state"], answer["subjects"]) == (0, "draft", 2)
    assert Run.objects.get().started_by == field.clerk


def test_start_stops_with_1_where_a_tie_is_to_be_settled(field):
    adopt(field.south)
    wanted = ("start", "--body", field.committee.pk, "--playbook", "story_book", "--sheet", "tied")

    done = ronghe("clerk", *wanted, "--period", "2024Q3")

    assert done.exit_code == 1
    assert "评委" in done.stderr


def test_list_and_show_give_what_one_may_see(field):
    a_quarter(field)
    draft, published = computed_run(field), published_run(field, sheet="member_quarter")

    listed = json.loads(ronghe("south_member", "list", "--json").stdout)
    shown = json.loads(ronghe("south_member", "show", published.pk, "--json").stdout)

    assert [run["id"] for run in listed["runs"]] == [published.pk]
    assert [result["name"] for result in shown["results"]] == ["罗一鸣"]
    assert shown["results"][0]["total"] == "4"
    assert isinstance(ronghe("south_member", "show", draft.pk).exception, DomainError)


def test_publish_finalize_and_replace_say_what_they_did_or_why_not(field):
    a_quarter(field)
    run = computed_run(field)

    published = ronghe("clerk", "publish", run.pk, "--workdays", 7)
    refused = ronghe("auditor", "withdraw", run.pk)

    run.refresh_from_db()
    assert (published.exit_code, run.state, run.notice_workdays) == (0, "public_notice", 7)
    assert refused.exception.code == "not_allowed"


def test_replace_computes_the_correction(field):
    a_quarter(field)
    run = final_run(field)

    done = ronghe("clerk", "replace", run.pk, "--reason", "漏记违章", "--json")

    assert json.loads(done.stdout)["replaces"] == run.pk


def test_explain_prints_the_tree_from_what_was_kept(field):
    study(field.south)
    run = final_run(field)

    tree = json.loads(ronghe("clerk", "explain", run.pk, field.south.pk, "--json").stdout)
    told = ronghe("clerk", "explain", run.pk, field.south.pk).stdout

    assert (tree["id"], tree["value"]) == ("total", "60")
    assert [line.strip()[:2] for line in told.splitlines() if "  20 / 60" in line] == ["学习"]


def test_export_writes_the_workbook(field, tmp_path):
    a_quarter(field)
    run = computed_run(field)

    done = ronghe("clerk", "export", run.pk, "--out", tmp_path / "out.xlsx")

    assert done.exit_code == 0
    assert load_workbook(tmp_path / "out.xlsx")["考评结果"]["B5"].value == "南一联合站党支部"


def test_figures_of_a_company_are_entered_and_computed_in():
    story = make_site()
    make_account(story.clerk, "clerk")
    company = make_admitted(story)
    check_company(story, company)
    run = judged_run(story, "contractor_two_plus_one")

    def entered(value):
        line = ["figure", "enter", "plus_part", company.name, run.period, value, "--run", run.pk]
        return CliRunner().invoke(
            cli, ["--as", "clerk", *map(str, line), "--source", "考核记录", "--vouched-by", "生产办"]
        )

    assert (entered("很好").exit_code, entered("50").exit_code) == (1, 0)
    shown = json.loads(ronghe("clerk", "show", run.pk, "--json").stdout)
    assert [result["total"] for result in shown["results"]] == ["90"]
