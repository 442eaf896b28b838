"""Mentors, corrections, the card, and people placed together."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ronghe.domain.members.calc.fields import NotAValue, cleaned
from ronghe.domain.members.enums import CorrectionField, CorrectionState, MentorKind
from ronghe.domain.members.models import RecordCorrection
from ronghe.domain.members.selectors.cards import face_of
from ronghe.domain.members.selectors.corrections import corrections_of, corrections_seen_by, corrections_waiting, shown
from ronghe.domain.members.selectors.matrix import mentor_pairs_of
from ronghe.domain.members.services.cards import (
    CardNotShown,
    CardShownAlready,
    OnlyMembersShowCards,
    hide_card,
    show_card,
)
from ronghe.domain.members.services.corrections import (
    CorrectionOpen,
    NobodyDecides,
    NothingToCorrect,
    OwnCorrection,
    RecordChanged,
    RefusedWithoutReason,
    ValueTaken,
    ValueUnfit,
    accept_correction,
    ask_correction,
    open_correction,
    refuse_correction,
    withdraw_correction,
)
from ronghe.domain.members.services.mentors import AlreadyPaired, OwnMentor, PairDates, pair_mentor, part_mentor
from ronghe.domain.members.services.placing import (
    NobodyToPlace,
    PlacedSince,
    PlacingWay,
    place_together,
    preview_placing,
    undo_placing,
)
from ronghe.domain.org.enums import MembershipKind
from ronghe.domain.org.models import Membership, Person
from ronghe.domain.org.selectors.people import members_without_group, members_without_home
from ronghe.domain.org.services.people import move_in_group
from ronghe.kernel.access.models import Look
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.sealed import open_text
from ronghe.kernel.workflow import StepNotAllowed
from tests.domain.members.making import make_branch
from tests.factories.org import make_person

pytestmark = pytest.mark.django_db
SINCE = date(2026, 9, 1)
NUMBER = "11010519491231002X"


@pytest.fixture
def story():
    return make_branch()


def ask(story, morning, field=CorrectionField.EDUCATION, value="本科", person=None):
    person = person or story.member
    return ask_correction(person=person, field=field, value=value, reason="毕业证", actor=person, at=morning)


@pytest.mark.parametrize(
    ("field", "text", "kept"),
    [
        ("name", " 王  新 ", "王 新"), ("born_on", "1990-02-28", "1990-02-28"), ("gender", "1", "1"),
        ("phone", "13912345678", "13912345678"), ("phone", "0459-5991234", "0459-5991234"),
        ("id_number", "11010519491231002x", NUMBER), ("staff_number", "x" * 32, "x" * 32),
    ],
)  # fmt: skip
def test_a_value_is_brought_to_the_form_in_which_it_is_kept(field, text, kept):
    assert cleaned(field, text, today=date(2026, 9, 14)) == kept


@pytest.mark.parametrize(
    ("field", "text", "why"),
    [
        ("name", "  ", "empty"), ("born_on", "1990-02-30", "not_a_day"), ("joined_party_on", "2026-09-15", "day_to_come"),
        ("gender", "3", "not_a_gender"), ("phone", "1391234567", "not_a_phone"), ("staff_number", "x" * 33, "too_long"),
        ("id_number", "110105194912310021", "not_an_id_number"), ("id_number", "11010519491331002X", "not_an_id_number"),
    ],
)  # fmt: skip
def test_id_01_a_value_that_cannot_stand_there_is_refused(field, text, why):
    """ID-01 for numbers; a day to come begins tomorrow."""
    with pytest.raises(NotAValue, match=why):
        cleaned(field, text, today=date(2026, 9, 14))


def test_pi_04_a_correction_goes_through_the_branch(story, morning):
    """PI-04: the branch carries it out, the facts name the field and no value."""
    correction = ask(story, morning)

    assert list(corrections_waiting(story.secretary, morning)) == [correction]
    assert (shown(correction).old, shown(correction).new) == ("—", "本科")
    accept_correction(correction=correction, actor=story.secretary, at=morning)

    assert Person.objects.get(pk=story.member.pk).education == "本科"
    assert list(corrections_waiting(story.secretary, morning)) == []
    facts = Fact.objects.filter(
        subject=story.member.token, kind__in=("members.correction_accepted", "org.person_edited")
    )
    assert sorted(facts.values_list("attributes", flat=True)) == [
        '{"count":1,"fields":"education"}', '{"field":"education"}',
    ]  # fmt: skip


def test_a_refusal_says_why_and_the_person_reads_it(story, morning):
    correction = ask(story, morning)

    with pytest.raises(RefusedWithoutReason):
        refuse_correction(correction=correction, reason=" ", actor=story.secretary, at=morning)
    refuse_correction(correction=correction, reason="没有毕业证", actor=story.secretary, at=morning)

    (mine,) = corrections_of(story.member)
    assert (mine.state, mine.refusal) == (CorrectionState.REFUSED, "没有毕业证")
    with pytest.raises(StepNotAllowed):
        accept_correction(correction=mine, actor=story.secretary, at=morning)


def test_who_may_ask_decide_and_withdraw(story, morning):
    with pytest.raises(NotAllowed):
        ask_correction(
            person=story.member, field=CorrectionField.NAME, value="王心", reason="", actor=story.secretary, at=morning
        )
    correction = ask(story, morning)
    for act in (accept_correction, withdraw_correction):
        with pytest.raises(NotAllowed):
            act(correction=correction, actor=story.stranger, at=morning)
    assert list(corrections_seen_by(story.stranger, morning)) == []
    own = ask(story, morning, person=story.secretary)
    assert own not in corrections_waiting(story.secretary, morning)
    with pytest.raises(OwnCorrection):
        accept_correction(correction=own, actor=story.secretary, at=morning)
    assert accept_correction(correction=own, actor=story.clerk, at=morning).state == CorrectionState.ACCEPTED
    assert withdraw_correction(correction=correction, actor=story.member, at=morning).state == CorrectionState.WITHDRAWN


def test_a_request_is_refused_that_says_nothing_or_twice_or_to_nobody(story, morning):
    ask(story, morning)
    with pytest.raises(CorrectionOpen):
        ask(story, morning, value="硕士")
    with pytest.raises(NothingToCorrect):
        ask(story, morning, CorrectionField.NAME, "王新")
    with pytest.raises(ValueUnfit):
        ask(story, morning, CorrectionField.BORN_ON, "去年")
    with pytest.raises(NobodyDecides):
        ask(story, morning, person=story.stranger)


def test_whoever_has_no_home_asks_the_body_of_the_unit(story, morning):
    assert ask(story, morning, person=story.worker).body == story.branch


def test_pi_09_numbers_are_sealed_and_masked_and_a_look_is_kept(story, morning):
    """PI-09: three first and four last signs; PI-01: seeing them whole is on record."""
    phone = ask(story, morning, CorrectionField.PHONE, "13912345678")

    row = RecordCorrection.objects.get(pk=phone.pk)
    assert "13912345678" not in f"{row.old_sealed} {row.new_sealed}"
    assert shown(row).new == "139****5678"
    with pytest.raises(NotAllowed):
        open_correction(correction=row, actor=story.stranger, at=morning)
    assert open_correction(correction=row, actor=story.secretary, at=morning) == ("", "13912345678")
    assert Look.objects.filter(about=story.member.token, by=story.secretary.token).count() == 1
    accept_correction(correction=row, actor=story.secretary, at=morning)
    assert open_text(Person.objects.get(pk=story.member.pk).phone_sealed) == "13912345678"


def test_an_id_number_of_somebody_else_is_refused_whole(story, morning):
    first = ask(story, morning, CorrectionField.ID_NUMBER, NUMBER)
    accept_correction(correction=first, actor=story.secretary, at=morning)
    second = ask(story, morning, CorrectionField.ID_NUMBER, NUMBER, person=story.worker)

    with pytest.raises(ValueTaken):
        accept_correction(correction=second, actor=story.secretary, at=morning)
    assert RecordCorrection.objects.get(pk=second.pk).state == CorrectionState.ASKED


def test_a_field_that_changed_since_is_not_overwritten(story, morning):
    correction = ask(story, morning)
    Person.objects.filter(pk=story.member.pk).update(education="硕士")

    with pytest.raises(RecordChanged):
        accept_correction(correction=correction, actor=story.secretary, at=morning)


def test_a_new_name_brings_its_initials(story, morning):
    accept_correction(correction=ask(story, morning, CorrectionField.NAME, "王欣"), actor=story.secretary, at=morning)

    person = Person.objects.get(pk=story.member.pk)
    assert (person.name, person.initials) == ("王欣", "wx")


def test_the_card_shows_only_whoever_consents(story, morning):
    day = morning.date()
    assert face_of(story.member, day) is None
    show_card(person=story.member, actor=story.member, at=morning)

    face = face_of(story.member, day)
    assert (face.name, face.status, face.body, face.posts) == ("王新", "中共党员", "南区党支部", [])
    with pytest.raises(CardShownAlready):
        show_card(person=story.member, actor=story.member, at=morning)
    hide_card(person=story.member, actor=story.member, at=morning)
    assert face_of(story.member, day) is None
    with pytest.raises(CardNotShown):
        hide_card(person=story.member, actor=story.member, at=morning)


def test_nobody_consents_for_another_and_no_card_for_non_members(story, morning):
    """PI-01: consent is the person's own."""
    with pytest.raises(NotAllowed):
        show_card(person=story.member, actor=story.secretary, at=morning)
    with pytest.raises(OnlyMembersShowCards):
        show_card(person=story.worker, actor=story.worker, at=morning)


def test_mentor_and_apprentice_both_see_the_pair(story, morning):
    given = {"kind": MentorKind.APPRENTICESHIP, "topic": "电仪联调", "since": SINCE, "at": morning}
    pair = pair_mentor(mentor=story.member, apprentice=story.worker, actor=story.secretary, **given)

    assert list(mentor_pairs_of(story.member)) == list(mentor_pairs_of(story.worker)) == [pair]
    with pytest.raises(AlreadyPaired):
        pair_mentor(mentor=story.member, apprentice=story.worker, actor=story.secretary, **given)
    with pytest.raises(OwnMentor):
        pair_mentor(mentor=story.worker, apprentice=story.worker, actor=story.secretary, **given)
    with pytest.raises(NotAllowed):
        pair_mentor(mentor=story.member, apprentice=story.worker, actor=story.member, **given)
    with pytest.raises(PairDates):
        part_mentor(pair=pair, until=SINCE - timedelta(days=1), actor=story.secretary, at=morning)
    part_mentor(pair=pair, until=SINCE, actor=story.secretary, at=morning)
    with pytest.raises(Stale):
        part_mentor(pair=pair, until=SINCE, actor=story.secretary, at=morning)


def placing(story, *people, group=None, actor=None):
    return {"people": list(people), "body": story.branch, "group": group, "since": SINCE, "actor": actor or story.clerk}


def where(person):
    home = Membership.objects.filter(person=person, kind=MembershipKind.HOME, valid_until=None).first()
    return (home.body.name, home.group.name if home.group else None) if home else None


def test_a_preview_says_what_would_happen_and_leaves_everything(story, morning):
    elsewhere, homeless = make_person("北区的人", home=story.other), make_person("新来的")
    given = placing(story, story.member, elsewhere, homeless, group=story.first, actor=story.secretary)

    lines = preview_placing(**given, at=morning)

    assert [line.way for line in lines] == [PlacingWay.GROUP, PlacingWay.REFUSED, PlacingWay.FIRST]
    assert lines[1].why  # the secretary lets nobody leave another branch
    assert [where(p) for p in (story.member, elsewhere, homeless)] == [("南区党支部", None), ("北区党支部", None), None]
    assert not Fact.objects.filter(occurred_at=morning).exists()


def test_people_are_placed_together_and_put_back_together(story, morning):
    """PO-12, PO-13."""
    elsewhere, homeless = make_person("北区的人", home=story.other), make_person("新来的")
    people = (story.member, elsewhere, homeless)

    placement = place_together(**placing(story, *people, group=story.first), at=morning)

    assert {where(person) for person in people} == {("南区党支部", "第一小组")}
    undo_placing(placement=placement, actor=story.clerk, at=morning + timedelta(minutes=1))
    assert [where(person) for person in people] == [("南区党支部", None), ("北区党支部", None), None]
    assert Fact.objects.filter(reverses__isnull=False).count() == 4  # a group, a leaving, two joinings
    with pytest.raises(Stale):
        undo_placing(placement=placement, actor=story.clerk, at=morning)


def test_a_placement_is_not_taken_back_over_what_came_after(story, morning):
    placement = place_together(**placing(story, story.member, group=story.first), at=morning)
    home = Membership.objects.get(person=story.member, valid_until=None)
    move_in_group(membership=home, group=story.second, since=SINCE, actor=story.secretary, at=morning)

    with pytest.raises(PlacedSince):
        undo_placing(placement=placement, actor=story.clerk, at=morning)
    assert where(story.member) == ("南区党支部", "第二小组")


def test_placing_needs_the_right_and_somebody_to_place(story, morning):
    with pytest.raises(NotAllowed):
        place_together(**placing(story, story.member, actor=story.member), at=morning)
    with pytest.raises(NobodyToPlace):
        place_together(**placing(story, story.member), at=morning)


def test_po_13_members_without_home_or_group_are_found(story, morning):
    """PO-13: no home; a home with groups and none of them. Who has a home outside the platform is no gap."""
    homeless = make_person("新来的")
    outside = make_person("外雇党员")
    Person.objects.filter(pk=outside.pk).update(outside_home_branch="某某公司党支部")
    north = make_person("北区的人", home=story.other)  # its branch has no groups

    assert set(members_without_home(morning.date())) == {homeless, story.clerk, story.stranger}
    assert north not in members_without_group(morning.date())
    assert set(members_without_group(morning.date())) == {story.secretary, story.member}
