from __future__ import annotations

import pytest

from tests.factories.agreements_story import Sides, make_sides


@pytest.fixture
def sides(db, morning) -> Sides:
    return make_sides(morning)
