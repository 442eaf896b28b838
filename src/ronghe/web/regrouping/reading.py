"""Which regrouping and which of its proposals a request is about."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from ronghe.domain.regrouping.models import GroupingProposal, Regrouping
from ronghe.domain.regrouping.selectors.proposals import proposals_of, regroupings_seen_by
from ronghe.web.requests import actor_of


def seen(request: HttpRequest, pk: int) -> Regrouping:
    """Return the regrouping, for whoever may see it; for others there is none."""
    rows = regroupings_seen_by(actor_of(request), timezone.now())
    return get_object_or_404(rows.select_related("submitted_by", "approved_by", "carried_out_by"), pk=pk)


def proposals_with(regrouping: Regrouping) -> list[GroupingProposal]:
    """Return the proposals, each knowing the very regrouping, so that it is read once."""
    rows = proposals_of(regrouping)
    for row in rows:
        row.regrouping = regrouping
    return rows


def shown(regrouping: Regrouping, proposals: list[GroupingProposal], letter: str | None) -> GroupingProposal | None:
    """Return the proposal asked for; else the one that was submitted, else the newest."""
    by_letter = {one.letter: one for one in proposals}
    if letter is not None and letter in by_letter:
        return by_letter[letter]
    chosen = [one for one in proposals if one.pk == regrouping.chosen_id]
    return next(iter([*chosen, *reversed(proposals)]), None)


def lettered(regrouping: Regrouping, letter: str) -> GroupingProposal:
    """Return the proposal of that letter.

    :raises Http404: there is none
    """
    found = next((one for one in proposals_with(regrouping) if one.letter == letter), None)
    if found is None:
        raise Http404
    return found


def today_among(proposals: list[GroupingProposal]) -> GroupingProposal | None:
    return next((one for one in proposals if one.is_today), None)
