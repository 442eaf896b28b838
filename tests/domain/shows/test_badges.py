"""亮身份: the card, the badge with its code, and a consent that is the bearer's alone (G4; PP-09, PI-01, PI-03, PI-09)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ronghe.domain.members.services.cards import OnlyMembersShowCards, hide_card, show_card
from ronghe.domain.org.enums import PoliticalStatus, PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.shows.enums import BadgePart, BadgeState
from ronghe.domain.shows.models import Badge
from ronghe.domain.shows.rules import ISSUE_BADGE, SEE_CARD
from ronghe.domain.shows.selectors.badges import PublicFace, badge_of, badges_of, faces_of, public_face
from ronghe.domain.shows.selectors.cards import card_of, people_with_card
from ronghe.domain.shows.services.badges import (
    BadgeNotAgreed,
    BadgeReasonMissing,
    NoBadge,
    NobodyToIssue,
    NothingAgreed,
    agree_badge,
    issue_badge,
    issue_badges,
    renew_badge,
    withdraw_badge,
)
from ronghe.domain.shows.services.standards import StandardUnchanged, StandardUnfit, set_standard
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from tests.factories.carriers import make_story
from tests.factories.org import make_body, make_person
from tests.factories.shows import judge, make_post

pytestmark = pytest.mark.django_db
ALL = tuple(BadgePart.values)


@pytest.fixture
def story(morning):
    return make_story(morning, with_teams=False)


@pytest.fixture
def badge(story, morning):
    return issue_badge(person=story.captain, actor=story.captain, at=morning)


def agree(story, at, parts=ALL):
    return agree_badge(person=story.captain, parts=parts, actor=story.captain, at=at)


def test_a_card_puts_together_what_is_known(story, morning):
    carrier = make_post(story, morning, titles=("票证差错为零", "交接班零遗漏", "报警三十秒确认"))
    judge(carrier, 1, story, morning)
    judge(carrier, 2, story, morning + timedelta(days=1), kept=False)
    set_standard(body=story.committee, role="", text="走在前、干在先", actor=story.clerk, at=morning)
    later = morning + timedelta(days=40)
    card = card_of(story.captain, later.date(), later)
    assert (card.body, card.team, card.status) == ("南八党支部", "南八作业区", "中共党员")
    assert [(one.title, one.state) for one in card.promises] == [
        ("报警三十秒确认", "overdue"), ("票证差错为零", "kept"), ("交接班零遗漏", "not_kept"),
    ]  # fmt: skip
    assert (card.ratio.kept, card.ratio.not_kept) == (1, 1)
    assert [(one.head, one.text) for one in card.standards] == [
        ("", "走在前、干在先"), ("中控操作岗", "报警三十秒内确认，交接班零遗漏"),
    ]  # fmt: skip
    long_after = morning + timedelta(days=400)
    assert [one.title for one in card_of(story.captain, long_after.date(), long_after).promises] == ["报警三十秒确认"]


def test_the_nearest_standard_of_a_post_holds(story, morning):
    for body, actor, text in (
        (story.committee, story.clerk, "抓班子带队伍"), (story.branch, story.secretary, "每周到现场两次"),
    ):  # fmt: skip
        set_standard(body=body, role=PostRole.SECRETARY, text=text, actor=actor, at=morning)
    told = {
        who: [one.text for one in card_of(who, morning.date(), morning).standards]
        for who in (story.secretary, story.next_secretary)
    }
    assert told == {story.secretary: ["每周到现场两次"], story.next_secretary: ["抓班子带队伍"]}
    with pytest.raises(StandardUnchanged):
        set_standard(body=story.branch, role="secretary", text="每周到现场两次", actor=story.secretary, at=morning)
    for wrong in (("nobody", "x"), ("secretary", " "), ("secretary", "长" * 401)):
        with pytest.raises(StandardUnfit):
            set_standard(body=story.branch, role=wrong[0], text=wrong[1], actor=story.secretary, at=morning)
    with pytest.raises(NotAllowed):
        set_standard(body=story.branch, role="secretary", text="走样", actor=story.next_secretary, at=morning)
    set_standard(body=story.branch, role="secretary", text="每周三次", actor=story.secretary, at=morning)
    assert [one.text for one in card_of(story.secretary, morning.date(), morning).standards] == ["每周三次"]


def test_who_reads_a_card(story, morning):
    story.members[0].__dict__.pop("_standing_by_day", None)
    readers = {
        story.captain: True, story.members[0]: True, story.secretary: True, story.clerk: True, story.outsider: False,
        story.next_secretary: False,
    }  # fmt: skip
    assert {who: SEE_CARD.allows(who, story.captain, at=morning) for who in readers} == readers
    assert {who: people_with_card(who, morning).filter(pk=story.captain.pk).exists() for who in readers} == readers
    show_card(person=story.captain, actor=story.captain, at=morning)
    assert SEE_CARD.allows(story.outsider, story.captain, at=morning)
    hide_card(person=story.captain, actor=story.captain, at=morning)
    assert not SEE_CARD.allows(story.outsider, story.captain, at=morning)


def test_pi_01_the_public_page_shows_what_was_agreed_and_no_more(story, badge, morning):
    judge(make_post(story, morning), 1, story, morning)
    assert public_face(badge.token, morning) == PublicFace(BadgeState.HIDDEN)
    agree(story, morning, ("posts",))
    shown = public_face(badge.token, morning)
    assert replace(shown, posts=()) == PublicFace(BadgeState.SHOWN, body="南八党支部", status="中共党员")
    agree(story, morning)
    shown = public_face(badge.token, morning)
    assert (shown.name, [one.state for one in shown.promises], shown.star_of) == ("韩雪松", ["kept"], story.captain)
    assert [one.text for one in shown.standards] == ["报警三十秒内确认，交接班零遗漏"]
    withdraw_badge(person=story.captain, actor=story.captain, at=morning)
    assert public_face(badge.token, morning) == PublicFace(BadgeState.HIDDEN)
    with pytest.raises(BadgeNotAgreed):
        withdraw_badge(person=story.captain, actor=story.captain, at=morning)


def test_pi_01_nobody_agrees_for_another(story, badge, morning):
    for act in (
        lambda who: agree_badge(person=story.captain, parts=ALL, actor=who, at=morning),
        lambda who: withdraw_badge(person=story.captain, actor=who, at=morning),
    ):
        for who in (story.secretary, story.clerk, story.members[0]):
            with pytest.raises(NotAllowed):
                act(who)
    for wrong in ((), ("phone",), ("name", "id_number")):
        with pytest.raises(NothingAgreed):
            agree(story, morning, wrong)
    assert public_face(badge.token, morning).state == BadgeState.HIDDEN


def test_pi_01_hiding_from_colleagues_hides_the_badge(story, badge, morning):
    show_card(person=story.captain, actor=story.captain, at=morning)
    agree(story, morning)
    hide_card(person=story.captain, actor=story.captain, at=morning)
    assert public_face(badge.token, morning) == PublicFace(BadgeState.HIDDEN)
    assert Fact.objects.filter(kind="shows.badge_withdrawn").count() == 1


def test_a_renewed_badge_is_dead_and_its_consent_goes_with_the_new_one(story, badge, morning):
    agree(story, morning)
    new = renew_badge(person=story.captain, reason="胸牌丢失", actor=story.secretary, at=morning)
    assert new.token != badge.token
    assert public_face(badge.token, morning) == PublicFace(BadgeState.STOPPED)
    assert public_face(new.token, morning).state == BadgeState.SHOWN
    assert [row.reason for row in badges_of(story.captain)] == ["", "胸牌丢失"]
    assert [fact.values for fact in Fact.objects.filter(kind="shows.badge_stopped")] == [{"renewed": True}]
    with pytest.raises(BadgeReasonMissing):
        renew_badge(person=story.captain, reason=" ", actor=story.captain, at=morning)
    with pytest.raises(NoBadge):
        renew_badge(person=story.secretary, reason="丢失", actor=story.secretary, at=morning)
    with pytest.raises(NotAllowed):
        renew_badge(person=story.captain, reason="丢失", actor=story.members[0], at=morning)


def test_the_badge_of_whoever_left_or_is_no_member_is_out_of_use(story, badge, morning):
    agree(story, morning)
    Person.objects.filter(pk=story.captain.pk).update(political_status=PoliticalStatus.MASSES)
    assert public_face(badge.token, morning) == PublicFace(BadgeState.STOPPED)
    Person.objects.filter(pk=story.captain.pk).update(
        political_status=PoliticalStatus.FULL_MEMBER, valid_until=morning.date()
    )
    assert public_face(badge.token, morning) == PublicFace(BadgeState.STOPPED)
    assert public_face("kein-solcher-code", morning) is None


def test_badges_are_issued_to_members_by_their_branch_or_themselves(story, badge, morning):
    assert issue_badge(person=story.captain, actor=story.secretary, at=morning) == badge
    assert not ISSUE_BADGE.allows(story.next_secretary, story.captain, at=morning)
    with pytest.raises(OnlyMembersShowCards):
        issue_badge(person=story.welder, actor=story.welder, at=morning)
    found = issue_badges(body=story.branch, actor=story.secretary, at=morning)
    assert badge in found
    assert [one.person.name for one in found] == sorted(one.person.name for one in found)
    assert {one.person for one in found} == {story.secretary, story.proposer, story.captain, *story.members}
    assert issue_badges(body=story.branch, actor=story.secretary, at=morning) == found
    assert Fact.objects.filter(kind="shows.badge_issued").count() == Badge.objects.count()
    assert badge_of(story.proposer) is not None
    with pytest.raises(NotAllowed):
        issue_badges(body=story.branch, actor=story.next_secretary, at=morning)
    empty = make_body("新建党支部", parent=story.committee)
    with pytest.raises(NobodyToIssue):
        issue_badges(body=empty, actor=story.clerk, at=morning)


def test_reading_costs_the_same_for_few_and_many(story, badge, morning, django_assert_num_queries):
    agree(story, morning)
    make_post(story, morning)
    with django_assert_num_queries(7):
        card_of(story.captain, morning.date(), morning)
    with django_assert_num_queries(9):
        public_face(badge.token, morning)
    make_post(story, morning, name="第二个岗", titles=("一", "二", "三"))
    make_person("新党员", home=story.branch)
    with django_assert_num_queries(7):
        card_of(story.captain, morning.date(), morning)
    with django_assert_num_queries(9):
        public_face(badge.token, morning)
    with django_assert_num_queries(2):
        faces_of([story.captain, story.secretary, *story.members], morning.date())
