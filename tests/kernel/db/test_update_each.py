from __future__ import annotations

from datetime import date

import pytest

from ronghe.domain.org.models import Person
from ronghe.kernel.db.bulk import update_each
from tests.factories.org import make_person, make_unit

pytestmark = pytest.mark.django_db


def test_each_row_gets_its_own_values_in_one_statement(django_assert_num_queries):
    unit = make_unit("采油一厂")
    people = [make_person(name) for name in ("甲", "乙", "丙")]
    for number, person in enumerate(people):
        person.name, person.unit, person.born_on = f"职工{number}", unit if number else None, date(1990, 1, 1 + number)

    with django_assert_num_queries(1):
        update_each(people[:2], ["name", "unit", "born_on"])

    found = list(Person.objects.order_by("pk").values_list("name", "unit", "born_on"))
    assert found == [("职工0", None, date(1990, 1, 1)), ("职工1", unit.pk, date(1990, 1, 2)), ("丙", None, None)]


def test_nothing_is_written_for_no_rows(django_assert_num_queries):
    with django_assert_num_queries(0):
        update_each([], ["name"])
