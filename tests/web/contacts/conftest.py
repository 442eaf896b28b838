"""The committee member's world on a page."""

from __future__ import annotations

import pytest

from tests.factories.contacts import ContactStory, make_contact, make_contacts


@pytest.fixture
def field(db, now) -> ContactStory:
    return make_contacts()


@pytest.fixture
def contact(field):
    return make_contact(field)
