"""A number that no row can have is not found or refused: no way in falls over it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from tests.factories.org import make_account
from tests.factories.rhythm import make_zone

pytestmark = pytest.mark.django_db

CONTRACT = json.loads((Path(__file__).parents[2] / "docs/api/openapi.json").read_text(encoding="utf-8"))
TOO_LARGE = 10**30


def kinds(schema: dict) -> set[str]:
    """The types that a parameter may have, also as a list of them."""
    found = {schema["type"]} if "type" in schema else set()
    for part in schema.get("anyOf", []) + ([schema["items"]] if "items" in schema else []):
        found |= kinds(part)
    return found


def asked() -> Iterator[str]:
    """Each address of the contract with all its numbers too large, then with one number of the query at a time."""
    for path, operations in CONTRACT["paths"].items():
        if "get" not in operations:
            continue
        parameters = operations["get"].get("parameters", [])
        address = path
        for one in parameters:
            if one["in"] == "path":
                value = TOO_LARGE if "integer" in kinds(one["schema"]) else "x"
                address = address.replace(f"{{{one['name']}}}", str(value))
        numbers = [one["name"] for one in parameters if one["in"] == "query" and "integer" in kinds(one["schema"])]
        if address != path:
            yield address
        yield from (f"{address}?{name}={TOO_LARGE}" for name in numbers)


@pytest.fixture
def client() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(make_account(make_zone().clerk))
    return client


def test_no_call_falls_over_a_number_that_no_row_can_have(client):
    addresses = [re.sub(r"\{\w+\}", "x", address) for address in asked()]
    assert len(addresses) > 100

    assert [address for address in addresses if falls_over(client, address)] == []


def falls_over(client: Client, address: str) -> bool:
    """Ask in a transaction of its own: one that a database has refused answers nothing more."""
    with transaction.atomic():
        answer = client.get(address)
        transaction.set_rollback(True)
    return answer.status_code >= 500
