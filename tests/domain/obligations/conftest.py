"""A savepoint for properties: each example leaves the tables as it found them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.db import transaction


@pytest.fixture
def transactional_savepoint() -> Callable[[], AbstractContextManager[None]]:
    @contextmanager
    def scope() -> Iterator[None]:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    return scope
