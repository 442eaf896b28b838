from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from ronghe.domain.exchange.documents import PairNotLaidDown, pair_document, review_document
from ronghe.domain.exchange.enums import NoteKind, PairOutcome, PairState
from ronghe.domain.exchange.models import PairText
from ronghe.domain.exchange.selectors.pairs import (
    OVERDUE,
    WITHOUT,
    counts_of,
    list_pairs,
    pair_view,
    pairs_to_review,
    pairs_to_sign,
)
from ronghe.domain.exchange.services import pairs as services
from ronghe.domain.exchange.services.pair_reviews import (
    ExtensionOff,
    JudgesOwnPair,
    ReviewDayOff,
    ReviewText,
    WordsMissing,
    review_pair,
)
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.exchange import make_force_story, make_pair, make_pair_running, pair_text
from tests.factories.org import make_person

pytestmark = pytest.mark.django_db
MONTHS = timedelta(days=91)


@pytest.fixture
def story(morning):
    return make_force_story(at=morning)


@pytest.fixture
def pair(story, morning):
    return make_pair(story, morning)


@pytest.fixture
def programme(story, morning, pair):
    return make_pair_running(story, morning, pair)


def review(programme, story, at, *, actor=None, **changes):
    given = {"held_on": at.date(), "mentor_word": "肯学", "apprentice_word": "会了八台", **changes}
    return review_pair(programme=programme, given=ReviewText(**given), actor=actor or story.secretary, at=at)


def draft(pair, story, at, **changes):
    return services.draft_pair(pair=pair, given=pair_text(story, at, **changes), actor=pair.mentor, at=at)


def test_the_apprentices_branch_keeps_the_pair(pair, story, morning):
    programme = draft(pair, story, morning)
    assert (programme.body, programme.state, programme.goals.count()) == (story.branch, PairState.DRAFT, 2)


def test_a_draft_is_changed_as_a_whole(pair, story, morning):
    goals = pair_text(story, morning).goals
    draft(pair, story, morning)
    programme = draft(pair, story, morning, goals=[*goals, replace(goals[1], what="会写检修方案")])
    assert [goal.number for goal in programme.goals.order_by("number")] == [1, 2, 3]


@pytest.mark.parametrize(("count", "fits"), [(1, False), (2, True), (6, True), (7, False)])
def test_two_to_six_goals(pair, story, morning, count, fits):
    goal = pair_text(story, morning).goals[1]
    if fits:
        assert draft(pair, story, morning, goals=[goal] * count).goals.count() == count
    else:
        with pytest.raises(services.GoalsOff):
            draft(pair, story, morning, goals=[goal] * count)


def test_a_goal_lies_in_the_span_and_a_figure_has_a_unit(pair, story, morning):
    text = pair_text(story, morning)
    first, second = text.goals
    for bad in (
        replace(first, due_on=text.until_on + timedelta(days=1)),
        replace(first, due_on=text.starts_on - timedelta(days=1)),
        replace(first, unit=" "),
        replace(first, what=""),
    ):
        with pytest.raises(services.GoalsOff):
            draft(pair, story, morning, goals=[bad, second])


def test_a_witness_leads_and_is_neither_of_the_two(pair, story, morning):
    for person in (pair.mentor, story.members[2], story.other_secretary):
        with pytest.raises(services.WitnessUnfit):
            draft(pair, story, morning, witness=person)
    draft(pair, story, morning, witness=story.clerk)


def test_span_and_rhythm(pair, story, morning):
    for changes in ({"until_on": date(2026, 9, 13)}, {"review_months": 0}, {"review_months": 25}):
        with pytest.raises(services.PairSpanOff):
            draft(pair, story, morning, **changes)


def test_strangers_and_the_apprentice_draft_nothing(pair, story, morning):
    for person in (pair.apprentice, story.members[2], story.outsider):
        with pytest.raises(NotAllowed):
            services.draft_pair(pair=pair, given=pair_text(story, morning), actor=person, at=morning)


def test_three_sign_the_digest_and_it_comes_into_force(pair, story, morning):
    programme = draft(pair, story, morning)
    text = services.submit_pair(programme=programme, actor=pair.mentor, at=morning)
    three = (pair.mentor, pair.apprentice, story.secretary)
    assert [pairs_to_sign(person, morning).count() for person in three] == [1, 1, 1]
    for person in three:
        services.sign_pair(programme=programme, digest=text.digest, actor=person, at=morning)
        services.sign_pair(programme=programme, digest=text.digest, actor=person, at=morning)
        assert not pairs_to_sign(person, morning).exists()
    assert (programme.state, programme.review_on) == (PairState.RUNNING, date(2026, 12, 14))
    assert Fact.objects.filter(kind="exchange.pair_signed").count() == 3
    assert len(pair_view(programme).signatures) == 3
    assert pair_document(pair_view(programme), printed_on=morning.date()).title == "师徒协议"


def test_a_stale_or_altered_text_is_not_signed(pair, story, morning):
    programme = draft(pair, story, morning)
    old = services.submit_pair(programme=programme, actor=pair.mentor, at=morning)
    services.sign_pair(programme=programme, digest=old.digest, actor=pair.apprentice, at=morning)
    programme.refresh_from_db()
    services.rework_pair(programme=programme, actor=pair.apprentice, at=morning)
    programme = draft(pair, story, morning, text="改了一句。")
    new = services.submit_pair(programme=programme, actor=pair.mentor, at=morning)
    assert new.number == 2
    assert pairs_to_sign(pair.apprentice, morning).exists()
    with pytest.raises(services.PairTextStale):
        services.sign_pair(programme=programme, digest=old.digest, actor=pair.apprentice, at=morning)
    with pytest.raises(DatabaseError), transaction.atomic():
        PairText.objects.filter(pk=new.pk).update(content="{}")


def test_nobody_else_signs(pair, story, morning):
    programme = draft(pair, story, morning)
    text = services.submit_pair(programme=programme, actor=pair.mentor, at=morning)
    for person in (story.members[2], story.clerk):
        with pytest.raises(NotAllowed):
            services.sign_pair(programme=programme, digest=text.digest, actor=person, at=morning)
    with pytest.raises(StepNotAllowed):
        draft(pair, story, morning)


def test_a_review_is_told_of_the_body_that_keeps_the_pair(programme, story, morning):
    later = morning + MONTHS
    made = review(programme, story, later, figures={1: Decimal(8)}, met={2: True})
    fact = Fact.objects.get(kind="exchange.pair_reviewed")
    assert (fact.body, fact.values["goals"], fact.values["met"], fact.values["outcome"]) == (
        story.branch.pk, 2, 1, "goes_on"
    )  # fmt: skip
    assert (made.number, programme.review_on) == (1, date(2027, 3, 14))
    view = pair_view(programme)
    assert (view.goals[0].percent, view.goals[1].last.is_met) == (66, True)
    assert "第1次评估" in str(review_document(view, printed_on=later.date()).blocks)


def test_a_measured_goal_is_met_on_its_target(programme, story, morning):
    for number, (value, is_met) in enumerate((("11.9999", False), ("12", True)), start=1):
        review(programme, story, morning + MONTHS * number, figures={1: Decimal(value)})
        assert pair_view(programme).goals[0].last.is_met is is_met


def test_words_and_days_are_asked_for(programme, story, morning):
    with pytest.raises(WordsMissing):
        review(programme, story, morning, apprentice_word=" ")
    for day in (morning.date() + timedelta(days=1), morning.date() - timedelta(days=1)):
        with pytest.raises(ReviewDayOff):
            review(programme, story, morning, held_on=day)


def test_the_mentor_reviews_but_does_not_conclude(programme, pair, story, morning):
    review(programme, story, morning, actor=pair.mentor)
    with pytest.raises(JudgesOwnPair):
        review(programme, story, morning, actor=pair.mentor, outcome=PairOutcome.PASSED)
    with pytest.raises(NotAllowed):
        review(programme, story, morning, actor=pair.apprentice)


def test_out_of_apprenticeship_parts_the_pair(programme, pair, story, morning):
    later = morning + MONTHS
    review(programme, story, later, outcome=PairOutcome.PASSED)
    pair.refresh_from_db()
    assert (programme.state, programme.review_on, pair.valid_until) == (PairState.PASSED, None, later.date())
    with pytest.raises(StepNotAllowed):
        review(programme, story, later)
    assert Fact.objects.filter(kind="members.mentor_parted").count() == 2


def test_extended_it_goes_on_to_a_later_day(programme, story, morning):
    until = programme.until_on
    for day in (None, until):
        with pytest.raises(ExtensionOff):
            review(programme, story, morning, outcome=PairOutcome.EXTENDED, until_on=day)
    review(programme, story, morning, outcome=PairOutcome.EXTENDED, until_on=until + timedelta(days=1))
    assert (programme.until_on, programme.state) == (until + timedelta(days=1), PairState.RUNNING)


def test_a_review_waits_on_its_day_and_is_overdue_after_it(programme, pair, story, morning):
    day_before = morning.replace(month=12, day=13)
    assert not pairs_to_review(pair.mentor, day_before).exists()
    for person in (pair.mentor, story.secretary):
        assert pairs_to_review(person, day_before + timedelta(days=1)).get() == pair
    assert not pairs_to_review(pair.apprentice, day_before + timedelta(days=9)).exists()
    assert not list_pairs(story.secretary, day_before + timedelta(days=1), state=OVERDUE).rows
    assert list_pairs(story.secretary, day_before + timedelta(days=2), state=OVERDUE).rows == [pair]


def test_pairs_without_a_programme_are_found(pair, story, morning):
    assert list_pairs(story.secretary, morning, state=WITHOUT).rows == [pair]
    assert counts_of(story.secretary, morning)["without"] == 1
    draft(pair, story, morning)
    assert counts_of(story.secretary, morning)["without"] == 0


def test_the_two_the_witness_and_leaders_see_a_pair(programme, pair, story, morning):
    for person in (pair.mentor, pair.apprentice, story.secretary, story.clerk):
        assert list_pairs(person, morning).rows == [pair]
    for person in (story.members[2], story.other_secretary, story.outsider, make_person()):
        assert not list_pairs(person, morning).rows


def test_notes_stay_and_own_words_go_into_the_review(programme, pair, story, morning):
    def note(kind, text, actor):
        return services.note_pair(
            programme=programme, kind=kind, text=text, day=morning.date(), actor=actor, at=morning
        )

    note(NoteKind.WORK, "一起换了三台变送器", pair.mentor)
    note(NoteKind.WORD, "接线图还不熟", pair.apprentice)
    assert pair_view(programme).words_since(pair.apprentice_id) == "接线图还不熟"
    with pytest.raises(NotAllowed):
        note(NoteKind.WORK, "路过", story.members[2])
    with pytest.raises(services.NoteOff):
        note(NoteKind.WORK, " ", pair.mentor)
    review(programme, story, morning + MONTHS)
    assert pair_view(programme).words_since(pair.apprentice_id) == ""


def test_a_draft_prints_nothing(pair, story, morning):
    programme = draft(pair, story, morning)
    with pytest.raises(PairNotLaidDown):
        pair_document(pair_view(programme), printed_on=morning.date())
