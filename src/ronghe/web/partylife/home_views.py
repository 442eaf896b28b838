"""组织生活: what waits for the reader, and each part with how it stands."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import bodies_seen_by
from ronghe.domain.partylife.enums import TalkKind
from ronghe.domain.partylife.selectors.classes import classes_to_tell
from ronghe.domain.partylife.selectors.keeping import birthdays_in, birthdays_of, nearest_body
from ronghe.domain.partylife.selectors.study import disputes_to_answer, entries_to_settle, study_year
from ronghe.domain.partylife.selectors.talks import next_talks, plans_due, talks_to_confirm
from ronghe.web.partylife.hours_views import shape_of
from ronghe.web.requests import actor_of

SHOWN = 8


@login_required
def party_life(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    today = local_day(now)
    body = nearest_body(actor, now, bodies_seen_by(actor, now))
    birthdays = birthdays_of(body, today.year, actor, now, month=today.month) if body is not None else []
    own = birthdays_in([actor], today.year)
    found = study_year(actor, today.year, today) if actor.is_party_member else None
    context = {
        "today": today,
        "body": body,
        "waiting": list(talks_to_confirm(actor, now)[:SHOWN]),
        "plans": list(plans_due(actor, now)[:SHOWN]),
        "entries": list(entries_to_settle(actor, now)[:SHOWN]),
        "disputes": list(disputes_to_answer(actor, now)[:SHOWN]),
        "next": [(one, TalkKind(one.kind.value).label) for one in next_talks(actor, now)],
        "birthdays": birthdays[:SHOWN],
        "mine": own[0] if own else None,
        "classes": list(classes_to_tell(actor, now)[:SHOWN]),
        "found": found,
        "shape": shape_of(found, today) if found is not None else "",
    }
    return render(request, "partylife/party_life.html", context)
