"""`ronghe show`."""

from __future__ import annotations

import pytest
from django.utils import timezone

from ronghe.domain.shows.models import Badge, BadgeConsent, PostStandard, ShowCompeteCampaign
from ronghe.domain.shows.services.campaigns import CampaignOver, CampaignWordless
from ronghe.kernel.errors import DomainError, NotAllowed
from tests.factories.carriers import make_story
from tests.factories.shows import judge, make_post
from tests.factories.ways_in import Shell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)


@pytest.fixture
def story(morning):
    return make_story(morning, with_teams=False)


def test_cards_badges_and_standards(story, morning, tmp_path):
    judge(make_post(story, morning), 1, story, morning)
    captain, secretary, outsider = (Shell(one, "show") for one in (story.captain, story.secretary, story.outsider))
    secretary.run("standard", story.branch.name, "走在前")
    assert PostStandard.objects.get().text == "走在前"
    told = captain.told("card", story.captain.name)
    assert (told["standards"][0], told["promises"][0]["state"], told["percent"]) == ("走在前", "kept", "100.0")
    with pytest.raises(DomainError):
        outsider.run("card", story.captain.name)
    captain.run("agree", "--part", "posts")
    assert BadgeConsent.objects.get().parts == ["posts"]
    captain.run("withdraw")
    assert BadgeConsent.objects.filter(withdrawn_at=None).count() == 0
    captain.run("badge", story.captain.name, tmp_path / "one.pdf")
    secretary.run("renew", story.captain.name, "--reason", "丢失")
    secretary.run("badges", story.branch.name, tmp_path / "all.pdf")
    assert [(tmp_path / name).read_bytes()[:4] for name in ("one.pdf", "all.pdf")] == [b"%PDF", b"%PDF"]
    assert Badge.objects.filter(person=story.captain).count() == 2


def test_the_wall_and_a_campaign(story, morning):
    judge(make_post(story, morning, titles=("甲", "乙")), 1, story, morning, kept=False)
    clerk, outsider = Shell(story.clerk, "show"), Shell(story.outsider, "show")
    told = outsider.told("wall", "--body", story.committee.pk, "--state", "open")
    assert ([row["title"] for row in told["promises"]], told["percent"]) == (["乙"], "0.0")
    made = clerk.told("open", "三亮", "--body", story.committee.name, "--fourth", "比协作", "--creates", "创示范")
    assert outsider.told("campaign", made["id"])["promises"] == [{"body": story.branch.name, "percent": "0.0"}]
    words = ("--name", "三亮四比", "--fourth", "比安全", "--creates", "创示范站")
    with pytest.raises(NotAllowed):
        outsider.run("change", made["id"], *words)
    with pytest.raises(CampaignWordless):
        clerk.run("change", made["id"], *words[:2], "--fourth", " ", *words[4:])
    clerk.run("change", made["id"], *words)
    changed = ShowCompeteCampaign.objects.get()
    assert (changed.name, changed.fourth, changed.creates) == words[1::2]
    clerk.run("end", made["id"])
    assert ShowCompeteCampaign.objects.get().ends_on == morning.date()
    with pytest.raises(CampaignOver):
        clerk.run("change", made["id"], *words)
