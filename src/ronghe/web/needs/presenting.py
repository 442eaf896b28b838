"""What a need adds to the common page of items: doubles, agreed times, what was gained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from ronghe.domain.items.enums import Visibility
from ronghe.domain.items.models import WorkItem
from ronghe.domain.needs.calc.gains import HOURS, MONEY, Gain, gain_in
from ronghe.domain.needs.enums import HelpWay
from ronghe.domain.needs.rules import AGREE_MOMENT, NEED, SEE_TO
from ronghe.domain.needs.selectors import likely_doubles, moments_of
from ronghe.kernel.words import _
from ronghe.web.items.presenting import PANELS, line_of
from ronghe.web.needs.forms import MomentForm
from ronghe.web.requests import actor_of
from ronghe.web.sources import href_of

REFUSED = "refused_moment"
"""Where the request carries a time that was refused, so that it stands on the page as it was typed."""


def unit_of(gain: Gain) -> str:
    """Return what a gain is counted in."""
    return {HOURS: _("小时每月"), MONEY: _("元每年")}.get(gain.kind, gain.unit)


def panel(request: HttpRequest, item: WorkItem) -> Mapping[str, Any]:
    actor, now = actor_of(request), timezone.now()
    may_merge = NEED.flow.allows(item, "merge") and SEE_TO.allows(actor, item, at=now)
    may_agree = item.owner_id is not None and not item.is_closed and AGREE_MOMENT.allows(actor, item, at=now)
    gain = gain_in(item.values)
    way = item.values.get("way") or HelpWay.ON_SITE
    refused = getattr(request, REFUSED, None)
    fresh = MomentForm(initial={"place": item.place, "way": way}) if may_agree else None
    return {
        "doubles": [line_of(double, now) for double in likely_doubles(item, actor, now)] if may_merge else [],
        "may_merge": may_merge,
        "moments": moments_of(item),
        "moment_form": refused or fresh,
        "may_agree": may_agree,
        "gain": gain,
        "gain_unit": unit_of(gain) if gain is not None else "",
        "is_hidden_need": item.visibility == Visibility.INVOLVED,
        "need_source_href": href_of(item.source_type, item.source_id),
    }


PANELS[NEED.id] = ("needs/_panel.html", panel)
