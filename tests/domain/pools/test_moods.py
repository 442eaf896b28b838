"""思想共管: sealed words about nobody by name, with who follows up (SD-16)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.org.enums import PostRole
from ronghe.domain.pools.enums import FollowUpWay, MoodLevel, MoodTopic
from ronghe.domain.pools.rules import READ_MOOD, SEE_MOOD
from ronghe.domain.pools.selectors.moods import follow_ups_of, moods_seen_by, trend_of
from ronghe.domain.pools.selectors.pools import parts_noting
from ronghe.domain.pools.services.moods import (
    FollowUp,
    FollowUpPast,
    MoodAhead,
    MoodEmpty,
    MoodNamesSomebody,
    MoodNeedsFollowUp,
    finish_follow_up,
    note_mood,
    read_mood,
)
from ronghe.kernel.access.models import Look
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from tests.factories.org import make_person, make_post
from tests.factories.pools import NOW, make_pool

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture(params=["zone", "agreement"])
def story(request):
    return make_pool(request.param)


def noted(story, text="住宿拥挤，夜里休息不好", **changes):
    given = {
        "part": story.builder, "level": MoodLevel.UNEASY, "topics": [MoodTopic.LIVING], "people": 12,
        "actor": story.noter, "at": NOW,
    }  # fmt: skip
    return note_mood(text=text, **(given | changes))


def test_sd_16_words_are_sealed_and_each_look_is_recorded(story):
    note = noted(story)
    assert "住宿" not in note.sealed
    assert read_mood(note=note, actor=story.noter, at=NOW) == "住宿拥挤，夜里休息不好"
    assert Look.objects.filter(by=story.noter.token, compartment="mood").count() == 1


def test_sd_16_it_is_a_fact_of_the_zones_branch_or_of_the_sides_with_the_level_alone(story):
    noted(story)
    fact = Fact.objects.get(kind="pools.mood_noted")
    body = story.pool.zone.body if story.pool.zone else story.builder.branch
    assert (fact.body, fact.attributes.replace(" ", "")) == (body.pk, '{"level":"uneasy"}')


def test_nobody_is_named(story):
    with pytest.raises(MoodNamesSomebody, match="施工员"):
        noted(story, text="施工员最近情绪不好")
    with pytest.raises(MoodNamesSomebody):
        noted(story, text=f"{story.neighbour.name}说住宿紧")


def test_attention_wants_who_follows_up(story):
    with pytest.raises(MoodNeedsFollowUp):
        noted(story, level=MoodLevel.ATTENTION)
    late = FollowUp(FollowUpWay.TALK, story.neighbour, TODAY - timedelta(days=1))
    with pytest.raises(FollowUpPast):
        noted(story, level=MoodLevel.ATTENTION, follow_ups=[late])
    note = noted(story, level=MoodLevel.ATTENTION, follow_ups=[FollowUp(FollowUpWay.TALK, story.neighbour, TODAY)])
    owed = follow_ups_of(story.neighbour).get()
    with pytest.raises(NotAllowed):
        finish_follow_up(follow_up=owed, actor=story.borrower, at=NOW)
    finish_follow_up(follow_up=owed, actor=story.neighbour, at=NOW)
    with pytest.raises(Stale):
        finish_follow_up(follow_up=owed, actor=story.neighbour, at=NOW)
    assert not READ_MOOD.allows(story.neighbour, note, at=NOW)


def test_what_says_nothing_is_refused(story):
    for changes, refusal in (
        ({"text": " "}, MoodEmpty),
        ({"topics": []}, MoodEmpty),
        ({"day": TODAY + timedelta(days=1)}, MoodAhead),
    ):
        with pytest.raises(refusal):
            noted(story, **changes)


def test_the_sides_secretary_reads_and_who_sits_above_sees_the_level_alone(story):
    note = noted(story)
    secretary = make_person(home=story.builder.branch)
    make_post(secretary, PostRole.SECRETARY, body=story.builder.branch)
    assert READ_MOOD.allows(secretary, note, at=NOW)
    assert SEE_MOOD.allows(story.above, note, at=NOW)
    assert not READ_MOOD.allows(story.above, note, at=NOW)
    assert not SEE_MOOD.allows(story.borrower, note, at=NOW)
    assert trend_of(story.pool, story.noter, NOW) == {story.builder.side.name: ["uneasy"]}
    assert trend_of(story.pool, story.borrower, NOW) == {}


def test_in_an_agreement_the_other_side_sees_the_level_and_not_the_words():
    story = make_pool("agreement")
    note = noted(story)
    assert list(moods_seen_by(story.keeper, NOW)) == [note]
    with pytest.raises(NotAllowed):
        read_mood(note=note, actor=story.keeper, at=NOW)


def test_nobody_writes_about_another_sides_people_in_an_agreement():
    story = make_pool("agreement")
    with pytest.raises(NotAllowed):
        noted(story, actor=story.keeper)
    assert [part.key for part in parts_noting(story.keeper, NOW)] == [story.host.key]
