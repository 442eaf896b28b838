from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from ronghe.domain.playbooks.models import PlaybookDraft
from tests.factories.appraisal import a_quarter, computed_run, log_in_as, make_field, published_run, study

pytestmark = pytest.mark.django_db
POINTS = "knob:root/items/0/points"


@pytest.fixture
def field():
    made = make_field()
    a_quarter(made)
    return made


def address(run, name="run_what_if") -> str:
    return reverse(f"web:{name}", args=[run.pk])


def test_the_page_has_a_field_for_every_number_and_says_who_moves(field):
    run, browser = computed_run(field), log_in_as(Client(), field.clerk)

    empty = browser.get(address(run)).content.decode()
    turned = browser.get(address(run), {POINTS: "15"}).content.decode()

    assert 'name="knob:root/items/0/points"' in empty
    assert "grades/bands/0/if/at_least" in empty
    assert "改任意一个数" in empty
    assert "优秀 → 达标" in turned
    assert "−15.00" in turned
    assert "起草成范本的新一版" in turned


def test_while_looking_only_the_moves_are_drawn_again(field):
    run, browser = computed_run(field), log_in_as(Client(), field.clerk)

    part = browser.get(address(run), {POINTS: "15"}, headers={"HX-Request": "true"}).content.decode()

    assert part.lstrip().startswith('<div id="moves"')
    assert "<html" not in part


@pytest.mark.parametrize(("value", "said"), [("x", "不是数"), ("0.00001", "小数超过四位")])
def test_a_number_that_cannot_be_is_refused_in_a_sentence(field, value, said):
    run, browser = computed_run(field), log_in_as(Client(), field.clerk)

    shown = browser.get(address(run), {POINTS: value})

    assert shown.status_code == 200
    assert said in shown.content.decode()


def test_the_draft_opens_in_the_editor_of_playbooks(field):
    run, browser = computed_run(field), log_in_as(Client(), field.clerk)

    answer = browser.post(address(run, "run_what_if_draft"), {POINTS: "15"})

    draft = PlaybookDraft.objects.get()
    assert answer.url == reverse("web:playbook_draft", args=[draft.pk])


def test_a_draft_without_change_is_refused_with_words(field):
    run, browser = computed_run(field), log_in_as(Client(), field.clerk)

    answer = browser.post(address(run, "run_what_if_draft"), {}, follow=True)

    assert "还没有改任何一个数" in answer.content.decode()


def test_firmness_shows_best_and_worst_places(field):
    run, browser = computed_run(field), log_in_as(Client(), field.clerk)

    shown = browser.get(address(run, "run_firmness"), {"step": "0.2"}).content.decode()

    assert "位次可能不同的" in shown
    assert "南一联合站党支部" in shown


def test_a_sheet_without_places_says_why_there_is_nothing(field):
    run, browser = computed_run(field, sheet="member_quarter"), log_in_as(Client(), field.clerk)

    assert "不排位次" in browser.get(address(run, "run_firmness")).content.decode()
    assert browser.get(address(run)).status_code == 200


@pytest.mark.parametrize("name", ["run_what_if", "run_firmness"])
def test_who_sees_only_a_part_finds_nothing_here(field, name):
    run = published_run(field)

    assert log_in_as(Client(), field.south_member).get(address(run, name)).status_code == 404
    assert log_in_as(Client(), field.auditor).get(address(run, name)).status_code == 200
    assert "试算" not in log_in_as(Client(), field.south_member).get(address(run, "run_detail")).content.decode()


def test_an_explanation_asks_as_much_for_few_facts_as_for_many(field, django_assert_max_num_queries):
    """Facts, boards, gaps and earlier scores are read once for all."""
    browser = log_in_as(Client(), field.clerk)
    counts = []
    for times in (1, 25):
        study(field.south, times=times)
        address_of = reverse("web:run_explain", args=[computed_run(field).pk, field.south.pk])
        browser.get(address_of)  # what a process reads once
        with django_assert_max_num_queries(40) as asked:
            browser.get(address_of)
        counts.append(len(asked))

    assert counts[0] == counts[1]
