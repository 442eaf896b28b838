"""Who opens, runs, judges and joins a contest: each right from both sides."""

from __future__ import annotations

import pytest

from ronghe.domain.contests.rules import JOIN_CONTEST, JUDGE_CONTEST, OPEN_CONTEST, RUN_CONTEST, SEE_CONTEST
from ronghe.domain.org.enums import PostRole
from tests.factories.contests import make_contest, make_field
from tests.factories.org import make_body, make_person, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return make_field()


@pytest.fixture
def people(story):
    chair = make_person("工会主席")
    make_post(chair, PostRole.UNION_CHAIR, body=story.committee)
    return {
        "clerk": story.clerk, "chair": chair, "safety": story.safety, "auditor": story.field.auditor,
        "secretary": story.secretaries[0], "member": story.members[0],
        "stranger": make_person("外人", home=make_body("外厂党委")),
    }  # fmt: skip


def may(permission, thing, people, at) -> set[str]:
    """Which of these people may do it."""
    return {name for name, person in people.items() if permission.allows(person, thing, at=at)}


def test_the_clerk_and_the_chair_of_the_union_open_and_run_it(story, people, morning):
    contest = make_contest(story, morning)

    assert may(OPEN_CONTEST, story.committee, people, morning) == {"clerk", "chair"}
    assert may(RUN_CONTEST, contest, people, morning) == {"clerk", "chair"}


def test_a_branch_s_secretary_opens_one_in_the_own_branch(story, people, morning):
    assert "secretary" in may(OPEN_CONTEST, story.branches[0], people, morning)
    assert "secretary" not in may(OPEN_CONTEST, story.branches[1], people, morning)


def test_only_the_judges_who_were_named_judge(story, people, morning):
    assert may(JUDGE_CONTEST, make_contest(story, morning), people, morning) == {"safety", "auditor"}


def test_whoever_belongs_below_may_join_and_everybody_may_look(story, people, morning):
    contest = make_contest(story, morning)

    assert {"secretary", "member"} <= may(JOIN_CONTEST, contest, people, morning)
    assert "stranger" not in may(JOIN_CONTEST, contest, people, morning)
    assert "stranger" in may(SEE_CONTEST, contest, people, morning)
