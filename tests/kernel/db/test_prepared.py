"""A statement is prepared once for all readers of a shape, or refused: never guessed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import Q

from ronghe.domain.org.models import Person, PostHolding
from ronghe.kernel.db.prepared import NotPreparable, Place, Since, prepare

pytestmark = pytest.mark.django_db
NIGHT, NOON = datetime(2026, 9, 14, 1, 2, 3, 4, tzinfo=UTC), datetime(2026, 9, 14, 11, 12, 13, 14, tzinfo=UTC)


def compiled(rows):
    return rows.query.get_compiler("default").as_sql()


def prepared(build, count=2):
    return prepare(lambda ids, at: [compiled(build(ids, at))], count, (NIGHT, NOON))[0]


def answers(statement, ids, at):
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.filled(ids, at))
        return cursor.fetchall()


def test_numbers_and_moments_are_filled_in_and_the_rest_is_text():
    found = prepared(lambda ids, at: Person.objects.filter(pk=ids[0], name="100%'s", unit=ids[1]).values("pk"))

    assert found.params == (Place(1), Place(0)) or found.params == (Place(0), Place(1))
    assert "'100%%''s'" in found.sql


def test_a_moment_at_a_distance_stays_at_it():
    found = prepared(
        lambda _ids, at: Person.objects.filter(account__last_login__gte=at - timedelta(hours=3)).values("pk")
    )

    assert found.params == (Since(timedelta(hours=-3)),)


def test_a_prepared_statement_answers_like_the_one_that_is_built(db):
    from tests.factories.org import make_person

    one, other = make_person("张三"), make_person("李四%_'")

    def build(ids, _at):
        return Person.objects.filter(Q(pk=ids[0]) | Q(pk=ids[1], name="李四%_'")).order_by("pk").values_list("name")

    assert answers(prepared(build), [one.pk, other.pk], NOON) == list(build([one.pk, other.pk], NOON))


@pytest.mark.parametrize(
    "build",
    [
        lambda ids, _at: Person.objects.filter(name=f"第{ids[0]}号").values("pk"),
        lambda _ids, at: Person.objects.filter(name="早" if at.hour < 6 else "晚").values("pk"),
        lambda _ids, at: Person.objects.filter(account__last_login__gte=at.replace(minute=0)).values("pk"),
        lambda ids, at: Person.objects.filter(pk__in=ids[:1] if at.hour < 6 else ids).values("pk"),
        lambda ids, _at: Person.objects.filter(pk__in=list(PostHolding.objects.values_list("pk", flat=True))).values(
            "pk"
        ),
    ],
    ids=["a number in a word", "a word by the hour", "a rounded moment", "more by the hour", "asks the database"],
)
def test_what_depends_on_more_is_refused(build):
    with pytest.raises(NotPreparable):
        prepared(build)
