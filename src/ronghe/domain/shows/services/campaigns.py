"""A body opens its 三亮四比一创建, changes its words, and ends it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.shows.facts import CAMPAIGN_CHANGED, CAMPAIGN_ENDED, CAMPAIGN_OPENED
from ronghe.domain.shows.models import ShowCompeteCampaign
from ronghe.domain.shows.rules import OPEN_CAMPAIGN, RUN_CAMPAIGN
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_

LONGEST = {"name": 60, "fourth": 40, "creates": 400}
"""Characters, as many as the columns hold."""


class CampaignWordless(DomainError):
    code = "show_campaign_wordless"
    sentence = N_("请写名称（最多 60 字）、第四比（最多 40 字）和创建什么（最多 400 字）。")
    status = 422


class CampaignRunning(DomainError):
    code = "show_campaign_running"
    sentence = N_("“%(body)s”已经有一个进行中的三亮四比一创建，请在那里修改，或先结束它。")


class CampaignOver(DomainError):
    code = "show_campaign_over"
    sentence = N_("“%(name)s”已经结束，不能再改。")


@dataclass(frozen=True, slots=True)
class CampaignText:
    """The unit's own words: what it is called, what is compared fourth, and what is created (PP-09)."""

    name: str
    fourth: str
    creates: str


@transaction.atomic
def open_campaign(
    *, body: PartyOrg, text: CampaignText, starts_on: date, actor: Person, at: datetime
) -> ShowCompeteCampaign:
    """Open the campaign of `body`; one at a time.

    :raises NotAllowed: the actor does not lead there
    :raises CampaignWordless: words are missing or too long
    :raises CampaignRunning: there is one
    """
    OPEN_CAMPAIGN.require(actor, body, at=at)
    said = _said(text)
    try:
        with transaction.atomic():
            made = ShowCompeteCampaign.objects.create(
                body=body, starts_on=starts_on, opened_by=actor, opened_at=at, **said
            )
    except IntegrityError as error:
        raise CampaignRunning(body=body.name) from error
    record(Draft(CAMPAIGN_OPENED, at, actor, body=body.pk, source=made))
    return made


@transaction.atomic
def change_campaign(
    *, campaign: ShowCompeteCampaign, text: CampaignText, actor: Person, at: datetime
) -> ShowCompeteCampaign:
    """Change the words of a campaign that goes on.

    :raises NotAllowed: the actor does not lead there
    :raises CampaignWordless: words are missing or too long
    :raises CampaignOver: it has ended
    """
    RUN_CAMPAIGN.require(actor, campaign, at=at)
    if not ShowCompeteCampaign.objects.filter(pk=campaign.pk, ends_on=None).update(**_said(text)):
        raise CampaignOver(name=campaign.name)
    campaign.refresh_from_db()
    record(Draft(CAMPAIGN_CHANGED, at, actor, body=campaign.body_id, source=campaign))
    return campaign


@transaction.atomic
def end_campaign(*, campaign: ShowCompeteCampaign, actor: Person, at: datetime) -> ShowCompeteCampaign:
    """End a campaign today, or on its first day where that is still to come.

    :raises NotAllowed: the actor does not lead there
    :raises CampaignOver: it has ended
    """
    RUN_CAMPAIGN.require(actor, campaign, at=at)
    day = max(local_day(at), campaign.starts_on)
    if not ShowCompeteCampaign.objects.filter(pk=campaign.pk, ends_on=None).update(ends_on=day):
        raise CampaignOver(name=campaign.name)
    campaign.refresh_from_db()
    record(Draft(CAMPAIGN_ENDED, at, actor, body=campaign.body_id, source=campaign))
    return campaign


def _said(text: CampaignText) -> dict[str, str]:
    said = {"name": text.name.strip(), "fourth": text.fourth.strip(), "creates": text.creates.strip()}
    if any(not words or len(words) > LONGEST[name] for name, words in said.items()):
        raise CampaignWordless
    return said
