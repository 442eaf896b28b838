"""Who sees whom: the office of a body sees everybody in the units that its bodies stand in, members or not."""

from __future__ import annotations

import pytest

from ronghe.domain.org.enums import PartyOrgKind, PoliticalStatus, PostRole
from ronghe.domain.org.selectors.people import people_seen_by
from tests.factories.org import make_body, make_person, make_post, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def field():
    plant, other = make_unit("采油一厂"), make_unit("采油二厂")
    team = make_unit("注水队", parent=plant)
    committee = make_body("采油一厂党委", kind=PartyOrgKind.COMMITTEE, unit=plant)
    branch = make_body("注水队党支部", parent=committee, unit=team)
    make_person("群众甲", unit=team, status=PoliticalStatus.MASSES)
    make_person("外厂人", unit=other, status=PoliticalStatus.MASSES)
    return {"committee": committee, "branch": branch}


@pytest.mark.parametrize("place", ["committee", "branch"])
def test_office_sees_people_without_a_party_in_its_units_and_nobody_elsewhere(field, morning, place):
    officer = make_person("温书宁")
    make_post(officer, PostRole.SECRETARY, body=field[place])

    assert [person.name for person in people_seen_by(officer, morning)] == ["温书宁", "群众甲"]


def test_member_sees_himself_alone(field, morning):
    member = make_person("王五", home=field["branch"])

    assert [person.name for person in people_seen_by(member, morning)] == ["王五"]
