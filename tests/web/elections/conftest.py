from __future__ import annotations

import pytest

from tests.factories.elections import make_branch


@pytest.fixture
def branch(db, now):
    return make_branch()


@pytest.fixture
def clerk(branch, as_person):
    return as_person(branch.clerk)


@pytest.fixture
def secretary(branch, as_person):
    return as_person(branch.secretary)


@pytest.fixture
def comrade(branch, as_person):
    """折静 is a member of the branch without a post."""
    return as_person(branch.members[2])


@pytest.fixture
def outsider(branch, as_person):
    """拓晓红 leads a branch elsewhere."""
    return as_person(branch.stranger)
