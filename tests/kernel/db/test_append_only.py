"""Tables that only grow: the database refuses, whoever asks."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction

from ronghe.kernel.access.models import Look
from ronghe.kernel.db.append_only import declared_tables, lift_triggers, missing_triggers, restore_triggers
from ronghe.kernel.facts.models import Fact, FactKey, Seal, SealedFact
from ronghe.kernel.facts.seal import seal_facts
from ronghe.kernel.facts.verify import verify
from tests.factories.org import make_body

pytestmark = pytest.mark.django_db


def fill(morning) -> None:
    make_body()
    seal_facts(at=morning)
    FactKey.objects.create(key="k", fact_id=Fact.objects.get().pk)
    Look.objects.create(by=1, compartment="identity", at=morning)


def test_the_tables_that_must_only_grow_are_these():
    wanted = {model._meta.db_table for model in (Fact, FactKey, SealedFact, Seal, Look)}

    assert wanted <= set(declared_tables())


@pytest.mark.parametrize("model", [Fact, FactKey, SealedFact, Seal, Look])
@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_refuses_to_change_or_remove_rows(morning, model, act):
    fill(morning)
    column = model._meta.pk.column
    statements = {
        "update": f"UPDATE {model._meta.db_table} SET {column} = {column}",
        "delete": f"DELETE FROM {model._meta.db_table}",
    }

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statements[act])

    assert model.objects.count() == 1


def test_postgresql_refuses_to_empty_a_table_at_once(morning):
    fill(morning)
    if connection.vendor == "postgresql":
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE kernel_fact")
    else:
        assert not any("truncate" in name for name in missing_triggers())

    assert Fact.objects.count() == 1


def test_the_orm_refuses_as_well(morning):
    make_body()

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Fact.objects.update(body=1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Fact.objects.get().save()


def test_lifted_triggers_are_missed_by_name_and_by_check_and_put_back():
    lift_triggers()

    assert "kernel_fact_no_update" in missing_triggers()
    assert {error.id for error in run_checks(tags=["database"], databases=["default"])} == {"ronghe.E001"}

    restore_triggers()
    restore_triggers()
    assert missing_triggers() == []
    assert run_checks(tags=["database"], databases=["default"]) == []


def test_a_trigger_switched_off_is_a_missing_trigger():
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE kernel_fact DISABLE TRIGGER kernel_fact_no_update")
        assert missing_triggers() == ["kernel_fact_no_update"]
        restore_triggers()

    assert missing_triggers() == []


@pytest.mark.usefixtures("committing_db")
@pytest.mark.django_db(transaction=True)
def test_triggers_come_back_after_a_table_was_rebuilt():
    """SQLite changes a column by building the table anew, and drops its triggers without a word."""
    wider = models.CharField(max_length=80)
    wider.set_attributes_from_name("kind")
    wider.model = Fact

    with connection.schema_editor() as editor:
        editor.alter_field(Fact, Fact._meta.get_field("kind"), wider, strict=False)
    lost = missing_triggers()
    call_command("migrate", run_syncdb=True, verbosity=0)

    assert lost == (["kernel_fact_no_update", "kernel_fact_no_delete"] if connection.vendor == "sqlite" else lost)
    assert missing_triggers() == []
    with connection.schema_editor() as editor:
        editor.alter_field(Fact, wider, Fact._meta.get_field("kind"), strict=False)
    restore_triggers()


def test_a_row_replaced_by_a_client_that_no_trigger_stops_is_named(morning):
    """SQLite's REPLACE removes the old row without firing its delete trigger; the seal still sees it."""
    fill(morning)
    fact = Fact.objects.get()
    columns = [field.column for field in Fact._meta.concrete_fields]
    chosen = ", ".join("99" if column == "body" else column for column in columns)
    if connection.vendor == "postgresql":
        lift_triggers()
        statement = "UPDATE kernel_fact SET body = 99"
    else:
        statement = f"INSERT OR REPLACE INTO kernel_fact ({', '.join(columns)}) SELECT {chosen} FROM kernel_fact"

    with connection.cursor() as cursor:
        cursor.execute(statement)
    restore_triggers()

    assert [(fault.id, fault.why) for fault in verify().faults] == [(fact.pk, "altered")]
