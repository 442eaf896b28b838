"""The quarter's result: a page, down to the facts, and out as a workbook."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.browser.conftest import DESK
from tests.factories.appraisal import OCTOBER, a_quarter, make_field, published_run


@pytest.fixture
def field(emptying_here, transactional_db, clock):
    field = make_field()
    a_quarter(field)
    clock.at = datetime.fromisoformat(OCTOBER.isoformat()) + timedelta(hours=1)
    return field


def test_a_score_opens_down_to_its_facts_and_leaves_as_a_workbook(field, people, tmp_path):
    run = published_run(field)
    page = people.comes_in(field.clerk, size=DESK)

    page.goto("/appraisal/runs/")
    page.locator(f"main a[href='/appraisal/runs/{run.pk}/']").first.click()
    page.get_by_role("link", name="南一联合站党支部").first.click()
    page.wait_for_url("**/results/*/")
    tree = page.locator("[data-explain]").first
    assert tree.get_by_text("学习").first.is_visible()
    page.locator("[data-explain-all]").first.click()
    facts = tree.locator("table tbody tr")
    expect(facts).to_have_count(3)
    assert "9月14日" in facts.first.inner_text()

    page.goto(f"/appraisal/runs/{run.pk}/")
    with page.expect_download() as got:
        page.get_by_role("link", name="导出").click()
    kept = tmp_path / "result.xlsx"
    got.value.save_as(kept)
    rows = list(load_workbook(BytesIO(kept.read_bytes()), read_only=True).worksheets[0].values)
    assert any("南一联合站党支部" in map(str, row) for row in rows)
