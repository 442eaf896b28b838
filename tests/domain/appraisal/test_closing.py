from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from ronghe.domain.appraisal.selectors.closing import closings_of
from ronghe.domain.appraisal.selectors.explaining import explained_for
from ronghe.scoring.closing import closing_words
from ronghe.scoring.explain import explain
from tests.factories.appraisal import OCTOBER, a_quarter, adopt, computed_run, log_in_as, make_field, study
from tests.scoring.story import fact, playbook_of, run, subjects_table, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def field():
    return make_field()


def test_each_indicator_that_is_not_full_says_what_is_missing_and_what_closes_it(field):
    a_quarter(field)
    run_ = computed_run(field)

    found = closings_of(explained_for(field.clerk, run_, field.north.pk, OCTOBER))

    assert [(one.id, one.missing, one.kinds) for one in found] == [
        ("study", 200_000, ("story.study",)), ("safety", 50_000, ("story.fault",)),
    ]  # fmt: skip
    assert found[0].how.startswith("还差 1 次，每次 20 分")
    assert found[1].how.startswith("已扣的补不回来；少一次，少扣 5 分")


def test_the_page_lists_them_and_leads_to_the_duties(field):
    adopt(field.south)
    study(field.south)
    run_ = computed_run(field, sheet="duties")

    shown = log_in_as(Client(), field.clerk).get(reverse("web:run_explain", args=[run_.pk, field.south.pk]))

    page = shown.content.decode()
    assert "怎么补上" in page
    assert "按期办一件是一件" in page
    assert f'href="{reverse("web:obligations")}"' in page


@pytest.mark.parametrize(
    ("node", "said"),
    [
        ({"kind": "steps", "of": {"facts": "a"}, "table": [{"from": 1, "points": 2}, {"from": 4, "points": 5}]},
         "达到 4 得 5 分，现在 2"),
        ({"kind": "ratio", "of": {"facts": "a"}, "target": 4, "full": 8}, "达到 4 即满分，现在 2"),
        ({"kind": "each", "of": {"facts": "a", "per": "month", "at_most": 1}, "points": 2, "cap": 6}, "要分开办"),
        ({"kind": "deduct", "of": {"facts": "a"}, "below": 5, "every": 1, "points": 1, "full": 5}, "不低于 5 就不扣"),
        ({"kind": "each", "of": {"facts": "a"}, "points": 5, "cap": 10}, ""),
        ({"kind": "all_of", "full": 3, "items": [
            {"id": "i", "title": text("项"), "kind": "ratio", "of": {"facts": "b"}, "target": 1, "full": 1}]}, ""),
    ],
)  # fmt: skip
def test_what_closes_a_gap_follows_from_the_rule(node, said):
    playbook = playbook_of({"id": "n", **node}, level="branch")
    result = run(playbook, [fact("a", body="b"), fact("a", body="b")], subjects=subjects_table("branch", "b"))

    words = closing_words(result.sheet.root, explain(result, "b"))

    assert said in words
    assert bool(words) == bool(said)
