"""Dated trees: as they stand, as they stood, and never inside themselves."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from ronghe.domain.org.enums import UnitKind
from ronghe.domain.org.models import AdminUnit, AdminUnitLink
from ronghe.domain.org.services.trees import create_unit
from ronghe.kernel.db.tree import (
    ChangedLater,
    InsideItself,
    NothingBelow,
    ParentEnded,
    close,
    descendants,
    link_many,
    move,
    parent_of,
)
from tests.factories.org import LONG_AGO, SET_UP_AT, make_unit

pytestmark = pytest.mark.django_db

JUNE = date(2026, 6, 1)
JULY = date(2026, 7, 1)


def below(unit: AdminUnit, day: date) -> set[str]:
    rows = AdminUnit.objects.filter(pk__in=descendants(AdminUnit, [unit.pk], day=day))
    return set(rows.values_list("name", flat=True))


@pytest.fixture
def plant():
    """Two areas in a plant; a station with its team in the first."""
    root = make_unit("厂")
    east, west = make_unit("东区", parent=root), make_unit("西区", parent=root)
    station = make_unit("转油站", parent=east)
    team = make_unit("一班", parent=station)
    return {"root": root, "east": east, "west": west, "station": station, "team": team}


def test_a_node_stands_below_itself_and_everything_above_it(plant):
    assert below(plant["root"], JUNE) == {"厂", "东区", "西区", "转油站", "一班"}
    assert below(plant["team"], JUNE) == {"一班"}


def test_a_new_node_was_nowhere_before_its_day(plant):
    assert below(plant["root"], LONG_AGO - timedelta(days=1)) == set()
    assert below(plant["root"], LONG_AGO) == {"厂", "东区", "西区", "转油站", "一班"}


def test_a_move_takes_everything_below_along_and_leaves_the_past(plant):
    move(plant["station"], parent=plant["west"], since=JUNE)

    last_day = JUNE - timedelta(days=1)
    assert (below(plant["east"], last_day), below(plant["west"], last_day)) == ({"东区", "转油站", "一班"}, {"西区"})
    assert (below(plant["east"], JUNE), below(plant["west"], JUNE)) == ({"东区"}, {"西区", "转油站", "一班"})
    assert below(plant["root"], last_day) == below(plant["root"], JUNE)
    assert (parent_of(plant["station"], last_day), parent_of(plant["station"], JUNE)) == (plant["east"], plant["west"])
    assert AdminUnit.objects.get(name="转油站").parent == plant["west"]


def test_a_node_can_become_a_root_and_come_back(plant):
    move(plant["station"], parent=None, since=JUNE)
    move(plant["station"], parent=plant["east"], since=JULY)

    assert below(plant["root"], JUNE) == {"厂", "东区", "西区"}
    assert parent_of(plant["station"], JUNE) is None
    assert below(plant["root"], JULY) == {"厂", "东区", "西区", "转油站", "一班"}


def test_moving_twice_on_one_day_leaves_the_last(plant):
    move(plant["station"], parent=plant["west"], since=JUNE)
    move(plant["station"], parent=plant["root"], since=JUNE)

    assert below(plant["west"], JUNE) == {"西区"}
    assert parent_of(plant["station"], JUNE) == plant["root"]
    assert parent_of(plant["station"], JUNE - timedelta(days=1)) == plant["east"]


@pytest.mark.parametrize("target", ["station", "team"])
def test_a_node_is_not_moved_inside_itself(plant, target):
    before = list(AdminUnitLink.objects.order_by("pk").values_list())

    with pytest.raises(InsideItself):
        move(plant["station"], parent=plant[target], since=JUNE)

    assert list(AdminUnitLink.objects.order_by("pk").values_list()) == before


def test_the_past_is_not_written_twice(plant):
    move(plant["station"], parent=plant["west"], since=JULY)

    with pytest.raises(ChangedLater):
        move(plant["station"], parent=plant["root"], since=JUNE)
    with pytest.raises(ChangedLater):
        move(plant["east"], parent=plant["station"], since=JUNE)

    assert parent_of(plant["station"], JULY) == plant["west"]


def test_many_new_nodes_are_linked_as_one_by_one(plant):
    made = AdminUnit.objects.bulk_create(
        AdminUnit(name=name, kind=UnitKind.TEAM, parent=plant["station"], valid_from=LONG_AGO)
        for name in ("二班", "三班")
    )
    crew = AdminUnit.objects.create(name="夜班", kind=UnitKind.TEAM, parent=made[0], valid_from=LONG_AGO)

    link_many(
        AdminUnit,
        [(made[0].pk, plant["station"].pk), (made[1].pk, plant["station"].pk), (crew.pk, made[0].pk)],
        since=LONG_AGO,
    )

    assert below(plant["east"], JUNE) == {"东区", "转油站", "一班", "二班", "三班", "夜班"}
    assert AdminUnitLink.objects.get(ancestor=plant["root"], descendant=crew).depth == 4


@pytest.mark.parametrize("seed", range(12))
def test_links_say_what_a_walk_over_the_parents_of_that_day_says(seed):
    """Grow and move by chance, write down every day's parents, and compare on every day."""
    chance, day = Random(seed), LONG_AGO
    nodes = [make_unit(f"单位{seed}-0")]
    parents: dict[int, int | None] = {nodes[0].pk: None}
    history = [(day, dict(parents))]
    for step in range(1, 18):
        day += timedelta(days=chance.choice([0, 0, 1, 30]))
        if len(nodes) < 4 or chance.random() < 0.4:
            parent = chance.choice([None, *nodes])
            node = AdminUnit.objects.create(
                name=f"单位{seed}-{step}", kind=UnitKind.UNIT, parent=parent, valid_from=day
            )
            link_many(AdminUnit, [(node.pk, parent.pk if parent else None)], since=day)
            nodes.append(node)
        else:
            node, parent = chance.choice(nodes), chance.choice([None, *nodes])
            if parent is not None and node.pk in walk(parent.pk, parents):
                with pytest.raises(InsideItself):
                    move(node, parent=parent, since=day)
                continue
            move(node, parent=parent, since=day)
        parents[node.pk] = parent.pk if parent else None
        history.append((day, dict(parents)))

    by_day = dict(history)
    for moment, known in by_day.items():
        for node in nodes:
            linked = AdminUnitLink.objects.filter(descendant=node, valid_from__lte=moment).exclude(
                valid_until__lte=moment
            )
            assert dict(linked.values_list("ancestor_id", "depth")) == (
                {pk: depth for depth, pk in enumerate(walk(node.pk, known))} if node.pk in known else {}
            )


def walk(node: int | None, parents: dict[int, int | None]) -> list[int]:
    """Return the node and everything above it, nearest first."""
    path = []
    while node is not None:
        path.append(node)
        node = parents[node]
    return path


def test_a_closed_node_stood_until_its_day(plant):
    close(plant["team"], until=JUNE)

    assert below(plant["root"], JUNE - timedelta(days=1)) == {"厂", "东区", "西区", "转油站", "一班"}
    assert below(plant["root"], JUNE) == {"厂", "东区", "西区", "转油站"}
    assert AdminUnit.objects.get(name="一班").valid_until == JUNE


def test_only_what_has_nothing_below_is_closed_and_nothing_hangs_below_what_is(plant):
    with pytest.raises(NothingBelow):
        close(plant["station"], until=JUNE)
    close(plant["team"], until=JUNE)

    with pytest.raises(ParentEnded):
        move(plant["west"], parent=plant["team"], since=JULY)
    with pytest.raises(ParentEnded):
        create_unit(name="新班", kind=UnitKind.TEAM, parent=plant["team"], since=JULY, actor=None, at=SET_UP_AT)


def test_what_stood_below_and_went_keeps_the_past_from_being_written_twice(plant):
    """A team that left the station in July was there in June: the station cannot have been elsewhere then."""
    move(plant["team"], parent=plant["west"], since=JULY)

    with pytest.raises(ChangedLater):
        move(plant["station"], parent=plant["west"], since=JUNE)
    with pytest.raises(ChangedLater):
        close(plant["station"], until=JUNE)
    close(plant["station"], until=JULY)


def test_nothing_is_founded_below_a_place_that_was_elsewhere_afterwards(plant):
    move(plant["station"], parent=plant["west"], since=JULY)

    with pytest.raises(ChangedLater):
        create_unit(name="新班", kind=UnitKind.TEAM, parent=plant["station"], since=JUNE, actor=None, at=SET_UP_AT)
