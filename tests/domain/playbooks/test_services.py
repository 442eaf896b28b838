from __future__ import annotations

from datetime import date

import pytest

from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.domain.playbooks.models import Adoption, PlaybookVersion
from ronghe.domain.playbooks.rules import SEE_ADOPTION
from ronghe.domain.playbooks.selectors import adoptions_of, adoptions_seen_by, versions_kept
from ronghe.domain.playbooks.services import (
    AdoptedLater,
    AdoptionOver,
    AlreadyAdopted,
    EndsBeforeItBegins,
    NothingForThisBody,
    VersionSaysOtherwise,
    adopt_playbook,
    end_adoption,
)
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from tests.domain.playbooks.making import THEME_DAY, adopt, playbook, shipped
from tests.factories.org import SET_UP_AT, make_body, make_person, make_post

pytestmark = pytest.mark.django_db

JANUARY, JULY = date(2026, 1, 1), date(2026, 7, 1)


@pytest.fixture
def field():
    committee = make_body("采油一厂党委", kind=PartyOrgKind.COMMITTEE)
    north = make_body("南I-1联合站党支部", parent=committee)
    south = make_body("注水队党支部", parent=committee)
    secretary = make_person("刘丽", home=north)
    make_post(secretary, PostRole.SECRETARY, body=north)
    return north, south, secretary


def test_adopt_keeps_the_version_and_records_the_fact(field, morning):
    north, _south, secretary = field

    adoption = adopt_playbook(body=north, playbook=shipped("branch_base"), since=JULY, actor=secretary, at=morning)

    fact = Fact.objects.get(kind="zones.adopted_playbook")
    assert (fact.body, fact.recorded_by, fact.values) == (
        north.pk,
        secretary.token,
        {"playbook": "branch_base@2", "from_on": "2026-07-01"},
    )
    assert adoption.version.playbook.digest == shipped("branch_base").digest
    assert [m.id for m in adoption.version.playbook.mechanisms] == [m.id for m in shipped("branch_base").mechanisms]


def test_adopt_of_a_newer_version_ends_the_older_on_that_day(field, morning):
    north, _south, secretary = field
    old = adopt(north, playbook(), JANUARY)

    new = adopt_playbook(body=north, playbook=playbook(version=2), since=JULY, actor=secretary, at=morning)

    old.refresh_from_db()
    assert (old.valid_until, new.valid_from) == (JULY, JULY)
    assert list(adoptions_of(north, date(2026, 6, 30))) == [old]
    assert list(adoptions_of(north, JULY)) == [new]
    assert Fact.objects.get(kind="zones.ended_playbook").values == {"playbook": "test_book@1", "until_on": "2026-07-01"}


def test_two_bodies_share_a_kept_version(field):
    north, south, _secretary = field
    adopt(north, playbook(), JANUARY)
    adopt(south, playbook(), JULY)

    assert [str(version) for version in versions_kept()] == ["test_book@1"]


def test_adopt_refuses_another_content_under_the_same_version(field):
    north, south, _secretary = field
    adopt(north, playbook(), JANUARY)

    with pytest.raises(VersionSaysOtherwise):
        adopt(south, playbook(THEME_DAY.replace("days: 5", "days: 6")), JANUARY)

    assert Adoption.objects.count() == PlaybookVersion.objects.count() == 1


def test_adopt_refuses_the_same_twice_and_a_newer_one_from_before(field):
    north, _south, _secretary = field
    adopt(north, playbook(), JULY)

    with pytest.raises(AlreadyAdopted):
        adopt(north, playbook(), JULY)
    with pytest.raises(AdoptedLater):
        adopt(north, playbook(version=2), JULY)


def test_adopt_refuses_a_playbook_with_nothing_for_the_body():
    committee = make_body("采油一厂党委", kind=PartyOrgKind.COMMITTEE)

    with pytest.raises(NothingForThisBody) as refusal:
        adopt(committee, playbook(), JULY)

    assert str(refusal.value) == "范本“测试范本”没有一项制度适用于“采油一厂党委”，请核对范本里的 for。"


def test_adopt_is_for_those_who_decide_for_the_body(field, morning):
    _north, south, secretary = field

    with pytest.raises(NotAllowed):
        adopt_playbook(body=south, playbook=playbook(), since=JULY, actor=secretary, at=morning)

    assert Adoption.objects.count() == 0


def test_end_adoption_ends_it_once(field, morning):
    north, _south, secretary = field
    adoption = adopt(north, playbook(), JANUARY)

    with pytest.raises(EndsBeforeItBegins):
        end_adoption(adoption=adoption, until=date(2025, 12, 31), actor=secretary, at=morning)
    end_adoption(adoption=adoption, until=JULY, actor=secretary, at=morning)
    with pytest.raises(AdoptionOver):
        end_adoption(adoption=adoption, until=JULY, actor=secretary, at=morning)

    assert Fact.objects.filter(kind="zones.ended_playbook").count() == 1


def test_rule_and_list_agree_on_who_sees_an_adoption(field):
    north, south, secretary = field
    rows = [adopt(north, playbook(), JANUARY), adopt(south, playbook(), JANUARY)]
    clerk = make_person("何雨桐")
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=north.parent)
    people = [secretary, clerk, make_person("丁一帆", home=south), make_person("外人")]

    for person in people:
        allowed = [row.pk for row in rows if SEE_ADOPTION.allows(person, row, at=SET_UP_AT)]
        assert sorted(adoptions_seen_by(person, SET_UP_AT).values_list("pk", flat=True)) == allowed

    assert [adoptions_seen_by(person, SET_UP_AT).count() for person in people] == [1, 2, 1, 0]
