"""我学了什么、教了什么: the reader's own year, and nobody else's."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from ronghe.domain.exchange.enums import LineState, PairState, PracticeState
from ronghe.domain.exchange.selectors.lectures import lectures_to_rate, wishes_of
from ronghe.domain.exchange.selectors.mine import my_year
from ronghe.domain.exchange.selectors.pairs import programme_of
from ronghe.domain.org.rules.reaches import local_day
from ronghe.web.exchange.pair_views import PAIR_SHAPES
from ronghe.web.exchange.study_views import LINE_SHAPES
from ronghe.web.exchange.visit_views import PRACTICE_SHAPES
from ronghe.web.paging import number_of
from ronghe.web.requests import actor_of

FIRST_YEAR, LAST_YEAR = 2000, 2999


@login_required
def mine(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    this = local_day(now).year
    asked = number_of(request.GET.get("year")) or this
    year = asked if FIRST_YEAR <= asked <= LAST_YEAR else this
    found = my_year(actor, year)
    context = {
        "found": found,
        "years": [(f"{one}", f"{one}") for one in range(this, this - 3, -1)],
        "this": f"{this}",
        "to_rate": list(lectures_to_rate(actor, now).select_related("lecture", "activity").order_by("-given_at")[:10]),
        "wishes": list(wishes_of(actor)[:10]),
        "pairs": [
            (
                pair,
                pair.mentor_id == actor.pk,
                one,
                PAIR_SHAPES[PairState(one.state)] if one is not None else "attention",
            )
            for pair, one in ((pair, programme_of(pair)) for pair in found.pairs)
        ],
        "practices": [(row, PRACTICE_SHAPES[PracticeState(row.state)]) for row in found.practices],
        "prepared": [(row, LINE_SHAPES[LineState(row.state)]) for row in found.prepared],
    }
    return render(request, "exchange/mine.html", context)
