"""Founding and moving units and Party bodies."""

from __future__ import annotations

from datetime import date

import pytest

from ronghe.domain.org.enums import PartyOrgKind, PostRole, UnitKind
from ronghe.domain.org.models import AdminUnit, PartyOrg
from ronghe.domain.org.selectors.people import bodies_seen_by, people_seen_by, units_seen_by
from ronghe.domain.org.services.trees import NameTaken, create_party_org, create_unit, move_party_org
from ronghe.kernel.db.tree import InsideItself, parent_of
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from tests.factories.org import LONG_AGO, SET_UP_AT, make_body, make_person, make_post, make_unit

pytestmark = pytest.mark.django_db

JUNE = date(2026, 6, 1)


@pytest.fixture
def field():
    committee = make_body("厂党委", kind=PartyOrgKind.COMMITTEE)
    south, north = make_body("南区党总支", parent=committee), make_body("北区党总支", parent=committee)
    clerk = make_person("周干事")
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=committee)
    return {"committee": committee, "south": south, "north": north, "clerk": clerk}


def found(name, parent, actor=None):
    return create_party_org(name=name, kind=PartyOrgKind.BRANCH, parent=parent, since=JUNE, actor=actor, at=SET_UP_AT)


def test_a_founded_body_stands_below_its_parent_and_is_recorded(field):
    branch = found("采油一队党支部", field["south"], field["clerk"])

    assert parent_of(branch, JUNE) == field["south"]
    fact = Fact.objects.get(source_type="org.partyorg", source_id=branch.pk)
    assert (fact.kind, fact.body, fact.recorded_by, fact.values) == (
        "org.party_org_created", branch.pk, field["clerk"].token, {"org_kind": "branch"},
    )  # fmt: skip


def test_a_founded_unit_is_recorded():
    unit = create_unit(name="采油一队", kind=UnitKind.TEAM, parent=None, since=JUNE, actor=None, at=SET_UP_AT)

    assert Fact.objects.get().values == {"unit_kind": "team"}
    assert (Fact.objects.get().kind, Fact.objects.get().unit) == ("org.unit_created", unit.pk)


def test_a_name_is_used_once_below_a_parent_and_again_below_another(field):
    found("第一党支部", field["south"])

    with pytest.raises(NameTaken) as refusal:
        found("第一党支部", field["south"])
    found("第一党支部", field["north"])

    assert str(refusal.value) == "“南区党总支”下面已有“第一党支部”，请换个名称。"
    assert PartyOrg.objects.filter(name="第一党支部").count() == 2


def test_the_name_of_a_root_is_used_once():
    make_unit("采油厂")

    with pytest.raises(NameTaken):
        make_unit("采油厂")

    assert AdminUnit.objects.count() == 1


def test_somebody_without_the_right_founds_nothing(field):
    secretary = make_person("北区书记")
    make_post(secretary, PostRole.SECRETARY, body=field["north"])

    with pytest.raises(NotAllowed):
        found("南区新支部", field["south"], secretary)
    with pytest.raises(NotAllowed):
        found("新的根", None, secretary)
    found("北区新支部", field["north"], secretary)

    assert list(PartyOrg.objects.filter(name__contains="新").values_list("name", flat=True)) == ["北区新支部"]


def test_a_body_moves_on_a_day_and_the_past_stays(field, morning):
    branch = found("采油一队党支部", field["south"])

    move_party_org(body=branch, parent=field["north"], since=date(2026, 7, 1), actor=field["clerk"], at=morning)

    assert (parent_of(branch, date(2026, 6, 30)), parent_of(branch, date(2026, 7, 1))) == (
        field["south"],
        field["north"],
    )
    assert Fact.objects.get(kind="org.party_org_moved").body == branch.pk


def test_a_body_does_not_move_inside_itself(field, morning):
    branch = found("采油一队党支部", field["south"])

    with pytest.raises(InsideItself) as refusal:
        move_party_org(body=field["south"], parent=branch, since=JUNE, actor=field["clerk"], at=morning)

    assert str(refusal.value) == "“南区党总支”不能移到它自己的下级“采油一队党支部”里。"


def test_moving_wants_the_right_on_both_sides(field, morning):
    branch = found("采油一队党支部", field["south"])
    secretary = make_person("南区书记")
    make_post(secretary, PostRole.SECRETARY, body=field["south"])

    with pytest.raises(NotAllowed):
        move_party_org(body=branch, parent=field["north"], since=JUNE, actor=secretary, at=morning)

    assert parent_of(branch, JUNE) == field["south"]


def test_selectors_list_what_the_actor_may_see_by_name(field, morning):
    south_unit = make_unit("南区")
    PartyOrg.objects.filter(pk=field["south"].pk).update(unit=south_unit)
    secretary = make_person("南区书记", home=None, unit=south_unit)
    make_post(secretary, PostRole.SECRETARY, body=field["south"])
    welder = make_person("安焊工", home=make_body("南一支部", parent=field["south"]))
    make_person("北区的人", home=make_body("北一支部", parent=field["north"]))

    assert [body.name for body in bodies_seen_by(secretary, morning)] == ["南一支部", "南区党总支"]
    assert list(units_seen_by(secretary, morning)) == [south_unit]
    assert sorted(p.name for p in people_seen_by(secretary, morning)) == sorted([secretary.name, welder.name])


def test_units_are_set_up_by_the_committees_office_and_nobody_else():
    plant = make_unit("采油一厂")
    committee = make_body("采油一厂党委", kind=PartyOrgKind.COMMITTEE, unit=plant)
    clerk, stranger = make_person("温书宁"), make_person("赵六")
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=committee)
    wanted = {"name": "注水队", "kind": UnitKind.TEAM, "parent": plant, "since": LONG_AGO, "at": SET_UP_AT}

    with pytest.raises(NotAllowed):
        create_unit(actor=stranger, **wanted)

    assert create_unit(actor=clerk, **wanted).parent == plant
