"""三亮四比一创建 of a body: its own words, its contests and promises of a quarter (G4; PP-09)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ronghe.domain.shows.calc.ratio import Ratio
from ronghe.domain.shows.models import ShowCompeteCampaign
from ronghe.domain.shows.selectors.campaigns import (
    asked_quarter,
    bodies_to_open_for,
    campaign_in,
    campaigns_seen_by,
    fourth_of,
    list_campaigns,
    quarters_of,
)
from ronghe.domain.shows.services.campaigns import (
    CampaignOver,
    CampaignRunning,
    CampaignText,
    CampaignWordless,
    change_campaign,
    end_campaign,
)
from ronghe.kernel.errors import NotAllowed
from tests.factories.carriers import make_story
from tests.factories.contests import COUNTED, accepted, make_contest, make_field
from tests.factories.shows import judge, make_campaign, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(morning):
    return make_story(morning, with_teams=False)


def test_a_body_says_its_own_words_once(story, morning):
    campaign = make_campaign(story, morning)
    assert fourth_of(story.branch, morning.date()) == "比协作"
    with pytest.raises(CampaignRunning):
        make_campaign(story, morning)
    change_campaign(campaign=campaign, text=CampaignText("新名", "比安全", "创示范"), actor=story.clerk, at=morning)
    assert fourth_of(story.committee, morning.date()) == "比安全"
    for wrong in (("", "四", "创"), ("名", " ", "创"), ("名", "四", ""), ("名", "四" * 41, "创")):
        with pytest.raises(CampaignWordless):
            change_campaign(campaign=campaign, text=CampaignText(*wrong), actor=story.clerk, at=morning)
    end_campaign(campaign=campaign, actor=story.clerk, at=morning)
    assert fourth_of(story.branch, morning.date()) == ""
    with pytest.raises(CampaignOver):
        change_campaign(campaign=campaign, text=CampaignText("名", "四", "创"), actor=story.clerk, at=morning)
    with pytest.raises(CampaignOver):
        end_campaign(campaign=campaign, actor=story.clerk, at=morning)
    assert make_campaign(story, morning).ends_on is None


def test_leaders_of_the_body_run_it_and_everybody_reads_it(story, morning):
    with pytest.raises(NotAllowed):
        make_campaign(story, morning, actor=story.secretary)
    campaign = make_campaign(story, morning, body=story.branch, actor=story.secretary)
    with pytest.raises(NotAllowed):
        end_campaign(campaign=campaign, actor=story.next_secretary, at=morning)
    assert (
        list(campaigns_seen_by(story.outsider, morning)) == list(list_campaigns(story.outsider, morning)) == [campaign]
    )
    assert list(bodies_to_open_for(story.secretary, morning, morning.date())) == []
    assert [one.name for one in bodies_to_open_for(story.next_secretary, morning, morning.date())] == ["北八党支部"]


def test_quarters_begin_where_it_began_and_end_where_it_ended(story, morning):
    campaign = make_campaign(story, morning, starts_on=date(2026, 2, 1))
    assert [str(one) for one in quarters_of(campaign, morning.date())] == ["2026Q3", "2026Q2", "2026Q1"]
    assert [str(asked_quarter(campaign, morning.date(), text)) for text in ("2026Q2", "2025Q1", "x", "")] == [
        "2026Q2", "2026Q3", "2026Q3", "2026Q3",
    ]  # fmt: skip
    end_campaign(campaign=campaign, actor=story.clerk, at=morning)
    campaign.refresh_from_db()
    assert str(quarters_of(campaign, date(2027, 5, 1))[0]) == "2026Q3"


def test_a_quarter_shows_its_contests_and_what_was_judged_in_it(story, morning):
    judge(make_post(story, morning, titles=("甲", "乙")), 1, story, morning)
    campaign = make_campaign(story, morning, starts_on=date(2026, 5, 1))
    now, before = quarters_of(campaign, morning.date())[:2]
    found = campaign_in(campaign, now)
    assert [(one.body, one.ratio) for one in found.branches] == [(story.branch, Ratio(1, 0))]
    assert found.ratio == Ratio(1, 0)
    assert campaign_in(campaign, before).ratio == Ratio()


def test_a_quarter_shows_the_standings_that_facts_give(morning, django_assert_max_num_queries):
    field = make_field()
    contest = make_contest(field, morning, heads=COUNTED)
    accepted(field.members[1], morning, times=2)
    campaign = ShowCompeteCampaign.objects.create(
        body=field.committee, name="三亮", fourth="比协作", creates="创示范", starts_on=date(2026, 1, 1),
        opened_by=field.clerk, opened_at=morning,
    )  # fmt: skip
    quarter = asked_quarter(campaign, morning.date(), "2026Q3")
    with django_assert_max_num_queries(9):
        found = campaign_in(campaign, quarter)
    assert [one for one, _table in found.contests] == [contest]
    assert found.contests[0][1].lines[0].entry.body == field.branches[1]
    assert campaign_in(campaign, quarter.previous()).contests == []
    assert contest.starts_on - timedelta(days=1) < quarter.span.until_on
