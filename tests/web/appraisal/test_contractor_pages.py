"""The appraisal of companies on its pages: figures typed for all at once, the note of the sheet, and the way from a company's page."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from ronghe.domain.appraisal.services.runs import publish_run
from ronghe.kernel.facts.models import Fact
from tests.factories.contractors import make_admitted, make_site
from tests.factories.judging import OCTOBER, check_company, judged_run
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(now):
    return make_site()


def read(browser, name, *args) -> str:
    return text_of(browser.get(reverse(f"web:{name}", args=args)).content.decode())


def test_figures_are_typed_for_all_companies_on_one_page_and_the_run_is_computed_again(story, as_person, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: OCTOBER)
    company = make_admitted(story)
    check_company(story, company)
    run = judged_run(story, "contractor_two_plus_one")
    clerk = as_person(story.clerk)
    path = reverse("web:figure_run", args=[run.pk])
    assert "定义没有公开" in read(clerk, "run_detail", run.pk)
    assert "蜀南油建公司" in read(clerk, "figure_run", run.pk)

    said = {"source": "考核记录", "vouched_by": "生产办"}
    wrong = clerk.post(path, {**said, f"value-{company.pk}": "很好"})
    unsaid = clerk.post(path, {f"value-{company.pk}": "50"})
    done = clerk.post(path, {**said, f"value-{company.pk}": "50"})

    assert (wrong.status_code, unsaid.status_code, done.status_code) == (422, 422, 302)
    assert "蜀南油建公司 数值“很好”不是数" in text_of(wrong.content.decode())
    assert "已有，来自考核记录" in read(clerk, "figure_run", run.pk)
    assert "蜀南油建公司" in read(clerk, "figures")
    assert Fact.objects.get(kind="figure.value").quantity == 500_000
    assert clerk.get(reverse("web:run_detail", args=[run.pk])).context["lines"][0]["row"].score == Decimal(900_000)
    assert "单位自定" in read(clerk, "run_explain", run.pk, company.pk)


def test_no_figures_are_asked_for_by_a_sheet_without_or_of_who_may_only_look(story, as_person):
    make_admitted(story)
    plain, asking = judged_run(story, "contractor_performance"), judged_run(story, "contractor_two_plus_one")
    clerk = as_person(story.clerk)

    assert clerk.get(reverse("web:figure_run", args=[plain.pk])).status_code == 302
    publish_run(run=asking, actor=story.clerk, at=OCTOBER)
    assert clerk.post(reverse("web:figure_run", args=[asking.pk]), {"item": "plus_part"}).status_code == 302
    assert not Fact.objects.filter(kind="figure.value").exists()


def test_the_page_of_a_company_shows_its_last_score_and_leads_to_where_it_comes_from(story, as_person):
    company = make_admitted(story)
    check_company(story, company)
    run = judged_run(story, "contractor_performance")
    officer = as_person(story.officer)
    explained = reverse("web:run_explain", args=[run.pk, company.pk])
    page = reverse("web:contractor_detail", args=[company.pk])
    assert explained not in officer.get(page).content.decode()

    publish_run(run=run, actor=story.clerk, at=OCTOBER)
    answer = officer.get(page).content.decode()

    assert explained in answer
    assert "100.00" in answer
    assert "检查得分" in text_of(officer.get(explained).content.decode())
