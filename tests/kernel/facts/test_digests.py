"""The bytes that stand for a fact, the tree over a batch, the chain over batches."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.kernel.facts.digests import FIELDS, canonical, chained, digest, mark, merkle_root
from ronghe.kernel.facts.models import Fact

NOON = datetime(2026, 9, 14, 4, 0, tzinfo=UTC)
leaves = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40)


def fact(**changes) -> Fact:
    return Fact(kind="test.kind", occurred_at=NOON, recorded_at=NOON, attributes="{}", **changes)


def test_every_column_but_the_id_and_the_mark_is_sealed():
    columns = {field.name for field in Fact._meta.concrete_fields}

    assert set(FIELDS) == columns - {"id", "mac"}


def test_the_bytes_of_a_fact_stay_what_they_are():
    """Seals of years depend on this; a change here breaks every one of them."""
    content = canonical(fact(subject=7, body=3, quantity=25_000, measure="hour"))

    assert content == (
        b'["test.kind","2026-09-14T04:00:00.000000Z","2026-09-14T04:00:00.000000Z",null,7,3,null,null,null,null,'
        b'25000,"hour","{}",null,null,null]'
    )
    assert digest(12, content) == hashlib.sha256(b"12:" + content).digest()


def test_the_same_moment_in_another_zone_is_the_same_fact():
    shanghai = NOON.astimezone(timezone(timedelta(hours=8)))

    assert canonical(fact()) == canonical(
        Fact(kind="test.kind", occurred_at=shanghai, recorded_at=shanghai, attributes="{}")
    )


@pytest.mark.parametrize("field", [name for name in FIELDS if name not in {"occurred_at", "recorded_at"}])
def test_each_sealed_field_changes_the_bytes(field):
    changed = fact()
    setattr(changed, field, 99)

    assert canonical(changed) != canonical(fact())


def test_a_moment_differs_by_a_microsecond():
    later = fact()
    later.occurred_at = NOON + timedelta(microseconds=1)

    assert canonical(later) != canonical(fact())


def test_two_equal_facts_are_told_apart_by_their_ids():
    assert digest(1, canonical(fact())) != digest(2, canonical(fact()))


def test_an_id_cannot_borrow_digits_from_the_content():
    assert digest(1, b"2:x") != digest(12, b":x")


def test_the_mark_depends_on_a_key_outside_the_database(settings):
    content = canonical(fact())

    assert mark(content) == mark(content)
    assert mark(content) != hashlib.sha256(content).digest()
    assert (settings.HOME.keys / "fact_marks").stat().st_mode & 0o077 == 0


def test_the_root_of_one_leaf_is_not_the_leaf():
    leaf = bytes(32)

    assert merkle_root([leaf]) == hashlib.sha256(b"\x00" + leaf).digest() != leaf


def test_an_odd_leaf_moves_up_alone_and_is_not_doubled():
    first, second, third = (bytes([n]) * 32 for n in range(3))

    assert merkle_root([first, second, third]) != merkle_root([first, second, third, third])


def test_inner_nodes_cannot_pass_for_leaves():
    a, b, c, d = (bytes([n]) * 32 for n in range(4))
    inner = [
        hashlib.sha256(b"\x01" + hashlib.sha256(b"\x00" + x).digest() + hashlib.sha256(b"\x00" + y).digest()).digest()
        for x, y in ((a, b), (c, d))
    ]

    assert merkle_root(inner) != merkle_root([a, b, c, d])


@given(leaves, st.data())
def test_changing_any_leaf_changes_the_root(batch, data):
    place = data.draw(st.integers(0, len(batch) - 1))
    other = data.draw(st.binary(min_size=32, max_size=32).filter(lambda leaf: leaf != batch[place]))

    assert merkle_root([*batch[:place], other, *batch[place + 1 :]]) != merkle_root(batch)


@given(leaves, st.data())
def test_leaving_out_or_adding_a_leaf_changes_the_root(batch, data):
    place = data.draw(st.integers(0, len(batch)))

    assert merkle_root([*batch[:place], bytes(32), *batch[place:]]) != merkle_root(batch)


@given(leaves)
def test_the_order_of_leaves_matters(batch):
    turned = batch[::-1]

    assert (merkle_root(turned) == merkle_root(batch)) == (turned == batch)


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=2, max_size=10), st.data())
def test_a_chain_binds_every_batch_before_it(roots, data):
    def end(batch_roots) -> bytes:
        chain = bytes(32)
        for number, root in enumerate(batch_roots, start=1):
            chain = chained(chain, number, root)
        return chain

    place = data.draw(st.integers(0, len(roots) - 1))
    other = data.draw(st.binary(min_size=32, max_size=32).filter(lambda root: root != roots[place]))

    assert end([*roots[:place], other, *roots[place + 1 :]]) != end(roots)
    assert end(roots[1:]) != end(roots)


def test_attributes_enter_as_the_text_that_is_stored():
    """The stored text is sealed, not a reading of it, so no JSON library can change what was sealed."""
    stored = '{"a":1,"b":"x"}'

    assert json.loads(canonical(Fact(kind="k", occurred_at=NOON, recorded_at=NOON, attributes=stored)))[12] == stored
