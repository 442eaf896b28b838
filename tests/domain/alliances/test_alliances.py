"""党建联盟: partners, contacts that fall due, invitations that end, and a list with an owner on each side (B4)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.alliances.enums import ContactForm, DifficultyState, Side
from ronghe.domain.alliances.models import Alliance, AllianceDifficulty
from ronghe.domain.alliances.rules import MOVE_THEIRS, SEE_ALLIANCE, SEE_DIFFICULTY, SEE_SHARED_LIST
from ronghe.domain.alliances.selectors import contacts_due, difficulties_waiting, waiting_days
from ronghe.domain.alliances.services.alliances import (
    AllianceHasOpen,
    AllianceThere,
    PartnerHasOpen,
    PartnerThere,
    add_partner,
    end_alliance,
    found_alliance,
    read_phone,
    withdraw_partner,
)
from ronghe.domain.alliances.services.contacts import (
    ContactAhead,
    ContactBeforeAlliance,
    ContactEmpty,
    NextNotLater,
    hold_contact,
)
from ronghe.domain.alliances.services.difficulties import (
    AlreadyClaimed,
    DifficultyDuePast,
    MoveEmpty,
    OwnerNotOurs,
    TaskThere,
    claim_ours,
    claim_theirs,
    comment,
    make_task,
    progress,
    raise_difficulty,
    resolve,
    resume,
    shelve,
    withdraw,
)
from ronghe.domain.alliances.services.invitations import (
    InvitationUseless,
    PartnerHasLogin,
    accept_invitation,
    invitation_of,
    invite_partner,
    revoke_way_in,
)
from ronghe.kernel.access.login import PasswordRefused
from ronghe.kernel.access.models import Account, Look
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.alliances import LOGIN, NOW, SECRET_WORD, TODAY, come_in, make_alliance, make_difficulty
from tests.factories.org import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return make_alliance()


def held(story, day=TODAY, **changes):
    given = {"form": ContactForm.VISIT, "partners": [story.town], "settled": "月底前会商用地", "actor": story.secretary}
    return hold_contact(alliance=story.alliance, day=day, at=NOW, **(given | changes))


def both_claimed(story):
    one = make_difficulty(story)
    claim_ours(difficulty=one, actor=story.secretary, at=NOW)
    return claim_theirs(difficulty=one, actor=story.clerk_of_town, at=NOW)


class TestAlliance:
    def test_an_alliance_of_a_name_is_there_once(self, story):
        with pytest.raises(AllianceThere):
            found_alliance(
                name=story.alliance.name, kind=story.alliance.kind, body=story.branch, actor=story.secretary, at=NOW
            )
        with pytest.raises(PartnerThere):
            add_partner(alliance=story.alliance, name="城南镇政府", actor=story.secretary, at=NOW)

    def test_a_member_keeps_none(self, story):
        with pytest.raises(NotAllowed):
            found_alliance(name="别的", kind="mixed", body=story.branch, actor=story.member, at=NOW)
        with pytest.raises(NotAllowed):
            read_phone(partner=story.town, actor=story.member, at=NOW)

    def test_each_look_at_a_phone_is_recorded(self, story):
        assert "13800138000" not in story.town.phone_sealed
        assert read_phone(partner=story.town, actor=story.secretary, at=NOW) == "13800138000"
        look = Look.objects.get()
        assert (look.by, look.about) == (story.secretary.token, story.clerk_of_town.token)

    def test_open_difficulties_keep_partner_and_alliance(self, story):
        one = make_difficulty(story)
        with pytest.raises(PartnerHasOpen):
            withdraw_partner(partner=story.town, actor=story.secretary, at=NOW)
        with pytest.raises(AllianceHasOpen):
            end_alliance(alliance=story.alliance, actor=story.secretary, at=NOW)
        withdraw(difficulty=one, actor=story.secretary, at=NOW)

        end_alliance(alliance=story.alliance, actor=story.secretary, at=NOW)

        assert not Account.objects.get(login=LOGIN).is_active
        assert not SEE_SHARED_LIST.allows(story.clerk_of_town, story.alliance, at=NOW)


class TestContacts:
    def test_next_one_is_due_after_the_alliances_days_or_on_the_agreed_one(self, story):
        assert story.alliance.next_contact_on == TODAY + timedelta(days=30)
        assert held(story).next_on == TODAY + timedelta(days=30)
        assert held(story, next_on=TODAY + timedelta(days=7)).next_on == TODAY + timedelta(days=7)
        assert Alliance.objects.get().next_contact_on == TODAY + timedelta(days=7)

    def test_an_earlier_one_entered_late_moves_nothing(self, story):
        Alliance.objects.update(starts_on=TODAY - timedelta(days=60))
        story.alliance.refresh_from_db()
        held(story)
        held(story, day=TODAY - timedelta(days=20))
        assert Alliance.objects.get().next_contact_on == TODAY + timedelta(days=30)

    def test_it_is_a_fact_of_our_body(self, story):
        held(story)
        fact = Fact.objects.get(kind="alliances.contact_held")
        assert fact.body == story.branch.pk

    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [
            ({"day": TODAY + timedelta(days=1)}, ContactAhead), ({"day": TODAY - timedelta(days=1)}, ContactBeforeAlliance),
            ({"settled": " "}, ContactEmpty), ({"partners": []}, ContactEmpty), ({"next_on": TODAY}, NextNotLater),
        ],
    )  # fmt: skip
    def test_what_is_no_contact_is_refused(self, story, changes, refusal):
        with pytest.raises(refusal):
            held(story, **changes)

    def test_due_from_its_very_day_on(self, story):
        due = NOW + timedelta(days=30)
        assert not contacts_due(story.secretary, due - timedelta(days=1)).exists()
        assert contacts_due(story.secretary, due).exists()
        assert not contacts_due(story.member, due).exists()


class TestInvitations:
    def test_a_link_works_once_until_its_end(self, story):
        made, secret = invite_partner(partner=story.plant, actor=story.secretary, at=NOW)
        with pytest.raises(InvitationUseless):
            invitation_of(secret, made.expires_at)
        assert accept_invitation(secret=secret, login="magong", password=SECRET_WORD, at=NOW).name == "马工"
        with pytest.raises(InvitationUseless):
            accept_invitation(secret=secret, login="again", password=SECRET_WORD, at=NOW)

    def test_a_weak_password_leaves_the_invitation_open(self, story):
        _made, secret = invite_partner(partner=story.plant, actor=story.secretary, at=NOW)
        with pytest.raises(PasswordRefused):
            accept_invitation(secret=secret, login="magong", password="12345678", at=NOW)
        assert invitation_of(secret, NOW)

    def test_a_second_link_takes_the_first_back(self, story):
        _first, old = invite_partner(partner=story.plant, actor=story.secretary, at=NOW)
        _second, new = invite_partner(partner=story.plant, actor=story.secretary, at=NOW)
        with pytest.raises(InvitationUseless):
            invitation_of(old, NOW)
        assert invitation_of(new, NOW)

    def test_a_log_in_is_taken_back(self, story):
        with pytest.raises(PartnerHasLogin):
            invite_partner(partner=story.town, actor=story.secretary, at=NOW)
        revoke_way_in(partner=story.town, actor=story.secretary, at=NOW)
        assert not Account.objects.get(login=LOGIN).is_active
        assert not SEE_SHARED_LIST.allows(story.clerk_of_town, story.alliance, at=NOW)
        assert come_in(story.town, story.secretary, login="zhenfu2")

    def test_who_came_in_has_no_unit_no_post_no_membership(self, story):
        person = story.clerk_of_town
        assert person.unit is None
        assert not person.posts.exists()
        assert not person.memberships.exists()


class TestDifficulties:
    def test_both_sides_claim_and_then_it_is_claimed(self, story):
        one = make_difficulty(story)
        assert (one.state, one.waiting_for) == (DifficultyState.RAISED, Side.BOTH)
        claim_ours(difficulty=one, actor=story.secretary, at=NOW, owner=story.member)
        assert (one.state, one.waiting_for, one.our_owner) == (DifficultyState.RAISED, Side.THEIRS, story.member)
        claim_theirs(difficulty=one, actor=story.clerk_of_town, at=NOW)
        assert (one.state, one.waiting_for) == (DifficultyState.CLAIMED, Side.OURS)
        with pytest.raises((AlreadyClaimed, StepNotAllowed)):
            claim_theirs(difficulty=one, actor=story.clerk_of_town, at=NOW)

    def test_a_side_claims_once_and_for_itself(self, story):
        one = make_difficulty(story)
        stale = AllianceDifficulty.objects.get()
        claim_ours(difficulty=one, actor=story.member, at=NOW)
        with pytest.raises(AlreadyClaimed):
            claim_ours(difficulty=stale, actor=story.secretary, at=NOW)
        with pytest.raises(NotAllowed):
            claim_theirs(difficulty=one, actor=story.secretary, at=NOW)
        with pytest.raises(NotAllowed):
            claim_ours(difficulty=one, actor=story.clerk_of_town, at=NOW)
        with pytest.raises(OwnerNotOurs):
            claim_ours(difficulty=make_difficulty(story), actor=story.secretary, at=NOW, owner=make_person())

    def test_days_are_counted_for_whose_turn_it_is(self, story):
        one = both_claimed(story)
        later = NOW + timedelta(days=3)
        progress(difficulty=one, text="资料已送", next_side=Side.THEIRS, actor=story.secretary, at=later)
        assert waiting_days(one, later + timedelta(days=5)) == 5
        assert list(difficulties_waiting(story.clerk_of_town, later)) == [one]
        assert list(difficulties_waiting(story.secretary, later)) == []

    def test_nothing_moves_before_both_claimed(self, story):
        one = make_difficulty(story)
        with pytest.raises(StepNotAllowed):
            progress(difficulty=one, text="先办", next_side=Side.THEIRS, actor=story.secretary, at=NOW)
        with pytest.raises(StepNotAllowed):
            make_task(difficulty=one, actor=story.secretary, at=NOW)

    def test_resolved_with_its_result_and_its_days(self, story):
        one = both_claimed(story)
        with pytest.raises(MoveEmpty):
            resolve(difficulty=one, result=" ", actor=story.secretary, at=NOW)
        resolve(difficulty=one, result="已批复", actor=story.clerk_of_town, at=NOW + timedelta(days=9))
        fact = Fact.objects.get(kind="alliances.difficulty_resolved")
        assert '"days":9' in fact.attributes.replace(" ", "")
        with pytest.raises(StepNotAllowed):
            comment(difficulty=one, text="再说一句", actor=story.secretary, at=NOW)

    def test_shelved_is_taken_up_again(self, story):
        one = both_claimed(story)
        shelve(difficulty=one, text="等新政策", actor=story.secretary, at=NOW)
        resume(difficulty=one, text="政策已出", actor=story.clerk_of_town, at=NOW)
        assert one.state == DifficultyState.UNDER_WAY

    def test_our_part_becomes_one_task(self, story):
        one = both_claimed(story)
        assert make_task(difficulty=one, actor=story.secretary, at=NOW).assignee == story.secretary
        with pytest.raises(TaskThere):
            make_task(difficulty=one, actor=story.secretary, at=NOW)

    def test_a_deadline_of_today_is_taken_and_of_yesterday_is_not(self, story):
        given = {
            "alliance": story.alliance,
            "partner": story.town,
            "title": "并网",
            "actor": story.clerk_of_town,
            "at": NOW,
        }
        assert raise_difficulty(due_on=TODAY, **given).raised_side == Side.THEIRS
        with pytest.raises(DifficultyDuePast):
            raise_difficulty(due_on=TODAY - timedelta(days=1), **given)

    def test_only_who_raised_it_withdraws_it(self, story):
        one = make_difficulty(story)
        with pytest.raises(NotAllowed):
            withdraw(difficulty=one, actor=story.clerk_of_town, at=NOW)
        withdraw(difficulty=one, actor=story.secretary, at=NOW)
        assert one.state == DifficultyState.WITHDRAWN


class TestPartnersSight:
    def test_a_partner_sees_the_shared_list_of_its_alliance_only(self, story):
        other = make_difficulty(story, partner=story.plant)
        elsewhere = found_alliance(name="另一个", kind="mixed", body=story.branch, actor=story.secretary, at=NOW)
        assert SEE_SHARED_LIST.allows(story.clerk_of_town, story.alliance, at=NOW)
        assert not SEE_ALLIANCE.allows(story.clerk_of_town, story.alliance, at=NOW)
        assert SEE_DIFFICULTY.allows(story.clerk_of_town, other, at=NOW)
        assert not MOVE_THEIRS.allows(story.clerk_of_town, other, at=NOW)
        assert not SEE_SHARED_LIST.allows(story.clerk_of_town, elsewhere, at=NOW)
        assert not SEE_SHARED_LIST.allows(story.outsider, story.alliance, at=NOW)
