"""A number that no column can hold is refused in words on every database."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from ronghe.domain.org.models import AdminUnit, PartyOrg
from ronghe.kernel.db.limits import NumberBeyond, refuse_beyond, watch

pytestmark = pytest.mark.django_db

MOST = 2**63 - 1


def test_the_largest_key_is_just_not_found():
    assert list(PartyOrg.objects.filter(pk__in=[MOST])) == []


@pytest.mark.parametrize("number", [MOST + 1, 10**30, -(10**30)])
def test_one_beyond_is_refused_by_sqlite_and_not_found_by_postgresql(number):
    """SQLite cannot take the number at all, PostgreSQL compares it as a wider one."""
    asked = PartyOrg.objects.filter(pk__in=[number])
    if connection.vendor == "sqlite":
        with pytest.raises(NumberBeyond, match="有一个数太大"), transaction.atomic():
            list(asked)
    else:
        assert list(asked) == []


def test_a_number_too_large_to_keep_is_refused():
    with pytest.raises(NumberBeyond), transaction.atomic():
        AdminUnit.objects.update(parent_id=10**30)


def test_other_faults_of_a_statement_stay_what_they_are():
    with pytest.raises(Exception, match="nowhere") as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM nowhere")
    assert not isinstance(caught.value, NumberBeyond)


def test_a_connection_is_watched_once():
    watch(connection=connection)
    assert connection.execute_wrappers.count(refuse_beyond) == 1
