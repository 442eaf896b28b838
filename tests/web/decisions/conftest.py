"""A committee that decides, and the browsers of those around it."""

from __future__ import annotations

import pytest

from tests.factories.decisions import make_committee, make_list


@pytest.fixture
def committee(db, now):
    return make_committee("采油九厂党委")


@pytest.fixture
def entries(committee, now):
    return make_list(committee, now)


@pytest.fixture
def clerk(committee, as_person):
    return as_person(committee.clerk)


@pytest.fixture
def leader(committee, as_person):
    return as_person(committee.members[0])


@pytest.fixture
def auditor(committee, as_person):
    return as_person(committee.auditor)


@pytest.fixture
def plain(committee, as_person):
    return as_person(committee.member)
