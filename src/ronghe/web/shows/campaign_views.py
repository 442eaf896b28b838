"""三亮四比一创建 of a body: the list, one with its quarter, opening, changing and ending it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ronghe.domain.appraisal.selectors.wording import period_title
from ronghe.domain.contests.selectors.contests import head_words
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.shows.documents import campaign_document
from ronghe.domain.shows.models import ShowCompeteCampaign
from ronghe.domain.shows.rules import RUN_CAMPAIGN
from ronghe.domain.shows.selectors.campaigns import (
    asked_quarter,
    bodies_to_open_for,
    campaign_in,
    campaigns_seen_by,
    list_campaigns,
    quarters_of,
)
from ronghe.domain.shows.services.campaigns import change_campaign, end_campaign, open_campaign
from ronghe.kernel.errors import NotAllowed
from ronghe.web.files import paper_answer
from ronghe.web.honours.contest_views import SHAPES
from ronghe.web.honours.presenting import plain_act
from ronghe.web.members.acting import ActPage, posted
from ronghe.web.paging import asked_page, page_of
from ronghe.web.qualifications.acting import field_act
from ronghe.web.requests import actor_of
from ronghe.web.shows.forms import CampaignForm, NewCampaignForm


@login_required
def campaign_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    context = {
        "page": page_of(list_campaigns(actor, now, page=asked_page(request))),
        "can_open": bodies_to_open_for(actor, now, local_day(now)).exists(),
    }
    return render(request, "shows/campaign_list.html", context)


@login_required
def campaign_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_open_for(actor, now, local_day(now))
    if not bodies.exists():
        raise NotAllowed
    form = NewCampaignForm(posted(request), bodies=bodies, initial={"starts_on": local_day(now)})

    def act(given: dict[str, Any]) -> str:
        open_campaign(body=given["body"], text=form.text(), starts_on=given["starts_on"], actor=actor, at=now)
        return _("三亮四比一创建已开始。")

    note = _("竞赛和承诺从已有记录汇总，不用填报。")
    page = ActPage(_("发起三亮四比一创建"), _("开始"), reverse("web:shows"), _("三亮四比一创建"), note)
    return field_act(request, form, page, act)


@login_required
def campaign_detail(request: HttpRequest, pk: int) -> HttpResponse:
    campaign, actor, now = _seen(request, pk), actor_of(request), timezone.now()
    day = local_day(now)
    quarter = asked_quarter(campaign, day, request.GET.get("quarter", ""))
    found = campaign_in(campaign, quarter)
    context = {
        "campaign": campaign, "found": found,
        "contests": [
            (contest, SHAPES[contest.state], table, [(head, head_words(head)) for head in table.heads])  # type: ignore[index]
            for contest, table in found.contests
        ],
        "quarters": [(one.label, period_title(one.label)) for one in quarters_of(campaign, day)],
        "quarter": quarter.label,
        "can_run": campaign.ends_on is None and RUN_CAMPAIGN.allows(actor, campaign, at=now),
    }  # fmt: skip
    return render(request, "shows/campaign_detail.html", context)


@login_required
def campaign_print(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    campaign, day = _seen(request, pk), local_day(timezone.now())
    found = campaign_in(campaign, asked_quarter(campaign, day, request.GET.get("quarter", "")))
    return paper_answer(request, campaign_document(found, printed_on=day), form, source=campaign)


@login_required
def campaign_edit(request: HttpRequest, pk: int) -> HttpResponse:
    campaign, actor = _seen(request, pk), actor_of(request)
    RUN_CAMPAIGN.require(actor, campaign)
    form = CampaignForm(
        posted(request), initial={"name": campaign.name, "fourth": campaign.fourth, "creates": campaign.creates}
    )

    def act(given: dict[str, Any]) -> str:  # noqa: ARG001 - the form knows its own fields
        change_campaign(campaign=campaign, text=form.text(), actor=actor, at=timezone.now())
        return _("已改好。")

    page = ActPage(_("修改三亮四比一创建"), _("保存"), reverse("web:show_campaign", args=[pk]), campaign.name)
    return field_act(request, form, page, act)


@login_required
def campaign_end(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = _seen(request, pk)
    if request.method != "POST":
        return render(request, "shows/campaign_end.html", {"campaign": campaign})
    return plain_act(
        request, lambda a, t: end_campaign(campaign=campaign, actor=a, at=t), _("已结束，各季度的情况还看得到。"),
        "web:show_campaign", pk,
    )  # fmt: skip


def _seen(request: HttpRequest, pk: int) -> ShowCompeteCampaign:
    return get_object_or_404(campaigns_seen_by(actor_of(request), timezone.now()), pk=pk)
