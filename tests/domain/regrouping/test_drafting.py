"""Opening a regrouping and asking differently: what cannot be asked is refused with a way out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.org.models import PartyOrg
from ronghe.domain.regrouping.models import Regrouping
from ronghe.domain.regrouping.selectors.asking import question_of
from ronghe.domain.regrouping.services.drafting import (
    DayAhead,
    GroupsOutOfRange,
    NobodyToGroup,
    NotInCrew,
    NotSplit,
    TooManyHubs,
    change_question,
    open_regrouping,
    pin_person,
)
from ronghe.kernel.errors import NotAllowed, Stale
from tests.factories.org import make_body, make_person
from tests.factories.regrouping import make_area, make_regrouping

pytestmark = pytest.mark.django_db


@pytest.fixture
def area():
    return make_area()


def opened(area, at, **changes):
    asked = {"body": area.branch, "group_count": 2, "as_of": at.date(), "actor": area.clerk, "at": at}
    return open_regrouping(**{**asked, **changes})


def test_po_08_only_a_branch_is_split_into_groups(area, morning):
    """PO-08: a group stands below a branch; a committee has none of its own."""
    with pytest.raises(NotSplit):
        opened(area, morning, body=area.committee)
    assert opened(area, morning).state == "drafting"


@pytest.mark.parametrize("count", [1, 13])
def test_groups_are_two_to_twelve(area, morning, count):
    with pytest.raises(GroupsOutOfRange):
        opened(area, morning, group_count=count)


def test_there_must_be_people_and_a_day_that_has_come(area, morning):
    with pytest.raises(NobodyToGroup):
        opened(area, morning, body=make_body("空支部", parent=area.committee))
    with pytest.raises(DayAhead):
        opened(area, morning, as_of=morning.date() + timedelta(days=1))
    with pytest.raises(TooManyHubs):
        opened(area, morning, hubs=area.stations)
    with pytest.raises(NotAllowed):
        opened(area, morning, actor=area.crew[5])
    assert Regrouping.objects.count() == 0


def test_of_two_who_change_the_question_one_is_told(area, morning):
    regrouping = make_regrouping(area, morning)
    other = Regrouping.objects.get()
    change_question(regrouping=regrouping, seen=0, actor=area.secretary, at=morning, group_count=3)

    with pytest.raises(Stale):
        change_question(regrouping=other, seen=0, actor=area.secretary, at=morning, group_count=4)


def test_only_those_placed_are_pinned(area, morning):
    with pytest.raises(NotInCrew):
        pin_person(
            regrouping=make_regrouping(area, morning), person=make_person("外人"), hub=area.stations[0],
            actor=area.secretary, at=morning,
        )  # fmt: skip


def test_a_pin_to_a_group_that_is_gone_is_not_asked(area, morning):
    regrouping = make_regrouping(area, morning)
    pin_person(regrouping=regrouping, person=area.crew[0], group=area.groups[1], actor=area.secretary, at=morning)
    assert len(question_of(regrouping).problem.pins) == 1

    PartyOrg.objects.filter(pk=area.groups[1].pk).update(valid_until=morning.date())

    assert question_of(regrouping).problem.pins == ()
