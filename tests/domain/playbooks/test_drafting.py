"""Drafts of a unit's own playbook: saving, going back, and the version that never changes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from ronghe.domain.playbooks.enums import DraftState, RevisionWay
from ronghe.domain.playbooks.models import Adoption, PlaybookDraft, PlaybookVersion
from ronghe.domain.playbooks.selectors.books import find_shelved, shelf, source_of
from ronghe.domain.playbooks.selectors.drafts import title_in
from ronghe.domain.playbooks.services import AdoptionOutOfReach, adopt_playbook
from ronghe.domain.playbooks.services.batches import carry_on, start_batch
from ronghe.domain.playbooks.services.drafting import (
    LONGEST_TEXT,
    ONE_SITTING,
    DraftClosed,
    DraftHasProblems,
    DraftMoved,
    PlaybookIdTaken,
    TextTooLong,
    VersionNotNext,
    begin_draft,
    discard_draft,
    go_back_to,
    put_forward,
    save_draft,
    take_back_draft,
)
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.domain.playbooks.making import FRAME, THEME_DAY, adopt, playbook
from tests.factories.rollouts import NOW, make_story

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def text(playbook_id="own_book", version=1):
    return FRAME.format(id=playbook_id, version=version) + THEME_DAY


@pytest.fixture
def story():
    return make_story()


def begin(story, **changes):
    given = {"body": story.first, "text": text(), "actor": story.secretaries[0], "at": NOW}
    return begin_draft(**(given | changes))


def save(draft, story, words, revision, *, at=NOW, way=RevisionWay.SAVED, actor=None):
    return save_draft(
        draft=draft, text=words, revision=revision, actor=actor or story.secretaries[0], at=at, way=way
    )  # fmt: skip


def test_draft_is_for_those_who_write_for_the_body(story):
    with pytest.raises(NotAllowed):
        begin(story, actor=story.secretaries[1])
    assert begin(story, actor=story.clerk).title == "测试范本"


def test_title_is_read_from_the_text_however_it_is_written():
    assert title_in("title: {zh: 甲, en: A}") == "甲"
    assert title_in('title:\n  zh: "乙 做法"\n  en: B') == "乙 做法"
    assert title_in("no title: [") == ""


def test_same_text_again_saves_nothing(story):
    draft = begin(story)
    assert save(draft, story, text(), 1).revision == 1
    assert draft.revisions.count() == 1


def test_line_ends_of_the_browser_become_those_of_the_file(story):
    draft = save(begin(story), story, "a\r\nb\x00\rc", 1)
    assert draft.text == "a\nb\nc"


@pytest.mark.parametrize(("after", "kept"), [(ONE_SITTING - MINUTE, 2), (ONE_SITTING, 3)])
def test_autosaves_of_one_sitting_are_one_text(story, after, kept):
    draft = begin(story)
    draft = save(draft, story, "a", 1, way=RevisionWay.AUTOSAVED)
    save(draft, story, "b", 2, at=NOW + after, way=RevisionWay.AUTOSAVED)
    assert draft.revisions.count() == kept


def test_autosave_of_somebody_else_is_a_text_of_its_own(story):
    draft = save(begin(story), story, "a", 1, way=RevisionWay.AUTOSAVED)
    save(draft, story, "b", 2, way=RevisionWay.AUTOSAVED, actor=story.clerk)
    assert draft.revisions.count() == 3


def test_text_may_be_so_long_and_no_longer(story):
    draft = save(begin(story), story, "x" * LONGEST_TEXT, 1)
    with pytest.raises(TextTooLong):
        save(draft, story, "x" * (LONGEST_TEXT + 1), 2)


def test_late_save_is_kept_beside_and_can_be_gone_back_to(story):
    draft = begin(story)
    save(draft, story, "theirs", 1, actor=story.clerk)

    with pytest.raises(DraftMoved) as refusal:
        save(draft, story, "mine", 1)

    aside = draft.revisions.get(way=RevisionWay.ASIDE)
    assert (refusal.value.details["kept"], aside.text) == (aside.number, "mine")
    draft = go_back_to(draft=draft, kept=aside, revision=2, actor=story.secretaries[0], at=NOW)
    assert (draft.text, draft.revision) == ("mine", 3)
    assert draft.revisions.filter(text="theirs").exists()


def test_of_two_saves_at_once_one_wins_and_the_other_is_kept(committing_db):
    story = make_story()
    draft = begin(story)

    def write(words):
        try:
            save(PlaybookDraft.objects.get(pk=draft.pk), story, words, 1)
        except DraftMoved:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as both:
        won = list(both.map(write, ("one", "two")))

    assert sorted(won) == [False, True]
    assert set(draft.revisions.values_list("text", flat=True)) == {text(), "one", "two"}


def test_closed_draft_is_not_saved(story):
    draft = begin(story)
    discard_draft(draft=draft, actor=story.clerk, at=NOW)
    with pytest.raises(DraftClosed):
        save(draft, story, "a", 1)
    with pytest.raises(StepNotAllowed):
        discard_draft(draft=draft, actor=story.clerk, at=NOW)
    take_back_draft(draft=draft, actor=story.clerk, at=NOW)
    assert draft.state == DraftState.OPEN


def test_put_forward_keeps_the_text_the_origin_and_the_fact(story):
    draft = begin(story)
    version = put_forward(draft=draft, revision=1, note=" 第一版 ", actor=story.secretaries[0], at=NOW)

    fact = Fact.objects.get(kind="playbooks.version_put_forward")
    assert (fact.body, fact.values) == (story.first.pk, {"playbook": "own_book@1"})
    assert (version.origin, version.note) == (story.first, "第一版")
    one = find_shelved(story.clerk, "own_book", NOW)
    assert one is not None
    assert (source_of(one), one.origin_name) == (text(), story.first.name)
    assert find_shelved(type(story.clerk)(), "own_book", NOW) is None


def test_put_forward_refuses_a_broken_text_and_one_that_moved(story):
    draft = begin(story, text=text().replace("dimension: life\n", "dimension: x\n"))
    with pytest.raises(DraftHasProblems) as refusal:
        put_forward(draft=draft, revision=1, actor=story.clerk, at=NOW)
    assert (refusal.value.details["count"], refusal.value.details["line"]) == (1, 10)
    with pytest.raises(Stale):
        put_forward(draft=draft, revision=2, actor=story.clerk, at=NOW)


def test_put_forward_refuses_a_taken_id_and_an_old_number(story):
    for own in (text("branch_base"), text("daqing_zone", 9)):
        with pytest.raises(PlaybookIdTaken):
            put_forward(draft=begin(story, text=own), revision=1, actor=story.clerk, at=NOW)
    put_forward(draft=begin(story), revision=1, actor=story.clerk, at=NOW)
    with pytest.raises(PlaybookIdTaken):
        other = begin(story, body=story.branches[1], actor=story.secretaries[1], text=text(version=2))
        put_forward(draft=other, revision=1, actor=story.clerk, at=NOW)
    with pytest.raises(VersionNotNext) as refusal:
        put_forward(draft=begin(story), revision=1, actor=story.clerk, at=NOW)
    assert refusal.value.details["next"] == 2
    assert (
        str(put_forward(draft=begin(story, text=text(version=3)), revision=1, actor=story.clerk, at=NOW))
        == "own_book@3"
    )
    assert [str(one.reference) for one in shelf() if one.id == "own_book"] == ["own_book@3", "own_book@1"]


def test_next_draft_of_ones_own_is_the_next_version(story):
    put_forward(draft=begin(story), revision=1, actor=story.clerk, at=NOW)
    draft = begin(story, text=None, base=find_shelved(story.clerk, "own_book", NOW))
    assert draft.text == text(version=2)


def test_playbook_of_a_unit_is_a_base_for_another(story):
    put_forward(draft=begin(story), revision=1, actor=story.clerk, at=NOW)
    above = begin(
        story, body=story.committee, text=None, base=find_shelved(story.clerk, "own_book", NOW), actor=story.clerk
    )
    version = put_forward(draft=above, revision=1, actor=story.clerk, at=NOW)
    assert [m.id for m in version.playbook.mechanisms] == ["theme_day"]
    assert PlaybookVersion.objects.count() == 2


@pytest.mark.parametrize(("years", "is_fine"), [(10, True), (11, False), (-10, True), (-11, False)])
def test_adoption_begins_within_ten_years(story, years, is_fine):
    since = NOW.date().replace(year=NOW.year + years)
    if is_fine:
        assert adopt_playbook(body=story.first, playbook=playbook(), since=since, actor=None, at=NOW)
    else:
        with pytest.raises(AdoptionOutOfReach):
            adopt_playbook(body=story.first, playbook=playbook(), since=since, actor=None, at=NOW)


def test_batch_passes_over_who_is_refused_and_may_run_twice(story):
    adopt(story.first, playbook(version=2), NOW.date() + timedelta(days=30))
    bodies = [*story.branches, story.committee]
    batch = start_batch(bodies=bodies, playbook=playbook(), since=NOW.date(), actor=story.clerk, at=NOW)
    batch = carry_on(batch=batch, at=NOW)
    refused = {str(story.first.pk): "adopted_later", str(story.committee.pk): "nothing_for_this_body"}
    assert (batch.state, batch.done, batch.refused) == ("done", 4, refused)
    batch.done, batch.state = 0, "running"
    assert carry_on(batch=batch, at=NOW).refused == refused
    assert Adoption.objects.filter(version__version=1).count() == 2
    with pytest.raises(NotAllowed):
        start_batch(bodies=bodies, playbook=playbook(), since=NOW.date(), actor=story.secretaries[0], at=NOW)
