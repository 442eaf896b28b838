"""A campaign follows its body's adoption: begun, extended, ended early; its stages are dated anew."""

from __future__ import annotations

from datetime import date

from ronghe.domain.campaigns.calc.stages import grace_of_summaries, summary_until
from ronghe.domain.campaigns.models import Campaign, CampaignStage
from ronghe.domain.playbooks.calc.forms import CampaignForm
from ronghe.domain.playbooks.calc.model import Playbook
from ronghe.domain.playbooks.models import Adoption
from ronghe.kernel.calendar.calendars import statutory_calendar


def begin_campaign(adoption: Adoption) -> Campaign | None:
    """Let the body run the campaign of what it adopted; `None` where that has none, or it was over on the first day.

    A version with the same first day carries the running campaign on: later or earlier end, other words, other stages.
    A stage that was closed keeps its days, and one that the new version leaves out stays if it was closed.
    """
    version = adoption.version
    book = version.playbook
    form = book.campaign
    if form is None or adoption.valid_from >= form.ends:
        return None
    campaign, is_new = Campaign.objects.get_or_create(
        body_id=adoption.body_id, playbook=version.playbook_id, starts=form.starts,
        defaults={
            "version": version, "title": book.title.zh[:80], "ends": form.ends,
            "begun_on": max(form.starts, adoption.valid_from),
        },
    )  # fmt: skip
    if not is_new:
        campaign.version, campaign.title, campaign.ends = version, book.title.zh[:80], form.ends
        campaign.stopped_on = None
        campaign.save(update_fields=["version", "title", "ends", "stopped_on"])
    _date_stages(campaign, book, form)
    return campaign


def stop_campaign(adoption: Adoption, until: date) -> None:
    """Let the body's campaign end with the adoption, where it had not ended by itself."""
    form = adoption.version.playbook.campaign
    if form is not None and until < form.ends:
        Campaign.objects.filter(
            body=adoption.body_id, playbook=adoption.version.playbook_id, starts=form.starts
        ).update(stopped_on=until)  # fmt: skip


def _date_stages(campaign: Campaign, book: Playbook, form: CampaignForm) -> None:
    calendar, grace = statutory_calendar(), grace_of_summaries(book)
    known = {stage.code: stage for stage in campaign.stages.all()}
    for number, said in enumerate(form.stages, start=1):
        days = {
            "number": number, "title": said.title.zh[:80], "from_on": said.from_on, "until_on": said.until_on,
            "summary_until": summary_until(said.until_on, grace, calendar),
        }  # fmt: skip
        stage = known.pop(said.id, None)
        if stage is None:
            CampaignStage.objects.create(campaign=campaign, code=said.id, **days)
        elif stage.done_at is None:
            CampaignStage.objects.filter(pk=stage.pk).update(**days)
    CampaignStage.objects.filter(pk__in=[stage.pk for stage in known.values() if stage.done_at is None]).delete()
