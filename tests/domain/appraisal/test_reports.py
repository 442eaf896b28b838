from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from ronghe.domain.appraisal.calc.workbook import write_results_workbook
from ronghe.domain.appraisal.selectors.reports import report_for, sealed_in
from ronghe.kernel.errors import NotFound
from ronghe.kernel.facts.models import Seal
from tests.factories.appraisal import (
    OCTOBER,
    a_quarter,
    computed_run,
    final_run,
    make_field,
    published_run,
    veto_in_force,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def field():
    return make_field()


def book_of(actor, run):
    content = io.BytesIO()
    report, lines = report_for(actor, run, OCTOBER)
    write_results_workbook(content, report, lines)
    return load_workbook(io.BytesIO(content.getvalue()))


def test_workbook_has_title_weights_ranks_and_exact_scores(field):
    a_quarter(field)
    book = book_of(field.clerk, computed_run(field))

    page = book["考评结果"]
    rows = list(page.iter_rows(values_only=True))
    assert rows[0][0] == "党支部季度考评 2026Q3"
    assert rows[3] == (
        "位次", "对象", "所在", "类别", "总分", "等次", "学习\n满分 60", "安全\n满分 40", "一票否决", "说明",
    )  # fmt: skip
    assert rows[4][:8] == (1, "南一联合站党支部", "采油一厂党委", "党支部", 100, "优秀", 60, 40)
    assert rows[5][:8] == (2, "北二采油队党支部", "采油一厂党委", "党支部", 75, "达标", 40, 35)
    assert [page["E5"].number_format, page["G5"].number_format] == ["0.00##", "0.00##"]


def test_workbook_prints_on_a4_landscape_one_page_wide(field):
    a_quarter(field)
    page = book_of(field.clerk, computed_run(field))["考评结果"]

    assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "landscape")
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 0)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.print_title_rows == "$4:$4"


def test_workbook_names_vetoes_and_says_how_it_is_scored(field):
    a_quarter(field)
    veto_in_force(field, field.south)
    book = book_of(field.clerk, computed_run(field))

    row = [cell.value for cell in book["考评结果"][5]]
    rules = [row for row in book["计分办法"].iter_rows(values_only=True) if row[0]]
    assert row[5] == "待达标"
    assert row[8] == "生产安全责任事故"
    assert "等次最高为待达标" in [row[2] for row in rules]
    assert rules[2][:2] == ("总分", 100)


def test_workbook_stores_a_formula_as_text(field):
    field.south.name = "=1+1"
    field.south.save()
    a_quarter(field)

    cell = book_of(field.clerk, computed_run(field))["考评结果"]["B5"]

    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)


def test_workbook_of_a_final_run_carries_its_seal(field):
    a_quarter(field)
    run = final_run(field)
    sealed = {row[0]: row[1] for row in book_of(field.clerk, run)["依据与封存"].iter_rows(values_only=True)}

    seal = Seal.objects.latest("number")
    assert sealed_in(run) == seal
    assert sealed["结果摘要"] == run.results_digest
    assert sealed["封存链"] == bytes(seal.chain).hex()
    assert sealed["封存批次"] == str(seal.number)


def test_workbook_holds_only_what_one_may_see(field):
    a_quarter(field)
    run = published_run(field, sheet="member_quarter")

    names = [row[1] for row in book_of(field.south_secretary, run)["考评结果"].iter_rows(min_row=5, values_only=True)]

    assert sorted(names) == ["罗一鸣", "高远"]
    with pytest.raises(NotFound):
        report_for(field.stranger, run, OCTOBER)
