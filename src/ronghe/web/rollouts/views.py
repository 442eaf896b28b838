"""试点推广: the list, one roll-out from idea to units, and its units as a map and as a table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.rollouts.enums import ROLLOUT_FLOW, SHARES, RolloutState
from ronghe.domain.rollouts.models import Rollout, Target
from ronghe.domain.rollouts.rules import REVIEW_PILOT, ROLL_OUT, RUN_PILOT, SEE_TARGET
from ronghe.domain.rollouts.selectors.conformance import Standing, Uptake, overview_of, standings_of
from ronghe.domain.rollouts.selectors.measuring import before_and_after
from ronghe.domain.rollouts.selectors.rollouts import (
    bodies_to_draft_for,
    list_rollouts,
    pilots_of,
    rollouts_seen_by,
    targets_waiting,
)
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.web.files import excel_answer
from ronghe.web.paging import asked_page, number_of, page_of
from ronghe.web.requests import actor_of
from ronghe.web.rollouts.drawing import SHAPES, WORDS, tiles_of
from ronghe.web.rollouts.forms import FindingsForm, ReviewForm

STATE_SHAPES = {
    RolloutState.DRAFT: "upcoming",
    RolloutState.PILOT: "running",
    RolloutState.CONCLUDED: "due",
    RolloutState.REVIEWED: "done",
    RolloutState.ROLLED_OUT: "running",
    RolloutState.ENDED: "done",
    RolloutState.CALLED_OFF: "waived",
}
WAITING_SHOWN = 10
SIZE = 40


@login_required
def rollout_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    text, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    listed = list_rollouts(actor, now, state=state, text=text, page=asked_page(request))
    context = {
        "page": page_of(listed),
        "lines": [(row, STATE_SHAPES[RolloutState(row.state)]) for row in listed.rows],
        "waiting": list(targets_waiting(actor, now)[:WAITING_SHOWN]),
        "states": RolloutState.choices,
        "may_draft": bodies_to_draft_for(actor, now).exists(),
        "asked_text": text,
    }
    template = "rollouts/rollout_list.html#rows" if request.htmx else "rollouts/rollout_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def rollout_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return rollout_page(request, seen_rollout(request, pk))


@login_required
def rollout_units(request: HttpRequest, pk: int) -> HttpResponse:
    """The units as a table: all, or those below one body; by what stands of them."""
    actor, now = actor_of(request), timezone.now()
    rollout = seen_rollout(request, pk)
    standings, below = _asked_units(request, rollout, actor, now)
    page = Paginator(standings, SIZE).get_page(asked_page(request))
    context = {
        "rollout": rollout,
        "below": below,
        "page": page,
        "lines": [(one, WORDS[one.uptake], SHAPES[one.uptake]) for one in page.object_list],
        "overview": overview_of(standings),
        "uptakes": [(uptake.value, WORDS[uptake]) for uptake in Uptake],
        "asked_text": request.GET.get("q", ""),
        "query": request.GET.urlencode(),
    }
    return render(request, "rollouts/units.html", context)


@login_required
def rollout_export(request: HttpRequest, pk: int) -> FileResponse:
    actor, now = actor_of(request), timezone.now()
    rollout = seen_rollout(request, pk)
    standings, _below = _asked_units(request, rollout, actor, now)
    heads = [
        _("单位"), _("上级"), _("情况"), _("版本"), _("从哪天起"), _("期限"), _("按时率 %"), _("到期应办"), _("按时办结"),
        _("免办"), _("不同的制度"), _("为什么还没有采用"), _("回填效果"),
    ]  # fmt: skip
    lines: Iterator[list[Any]] = (
        [
            one.target.body.name, one.target.body.parent.name if one.target.body.parent else "", str(WORDS[one.uptake]),
            str(one.adoption.version) if one.adoption else "", one.adoption.valid_from if one.adoption else None,
            one.target.due_on, _number(one.conformance.share), one.conformance.settled, one.conformance.in_time,
            one.conformance.waived, one.differences, one.target.reason, one.effects,
        ]
        for one in standings
    )  # fmt: skip
    sheet = SheetOut(_("推广单位"), heads, lines, [32, 28, 12, 24, 12, 12, 10, 10, 10, 8, 10, 36, 10])
    return excel_answer([sheet], _("推广") + f"_{rollout.pk}_{local_day(now):%Y%m%d}.xlsx")


def _number(share: Decimal | None) -> float | None:
    """A spreadsheet knows no exact decimals; a tenth of a per cent survives."""
    return None if share is None else float(share)


def seen_rollout(request: HttpRequest, pk: int) -> Rollout:
    """Return the roll-out of that number that the reader may see; not found where there is none."""
    return get_object_or_404(rollouts_seen_by(actor_of(request), timezone.now()), pk=pk)


def rollout_page(
    request: HttpRequest, rollout: Rollout, *, findings: FindingsForm | None = None, review: ReviewForm | None = None
) -> HttpResponse:
    """Answer the page of a roll-out; a form that was refused is shown again with what was typed."""
    actor, now = actor_of(request), timezone.now()
    today = local_day(now)
    pilots = list(pilots_of(rollout))
    may_run = RUN_PILOT.allows(actor, rollout, at=now)
    may_roll = ROLL_OUT.allows(actor, rollout, at=now)
    standings = _units_seen(rollout, actor, now)
    running = pilots[0] if rollout.state == RolloutState.PILOT and pilots else None
    context: dict[str, Any] = {
        "rollout": rollout,
        "shape": STATE_SHAPES[RolloutState(rollout.state)],
        "pilots": [(pilot, _measured(pilot), getattr(pilot, "review", None)) for pilot in pilots],
        "steps": _steps(rollout),
        "overview": overview_of(standings) if standings else None,
        "groups": tiles_of(rollout.pk, standings),
        "legend": [(WORDS[uptake], SHAPES[uptake], uptake.value) for uptake in Uptake],
        "may_pilot": may_run and ROLLOUT_FLOW.allows(rollout, "pilot"),
        "may_call_back": may_run and ROLLOUT_FLOW.allows(rollout, "call_back"),
        "may_conclude": may_run and running is not None and today >= running.until_on,
        "may_call_off": may_run and ROLLOUT_FLOW.allows(rollout, "call_off"),
        "may_review": rollout.state == RolloutState.CONCLUDED and REVIEW_PILOT.allows(actor, rollout, at=now),
        "may_spread": may_roll and rollout.state in {RolloutState.REVIEWED, RolloutState.ROLLED_OUT},
        "may_end": may_roll and ROLLOUT_FLOW.allows(rollout, "end"),
        "findings_form": findings or FindingsForm(),
        "review_form": review or ReviewForm(),
        "running": running,
    }
    failed = bool(findings and findings.errors) or bool(review and review.errors)
    return render(request, "rollouts/rollout_detail.html", context, status=422 if failed else 200)


def _measured(pilot: Any) -> list[dict[str, Any]]:
    return [
        {
            "title": measure.label,
            "before": compared.before.value,
            "after": compared.after.value,
            "difference": compared.difference,
            "unit": "%" if measure in SHARES else "",
            "change_unit": _("个百分点") if measure in SHARES else _("次"),
            "digits": 1 if measure in SHARES else 0,
            "parts": compared,
        }
        for measure, compared in before_and_after(pilot).items()
    ]


def _steps(rollout: Rollout) -> list[tuple[str, str]]:
    """Return the four stages with how far each is."""
    order = [RolloutState.DRAFT, RolloutState.PILOT, RolloutState.CONCLUDED, RolloutState.ROLLED_OUT]
    words = [_("起草"), _("试点"), _("评审"), _("推广")]
    reached = {
        RolloutState.DRAFT: 0, RolloutState.PILOT: 1, RolloutState.CONCLUDED: 2, RolloutState.REVIEWED: 3,
        RolloutState.ROLLED_OUT: 3, RolloutState.ENDED: 4, RolloutState.CALLED_OFF: -1,
    }[RolloutState(rollout.state)]  # fmt: skip
    if reached < 0:
        return []
    return [
        ("done" if place < reached else "now" if place == reached else "next", word)
        for place, (_state, word) in enumerate(zip(order, words, strict=True))
    ]


def _units_seen(rollout: Rollout, actor: Person, at: datetime) -> list[Standing]:
    rows = SEE_TARGET.narrow(actor, Target.objects.filter(rollout=rollout), at=at)
    return standings_of(rollout, local_day(at), rows)


def _asked_units(
    request: HttpRequest, rollout: Rollout, actor: Person, at: datetime
) -> tuple[list[Standing], PartyOrg | None]:
    rows = SEE_TARGET.narrow(actor, Target.objects.filter(rollout=rollout), at=at)
    below = None
    if pk := number_of(request.GET.get("below")):
        below = PartyOrg.objects.filter(pk=pk, children__rollout_targets__rollout=rollout).first()
    if below is not None:
        rows = rows.filter(body__parent=below)
    if text := request.GET.get("q", "").strip():
        rows = rows.filter(body__name__contains=text)
    standings = standings_of(rollout, local_day(at), rows)
    if (uptake := request.GET.get("state", "")) in set(Uptake):
        standings = [one for one in standings if one.uptake == uptake]
    if request.GET.get("deviating"):
        standings = [one for one in standings if one.has_adopted and one.deviates]
    return standings, below
