"""Sealing: a place for every fact, a signature for every batch, one winner."""

from __future__ import annotations

import json
import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction

from ronghe.kernel.facts import seal as sealing
from ronghe.kernel.facts.digests import chained, merkle_root
from ronghe.kernel.facts.kinds import declare
from ronghe.kernel.facts.models import Fact, Seal, SealedFact
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.facts.seal import FIRST_CHAIN, cutoff_seq, seal_facts, seal_statement
from ronghe.kernel.facts.signing import is_signed
from ronghe.kernel.facts.verify import verify

WELL_CHECKED = declare("test.well_checked", "查井")

pytestmark = pytest.mark.django_db


def check_wells(count: int, at) -> list[Fact]:
    return [record(Draft(WELL_CHECKED, at, None)) for _ in range(count)]


def test_sealing_gives_places_without_gaps_in_the_order_of_ids(morning):
    facts = check_wells(3, morning)

    done = seal_facts(at=morning)

    assert (done.sealed, done.batches, done.refused) == (3, 1, ())
    assert list(SealedFact.objects.order_by("seq").values_list("seq", "fact_id")) == [
        (n, fact.pk) for n, fact in enumerate(facts, start=1)
    ]
    assert cutoff_seq() == 3


def test_sealing_nothing_makes_no_seal(morning):
    assert seal_facts(at=morning).batches == 0
    assert (Seal.objects.count(), cutoff_seq()) == (0, 0)


def test_large_amounts_are_sealed_in_batches_chained_and_signed(morning):
    check_wells(5, morning)

    done = seal_facts(at=morning, batch=2)

    seals = list(Seal.objects.order_by("number"))
    assert (done.sealed, done.batches) == (5, 3)
    assert [(seal.number, seal.first_seq, seal.last_seq) for seal in seals] == [(1, 1, 2), (2, 3, 4), (3, 5, 5)]
    before = FIRST_CHAIN
    for seal in seals:
        leaves = SealedFact.objects.filter(seq__range=(seal.first_seq, seal.last_seq)).order_by("seq")
        assert merkle_root([bytes(row.digest) for row in leaves]) == bytes(seal.root)
        assert chained(before, seal.number, bytes(seal.root)) == bytes(seal.chain)
        assert is_signed(seal_statement(seal), bytes(seal.signature), seal.key_id)
        before = bytes(seal.chain)


def test_a_signature_holds_for_no_other_statement(morning):
    check_wells(1, morning)
    seal_facts(at=morning)
    seal = Seal.objects.get()

    seal.sealed_at += timedelta(seconds=1)

    assert not is_signed(seal_statement(seal), bytes(seal.signature), seal.key_id)
    assert not is_signed(b"", bytes(seal.signature), "0" * 16)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("committing_db")
def test_seals_are_written_outside_the_database_too(morning, settings):
    check_wells(3, morning)

    seal_facts(at=morning, batch=2)

    logged = [json.loads(line) for line in settings.HOME.seals_log.read_text().splitlines()]
    assert [(line["number"], line["chain"]) for line in logged] == [
        (seal.number, bytes(seal.chain).hex()) for seal in Seal.objects.order_by("number")
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("committing_db")
def test_a_seal_that_was_rolled_back_is_not_in_the_log(morning, settings):
    check_wells(1, morning)

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        seal_facts(at=morning)
        _ = 1 // 0

    assert not settings.HOME.seals_log.exists()
    assert seal_facts(at=morning).sealed == 1


def test_a_fact_that_commits_late_gets_a_later_place(morning):
    """Its id is the lowest, yet it was committed after a higher one had been sealed."""
    with connection.cursor() as cursor:
        sequence = "SELECT nextval(pg_get_serial_sequence('kernel_fact', 'id'))"
        if connection.vendor == "postgresql":
            cursor.execute(sequence)
            late_id = cursor.fetchone()[0]
        else:
            late_id = 1
    early = Fact(pk=late_id + 1, kind="test.well_checked", occurred_at=morning, recorded_at=morning)
    late = Fact(pk=late_id, kind="test.well_checked", occurred_at=morning, recorded_at=morning)
    from ronghe.kernel.facts.digests import marks

    marks([early, late])
    early.save(force_insert=True)
    seal_facts(at=morning)
    late.save(force_insert=True)

    seal_facts(at=morning)

    assert list(SealedFact.objects.order_by("seq").values_list("fact_id", flat=True)) == [early.pk, late.pk]
    assert verify().ok


def test_a_second_sealer_cannot_seal_the_same_facts_again(morning):
    facts = check_wells(2, morning)
    seal_facts(at=morning)

    with pytest.raises(IntegrityError), transaction.atomic():
        sealing._seal_batch(facts, morning)

    assert (Seal.objects.count(), SealedFact.objects.count()) == (1, 2)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("committing_db")
def test_sealers_racing_seal_every_fact_once(morning):
    check_wells(60, morning)
    gate, done = threading.Barrier(3), []

    def run() -> None:
        gate.wait()
        done.append(seal_facts(at=morning, batch=7))
        connections.close_all()

    sealers = [threading.Thread(target=run) for _ in range(3)]
    for sealer in sealers:
        sealer.start()
    for sealer in sealers:
        sealer.join()

    assert sum(one.sealed for one in done) == 60
    assert sorted(SealedFact.objects.values_list("seq", flat=True)) == list(range(1, 61))
    assert verify().as_json() == {"ok": True, "facts": 60, "unsealed": 0, "bad": []}


def test_sealing_goes_on_behind_a_row_that_it_refuses(morning):
    first, *_others = check_wells(5, morning)
    Fact.objects.bulk_create([Fact(kind="test.well_checked", occurred_at=morning, recorded_at=morning, mac=b"x" * 32)])
    check_wells(2, morning)

    done = seal_facts(at=morning, batch=3)

    assert (done.sealed, done.refused) == (7, (first.pk + 5,))
    assert SealedFact.objects.filter(fact_id__in=done.refused).count() == 0
