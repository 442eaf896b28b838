"""Everybody signs for themselves (PM-15), both sides (PC-18), under what is said now; who comes late is told first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from ronghe.domain.org.enums import PoliticalStatus
from ronghe.domain.rhythm.services.codes import CardRefused, member_card
from ronghe.domain.sitemeetings.documents import ChainNotReady, chain_document
from ronghe.domain.sitemeetings.enums import Meeting, SignatureRole, SignatureWay
from ronghe.domain.sitemeetings.models import BriefingSignature
from ronghe.domain.sitemeetings.rules import KNOW_MINDS
from ronghe.domain.sitemeetings.selectors import board_of, briefed_today, people_to_note, talks_due
from ronghe.domain.sitemeetings.services.chains import close_meeting, open_meeting
from ronghe.domain.sitemeetings.services.codes import (
    GOOD_FOR,
    ChainCodeExpired,
    ChainCodeRefused,
    chain_code,
    chain_of_code,
    is_pass,
    pass_for,
)
from ronghe.domain.sitemeetings.services.minds import NobodyUnsaid, NoTalkDue, OwnMind, hold_talk, set_mind, settle_all
from ronghe.domain.sitemeetings.services.settling import Unsigned
from ronghe.domain.sitemeetings.services.signing import (
    BriefedByOneself,
    HasLeft,
    NobodyToNote,
    NotBriefed,
    NothingMissed,
    NothingToSign,
    NotOpenToSign,
    brief_late,
    note_came,
    note_left,
    sign_due_with_card,
    sign_late,
    sign_meeting,
    sign_with_card,
)
from ronghe.domain.sitemeetings.services.telling import ChainDayOver
from ronghe.domain.sitemeetings.services.texts import write_text
from ronghe.kernel.documents import render_docx
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from tests.domain.sitemeetings.making import NOW, TODAY, begun, by_card, complete, crew, hold, sign_all
from tests.factories.org import make_body, make_person
from tests.factories.taskforces import make_running

pytestmark = pytest.mark.django_db
CHANGED = "吊装：改用人工搬运，不动吊车"


@pytest.fixture
def story():
    return make_running(NOW)


@pytest.fixture
def chain(story):
    return begun(story)


@pytest.fixture
def at_safety(chain, story):
    """The safety briefing is open, the group meeting closed."""
    hold(chain, Meeting.GROUP, story)
    return open_meeting(chain=chain, meeting=Meeting.SAFETY, actor=story.leader, at=NOW)


def test_own_tap_is_signature_presence_and_fact(chain, story):
    signature = sign_meeting(chain=chain, meeting=Meeting.GROUP, actor=story.members[0], at=NOW)

    assert (signature.way, signature.role, signature.recorded_by) == (
        SignatureWay.OWN_TAP, SignatureRole.BRIEFED, story.members[0],
    )  # fmt: skip
    assert signature.digest == signature.text.digest
    assert chain.people.get().person == story.members[0]
    assert signature.text.meeting.activity.attendances.get().way == "own_phone"
    assert Fact.objects.get(kind="sitemeetings.signed").subject == story.members[0].token


def test_second_tap_gives_the_first_signature(chain, story):
    first = sign_meeting(chain=chain, meeting=Meeting.GROUP, actor=story.members[0], at=NOW)

    assert sign_meeting(chain=chain, meeting=Meeting.GROUP, actor=story.members[0], at=NOW) == first
    assert Fact.objects.filter(kind="sitemeetings.signed").count() == 1


def test_pm_15_nobody_signs_for_somebody_else(chain, story):
    sign_meeting(chain=chain, meeting=Meeting.GROUP, actor=story.members[0], at=NOW)
    with pytest.raises(CardRefused):
        sign_with_card(chain=chain, meeting=Meeting.GROUP, card=str(story.members[1].token), actor=story.leader, at=NOW)
    signature = BriefingSignature.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        BriefingSignature.objects.create(
            text=signature.text, person=story.members[1], role="briefed", way="own_tap", digest=signature.digest,
            recorded_by=story.leader, signed_at=NOW,
        )  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        BriefingSignature.objects.filter(pk=signature.pk).update(person=story.members[1])


def test_pm_15_card_keeps_both_names_and_is_the_leaders_to_scan(chain, story):
    by_card(chain, Meeting.GROUP, story.members[1], story.leader)
    signature = BriefingSignature.objects.get()

    assert (signature.person, signature.recorded_by, signature.way) == (story.members[1], story.leader, "card")
    with pytest.raises(NotAllowed):
        by_card(chain, Meeting.GROUP, story.members[1], story.members[0])


def test_stranger_signs_with_the_code_and_not_without(chain, story):
    with pytest.raises(NotAllowed):
        sign_meeting(chain=chain, meeting=Meeting.GROUP, actor=story.welder, at=NOW)
    assert chain_of_code(chain_code(chain, at=NOW), at=NOW) == chain
    entry = pass_for(chain, story.welder, at=NOW)
    signature = sign_meeting(chain=chain, meeting=Meeting.GROUP, actor=story.welder, at=NOW, entry=entry)

    assert signature.way == SignatureWay.OWN_PHONE


def test_pass_is_one_persons_for_one_chain_for_half_an_hour(chain, story):
    entry = pass_for(chain, story.welder, at=NOW)

    assert is_pass(entry, chain, story.welder, at=NOW + GOOD_FOR)
    assert not is_pass(entry, chain, story.welder, at=NOW + GOOD_FOR + timedelta(seconds=1))
    assert not is_pass(entry, chain, story.outsider, at=NOW)
    assert not is_pass(entry, begun(story, place="中控室"), story.welder, at=NOW)
    assert not is_pass("x.y.z", chain, story.welder, at=NOW)
    with pytest.raises(ChainCodeExpired):
        chain_of_code(chain_code(chain, at=NOW), at=NOW + timedelta(minutes=10))
    with pytest.raises(ChainCodeRefused):
        chain_of_code("1.2", at=NOW)


def test_nobody_signs_ahead_or_on_another_day(chain, story):
    with pytest.raises(NotOpenToSign):
        sign_meeting(chain=chain, meeting=Meeting.SAFETY, actor=story.members[0], at=NOW)
    with pytest.raises(ChainDayOver):
        sign_meeting(chain=chain, meeting=Meeting.GROUP, actor=story.members[0], at=NOW + timedelta(days=1))


def test_pc_18_briefer_signs_as_such_and_the_others_as_briefed(at_safety, story):
    sign_all(at_safety, Meeting.SAFETY, crew(story))
    roles = dict(BriefingSignature.objects.filter(text__meeting__meeting="safety").values_list("person", "role"))

    assert roles[story.leader.pk] == SignatureRole.BRIEFER
    assert roles[story.members[0].pk] == SignatureRole.BRIEFED


def test_changed_text_voids_the_signatures_and_they_are_given_again(at_safety, story):
    sign_all(at_safety, Meeting.SAFETY, crew(story))
    write_text(chain=at_safety, meeting=Meeting.SAFETY, heading="", text=CHANGED, actor=story.leader, at=NOW)
    part = board_of(at_safety).part(Meeting.SAFETY)
    assert [row.is_void for row in part.signed] == [True, True, True]
    assert '"voided":3' in Fact.objects.filter(kind="sitemeetings.text_written").get().attributes
    with pytest.raises(Unsigned):
        close_meeting(chain=at_safety, meeting=Meeting.SAFETY, actor=story.leader, at=NOW)
    sign_all(at_safety, Meeting.SAFETY, crew(story))

    assert close_meeting(chain=at_safety, meeting=Meeting.SAFETY, actor=story.leader, at=NOW).stage == "safety_closed"
    assert part.text.meeting.activity.agenda_items.get().notes == CHANGED


def test_text_changed_after_closing_stops_everybody_until_told_and_signed_again(story):
    chain = complete(story)
    person = story.members[0]
    assert briefed_today(person, story.body, TODAY)
    write_text(chain=chain, meeting=Meeting.SAFETY, heading="", text=CHANGED, actor=story.leader, at=NOW)
    assert not briefed_today(person, story.body, TODAY)
    with pytest.raises(NotBriefed):
        sign_meeting(chain=chain, meeting=Meeting.SAFETY, actor=person, at=NOW)
    brief_late(chain=chain, person=person, actor=story.leader, at=NOW)
    sign_late(chain=chain, actor=person, at=NOW)

    assert briefed_today(person, story.body, TODAY)
    assert not briefed_today(story.members[1], story.body, TODAY)


def test_late_comer_is_told_signs_and_then_may_work(at_safety, story):
    late = story.members[2]
    row = note_came(chain=at_safety, person=late, actor=story.leader, at=NOW)
    assert row.missed == 1
    line = board_of(at_safety).line_of(late)
    assert (line.to_be_briefed, line.may_work) == ((Meeting.GROUP,), False)
    with pytest.raises(NotBriefed):
        sign_meeting(chain=at_safety, meeting=Meeting.GROUP, actor=late, at=NOW)
    with pytest.raises(NothingToSign):
        sign_late(chain=at_safety, actor=late, at=NOW)
    told = brief_late(chain=at_safety, person=late, actor=story.leader, at=NOW)
    assert [briefing.briefed_by for briefing in told] == [story.leader]
    with pytest.raises(NothingMissed):
        brief_late(chain=at_safety, person=late, actor=story.leader, at=NOW)
    [signature] = sign_late(chain=at_safety, actor=late, at=NOW)
    assert signature.is_late
    sign_all(at_safety, Meeting.SAFETY, [*crew(story), late])
    close_meeting(chain=at_safety, meeting=Meeting.SAFETY, actor=story.leader, at=NOW)
    open_meeting(chain=at_safety, meeting=Meeting.TECHNICAL, actor=story.leader, at=NOW)
    sign_all(at_safety, Meeting.TECHNICAL, [*crew(story), late])
    close_meeting(chain=at_safety, meeting=Meeting.TECHNICAL, actor=story.leader, at=NOW)

    assert briefed_today(late, story.body, TODAY)
    assert {"sitemeetings.came", "sitemeetings.late_briefed"} <= set(
        Fact.objects.filter(subject=late.token).values_list("kind", flat=True)
    )
    assert '"late":1' in Fact.objects.get(kind="sitemeetings.chain_closed").attributes


def test_who_comes_after_everything_owes_all_three(story):
    chain = complete(story)
    late = story.members[2]
    assert note_came(chain=chain, person=late, actor=story.leader, at=NOW).missed == 3
    told = brief_late(chain=chain, person=late, actor=story.leader, at=NOW)
    assert len(told) == 3
    assert not briefed_today(late, story.body, TODAY)
    by_card(chain, Meeting.GROUP, late, story.leader)
    assert not briefed_today(late, story.body, TODAY)
    signed = sign_due_with_card(chain=chain, card=member_card(late), actor=story.leader, at=NOW)
    assert len(signed) == 2
    with pytest.raises(NothingToSign):
        sign_due_with_card(chain=chain, card=member_card(late), actor=story.leader, at=NOW)

    assert briefed_today(late, story.body, TODAY)
    assert not briefed_today(late, story.body, TODAY + timedelta(days=1))
    assert not briefed_today(late, story.branch, TODAY)


def test_late_briefing_is_by_another_who_leads_or_briefs(at_safety, story):
    late = story.members[2]
    note_came(chain=at_safety, person=late, actor=story.leader, at=NOW)

    for actor in (story.members[0], late):
        with pytest.raises(NotAllowed):
            brief_late(chain=at_safety, person=late, actor=actor, at=NOW)
    with pytest.raises(BriefedByOneself):
        brief_late(chain=at_safety, person=story.leader, actor=story.leader, at=NOW)
    with pytest.raises(NothingMissed):
        brief_late(chain=at_safety, person=story.members[0], actor=story.leader, at=NOW)


def test_noted_on_site_is_no_signature_and_only_known_people_are_noted(chain, story):
    note_came(chain=chain, person=story.members[2], actor=story.leader, at=NOW)
    assert not BriefingSignature.objects.exists()
    with pytest.raises(NobodyToNote):
        note_came(chain=chain, person=story.outsider, actor=story.leader, at=NOW)
    with pytest.raises(NotAllowed):
        note_came(chain=chain, person=story.members[1], actor=story.members[0], at=NOW)


def test_guest_of_yesterday_is_known_today(chain, story):
    entry = pass_for(chain, story.welder, at=NOW)
    assert story.welder not in people_to_note(story.body, TODAY)
    sign_meeting(chain=chain, meeting=Meeting.GROUP, actor=story.welder, at=NOW, entry=entry)

    assert story.welder in people_to_note(story.body, TODAY + timedelta(days=1))


def test_who_left_is_waited_for_no_more_and_may_not_work(at_safety, story):
    gone = story.members[1]
    note_left(chain=at_safety, person=gone, actor=story.leader, at=NOW)
    sign_all(at_safety, Meeting.SAFETY, crew(story)[:2])
    with pytest.raises(HasLeft):
        sign_meeting(chain=at_safety, meeting=Meeting.SAFETY, actor=gone, at=NOW)
    close_meeting(chain=at_safety, meeting=Meeting.SAFETY, actor=story.leader, at=NOW)
    assert not board_of(at_safety).line_of(gone).may_work
    note_came(chain=at_safety, person=gone, actor=story.leader, at=NOW)

    assert board_of(at_safety).line_of(gone).to_be_briefed == (Meeting.SAFETY,)


def test_minds_are_noted_for_all_in_one_tap_then_exceptions(chain, story):
    sign_all(chain, Meeting.GROUP, crew(story))
    assert settle_all(chain=chain, actor=story.leader, at=NOW) == 3
    with pytest.raises(NobodyUnsaid):
        settle_all(chain=chain, actor=story.leader, at=NOW)
    set_mind(chain=chain, person=story.members[0], is_settled=False, actor=story.leader, at=NOW)

    [row] = talks_due(story.leader, NOW)
    assert row.person == story.members[0]
    assert close_meeting(chain=chain, meeting=Meeting.GROUP, actor=story.leader, at=NOW).stage == "group_closed"


def test_who_needs_a_talk_is_for_the_leader_of_the_very_body_alone(chain, story):
    sign_all(chain, Meeting.GROUP, crew(story))
    set_mind(chain=chain, person=story.members[0], is_settled=False, actor=story.leader, at=NOW)

    assert KNOW_MINDS.allows(story.leader, chain, at=NOW)
    for actor in (story.secretary, story.clerk, story.members[0], story.members[1], story.outsider):
        assert not KNOW_MINDS.allows(actor, chain, at=NOW)
        assert list(talks_due(actor, NOW)) == []
        with pytest.raises(NotAllowed):
            set_mind(chain=chain, person=story.members[0], is_settled=True, actor=actor, at=NOW)
    assert not Fact.objects.filter(kind="sitemeetings.minds_settled", subject__isnull=False).exists()


def test_talk_is_held_once_by_somebody_else(chain, story):
    sign_all(chain, Meeting.GROUP, crew(story))
    for person in (story.members[0], story.leader):
        set_mind(chain=chain, person=person, is_settled=False, actor=story.leader, at=NOW)
    row = chain.people.get(person=story.members[0])
    hold_talk(row=row, actor=story.leader, at=NOW)
    with pytest.raises(NoTalkDue):
        hold_talk(row=row, actor=story.leader, at=NOW)
    with pytest.raises(OwnMind):
        hold_talk(row=chain.people.get(person=story.leader), actor=story.leader, at=NOW)
    with pytest.raises(Stale):
        set_mind(chain=chain, person=story.members[0], is_settled=True, actor=story.leader, at=NOW)

    assert Fact.objects.get(kind="sitemeetings.talk_held").subject is None
    assert list(talks_due(story.leader, NOW)) == []


def test_record_holds_three_parts_signatures_and_no_minds(story):
    with pytest.raises(ChainNotReady):
        chain_document(board_of(begun(story, place="中控室")))
    chain = complete(story)
    set_mind(chain=chain, person=story.members[0], is_settled=False, actor=story.leader, at=NOW)
    document = chain_document(board_of(chain))
    words = repr(document)

    for word in ("党小组会", "安全交底会", "技术交底会", "划警戒区", "被交底人", "可以上岗"):
        assert word in words
    assert "谈心" not in words
    assert "已逐人确认3人" in words
    assert render_docx(document)[:2] == b"PK"


def test_worker_outside_the_party_signs_and_works_as_everybody(story):
    worker = make_person("外雇工小赵", home=None, status=PoliticalStatus.MASSES)
    chain = begun(story)
    entry = pass_for(chain, worker, at=NOW)
    sign_meeting(chain=chain, meeting=Meeting.GROUP, actor=worker, at=NOW, entry=entry)
    hold(chain, Meeting.GROUP, story)
    for meeting in (Meeting.SAFETY, Meeting.TECHNICAL):
        open_meeting(chain=chain, meeting=meeting, actor=story.leader, at=NOW)
        sign_meeting(chain=chain, meeting=meeting, actor=worker, at=NOW)
        hold(chain, meeting, story)

    assert briefed_today(worker, story.body, TODAY)
    assert not briefed_today(make_person(home=make_body()), story.body, TODAY)
