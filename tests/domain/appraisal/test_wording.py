"""Formulas are read in titles, never in the ids that a clerk gave."""

from __future__ import annotations

import pytest

from ronghe.domain.appraisal.selectors.explaining import explained_for
from ronghe.domain.appraisal.selectors.wording import words_of
from tests.factories.appraisal import OCTOBER, computed_run, make_field

pytestmark = pytest.mark.django_db


def test_what_is_brought_in_is_called_as_the_item_that_takes_it():
    field = make_field()
    run = computed_run(field, sheet="brought_in")
    explanation = explained_for(field.clerk, run, field.south.pk, OCTOBER)
    words = words_of(explanation, run)

    said = [words(explanation.node(name)["formula"]) for name in ("output", "visit")]

    assert "产量完成率" in said[0]
    assert "现场督导" in said[1]
    assert "story_" not in "".join(said)
