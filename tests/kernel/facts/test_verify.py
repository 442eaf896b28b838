from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from ronghe.kernel.db.append_only import lift_triggers, missing_triggers, restore_triggers
from ronghe.kernel.facts.models import Fact, SealedFact
from ronghe.kernel.facts.seal import seal_facts
from ronghe.kernel.facts.verify import verify
from tests.factories.org import make_body, make_person

pytestmark = pytest.mark.django_db


def behind_the_program(statement: str, *values: object) -> None:
    lift_triggers()
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
    restore_triggers()


def test_verify_of_untouched_facts_passes(morning):
    make_person(home=make_body())
    seal_facts(at=morning)
    make_body()

    found = verify()

    assert found.as_json() == {"ok": True, "facts": Fact.objects.count(), "unsealed": 1, "bad": []}


@pytest.mark.parametrize("column", ["kind", "subject", "body", "attributes", "occurred_at"])
def test_verify_names_the_altered_row_whatever_was_altered(morning, column):
    make_person(home=make_body())
    seal_facts(at=morning)
    victim = Fact.objects.get(kind="org.membership_started")
    value = "'2020-01-01 00:00:00'" if column == "occurred_at" else "'7'"

    behind_the_program(f"UPDATE kernel_fact SET {column} = {value} WHERE id = %s", victim.pk)

    assert [(fault.id, fault.why) for fault in verify().faults] == [(victim.pk, "altered")]


def test_verify_names_a_row_altered_before_it_was_sealed():
    make_body()
    victim = Fact.objects.get()

    behind_the_program("UPDATE kernel_fact SET body = 99 WHERE id = %s", victim.pk)

    assert [(fault.id, fault.why) for fault in verify().faults] == [(victim.pk, "added")]


def test_sealing_leaves_out_a_row_that_the_program_did_not_write(morning):
    make_body()
    victim = Fact.objects.get()
    behind_the_program("UPDATE kernel_fact SET body = 99 WHERE id = %s", victim.pk)
    make_body()

    done = seal_facts(at=morning)

    assert (done.sealed, done.refused) == (1, (victim.pk,))


def test_verify_names_a_removed_fact(morning):
    make_body()
    victim = Fact.objects.get().pk
    seal_facts(at=morning)

    behind_the_program("DELETE FROM kernel_fact WHERE id = %s", victim)

    assert [(fault.id, fault.why) for fault in verify().faults] == [(victim, "missing")]


def test_verify_notices_two_sealed_facts_exchanged(morning):
    make_body()
    make_body()
    seal_facts(at=morning)
    first, second = SealedFact.objects.order_by("seq")

    behind_the_program("UPDATE kernel_sealed_fact SET digest = %s WHERE seq = 1", bytes(second.digest))

    assert {fault.why for fault in verify().faults} == {"altered", "seal_broken"}
    assert first.fact_id in [fault.id for fault in verify().faults]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("committing_db")
def test_verify_notices_seals_cut_off_the_database(morning):
    make_body()
    seal_facts(at=morning)

    behind_the_program("DELETE FROM kernel_seal")
    behind_the_program("DELETE FROM kernel_sealed_fact")

    assert "seal_missing" in {fault.why for fault in verify().faults}


def test_verify_names_missing_triggers():
    lift_triggers()

    assert [fault.detail for fault in verify().faults if fault.why == "trigger_missing"] == missing_triggers()


@pytest.mark.parametrize("statement", ["UPDATE kernel_fact SET body = 1", "DELETE FROM kernel_fact"])
def test_the_database_refuses_to_rewrite_facts(statement):
    make_body()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert Fact.objects.count() == 1
