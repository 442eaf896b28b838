"""Begin the campaigns that bodies had adopted before there were campaigns."""

from __future__ import annotations

import json
from datetime import date, timedelta

from django.db import migrations


def begin(apps, schema_editor):  # noqa: ARG001 - as Django calls it
    """Write campaign and stages of each adoption in force; summaries are in time for two weeks, as the shipped models say."""
    adoption, text = apps.get_model("playbooks", "Adoption"), apps.get_model("playbooks", "PlaybookText")
    campaign, stage = apps.get_model("campaigns", "Campaign"), apps.get_model("campaigns", "CampaignStage")
    for kept in text.objects.filter(content__contains='"campaign"').order_by("pk"):
        said = json.loads(kept.content)
        form = said.get("campaign")
        if not isinstance(form, dict):
            continue
        starts, ends = date.fromisoformat(form["starts"]), date.fromisoformat(form["ends"])
        for row in adoption.objects.filter(version_id=kept.pk, valid_until=None, valid_from__lt=ends).order_by("pk"):
            made, is_new = campaign.objects.get_or_create(
                body_id=row.body_id, playbook=said["id"], starts=starts,
                defaults={"version_id": kept.pk, "title": said["title"]["zh"][:80], "ends": ends,
                          "begun_on": max(starts, row.valid_from)},
            )  # fmt: skip
            for number, one in enumerate(form["stages"] if is_new else (), start=1):
                until = date.fromisoformat(one["until_on"])
                stage.objects.create(
                    campaign=made, code=one["id"], number=number, title=one["title"]["zh"][:80],
                    from_on=date.fromisoformat(one["from_on"]), until_on=until,
                    summary_until=until + timedelta(days=14),
                )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial"), ("playbooks", "0002_drafts_documents_and_batches")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
