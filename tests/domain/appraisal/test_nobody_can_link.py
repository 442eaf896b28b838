"""A secret panel: copies of the whole database before, between and after the sheets do not tell who marked how (0012)."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ronghe.domain.appraisal.models import Panel, PanelMark
from ronghe.domain.appraisal.selectors.panels import reviewer_of, reviewers_seen, subjects_of
from ronghe.domain.appraisal.services.panels import (
    NobodyMarked,
    PanelTwice,
    count_panel,
    declare_conflict,
    give_marks,
    void_panel,
)
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.domain.appraisal.test_panels import field, opened
from tests.factories.appraisal import OCTOBER, adopt, make_field
from tests.factories.attackers import copies_while
from tests.factories.org import make_person

__all__ = ["field"]

PEOPLE = 6
one_sheet = st.tuples(*[st.tuples(st.integers(0, 10), st.integers(0, 10))] * 2)
sheets = st.lists(one_sheet, min_size=PEOPLE, max_size=PEOPLE)

pytestmark = pytest.mark.django_db


def secret_panel() -> Panel:
    field = make_field()
    adopt(field.north)
    field.judges = [make_person(f"评委{number}", home=field.north) for number in range(1, PEOPLE + 1)]
    return opened(field, is_secret=True, scale=10, least=5)


def hand_in(panel, person, sheet):
    marks = dict(enumerate(sheet, start=1))
    give_marks(reviewer=reviewer_of(panel, person), marks=marks, actor=person, at=OCTOBER)


@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(written=sheets, data=st.data())
def test_copies_between_the_sheets_and_after_the_count_are_the_same_whoever_gave_which(written, data):
    with transaction.atomic():
        panel = secret_panel()
        people = [row.person for row in panel.reviewers.select_related("person").order_by("pk")]
        turn, swapped = data.draw(st.permutations(people)), data.draw(st.permutations(written))

        def end():
            count_panel(panel=Panel.objects.get(pk=panel.pk), actor=panel.made_by, at=OCTOBER)

        first, second = (
            copies_while(lambda who, sheet: hand_in(panel, who, sheet), dict(zip(people, given_by, strict=True)), turn, end)
            for given_by in (written, swapped)
        )  # fmt: skip
        transaction.set_rollback(True)

    assert first == second


@settings(max_examples=6, suppress_health_check=list(HealthCheck))
@given(written=sheets, otherwise=sheets)
def test_before_the_count_the_database_is_the_same_whatever_was_marked(written, otherwise):
    with transaction.atomic():
        panel = secret_panel()
        people = [row.person for row in panel.reviewers.select_related("person").order_by("pk")]
        first, second = (
            copies_while(lambda who, sheet: hand_in(panel, who, sheet), dict(zip(people, given_by, strict=True)),
                         people, lambda: None)
            for given_by in (written, otherwise)
        )  # fmt: skip
        transaction.set_rollback(True)

    assert first == second


def test_a_sheet_leaves_no_mark_and_no_fact_behind(field):
    panel = opened(field, is_secret=True, scale=10)
    before = Fact.objects.count()
    for person in field.judges:
        hand_in(panel, person, [(9, 8), (7, 6)])
    assert (PanelMark.objects.count(), Fact.objects.count()) == (0, before)
    count_panel(panel=panel, actor=field.clerk, at=OCTOBER)
    lines = reviewers_seen(panel, field.clerk, OCTOBER)
    assert len(lines) == len(field.judges)
    assert [line.marks for line in lines] == [{}] * len(field.judges)


def test_four_sheets_cannot_be_counted_so_no_result_of_four_is_there_to_subtract_from_one_of_five(field):
    panel = opened(field, is_secret=True, scale=10, least=1)
    for person in field.judges[:4]:
        hand_in(panel, person, [(9, 8), (7, 6)])
    with pytest.raises(NobodyMarked), transaction.atomic():
        count_panel(panel=panel, actor=field.clerk, at=OCTOBER)
    assert {one.score for one in subjects_of(panel)} == {None}
    assert not Fact.objects.filter(kind="appraisal.panel_mark").exists()


def test_a_counted_secret_panel_takes_no_further_sheet_and_is_not_counted_again(field):
    field.judges.append(make_person("后来的评委", home=field.north))
    panel = opened(field, is_secret=True, scale=10)
    for person in field.judges[:5]:
        hand_in(panel, person, [(9, 8), (7, 6)])
    count_panel(panel=panel, actor=field.clerk, at=OCTOBER)
    with pytest.raises(StepNotAllowed):
        hand_in(Panel.objects.get(pk=panel.pk), field.judges[5], [(0, 0), (0, 0)])
    with pytest.raises(StepNotAllowed):
        count_panel(panel=Panel.objects.get(pk=panel.pk), actor=field.clerk, at=OCTOBER)


def test_overlapping_panels_of_one_item_and_period_do_not_both_have_a_result(field):
    """The same reviewers and one more: the difference of the two results would be that one's marks."""
    extra = make_person("多出的评委", home=field.north)
    first = opened(field, is_secret=True, scale=10)
    second = opened(field, is_secret=True, scale=10, reviewers=[*field.judges, extra])
    for panel, people in ((first, field.judges), (second, [*field.judges, extra])):
        for person in people:
            hand_in(panel, person, [(9, 8), (7, 6)])
    count_panel(panel=first, actor=field.clerk, at=OCTOBER)
    with pytest.raises(PanelTwice), transaction.atomic():
        count_panel(panel=second, actor=field.clerk, at=OCTOBER)
    assert {one.score for one in Panel.objects.get(pk=second.pk).subjects.all()} == {None}


def test_a_voided_secret_panel_shows_no_result_beside_the_one_that_follows(field):
    panel = opened(field, is_secret=True, scale=10)
    for person in field.judges:
        hand_in(panel, person, [(9, 8), (7, 6)])
    count_panel(panel=panel, actor=field.clerk, at=OCTOBER)
    void_panel(panel=panel, reason="评议人名单错了", actor=field.clerk, at=OCTOBER)
    assert {(one.score, one.raw) for one in subjects_of(panel)} == {(None, None)}


def test_no_conflict_of_a_secret_panel_tells_whose_sheet_has_a_gap(field):
    panel = opened(field, is_secret=True, scale=10)
    person = field.judges[0]
    with pytest.raises(StepNotAllowed):
        declare_conflict(
            reviewer=reviewer_of(panel, person), subject=subjects_of(panel)[0], reason="亲属", actor=person, at=OCTOBER
        )
