"""Who issues badges, consents, says what a post is held to, and runs a campaign: each right from both sides."""

from __future__ import annotations

import pytest

from ronghe.domain.shows.rules import (
    AGREE_BADGE,
    ISSUE_BADGE,
    ISSUE_BADGES,
    OPEN_CAMPAIGN,
    RUN_CAMPAIGN,
    SEE_CAMPAIGN,
    SET_STANDARD,
)
from tests.factories.carriers import make_story
from tests.factories.shows import make_campaign

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(morning):
    return make_story(morning, with_teams=False)


def may(permission, thing, story, at) -> set[str]:
    """Which of the people of the story may do it."""
    people = {
        "clerk": story.clerk, "secretary": story.secretary, "captain": story.captain, "member": story.members[-1],
        "next_secretary": story.next_secretary, "welder": story.welder, "outsider": story.outsider,
    }  # fmt: skip
    return {name for name, person in people.items() if permission.allows(person, thing, at=at)}


def test_a_badge_is_issued_by_the_bearer_and_those_who_lead_the_bearer_s_branch(story, morning):
    assert may(ISSUE_BADGE, story.captain, story, morning) == {"clerk", "secretary", "captain"}
    assert may(ISSUE_BADGES, story.branch, story, morning) == {"clerk", "secretary"}


def test_pi_01_nobody_consents_for_another(story, morning):
    assert may(AGREE_BADGE, story.captain, story, morning) == {"captain"}


def test_what_a_post_is_held_to_is_set_by_those_who_lead_the_body(story, morning):
    assert may(SET_STANDARD, story.branch, story, morning) == {"clerk", "secretary"}
    assert may(SET_STANDARD, story.committee, story, morning) == {"clerk"}


def test_a_campaign_is_opened_and_run_by_its_body_and_seen_by_everybody(story, morning):
    campaign = make_campaign(story, morning)

    assert may(OPEN_CAMPAIGN, story.committee, story, morning) == {"clerk"}
    assert may(RUN_CAMPAIGN, campaign, story, morning) == {"clerk"}
    assert may(OPEN_CAMPAIGN, story.branch, story, morning) == {"clerk", "secretary"}
    assert {"welder", "outsider", "next_secretary"} <= may(SEE_CAMPAIGN, campaign, story, morning)
