"""People come, belong, take posts and leave (PO-12, PO-13)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from ronghe.domain.org.enums import HOME_KINDS, MembershipKind, PartyOrgKind, PoliticalStatus, PostRole
from ronghe.domain.org.models import Membership, Person, PostHolding
from ronghe.domain.org.rules.reaches import posts_of
from ronghe.domain.org.selectors.people import home_branches, people_in
from ronghe.domain.org.services.people import (
    EndsBeforeStart,
    NotAHome,
    PostHeld,
    join_body,
    leave_body,
    leave_post,
    take_post,
)
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from tests.factories.org import LONG_AGO, SET_UP_AT, make_body, make_person, make_post, make_unit

pytestmark = pytest.mark.django_db

JUNE = date(2026, 6, 1)


def join(person, body, kind=MembershipKind.HOME, since=JUNE, actor=None):
    return join_body(person=person, body=body, kind=kind, since=since, actor=actor, at=SET_UP_AT)


def homes(person) -> list[tuple]:
    rows = person.memberships.filter(kind=MembershipKind.HOME).order_by("valid_from", "pk")
    return list(rows.values_list("body__name", "valid_from", "valid_until"))


def test_po_12_a_new_home_ends_the_old_one_the_same_day():
    old, new = make_body("南一支部"), make_body("南二支部")
    chen = make_person("陈波", home=old)

    join(chen, new)

    assert homes(chen) == [("南一支部", LONG_AGO, JUNE), ("南二支部", JUNE, None)]


def test_po_12_on_every_day_there_is_exactly_one_home(morning):
    chen = make_person("陈波", home=make_body("南一支部"))
    second = make_body("南二支部")
    join(chen, second)

    for day in (LONG_AGO, JUNE - timedelta(days=1), JUNE, JUNE + timedelta(days=1)):
        at = morning.replace(year=day.year, month=day.month, day=day.day)
        assert len(home_branches([chen.token], at)) == 1
    assert home_branches([chen.token], morning) == {chen.token: second.pk}


def test_po_12_two_homes_at_once_are_refused_by_the_database():
    chen = make_person("陈波", home=make_body())

    with pytest.raises(IntegrityError, match=r"org_membership"), transaction.atomic():
        Membership.objects.create(person=chen, body=make_body(), kind=MembershipKind.HOME, valid_from=JUNE)

    assert len(homes(chen)) == 1


@pytest.mark.parametrize("kind", list(PartyOrgKind))
def test_po_12_working_bodies_are_nobodys_home(kind):
    body = make_body("某组织", kind=kind)
    chen = make_person("陈波")

    if kind in HOME_KINDS:
        join(chen, body)
        assert len(homes(chen)) == 1
    else:
        with pytest.raises(NotAHome):
            join(chen, body)
        assert Membership.objects.count() == 0


def test_po_12_the_home_kinds_are_branches_and_nothing_else():
    assert {PartyOrgKind.BRANCH, PartyOrgKind.JOINT_BRANCH, PartyOrgKind.FLOATING_BRANCH} == HOME_KINDS


def test_po_12_a_refused_move_leaves_the_old_home():
    chen = make_person("陈波", home=make_body("南一支部"))

    with pytest.raises(NotAHome):
        join(chen, make_body("共建支部", kind=PartyOrgKind.CO_BUILT_BRANCH))

    assert homes(chen) == [("南一支部", LONG_AGO, None)]


def test_po_12_one_person_takes_part_in_many_bodies_beside_the_home():
    home = make_body("南一支部")
    chen = make_person("陈波", home=home)
    zones = [make_body(kind=PartyOrgKind.CO_BUILT_BRANCH) for _ in range(2)]

    for zone in zones:
        join(chen, zone, MembershipKind.PARTICIPATION)

    assert homes(chen) == [("南一支部", LONG_AGO, None)]
    assert [list(people_in(zone, JUNE)) for zone in zones] == [[chen], [chen]]


def test_po_13_a_member_without_a_home_is_found_as_such(morning):
    member = make_person("流动党员", status=PoliticalStatus.FULL_MEMBER)

    assert home_branches([member.token], morning) == {}


def test_a_home_that_began_later_cannot_be_ended_earlier():
    chen = make_person("陈波")
    join(chen, make_body("南一支部"), since=JUNE)

    with pytest.raises(EndsBeforeStart):
        join(chen, make_body("南二支部"), since=JUNE - timedelta(days=1))

    assert homes(chen) == [("南一支部", JUNE, None)]


def test_a_home_corrected_on_its_first_day_never_was():
    chen = make_person("陈波")
    join(chen, make_body("南一支部"), since=JUNE)
    join(chen, make_body("南二支部"), since=JUNE)

    assert homes(chen) == [("南一支部", JUNE, JUNE), ("南二支部", JUNE, None)]


def test_joining_and_leaving_are_recorded_about_the_person():
    clerk, chen = make_person("周干事"), make_person("陈波")
    body = make_body("南一支部")
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=body)

    membership = join(chen, body, actor=clerk)
    leave_body(membership=membership, until=JUNE + timedelta(days=30), actor=clerk, at=SET_UP_AT)

    facts = Fact.objects.filter(subject=chen.token).order_by("pk")
    assert [(fact.kind, fact.body, fact.recorded_by, fact.values) for fact in facts] == [
        ("org.membership_started", body.pk, clerk.token, {"membership": "home"}),
        ("org.membership_ended", body.pk, clerk.token, {"membership": "home"}),
    ]


def test_people_leave_on_the_day_that_is_not_included():
    body = make_body()
    chen = make_person("陈波", home=body)
    leave_body(membership=chen.memberships.get(), until=JUNE, actor=None, at=SET_UP_AT)

    assert list(people_in(body, JUNE - timedelta(days=1))) == [chen]
    assert list(people_in(body, JUNE)) == []


def test_a_post_is_in_one_place_and_recorded():
    body, chen = make_body(), make_person("陈波")

    post = take_post(person=chen, role=PostRole.SECRETARY, body=body, since=JUNE, actor=None, at=SET_UP_AT)

    fact = Fact.objects.get(kind="org.post_taken")
    assert (fact.subject, fact.body, fact.unit, fact.values) == (chen.token, body.pk, None, {"role": "secretary"})
    assert (fact.source_type, fact.source_id) == ("org.postholding", post.pk)


@pytest.mark.parametrize("in_both", [True, False])
def test_a_post_in_two_places_or_in_none_is_refused_by_the_database(in_both):
    places = {"body": make_body(), "unit": make_unit()} if in_both else {}

    with pytest.raises(IntegrityError, match="org_post_holding_in_one_place"), transaction.atomic():
        PostHolding.objects.create(person=make_person(), role=PostRole.SECRETARY, valid_from=JUNE, **places)


@pytest.mark.parametrize("place", ["body", "unit"])
def test_the_same_post_is_not_held_twice_at_once(place):
    where = {place: make_body() if place == "body" else make_unit()}
    chen = make_person("陈波")
    post = make_post(chen, PostRole.TEAM_LEADER, **where)

    with pytest.raises(PostHeld):
        make_post(chen, PostRole.TEAM_LEADER, **where)
    leave_post(post=post, until=JUNE, actor=None, at=SET_UP_AT)
    take_post(person=chen, role=PostRole.TEAM_LEADER, since=JUNE, actor=None, at=SET_UP_AT, **where)

    assert PostHolding.objects.count() == 2


def test_the_posts_of_a_person_are_read_anew_after_a_change():
    chen, body = make_person("陈波"), make_body()
    assert posts_of(chen, JUNE) == []

    post = take_post(person=chen, role=PostRole.SECRETARY, body=body, since=JUNE, actor=None, at=SET_UP_AT)
    assert posts_of(chen, JUNE) == [post]

    leave_post(post=post, until=JUNE, actor=None, at=SET_UP_AT)
    assert posts_of(post.person, JUNE) == []


def test_a_post_cannot_end_before_it_began():
    post = take_post(
        person=make_person(), role=PostRole.SECRETARY, body=make_body(), since=JUNE, actor=None, at=SET_UP_AT
    )

    with pytest.raises(EndsBeforeStart):
        leave_post(post=post, until=JUNE - timedelta(days=1), actor=None, at=SET_UP_AT)


def test_facts_name_nobody():
    chen = make_person("陈波", home=make_body("南一支部"))
    make_post(chen, PostRole.SECRETARY, body=make_body("南二支部"))

    stored = str(list(Fact.objects.values()))

    assert "陈波" not in stored
    assert Person.objects.get(name="陈波").token == chen.token


@pytest.fixture
def house():
    """A committee with its clerk, a branch with its secretary, and a stranger to both."""
    committee = make_body("采油一厂党委", kind=PartyOrgKind.COMMITTEE)
    branch = make_body("注水队党支部", parent=committee)
    clerk, secretary = make_person("温书宁"), make_person("刘丽", home=branch)
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=committee)
    make_post(secretary, PostRole.SECRETARY, body=branch)
    return {"branch": branch, "clerk": clerk, "secretary": secretary, "stranger": make_person("赵六")}


def appoint(house, actor):
    return take_post(
        person=house["stranger"], role=PostRole.GROUP_LEADER, body=house["branch"], since=JUNE, actor=house[actor],
        at=SET_UP_AT,
    )  # fmt: skip


def test_the_committees_clerk_appoints_below_the_committee(house):
    assert appoint(house, "clerk").role == PostRole.GROUP_LEADER


@pytest.mark.parametrize("actor", ["secretary", "stranger"])
def test_nobody_else_gives_a_post_since_posts_carry_rights(house, actor):
    with pytest.raises(NotAllowed):
        appoint(house, actor)

    assert not PostHolding.objects.filter(person=house["stranger"]).exists()


def test_a_post_is_taken_away_by_who_may_give_it(house):
    post = appoint(house, "clerk")

    with pytest.raises(NotAllowed):
        leave_post(post=post, until=JUNE + timedelta(days=9), actor=house["secretary"], at=SET_UP_AT)


def test_a_secretary_enrols_into_the_own_branch_and_no_other(house):
    join(house["stranger"], house["branch"], kind=MembershipKind.PARTICIPATION, actor=house["secretary"])

    with pytest.raises(NotAllowed):
        join(house["stranger"], make_body("检修队党支部"), actor=house["secretary"])
