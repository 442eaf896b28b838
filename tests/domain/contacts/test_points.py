"""Contact points: set up, handed over, ended; who may, who may not, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from ronghe.domain.contacts.enums import Cadence, ContactKind, DueState
from ronghe.domain.contacts.facts import CONTACT_ENDED, CONTACT_SET
from ronghe.domain.contacts.models import ContactPoint
from ronghe.domain.contacts.rules import KINDS, SEE_CONTACT
from ronghe.domain.contacts.selectors import (
    bodies_to_set_up,
    bodies_without_contact,
    chain_of,
    holders_for,
    in_state,
    list_contacts,
    stations_without_contact,
    visits_due_of,
)
from ronghe.domain.contacts.services.points import (
    ApprovalMissing,
    ContactEndsTooEarly,
    ContactOver,
    ContactThere,
    EndReasonMissing,
    HolderWithoutPost,
    OwnContact,
    SameHolder,
    TargetUnclear,
    WrongTree,
    end_contact,
    hand_over_contact,
    keep_last_visit,
    set_contact,
)
from ronghe.domain.org.models import AdminUnit, PartyOrg
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from tests.factories.contacts import SINCE, make_care, make_contact, make_contacts
from tests.factories.org import SET_UP_AT, make_person

pytestmark = pytest.mark.django_db

AT = SET_UP_AT.replace(month=9, day=14)
TODAY = date(2026, 9, 14)


@pytest.fixture
def story():
    return make_contacts()


def setting(story, **given):
    asked = {
        "kind": ContactKind.SAFETY, "holder": story.visitor, "body": story.committee, "since": SINCE,
        "approval_ref": "党委会〔2026〕9号", "actor": story.clerk, "at": AT,
    }  # fmt: skip
    if not {"to_body", "to_unit", "to_person"} & given.keys():
        given["to_unit"] = story.station
    return set_contact(**(asked | given))


def test_a_contact_holds_from_its_day_with_the_cadence_of_its_kind(story):
    point = setting(story)

    assert point.target == story.station
    assert (point.cadence, point.due_on, point.asked_from) == (Cadence.MONTH, date(2026, 7, 31), SINCE)
    fact = Fact.objects.get(kind=CONTACT_SET.name)
    assert (fact.subject, fact.body, fact.unit) == (story.visitor.token, story.committee.pk, story.station.pk)
    assert fact.values == {"contact": "safety", "target": "unit", "cadence": "month", "is_handover": False}


@pytest.mark.parametrize("kind", list(ContactKind))
def test_every_kind_says_who_holds_it_and_what_is_asked(kind):
    rule = KINDS[kind]

    assert rule.holders
    assert 1 <= len({question.code for question in rule.questions}) == len(rule.questions)


def test_care_is_set_up_by_the_union_and_everything_else_by_the_party(story):
    assert make_care(story).cadence == Cadence.QUARTER
    with pytest.raises(WrongTree) as refusal:
        setting(story, kind=ContactKind.CARE, to_person=story.worker)
    assert "作业区党委" in str(refusal.value)
    with pytest.raises(WrongTree):
        setting(story, body=story.union)


def test_exactly_one_target_is_named(story):
    with pytest.raises(TargetUnclear):
        setting(story, to_unit=story.station, to_body=story.branch)
    with pytest.raises(TargetUnclear):
        setting(story, to_unit=None)


def test_a_holder_needs_one_of_the_posts_of_the_kind_on_the_first_day(story):
    with pytest.raises(HolderWithoutPost) as refusal:
        setting(story, holder=story.foreman)
    assert "马会军" in str(refusal.value)
    with pytest.raises(HolderWithoutPost):
        setting(story, since=date(2019, 12, 31))  # the posts began on 1 January 2020


def test_nobody_is_the_own_contact(story):
    with pytest.raises(OwnContact):
        setting(story, kind=ContactKind.FIXED_POINT, to_person=story.visitor)


def test_the_same_contact_is_not_set_up_twice(story):
    setting(story)
    with pytest.raises(ContactThere):
        setting(story)
    assert setting(story, kind=ContactKind.FIXED_POINT).pk


def test_a_decision_is_named(story):
    with pytest.raises(ApprovalMissing):
        setting(story, approval_ref="  ")


def test_only_the_office_and_secretaries_set_contacts_up(story):
    for actor in (story.visitor, story.foreman, story.chair):
        with pytest.raises(NotAllowed):
            setting(story, actor=actor)
    with pytest.raises(NotAllowed):
        setting(story, actor=story.secretary)  # of a branch below the committee
    assert list(bodies_to_set_up(story.chair, AT)) == [story.union]
    assert set(bodies_to_set_up(story.clerk, AT)) == {story.committee, story.branch, story.union}


def test_a_handover_is_one_act_without_a_gap(story):
    point = make_contact(story)

    new = hand_over_contact(
        contact=point, to=story.successor, on=date(2026, 9, 10), approval_ref="党委会〔2026〕12号", actor=story.clerk,
        at=AT,
    )  # fmt: skip

    point.refresh_from_db()
    assert (point.valid_until, new.valid_from, new.holder) == (date(2026, 9, 10), date(2026, 9, 10), story.successor)
    assert new.due_on == date(2026, 10, 31)  # the first whole month
    assert [one.holder for one in chain_of(new)] == [story.visitor]
    assert Fact.objects.filter(kind=CONTACT_ENDED.name).get().values["is_handover"] is True
    assert list(ContactPoint.objects.running(date(2026, 9, 9))) == [point]
    assert list(ContactPoint.objects.running(date(2026, 9, 10))) == [new]


def test_a_handover_to_the_holder_or_without_a_post_changes_nothing(story):
    point = make_contact(story)
    given = {"contact": point, "on": TODAY, "approval_ref": "x", "actor": story.clerk, "at": AT}

    with pytest.raises(SameHolder):
        hand_over_contact(to=story.visitor, **given)
    with pytest.raises(HolderWithoutPost):
        hand_over_contact(to=story.foreman, **given)
    with pytest.raises(NotAllowed):
        hand_over_contact(to=story.successor, **(given | {"actor": story.visitor}))

    assert ContactPoint.objects.get().valid_until is None


def test_a_contact_does_not_end_before_it_began_or_was_visited(story):
    point = make_contact(story)
    keep_last_visit(point.pk, date(2026, 9, 3))
    given = {"contact": point, "reason": "调离", "actor": story.clerk, "at": AT}

    for day in (date(2026, 6, 30), date(2026, 9, 3)):
        with pytest.raises(ContactEndsTooEarly) as refusal:
            end_contact(on=day, **given)
        assert "2026-09-04" in str(refusal.value)

    assert end_contact(on=date(2026, 9, 4), **given).valid_until == date(2026, 9, 4)


def test_a_contact_ends_once_and_with_a_reason(story):
    point, seen_by_another = make_contact(story), None
    seen_by_another = ContactPoint.objects.get(pk=point.pk)
    with pytest.raises(EndReasonMissing):
        end_contact(contact=point, on=TODAY, reason=" ", actor=story.clerk, at=AT)
    end_contact(contact=point, on=TODAY, reason="站场停运", actor=story.clerk, at=AT)

    with pytest.raises(Stale):
        end_contact(contact=seen_by_another, on=TODAY, reason="重复", actor=story.clerk, at=AT)
    with pytest.raises(ContactOver):
        end_contact(contact=point, on=TODAY, reason="重复", actor=story.clerk, at=AT)


def test_states_follow_from_the_dates(story):
    point = make_contact(story)
    assert point.due_state(date(2026, 7, 31)) == DueState.DUE
    assert point.due_state(date(2026, 8, 1)) == DueState.OVERDUE
    visited = keep_last_visit(point.pk, date(2026, 8, 5))
    assert visited.due_state(date(2026, 8, 31)) == DueState.VISITED
    assert visited.due_state(date(2026, 9, 1)) == DueState.DUE
    assert visited.due_state(date(2026, 10, 1)) == DueState.OVERDUE


@pytest.mark.parametrize(
    ("day", "state"),
    [(date(2026, 7, 31), DueState.DUE), (date(2026, 8, 1), DueState.OVERDUE)],
)
def test_lists_cut_by_state_agree_with_the_state_of_each(story, day, state):
    point = make_contact(story)

    found = {one: list(in_state(one, day)) for one in DueState}

    assert found[state] == [point]
    assert sum(map(len, found.values())) == 1


def test_the_due_list_is_the_holders_with_the_longest_overdue_first(story):
    late, care = make_contact(story), make_care(story)
    other = setting(story, kind=ContactKind.FIXED_POINT, to_unit=None, to_body=story.branch)

    assert list(visits_due_of(story.visitor, TODAY)) == [late, other]
    assert list(visits_due_of(story.chair, TODAY)) == [care]
    keep_last_visit(late.pk, date(2026, 9, 2))
    assert list(visits_due_of(story.visitor, TODAY)) == [other]


def test_coverage_names_bodies_and_stations_that_nobody_is_in_touch_with(story):
    bodies, units = PartyOrg.objects.filter(pk=story.branch.pk), AdminUnit.objects.all()
    assert list(bodies_without_contact(bodies, TODAY)) == [story.branch]
    assert list(stations_without_contact(units, TODAY)) == [story.station]

    point = make_contact(story)
    setting(story, kind=ContactKind.FIXED_POINT, to_unit=None, to_body=story.branch)

    assert list(bodies_without_contact(bodies, TODAY)) == []
    assert list(stations_without_contact(units, TODAY)) == []
    end_contact(contact=point, on=date(2026, 9, 1), reason="换人", actor=story.clerk, at=AT)
    assert list(stations_without_contact(units, TODAY)) == [story.station]


def test_coverage_costs_one_statement_however_many(story, django_assert_num_queries):
    with django_assert_num_queries(2):
        list(bodies_without_contact(PartyOrg.objects.all(), TODAY))
        list(stations_without_contact(AdminUnit.objects.all(), TODAY))


def test_contacts_are_seen_above_at_the_place_and_by_the_two_concerned(story):
    point, care = make_contact(story), make_care(story)
    stranger = make_person("倪春梅")

    assert [person.name for person in
            (story.clerk, story.visitor, story.foreman, story.worker, story.chair, stranger)
            if SEE_CONTACT.allows(person, point, at=AT)] == ["周玉兰", "沈国庆", "马会军"]  # fmt: skip
    assert [person.name for person in
            (story.clerk, story.secretary, story.visitor, story.foreman, story.worker, story.chair, stranger)
            if SEE_CONTACT.allows(person, care, at=AT)] == ["周玉兰", "郭大海", "田小雨", "孙梅"]  # fmt: skip


def test_a_list_costs_two_statements(story, django_assert_num_queries):
    make_contact(story)
    make_care(story)
    with django_assert_num_queries(3):  # and the actor's standing
        page = list_contacts(story.clerk, AT, rows=in_state(None, TODAY))
        assert [point.target.name for point in page] == ["义隆首站", "田小雨"]


def test_holders_offered_have_the_posts_of_the_kind_near_the_body(story):
    near = PartyOrg.objects.filter(pk=story.branch.pk)

    assert {person.name for person in holders_for(ContactKind.SAFETY, near, TODAY)} == {"沈国庆", "丁卫东", "郭大海"}
    assert "孙梅" in {person.name for person in holders_for(ContactKind.CARE, near, TODAY)}
