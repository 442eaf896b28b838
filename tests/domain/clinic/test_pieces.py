"""Knowledge out of answered cases: proposed, agreed to, reviewed, found, outdated."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ronghe.domain.clinic.enums import PieceState, VersionState
from ronghe.domain.clinic.models import Piece
from ronghe.domain.clinic.rules import REVIEW, SEE_PIECE
from ronghe.domain.clinic.selectors.cases import thread_of
from ronghe.domain.clinic.selectors.pieces import (
    list_pieces,
    pieces_returned_to,
    pieces_seen_by,
    pieces_to_agree,
    pieces_to_review,
    similar_pieces,
    was_helped,
)
from ronghe.domain.clinic.services import helping, proposing, reviewing
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from tests.factories.clinic import ANSWER, PIECE, answered, asked, cared, in_review, make_clinic, published, solved

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    return make_clinic()


def facts_of(kind):
    return [(fact.subject, fact.values) for fact in Fact.objects.filter(kind=kind, reverses=None).order_by("pk")]


def sees(person, piece, at):
    person = Person.objects.get(pk=person.pk)
    allowed = SEE_PIECE.allows(person, piece, at=at)
    assert pieces_seen_by(person, at).filter(pk=piece.pk).exists() is allowed
    return allowed


def test_the_expert_proposes_the_asker_agrees_another_publishes(clinic, morning):
    item = answered(clinic, morning)
    piece = proposing.propose_piece(item=item, text=PIECE, actor=clinic.hua.person, at=morning)
    assert (piece.state, piece.expert, piece.asker) == (PieceState.CONSENT, clinic.hua.person, clinic.worker)
    assert list(pieces_to_agree(clinic.worker, morning)) == [piece]
    assert not sees(clinic.shao.person, piece, morning)
    assert not sees(clinic.secretary, piece, morning)
    for other in (clinic.hua.person, clinic.secretary):
        with pytest.raises(NotAllowed):
            proposing.answer_consent(piece=piece, agrees=True, actor=other, at=morning)
    with pytest.raises(NotAllowed):
        reviewing.publish_piece(piece=piece, actor=clinic.shao.person, at=morning)

    proposing.answer_consent(piece=piece, agrees=True, actor=clinic.worker, at=morning)
    assert list(pieces_to_review(clinic.shao.person, morning)) == [piece]
    assert sees(clinic.secretary, piece, morning)
    assert not sees(clinic.other, piece, morning)
    reviewing.publish_piece(piece=piece, actor=clinic.shao.person, at=morning)
    assert sees(clinic.other, piece, morning)
    assert (piece.state, piece.number) == (PieceState.PUBLISHED, 1)
    assert facts_of("clinic.piece_published") == [(clinic.hua.person.token, {"version": 1})]


def test_the_asker_who_proposes_has_agreed_and_nobody_involved_reviews(clinic, morning):
    piece = in_review(clinic, morning)
    assert (piece.state, piece.agreed_at) == (PieceState.REVIEW, morning)
    for involved in (clinic.worker, clinic.hua.person):
        assert not REVIEW.allows(involved, piece, at=morning)
        assert not pieces_to_review(involved, morning).exists()
        with pytest.raises(NotAllowed):
            reviewing.publish_piece(piece=piece, actor=involved, at=morning)


def test_without_the_askers_word_it_is_never_read(clinic, morning):
    piece = proposing.propose_piece(item=answered(clinic, morning), text=PIECE, actor=clinic.hua.person, at=morning)
    proposing.answer_consent(piece=piece, agrees=False, actor=clinic.worker, at=morning)
    assert piece.state == PieceState.REFUSED
    with pytest.raises(proposing.PieceGone):
        proposing.rewrite_piece(piece=piece, text=PIECE, actor=clinic.hua.person, at=morning)
    with pytest.raises(Stale):
        proposing.answer_consent(piece=piece, agrees=True, actor=clinic.worker, at=morning)
    assert not sees(clinic.shao.person, piece, morning)


def test_the_asker_takes_the_word_back_and_it_counts_no_more(clinic, morning):
    piece = published(clinic, morning)
    with pytest.raises(NotAllowed):
        proposing.take_piece_down(piece=piece, actor=clinic.hua.person, at=morning)
    proposing.take_piece_down(piece=piece, actor=clinic.worker, at=morning)
    assert not sees(clinic.other, piece, morning)
    assert not list_pieces(clinic.other, morning).rows
    assert Fact.objects.filter(kind="clinic.piece_published", reverses__isnull=False).count() == 1
    with pytest.raises(Stale):
        proposing.take_piece_down(piece=piece, actor=clinic.worker, at=morning)


def test_only_an_answered_unsealed_case_is_proposed_and_once(clinic, morning):
    with pytest.raises(proposing.NotAnswered):
        proposing.propose_piece(item=asked(clinic, morning), text=PIECE, actor=clinic.worker, at=morning)
    item = solved(clinic, morning)
    for stranger in (clinic.shao.person, clinic.secretary):
        with pytest.raises(NotAllowed):
            proposing.propose_piece(item=item, text=PIECE, actor=stranger, at=morning)
    proposing.propose_piece(item=item, text=PIECE, actor=clinic.worker, at=morning)
    with pytest.raises(proposing.AlreadyProposed):
        proposing.propose_piece(item=item, text=PIECE, actor=clinic.hua.person, at=morning)
    sealed = cared(clinic, morning)
    for actor in (clinic.worker, clinic.hua.person):
        with pytest.raises(NotAllowed):
            proposing.propose_piece(item=sealed, text=PIECE, actor=actor, at=morning)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"title": " "}, proposing.PieceUnfit),
        ({"title": "长" * 121}, proposing.PieceUnfit),
        ({"answer": ""}, proposing.PieceUnfit),
        ({"answer": "长" * 4001}, proposing.PieceUnfit),
        ({"question": "王海的泵"}, proposing.PersonTold),
        ({"answer": "打 13812345678"}, proposing.PersonTold),
    ],
)
def test_a_piece_is_whole_and_tells_nobody(clinic, morning, change, refusal):
    with pytest.raises(refusal):
        proposing.propose_piece(
            item=solved(clinic, morning), text=replace(PIECE, **change), actor=clinic.worker, at=morning
        )
    assert not Piece.objects.exists()


def test_the_first_draft_has_the_words_without_the_asker(clinic, morning):
    item = answered(clinic, morning)
    draft = proposing.draft_of(item, thread_of(item))
    assert draft.answer == ANSWER
    assert "王海" not in draft.question
    assert "138" not in draft.question


def test_what_is_returned_is_written_better_and_reviewed_again(clinic, morning):
    piece = in_review(clinic, morning)
    with pytest.raises(reviewing.ReviewNoteMissing):
        reviewing.return_piece(piece=piece, note=" ", actor=clinic.secretary, at=morning)
    reviewing.return_piece(piece=piece, note="写清是哪种变频器", actor=clinic.secretary, at=morning)
    assert list(pieces_returned_to(clinic.worker, morning)) == [piece]
    with pytest.raises(reviewing.NothingToReview):
        reviewing.publish_piece(piece=piece, actor=clinic.secretary, at=morning)
    better = replace(PIECE, question="ACS880 热态启动报 OC1")
    proposing.rewrite_piece(piece=piece, text=better, actor=clinic.hua.person, at=morning)
    assert not pieces_returned_to(clinic.worker, morning).exists()
    reviewing.publish_piece(piece=piece, actor=clinic.secretary, at=morning)
    assert (piece.number, Piece.objects.get().question) == (2, better.question)


def test_a_published_piece_stands_until_its_next_version_was_reviewed(clinic, morning):
    piece = published(clinic, morning)
    newer = replace(PIECE, answer="新固件已经改了，升级即可。")
    proposing.rewrite_piece(piece=piece, text=newer, actor=clinic.hua.person, at=morning)
    assert (piece.state, Piece.objects.get().answer) == (PieceState.PUBLISHED, ANSWER)
    assert list(pieces_to_review(clinic.shao.person, morning)) == [piece]
    reviewing.publish_piece(piece=piece, actor=clinic.shao.person, at=morning)
    assert (Piece.objects.get().answer, Piece.objects.get().number) == (newer.answer, 2)
    assert len(facts_of("clinic.piece_published")) == 1
    assert facts_of("clinic.piece_updated") == [(clinic.hua.person.token, {"version": 2})]
    assert [row.state for row in piece.versions.order_by("number")] == [VersionState.PUBLISHED] * 2


def test_it_is_found_by_words_initials_and_field(clinic, morning):
    published(clinic, morning)

    def found(words="", **more):
        return list_pieces(clinic.other, morning, words=words, **more).count

    assert [found(words) for words in ("过流", "bpq", "OC1 加速", "电力电子", "ZZ", "过流 焊接")] == [1, 1, 1, 1, 0, 0]
    assert found(field=clinic.field.pk) == 1
    assert found(expert=clinic.hua.person_id) == 1
    assert found(state="review") == 0


def test_what_is_typed_finds_what_was_asked_before(clinic, morning):
    piece = published(clinic, morning)
    assert similar_pieces("变频器启动报过流怎么办") == [piece]
    assert similar_pieces("食堂的菜咸") == []
    assert similar_pieces("") == []
    reviewing.mark_outdated(piece=piece, why="换了型号", actor=clinic.shao.person, at=morning)
    assert similar_pieces("变频器启动报过流怎么办") == []


def test_outdated_is_marked_with_the_reason_and_taken_back(clinic, morning):
    piece = published(clinic, morning)
    with pytest.raises(NotAllowed):
        reviewing.mark_outdated(piece=piece, why="旧了", actor=clinic.other, at=morning)
    with pytest.raises(reviewing.WhyMissing):
        reviewing.mark_outdated(piece=piece, why="", actor=clinic.hua.person, at=morning)
    reviewing.mark_outdated(piece=piece, why="换了型号", actor=clinic.hua.person, at=morning)
    with pytest.raises(reviewing.NotPublished):
        reviewing.mark_outdated(piece=piece, why="换了型号", actor=clinic.hua.person, at=morning)
    newer = published(clinic, morning, by=clinic.other)
    assert [row.pk for row in list_pieces(clinic.worker, morning)] == [newer.pk, piece.pk]
    reviewing.mark_current(piece=piece, actor=clinic.hua.person, at=morning)
    assert Piece.objects.get(pk=piece.pk).outdated_at is None
    assert [values["outdated"] for _s, values in facts_of("clinic.piece_outdated")] == [True, False]


def test_it_counts_once_a_person_whom_it_helped_and_names_nobody(clinic, morning):
    piece = published(clinic, morning)
    with pytest.raises(helping.OwnPiece):
        helping.say_helped(piece=piece, actor=clinic.hua.person, at=morning)
    assert helping.say_helped(piece=piece, actor=clinic.other, at=morning) == 1
    assert helping.say_helped(piece=piece, actor=clinic.other, at=morning) == 1
    assert helping.say_helped(piece=piece, actor=clinic.shao.person, at=morning) == 2
    assert was_helped(piece, clinic.other)
    before = Fact.objects.count()
    assert helping.unsay_helped(piece=piece, actor=clinic.other, at=morning) == 1
    assert not was_helped(piece, clinic.other)
    assert Fact.objects.count() == before
    [mark] = piece.helped.all()
    assert str(clinic.shao.person.token) not in mark.mark


def test_lists_of_pieces_cost_the_same(clinic, morning, django_assert_max_num_queries):
    for _ in range(4):
        published(clinic, morning)
    person = Person.objects.get(pk=clinic.other.pk)
    with django_assert_max_num_queries(4):
        assert [row.expert.name for row in list_pieces(person, morning, words="过流", order="helped")] == ["庞国华"] * 4
    with django_assert_max_num_queries(2):
        similar_pieces("变频器过流")
