"""固底板、补短板: what is done about a board stands beside it, 定措施 hands on what it showed, and the next run says what became of it."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from ronghe.domain.inspections.models import InspectionFinding
from ronghe.domain.items.models import WorkItem
from tests.factories.appraisal import computed_run, fault, log_in_as, make_field, published_run, study
from tests.factories.org import make_body
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def field():
    """Four branches: 南一 breaks rules twice, 北二 learns least."""
    made = make_field()
    study(made.south, times=2)
    fault(made.south, times=2)
    study(made.north)
    for name in ("东三联合站党支部", "西四联合站党支部"):
        study(make_body(name, parent=made.committee), times=3)
    return made


def offers(browser, run) -> dict[str, dict[str, str]]:
    """Return what each 定措施 of the page hands on, by body."""
    shown = browser.get(reverse("web:run_boards", args=[run.pk])).context["lines"]
    given = {line["name"]: parse_qs(urlsplit(line["raise_href"]).query) for line in shown}
    return {name: {key: values[0] for key, values in asked.items()} for name, asked in given.items()}


def test_a_measure_is_raised_from_the_board_with_what_it_showed(field):
    run, clerk = computed_run(field), log_in_as(Client(), field.clerk)

    given = offers(clerk, run)["南一联合站党支部"]
    assert (given["body"], given["board"], given["run"], given["period"]) == (
        str(field.south.pk), "safety", str(run.pk), run.period,
    )  # fmt: skip
    assert Decimal(given["figure"].replace("−", "-")) == Decimal(-10)
    assert clerk.get(reverse("web:finding_new"), given).status_code == 200
    assert clerk.post(reverse("web:finding_new"), given).status_code == 302

    item, own = WorkItem.objects.get(), InspectionFinding.objects.get()
    assert (item.body, own.board, own.run, own.figure_then) == (field.south, "safety", run.pk, Decimal(-10))
    shown = clerk.get(reverse("web:run_boards", args=[run.pk])).content.decode()
    assert (item.title in shown, reverse("web:item_detail", args=[item.pk]) in shown) == (True, True)
    explained = clerk.get(reverse("web:run_explain", args=[run.pk, field.south.pk])).content.decode()
    assert item.title in explained


def test_what_became_of_the_board_is_said_by_a_later_run_only(field):
    run, clerk = computed_run(field), log_in_as(Client(), field.clerk)
    given = offers(clerk, run)["南一联合站党支部"]
    clerk.post(reverse("web:finding_new"), given)
    page = reverse("web:run_boards", args=[run.pk])
    assert "定措施时差" not in text_of(clerk.get(page).content.decode())

    InspectionFinding.objects.update(run=run.pk + 1000, period="2026Q2", figure_then=Decimal("-12.5"))
    [effect] = [one["effect"] for line in clerk.get(page).context["lines"] for one in line["measures"]]
    assert effect == "2026年二季度 定措施时差 -12.50，这一期差 -10.00。"
    assert effect in text_of(clerk.get(page).content.decode())


def test_only_who_may_find_there_is_offered_a_measure(field):
    run = published_run(field)
    own = log_in_as(Client(), field.south_secretary).get(reverse("web:run_explain", args=[run.pk, field.south.pk]))
    assert own.status_code == 200
    assert "findings/new" in own.content.decode()
    member = log_in_as(Client(), field.south_member).get(reverse("web:run_explain", args=[run.pk, field.south.pk]))
    assert "findings/new" not in member.content.decode()


def test_a_measure_on_a_board_costs_no_more_for_many_than_for_one(field, statements):
    run, clerk = computed_run(field), log_in_as(Client(), field.clerk)
    given, page = offers(clerk, run)["南一联合站党支部"], reverse("web:run_boards", args=[run.pk])
    clerk.post(reverse("web:finding_new"), given)
    one = statements(clerk, page)
    for number in range(4):
        clerk.post(reverse("web:finding_new"), given | {"title": f"补短板{number}"})
    assert statements(clerk, page) == one
