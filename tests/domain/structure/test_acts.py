"""Acts on bodies: who decides them, what they do, what is in their way."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ronghe.domain.org.enums import MembershipKind, PartyOrgKind, PostRole
from ronghe.domain.org.models import Membership, PartyOrg, PostHolding
from ronghe.domain.org.selectors.headcounts import headcounts
from ronghe.domain.org.services.people import join_body
from ronghe.domain.org.services.trees import NameTaken
from ronghe.domain.structure.enums import ActKind, ActState
from ronghe.domain.structure.models import BodyAct, BodyCharter, CoveredUnit
from ronghe.domain.structure.selectors.acts import acts_of, acts_to_decide, acts_to_note, charters_ending, list_acts
from ronghe.domain.structure.selectors.previews import preview_of
from ronghe.domain.structure.services.carrying import carry_out
from ronghe.domain.structure.services.checking import (
    BodyEnded,
    CannotConvert,
    CannotMerge,
    EndsTooSoon,
    Incomplete,
    LeftWithoutHome,
    NobodyShared,
    NotAmong,
    NotInGroups,
    NotThereYet,
    PeopleChangedLater,
    SameAsBefore,
    SharedTwice,
    StillBelow,
    TwoPlacesWanted,
    WrongPlace,
)
from ronghe.domain.structure.services.deciding import (
    NoReason,
    NotForNote,
    ReferenceWanted,
    approve_act,
    note_act,
    refuse_act,
    withdraw_act,
)
from ronghe.domain.structure.services.ending import carry_out_due, end_with_projects
from ronghe.domain.structure.services.proposing import ActUnderWay, NobodyDecides, OtherTree
from ronghe.kernel.db.tree import ChangedLater, InsideItself, parent_of
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.domain.structure.making import (
    NOW,
    REF,
    TODAY,
    days,
    done,
    fresh,
    home,
    make_field,
    mass_member,
    member,
    members,
    new,
    propose,
    where,
)
from tests.factories.org import LONG_AGO, make_body, make_person, make_post, make_unit

pytestmark = pytest.mark.django_db

Kind = PartyOrgKind


@pytest.fixture
def field():
    return make_field()


# Who decides


def test_a_branch_is_founded_when_the_committees_office_approves_it(field):
    act = propose(ActKind.FOUND, field.secretary, parent=field.south, into=[new("二组", Kind.PARTY_GROUP)])
    assert act.state == ActState.CARRIED_OUT

    act = propose(ActKind.FOUND, field.clerk, parent=field.east, into=[new("注水党支部")])
    assert (act.state, act.approver, act.due_on) == (ActState.PROPOSED, field.committee, days(30))
    assert not PartyOrg.objects.filter(name="注水党支部").exists()

    approve_act(act=act, actor=field.clerk, at=NOW, approval_ref=REF)

    assert (act.state, act.body.name, act.body.approval_ref) == (ActState.CARRIED_OUT, "注水党支部", REF)
    assert parent_of(act.body, TODAY) == field.east
    kinds = Fact.objects.filter(source_type="structure.bodyact", source_id=act.pk).order_by("pk")
    assert [fact.kind for fact in kinds] == [
        "structure.act_proposed", "structure.act_approved", "structure.act_carried_out",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", [Kind.BRANCH, Kind.TEMPORARY_BRANCH, Kind.JOINT_BRANCH])
def test_po_05_po_11_a_branch_wants_the_number_of_its_approval(field, kind):
    """PO-05, PO-11: a branch or temporary branch is not founded without 批复文号."""
    act = propose(
        ActKind.FOUND, field.clerk, parent=field.east, into=[new("项目党支部", kind)], planned_end_on=days(90)
    )

    with pytest.raises(ReferenceWanted):
        approve_act(act=act, actor=field.clerk, at=NOW)

    act.refresh_from_db()
    assert act.state == ActState.PROPOSED
    approve_act(act=act, actor=field.clerk, at=NOW, approval_ref=REF)
    assert act.state == ActState.CARRIED_OUT


def test_po_02_a_committee_below_a_hundred_wants_a_reference_and_one_of_a_hundred_does_not(field):
    """PO-02: 99 members need 批复文号 as an exception, 100 do not."""
    unit = make_unit("三矿", parent=field.plant)
    members(field.south, 99, unit=unit)
    act = propose(ActKind.FOUND, field.clerk, parent=field.committee, into=[new("三矿党委", Kind.COMMITTEE)], unit=unit)

    with pytest.raises(ReferenceWanted) as refusal:
        approve_act(act=act, actor=field.clerk, at=NOW)
    assert "PO-02" in str(refusal.value)

    member("第一百人", field.south, unit=unit)
    assert approve_act(act=act, actor=field.clerk, at=NOW).state == ActState.CARRIED_OUT


def test_po_08_a_branch_decides_about_its_groups_and_the_body_above_only_knows(field):
    """PO-08: no approval from above; it is made known upward and noted there once."""
    luo = member("罗一鸣", field.south)
    act = propose(
        ActKind.FOUND, field.secretary, parent=field.south, into=[new("第二党小组", Kind.PARTY_GROUP, [luo])]
    )  # fmt: skip

    assert (act.state, act.approver, act.reports_to, act.due_on) == (
        ActState.CARRIED_OUT, field.south, field.east, None,
    )  # fmt: skip
    assert where(luo) == ("南一党支部", "第二党小组")
    assert list(acts_to_note(field.clerk, NOW)) == [act]
    with pytest.raises(NotAllowed):
        note_act(act=act, actor=field.secretary, at=NOW)
    note_act(act=act, actor=field.clerk, at=NOW)
    assert list(acts_to_note(field.clerk, NOW)) == []
    with pytest.raises(NotForNote):
        note_act(act=act, actor=field.clerk, at=NOW)


def test_a_secretary_proposes_for_the_own_branch_and_decides_nothing_about_it(field):
    act = propose(ActKind.RENAME, field.secretary, body=field.south, name="南一联合站党支部")

    with pytest.raises(NotAllowed):
        approve_act(act=act, actor=field.secretary, at=NOW)
    with pytest.raises(NotAllowed):
        propose(ActKind.RENAME, field.secretary, body=field.north, name="北一党支部")
    with pytest.raises(NotAllowed):
        propose(ActKind.RENAME, field.stranger, body=field.north, name="北一党支部")

    assert list(acts_to_decide(field.clerk, NOW)) == [act]
    assert list(acts_to_decide(field.secretary, NOW)) == []
    assert list(list_acts(field.secretary, NOW)) == [act]
    assert list(list_acts(field.stranger, NOW)) == []


def test_po_11_a_decision_is_late_after_thirty_days(field):
    """PO-11: on time on the thirtieth day, late on the day after; the fact says which."""
    act = propose(ActKind.FOUND, field.clerk, parent=field.east, into=[new("注水党支部")])
    assert (act.is_overdue(days(30)), act.is_overdue(days(31))) == (False, True)

    approve_act(act=act, actor=field.clerk, at=NOW + timedelta(days=31), approval_ref=REF)

    assert Fact.objects.get(kind="structure.act_approved").values == {"act": "found", "on_time": False}


def test_nothing_above_to_decide_is_refused(field):
    lonely = make_body("独立党总支", kind=Kind.GENERAL_BRANCH)
    make_post(field.secretary, PostRole.SECRETARY, body=lonely)

    with pytest.raises(NobodyDecides):
        propose(ActKind.FOUND, field.secretary, parent=lonely, into=[new("某党支部")])


def test_an_uppermost_committee_changes_its_own_name(field):
    act = done(ActKind.RENAME, field.clerk, body=field.committee, name="第一采油厂党委")

    assert (act.state, fresh(field.committee).name) == (ActState.CARRIED_OUT, "第一采油厂党委")


def test_refused_and_withdrawn_acts_free_their_bodies(field):
    act = propose(ActKind.RENAME, field.clerk, body=field.south, name="甲")
    with pytest.raises(NoReason):
        refuse_act(act=act, reason=" ", actor=field.clerk, at=NOW)
    refuse_act(act=act, reason="名称不规范", actor=field.clerk, at=NOW)
    again = propose(ActKind.RENAME, field.secretary, body=field.south, name="乙")
    with pytest.raises(NotAllowed):
        withdraw_act(act=again, actor=field.stranger, at=NOW)
    withdraw_act(act=again, actor=field.secretary, at=NOW)
    last = propose(ActKind.RENAME, field.secretary, body=field.south, name="丙")

    assert [row.state for row in BodyAct.objects.order_by("pk")] == ["refused", "withdrawn", "proposed"]
    with pytest.raises(StepNotAllowed):
        withdraw_act(act=act, actor=field.clerk, at=NOW)
    assert acts_of(field.south) == [last, again, act]


def test_a_body_is_part_of_one_open_act_at_a_time(field):
    propose(ActKind.RENAME, field.clerk, body=field.south, name="甲")

    with pytest.raises(ActUnderWay):
        propose(ActKind.MOVE, field.clerk, body=field.south, parent=field.west)
    with pytest.raises(ActUnderWay):
        propose(ActKind.MERGE, field.clerk, body=field.north, others=[field.south])


# On their day


def test_an_act_of_a_later_day_waits_for_it(field):
    act = done(ActKind.MOVE, field.clerk, body=field.south, parent=field.west, on=days(10))
    assert (act.state, parent_of(field.south, TODAY)) == (ActState.APPROVED, field.east)

    assert carry_out_due(day=days(9), at=NOW) == 0
    assert carry_out_due(day=days(10), at=NOW + timedelta(days=10)) == 1

    assert BodyAct.objects.get().state == ActState.CARRIED_OUT
    assert (parent_of(field.south, days(9)), parent_of(field.south, days(10))) == (field.east, field.west)
    assert carry_out_due(day=days(10), at=NOW) == 0


def test_what_came_between_stands_on_the_act_and_does_not_keep_others(field):
    hindered = done(ActKind.DISSOLVE, field.clerk, body=field.north, on=days(5))
    other = done(ActKind.RENAME, field.clerk, body=field.west, name="西部党总支", on=days(5))
    member("新来的", field.north)

    assert carry_out_due(day=days(5), at=NOW + timedelta(days=5)) == 1

    hindered.refresh_from_db()
    other.refresh_from_db()
    assert (hindered.state, other.state) == (ActState.APPROVED, ActState.CARRIED_OUT)
    assert "PO-13" in hindered.hindrance
    withdraw_act(act=hindered, actor=field.clerk, at=NOW)


def test_an_act_is_carried_out_once(field):
    act = done(ActKind.RENAME, field.clerk, body=field.south, name="甲", on=days(1))
    carry_out(act=act, at=NOW)

    with pytest.raises(Stale):
        carry_out(act=BodyAct.objects.get(), at=NOW)


# Founding


def test_a_body_is_founded_only_where_its_kind_may_stand(field):
    for parent, kind in ((field.committee, Kind.PARTY_GROUP), (field.south, Kind.BRANCH), (field.east, Kind.COMMITTEE)):
        with pytest.raises(WrongPlace):
            propose(ActKind.FOUND, field.clerk, parent=parent, into=[new("某某", kind)])


def test_a_name_is_taken_once_below_a_parent(field):
    with pytest.raises(NameTaken):
        propose(ActKind.FOUND, field.clerk, parent=field.east, into=[new("南一党支部")])


def test_fields_that_are_missing_are_named(field):
    with pytest.raises(Incomplete, match="上级组织、新组织、事由"):
        propose(ActKind.FOUND, field.clerk, grounds="")
    with pytest.raises(Incomplete, match="新名称"):
        propose(ActKind.FOUND, field.clerk, parent=field.east, into=[new(" ")])
    with pytest.raises(Incomplete, match="PO-06"):
        propose(ActKind.FOUND, field.clerk, parent=field.east, into=[new("临时", Kind.TEMPORARY_BRANCH)])


def test_po_05_members_enter_a_temporary_branch_without_leaving_home(field):
    """PO-05: requires_transfer=false, so the home stays and taking part begins."""
    luo = member("罗一鸣", field.south)
    act = done(
        ActKind.FOUND, field.clerk, parent=field.east, planned_end_on=days(200),
        into=[new("产能会战临时党支部", Kind.TEMPORARY_BRANCH, [luo])],
    )  # fmt: skip

    kinds = dict(Membership.objects.filter(person=luo, valid_until=None).values_list("kind", "body__name"))
    assert kinds == {"home": "南一党支部", "participation": "产能会战临时党支部"}
    assert act.body.charter.planned_end_on == days(200)


def test_po_04_a_project_of_six_months_is_told_that_it_wants_a_branch(field):
    """PO-04: six whole months and three full members give the hint, a day less does not."""
    people = members(field.south, 3)

    def hint(until: date):
        act = propose(
            ActKind.FOUND, field.clerk, parent=field.east, planned_end_on=until,
            into=[new(f"会战{until}", Kind.TEMPORARY_BRANCH, people)],
        )  # fmt: skip
        return preview_of(act).hint

    assert hint(date(2027, 3, 13)) is None
    assert hint(date(2027, 3, 14)).code == "project_branch.min_months"


def test_po_06_a_temporary_branch_ends_with_its_project(field):
    """PO-06: it is shown a month before, dissolved on the day, and what took part there stays at home."""
    luo = member("罗一鸣", field.south)
    done(ActKind.FOUND, field.clerk, parent=field.east, planned_end_on=days(31),
         into=[new("会战临时党支部", Kind.TEMPORARY_BRANCH, [luo])])  # fmt: skip
    branch = PartyOrg.objects.get(name="会战临时党支部")
    make_post(luo, PostRole.SECRETARY, body=branch)

    assert charters_ending(field.clerk, NOW) == []
    assert [row.body for row in charters_ending(field.clerk, NOW + timedelta(days=1))] == [branch]
    assert end_with_projects(day=days(30), at=NOW + timedelta(days=30)) == 0
    assert end_with_projects(day=days(31), at=NOW + timedelta(days=31)) == 1

    assert fresh(branch).valid_until == days(31)
    assert Membership.objects.get(person=luo, kind="participation").valid_until == days(31)
    assert PostHolding.objects.get(person=luo).valid_until == days(31)
    assert where(luo) == ("南一党支部", None)
    assert end_with_projects(day=days(40), at=NOW) == 0


def test_po_07_a_floating_branch_names_both_places(field):
    """PO-07: founded by the outflow place with the inflow place; one of the two is not enough."""
    wanted = {"parent": field.east, "into": [new("驻川流动党员党支部", Kind.FLOATING_BRANCH)]}
    with pytest.raises(TwoPlacesWanted):
        propose(ActKind.FOUND, field.clerk, **wanted, outflow=field.south)

    act = done(ActKind.FOUND, field.clerk, **wanted, outflow=field.south, inflow_name="南充市建筑业党委")

    charter = BodyCharter.objects.get(body=act.body)
    assert (charter.outflow, charter.inflow_name) == (field.south, "南充市建筑业党委")


@pytest.mark.parametrize(("count", "said"), [(5, []), (6, ["joint_branch.max_units"])])
def test_po_03_a_joint_branch_of_more_than_five_units_is_a_warning(field, count, said):
    """PO-03: five units pass, six are warned about and not stopped."""
    units = [make_unit(f"小站{number}", parent=field.plant) for number in range(count)]
    make = {"parent": field.east, "into": [new("联合党支部", Kind.JOINT_BRANCH, members(field.south, 3))]}
    act = propose(ActKind.FOUND, field.clerk, units=units, **make)

    size = next(row for row in preview_of(act).sizes if row.name == "联合党支部")
    assert [finding.code for finding in size.findings] == said
    approve_act(act=act, actor=field.clerk, at=NOW, approval_ref=REF)
    assert CoveredUnit.objects.filter(body=act.body).count() == count


def test_a_project_does_not_end_before_it_begins(field):
    with pytest.raises(EndsTooSoon):
        propose(ActKind.FOUND, field.clerk, parent=field.east, planned_end_on=TODAY,
                into=[new("临时", Kind.TEMPORARY_BRANCH)])  # fmt: skip


def test_people_of_another_branch_are_not_put_into_a_group(field):
    with pytest.raises(NotAmong):
        propose(ActKind.FOUND, field.secretary, parent=field.south,
                into=[new("二组", Kind.PARTY_GROUP, [member("北二的人", field.north)])])  # fmt: skip
    with pytest.raises(NotAmong):
        propose(ActKind.FOUND, field.clerk, parent=field.east,
                into=[new("新支部", Kind.BRANCH, [field.stranger])])  # fmt: skip


# Splitting


def test_a_split_sends_groups_whole_and_people_singly(field):
    inside, single, staying = (
        member("组里的", field.south, group=field.group), member("单个的", field.south), member("留下的", field.south),
    )  # fmt: skip
    leader = make_post(inside, PostRole.GROUP_LEADER, body=field.group)

    act = done(ActKind.SPLIT, field.clerk, body=field.south,
               into=[new("南三党支部", people=[single], groups=[field.group])])  # fmt: skip

    made = PartyOrg.objects.get(name="南三党支部")
    assert (where(inside), where(single), where(staying)) == (
        ("南三党支部", "第一党小组"), ("南三党支部", None), ("南一党支部", None),
    )  # fmt: skip
    assert parent_of(field.group, TODAY) == made
    assert parent_of(field.group, days(-1)) == field.south
    leader.refresh_from_db()
    assert leader.valid_until is None
    assert Fact.objects.get(kind="structure.act_carried_out").values == {
        "act": "split", "effective_on": TODAY.isoformat(), "people": 2, "bodies": 1, "posts": 0,
    }  # fmt: skip
    assert headcounts([field.south, made], days(-1))[made.pk].all == 0
    assert act.body == field.south


def test_a_split_is_previewed_with_both_headcounts(field):
    people = members(field.south, 52)
    act = propose(ActKind.SPLIT, field.clerk, body=field.south, into=[new("南三党支部", people=people[:4])])

    sizes = {size.name: size for size in preview_of(act).sizes}
    assert (sizes["南一党支部"].before.all, sizes["南一党支部"].headcount.all) == (53, 49)
    assert (sizes["南三党支部"].headcount.all, sizes["南三党支部"].is_new_kind) == (4, True)


def test_splits_that_do_not_add_up_are_refused(field):
    luo = member("罗一鸣", field.south)
    with pytest.raises(NobodyShared):
        propose(ActKind.SPLIT, field.clerk, body=field.south, into=[new("甲")])
    with pytest.raises(SharedTwice):
        propose(ActKind.SPLIT, field.clerk, body=field.south, into=[new("甲", people=[luo]), new("乙", people=[luo])])
    with pytest.raises(NotAmong):
        propose(ActKind.SPLIT, field.clerk, body=field.north, into=[new("甲", people=[luo])])


def test_a_group_is_split_within_its_branch(field):
    one, other = member("甲", field.south, group=field.group), member("乙", field.south, group=field.group)

    propose(ActKind.SPLIT, field.secretary, body=field.group, into=[new("第二党小组", Kind.PARTY_GROUP, [other])])

    assert (where(one), where(other)) == (("南一党支部", "第一党小组"), ("南一党支部", "第二党小组"))


# Merging


def test_a_merged_branch_brings_people_groups_and_ends(field):
    inside = member("组里的", field.north, group=make_body("第一党小组", parent=field.north, kind=Kind.PARTY_GROUP))
    post = make_post(inside, PostRole.SECRETARY, body=field.north)

    done(ActKind.MERGE, field.clerk, body=field.south, others=[field.north], name="南北党支部")

    assert where(inside) == ("南北党支部", "第一党小组（北二党支部）")
    assert (fresh(field.north).valid_until, fresh(field.south).name) == (TODAY, "南北党支部")
    post.refresh_from_db()
    assert post.valid_until == TODAY


def test_a_merged_one_may_leave_its_name(field):
    done(ActKind.MOVE, field.clerk, body=field.north, parent=field.east, on=days(-1))

    done(ActKind.MERGE, field.clerk, body=field.south, others=[fresh(field.north)], name="北二党支部")

    assert (fresh(field.south).name, fresh(field.north).valid_until) == ("北二党支部", TODAY)


def test_bodies_of_other_kinds_and_trees_are_not_merged(field):
    temporary = make_body("临时", parent=field.east, kind=Kind.TEMPORARY_BRANCH)
    union = make_body("分工会", parent=field.east, kind=Kind.UNION_BRANCH)
    with pytest.raises(CannotMerge):
        propose(ActKind.MERGE, field.clerk, body=field.south, others=[temporary])
    with pytest.raises(OtherTree):
        propose(ActKind.MERGE, field.clerk, body=field.south, others=[union])


# Moving


def test_a_moved_branch_takes_its_groups_along_and_leaves_the_past(field):
    done(ActKind.MOVE, field.clerk, body=field.south, parent=field.west, on=date(2026, 7, 1))

    below = PartyOrg.links().filter(ancestor=field.west, descendant=field.group)
    assert below.get().valid_from == date(2026, 7, 1)


def test_a_group_moved_to_another_branch_takes_its_members_home_along(field):
    luo = member("罗一鸣", field.south, group=field.group)
    act = propose(ActKind.MOVE, field.clerk, body=field.group, parent=field.north)
    assert (act.approver, act.needs_approval) == (field.committee, True)

    approve_act(act=act, actor=field.clerk, at=NOW)

    assert where(luo) == ("北二党支部", "第一党小组")


def test_moves_that_make_a_circle_or_change_nothing_are_refused(field):
    inner = make_body("二级党委", parent=field.committee, kind=Kind.COMMITTEE)
    with pytest.raises(InsideItself):
        propose(ActKind.MOVE, field.clerk, body=field.committee, parent=inner)
    with pytest.raises(SameAsBefore):
        propose(ActKind.MOVE, field.clerk, body=field.south, parent=field.east)
    with pytest.raises(WrongPlace):
        propose(ActKind.MOVE, field.clerk, body=field.south, parent=field.north)


def test_the_past_is_not_written_twice(field):
    done(ActKind.MOVE, field.clerk, body=field.south, parent=field.west, on=date(2026, 7, 1))

    with pytest.raises(ChangedLater):
        done(ActKind.MOVE, field.clerk, body=field.south, parent=field.east, on=date(2026, 6, 1))
    with pytest.raises(NotThereYet):
        done(ActKind.RENAME, field.clerk, body=field.south, name="甲", on=date(2019, 1, 1))
    luo = make_person("罗一鸣")
    join_body(person=luo, body=field.north, kind=MembershipKind.HOME, since=date(2026, 8, 1), actor=None, at=NOW)
    with pytest.raises(PeopleChangedLater):
        propose(ActKind.MERGE, field.clerk, body=field.south, others=[field.north], on=date(2026, 7, 15))


# Converting


def test_a_branch_becomes_a_general_branch_and_its_groups_branches(field):
    loose = member("没编组的", field.south)
    luo = member("罗一鸣", field.south, group=field.group)
    with pytest.raises(WrongPlace):
        propose(ActKind.CONVERT, field.clerk, body=field.south, body_kind=Kind.GENERAL_BRANCH)
    done(ActKind.MOVE, field.clerk, body=field.south, parent=field.committee, on=days(-1))
    with pytest.raises(NotInGroups):
        propose(ActKind.CONVERT, field.clerk, body=field.south, body_kind=Kind.GENERAL_BRANCH)
    for person in (loose, field.secretary):
        row = home(person)
        row.group = field.group
        row.save()

    done(ActKind.CONVERT, field.clerk, body=fresh(field.south), body_kind=Kind.GENERAL_BRANCH, name="南一党总支")

    assert (fresh(field.south).name, fresh(field.south).kind) == ("南一党总支", "general_branch")
    assert (fresh(field.group).name, fresh(field.group).kind) == ("第一党支部", "branch")
    assert where(luo) == where(loose) == ("第一党支部", None)


def test_a_general_branch_becomes_a_branch_and_its_branches_groups(field):
    luo = member("罗一鸣", field.north)

    done(ActKind.CONVERT, field.clerk, body=field.west, body_kind=Kind.BRANCH, name="西区党支部")

    assert where(luo) == ("西区党支部", "北二党小组")
    assert fresh(field.north).kind == "party_group"
    with pytest.raises(StillBelow):
        propose(ActKind.CONVERT, field.clerk, body=field.east, body_kind=Kind.BRANCH)


def test_a_temporary_branch_and_a_group_are_not_converted(field):
    temporary = make_body("临时", parent=field.east, kind=Kind.TEMPORARY_BRANCH)
    for body, kind in ((temporary, Kind.BRANCH), (field.group, Kind.BRANCH), (field.south, Kind.UNION_BRANCH)):
        with pytest.raises(CannotConvert):
            propose(ActKind.CONVERT, field.clerk, body=body, body_kind=kind)


# Dissolving


def test_po_13_nobody_is_left_without_a_home(field):
    """PO-13: a branch with members is dissolved only with a body that takes them in."""
    luo = member("罗一鸣", field.north)
    with pytest.raises(LeftWithoutHome):
        propose(ActKind.DISSOLVE, field.clerk, body=field.north)
    with pytest.raises(CannotMerge):
        propose(ActKind.DISSOLVE, field.clerk, body=field.north, receiver=field.west)

    with pytest.raises(NobodyDecides):
        propose(ActKind.DISSOLVE, field.clerk, body=field.north, receiver=home(field.stranger).body)

    done(ActKind.DISSOLVE, field.clerk, body=field.north, receiver=field.south)

    assert where(luo) == ("南一党支部", None)
    assert fresh(field.north).valid_until == TODAY
    with pytest.raises(BodyEnded):
        propose(ActKind.DISSOLVE, field.clerk, body=field.south, receiver=field.north)
    with pytest.raises(NotAllowed):
        propose(ActKind.RENAME, field.clerk, body=field.north, name="甲")


def test_a_general_branch_is_dissolved_and_its_branches_hang_directly_below_the_committee(field):
    with pytest.raises(StillBelow):
        propose(ActKind.DISSOLVE, field.clerk, body=field.west)

    done(ActKind.DISSOLVE, field.clerk, body=field.west, receiver=field.committee)

    assert (parent_of(field.north, TODAY), parent_of(field.north, days(-1))) == (field.committee, field.west)


def test_a_dissolved_group_leaves_its_members_in_the_branch(field):
    luo = member("罗一鸣", field.south, group=field.group)
    leader = make_post(luo, PostRole.GROUP_LEADER, body=field.group)

    propose(ActKind.DISSOLVE, field.secretary, body=field.group)

    assert where(luo) == ("南一党支部", None)
    leader.refresh_from_db()
    assert leader.valid_until == TODAY


# Union and league


def test_union_and_league_are_founded_and_merged_in_their_own_trees(field):
    union = done(ActKind.FOUND, field.clerk, parent=field.committee, into=[new("厂工会", Kind.UNION_COMMITTEE)]).body
    chair = make_person("工会主席")
    make_post(chair, PostRole.UNION_CHAIR, body=union)
    act = propose(ActKind.FOUND, chair, parent=union, into=[new("南一分工会", Kind.UNION_BRANCH)])
    assert (act.approver, act.state) == (union, ActState.PROPOSED)
    approve_act(act=act, actor=chair, at=NOW)
    other = done(ActKind.FOUND, chair, parent=union, into=[new("北二分工会", Kind.UNION_BRANCH)]).body
    worker = mass_member("工会会员", other, MembershipKind.UNION, since=TODAY)

    done(ActKind.MERGE, chair, body=act.body, others=[other])

    row = Membership.objects.get(person=worker, valid_until=None)
    assert (row.kind, row.body.name) == ("union", "南一分工会")
    with pytest.raises(NotAllowed):
        propose(ActKind.RENAME, chair, body=field.south, name="甲")


def test_somebody_who_may_not_see_a_body_sees_no_act_of_it(field):
    propose(ActKind.RENAME, field.clerk, body=field.south, name="甲")
    elsewhere = make_person("外面的书记")
    make_post(elsewhere, PostRole.SECRETARY, body=make_body("别处党支部"))

    assert list(list_acts(elsewhere, NOW)) == []
    assert LONG_AGO < TODAY
