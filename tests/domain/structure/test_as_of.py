"""As it stood on that day: whatever was done in whatever order, the trees answer as a plain replay does."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from ronghe.domain.org.enums import BodyTree, MembershipKind, PartyOrgKind, UnitKind
from ronghe.domain.org.models import AdminUnit, PartyOrg
from ronghe.domain.org.services.trees import create_unit
from ronghe.domain.structure.enums import ActKind
from ronghe.domain.structure.selectors.trees import body_tree, unit_tree
from ronghe.domain.structure.services.units import close_unit, move_unit, rename_unit
from ronghe.kernel.errors import DomainError
from tests.domain.structure.making import NOW, TODAY, days, done, make_field, mass_member, member, members, new
from tests.factories.org import LONG_AGO, make_body

START = TODAY - timedelta(days=300)
STEP = st.tuples(
    st.sampled_from(["found", "move", "rename", "convert", "dissolve", "merge", "split"]),
    st.integers(0, 20),
    st.integers(0, 20),
    st.integers(-40, 60),
)
UNIT_STEP = st.tuples(
    st.sampled_from(["found", "move", "rename", "close"]), st.integers(0, 20), st.integers(0, 20), st.integers(-40, 60)
)


class Replay:
    """The oracle: for each node what was said of it from which day on, kept as a plain list."""

    def __init__(self) -> None:
        self.said: dict[int, list[tuple[date, tuple | None]]] = {}

    def note(self, pk: int, since: date, what: tuple | None) -> None:
        """From `since` on the node is `what` (parent, name, kind), or gone."""
        self.said.setdefault(pk, []).append((since, what))

    def on(self, day: date) -> dict[int, tuple]:
        found = {}
        for pk, rows in self.said.items():
            last = [what for since, what in rows if since <= day]
            if last and last[-1] is not None:
                found[pk] = last[-1]
        return found

    def days(self) -> list[date]:
        turns = {since for rows in self.said.values() for since, _what in rows}
        return sorted({turn + timedelta(days=off) for turn in turns for off in (-1, 0, 1)} | {TODAY})


def flat(branches, parent=None) -> dict[int, tuple]:
    found = {}
    for branch in branches:
        found[branch.node.pk] = (parent, branch.name, branch.kind)
        found |= flat(branch.children, branch.node.pk)
    return found


def noted(replay: Replay, model, since: date) -> None:
    """Write down what a refused or done act left behind as of now; an act changes things from its day on alone."""
    for node in model.objects.order_by("pk"):
        gone = node.valid_until is not None
        now = None if gone else (node.parent_id, node.name, node.kind)
        rows = replay.said.get(node.pk)
        if rows is None or rows[-1][1] != now:
            replay.note(node.pk, since, now)


class TestReplay(TestCase):
    @settings(max_examples=20, suppress_health_check=list(HealthCheck))
    @given(st.lists(STEP, min_size=3, max_size=12))
    def test_bodies_stand_on_any_day_as_a_replay_has_them(self, steps):
        field = make_field()
        for body in PartyOrg.objects.filter(kind="branch"):
            members(body, 2)
        replay, clock = Replay(), START
        noted(replay, PartyOrg, LONG_AGO)
        for number, (act, one, other, forward) in enumerate(steps):
            day = min(TODAY, max(LONG_AGO, clock + timedelta(days=forward)))
            try:
                _act(field, act, one, other, day, number)
            except DomainError:
                continue
            clock = max(clock, day)
            noted(replay, PartyOrg, day)

        mine = set(PartyOrg.links().filter(ancestor=field.committee).values_list("descendant_id", flat=True))
        for day in replay.days():
            expected = {pk: what for pk, what in replay.on(day).items() if pk in mine}
            assert flat(body_tree(field.clerk, NOW, day=day)) == expected, day

    @settings(max_examples=20, suppress_health_check=list(HealthCheck))
    @given(st.lists(UNIT_STEP, min_size=3, max_size=14))
    def test_units_stand_on_any_day_as_a_replay_has_them(self, steps):
        field = make_field()
        replay, clock = Replay(), START
        noted(replay, AdminUnit, LONG_AGO)
        for number, (act, one, other, forward) in enumerate(steps):
            day = min(TODAY, max(LONG_AGO, clock + timedelta(days=forward)))
            try:
                _unit_act(field, act, one, other, day, number)
            except DomainError:
                continue
            clock = max(clock, day)
            noted(replay, AdminUnit, day)

        for day in replay.days():
            assert flat(unit_tree(field.clerk, NOW, day=day)) == replay.on(day), day


def _act(field, act, one, other, day, number):
    bodies = list(PartyOrg.objects.filter(valid_until=None).order_by("pk"))
    body, second = bodies[one % len(bodies)], bodies[other % len(bodies)]
    clerk = field.clerk
    if act == "found":
        kind = [PartyOrgKind.BRANCH, PartyOrgKind.PARTY_GROUP, PartyOrgKind.GENERAL_BRANCH][number % 3]
        done(ActKind.FOUND, clerk, on=day, parent=body, into=[new(f"新{number}", kind)])
    elif act == "move":
        done(ActKind.MOVE, clerk, on=day, body=body, parent=second)
    elif act == "rename":
        done(ActKind.RENAME, clerk, on=day, body=body, name=f"改{number}")
    elif act == "convert":
        kind = [PartyOrgKind.GENERAL_BRANCH, PartyOrgKind.BRANCH, PartyOrgKind.COMMITTEE][number % 3]
        done(ActKind.CONVERT, clerk, on=day, body=body, body_kind=kind)
    elif act == "dissolve":
        done(ActKind.DISSOLVE, clerk, on=day, body=body, receiver=second if number % 2 else None)
    elif act == "merge":
        done(ActKind.MERGE, clerk, on=day, body=body, others=[second])
    else:
        people = [row.person for row in body.memberships.filter(valid_until=None).select_related("person")[:1]]
        done(ActKind.SPLIT, clerk, on=day, body=body, into=[new(f"分{number}", PartyOrgKind(body.kind), people)])


def _unit_act(field, act, one, other, day, number):
    units = list(AdminUnit.objects.filter(valid_until=None).order_by("pk"))
    unit, second = units[one % len(units)], units[other % len(units)]
    if act == "found":
        create_unit(name=f"站{number}", kind=UnitKind.STATION, parent=unit, since=day, actor=field.clerk, at=NOW)
    elif act == "move":
        move_unit(unit=unit, parent=second, since=day, actor=field.clerk, at=NOW)
    elif act == "rename":
        rename_unit(unit=unit, name=f"改{number}", since=day, actor=field.clerk, at=NOW)
    else:
        close_unit(unit=unit, until=day, actor=field.clerk, at=NOW)


@pytest.fixture
def field(db):
    return make_field()


def test_names_places_and_counts_are_of_the_day(field):
    luo = member("罗一鸣", field.south, group=field.group)
    done(ActKind.RENAME, field.clerk, body=field.south, name="南一联合站党支部", on=days(-20))
    done(ActKind.MOVE, field.clerk, body=field.south, parent=field.west, on=days(-10))
    done(ActKind.DISSOLVE, field.clerk, body=field.group, on=days(-5))

    def line(day):
        tree = body_tree(field.clerk, NOW, day=day)
        return [
            (above.name, branch.name, branch.count, [(group.name, group.count) for group in branch.children])
            for above in tree[0].children
            for branch in above.children
            if branch.node.pk == field.south.pk
        ]

    assert luo.pk
    assert line(days(-21)) == [("东区党总支", "南一党支部", 1, [("第一党小组", 1)])]
    assert line(days(-20)) == [("东区党总支", "南一联合站党支部", 1, [("第一党小组", 1)])]
    assert line(days(-10)) == [("西区党总支", "南一联合站党支部", 1, [("第一党小组", 1)])]
    assert line(TODAY) == [("西区党总支", "南一联合站党支部", 2, [])]


def test_trees_are_apart_and_total_once(field):
    union = make_body("分工会", parent=field.committee, kind=PartyOrgKind.UNION_BRANCH)
    mass_member("会员", union, MembershipKind.UNION)
    members(field.south, 2, group=field.group)

    party = body_tree(field.clerk, NOW, day=TODAY)
    assert (party[0].total, party[0].total_formal) == (3, 3)
    assert [(row.name, row.total) for row in body_tree(field.clerk, NOW, day=TODAY, tree=BodyTree.UNION)] == [
        ("分工会", 1)
    ]
    assert body_tree(field.clerk, NOW, day=TODAY, tree=BodyTree.LEAGUE) == []


def test_somebody_without_a_post_sees_the_own_body_and_an_outsider_nothing_of_it(field):
    luo = member("罗一鸣", field.south)

    for day in (TODAY, days(-30)):
        assert [row.name for row in body_tree(luo, NOW, day=day)] == ["南一党支部"]
        assert field.south.pk not in flat(body_tree(field.stranger, NOW, day=day))
        assert unit_tree(luo, NOW, day=day) == []


@pytest.mark.parametrize("day", [TODAY, TODAY - timedelta(days=30)])
def test_a_tree_costs_the_same_however_large(field, day):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            body_tree(field.clerk, NOW, day=day)
            unit_tree(field.clerk, NOW, day=day)
        return len(captured)

    cost()
    few = cost()
    for number in range(8):
        members(make_body(f"支部{number}", parent=field.east), 2)
    assert cost() == few <= 12
