"""A list call costs five statements at most, among three rows and among three hundred, and answers as it declares."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ronghe.api.v1.obligations import ObligationRow
from ronghe.api.v1.people import BodyRow, PersonRow
from ronghe.api.v1.rhythm import ListedActivity
from ronghe.api.v1.work import TaskRow
from ronghe.domain.obligations.models import Obligation
from tests.factories.many import make_many
from tests.factories.org import make_account
from tests.factories.rhythm import make_zone

pytestmark = pytest.mark.django_db

LISTS: dict[str, Any] = {
    "/api/v1/obligations/": ObligationRow,
    "/api/v1/work/tasks": TaskRow,
    "/api/v1/rhythm/activities": ListedActivity,
    "/api/v1/org/people": PersonRow,
    "/api/v1/org/bodies": BodyRow,
}


@pytest.fixture
def story():
    return make_zone()


@pytest.fixture(params=["lead", "clerk", "members"])
def client(request, story):
    """Rights of one zone, of everything below a committee, and of nobody but oneself."""
    found = getattr(story, request.param)
    client = Client()
    client.force_login(make_account(found[0] if isinstance(found, list) else found))
    return client


def statements(client, path) -> int:
    assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    return len(asked)


@pytest.mark.parametrize("path", LISTS)
def test_list_call_costs_the_same_among_three_and_three_hundred(client, story, path):
    make_many(story, 3, timezone.now())
    among_three = statements(client, path)

    Obligation.objects.filter(occurrence__startswith="made-").delete()
    make_many(story, 300, timezone.now())

    assert statements(client, path) == among_three <= 5


@pytest.mark.parametrize(("path", "shape"), LISTS.items())
def test_list_call_answers_in_the_declared_shape(client, story, path, shape):
    make_many(story, 3, timezone.now())

    rows = client.get(path).json()["items"]

    fields = set(shape.model_fields)
    assert rows
    assert all(set(row) == fields for row in rows)
    for row in rows:
        shape.model_validate({(field.alias or name): row[name] for name, field in shape.model_fields.items()})
