"""Panels as somebody may see them: what waits to be marked, what came out, and what each reviewer gave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from ronghe.domain.appraisal.enums import PanelState
from ronghe.domain.appraisal.models import Panel, PanelConflict, PanelMark, PanelReviewer, PanelSubject
from ronghe.domain.appraisal.rules import OPEN_PANEL, SEE_MARKS, SEE_PANEL
from ronghe.domain.appraisal.selectors.playbooks import playbooks_with_sheets
from ronghe.domain.org.models import Membership, PartyOrg, Person, PostHolding
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import descendants, on_day
from ronghe.kernel.errors import NotFound
from ronghe.kernel.language import in_language

SMALL = 5
"""From so many marks on, how single marks are spread is shown (decision 0012)."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One reviewer's sheet for one subject: the marks given so far, or why not."""

    subject: PanelSubject
    marks: tuple[int, ...]
    conflict: PanelConflict | None


@dataclass(frozen=True, slots=True)
class ReviewerLine:
    """A reviewer, and how strict; `marks` by subject out of the scale, where they may be seen."""

    reviewer: PanelReviewer
    marks: Mapping[int, tuple[int, ...]]
    conflicts: Mapping[int, str]


def panel_items() -> dict[str, str]:
    """Return the items that sheets read from panels, with the title of the first that does, by name."""
    found: dict[str, str] = {}
    for playbook in playbooks_with_sheets():
        for sheet in playbook.sheets:
            for name, title in items_in(sheet["root"]):
                found.setdefault(name, in_language(title))
    return found


def list_panels(actor: Person, at: datetime, *, state: str = "", page: int = 1, size: int = 20) -> Listed[Panel]:
    """Return a page of the panels that the actor may see, the latest first, with how many have marked."""
    done = Count("reviewers", filter=Q(reviewers__has_marked=True), distinct=True)
    rows: Any = Panel.objects.select_related("body", "made_by")
    rows = rows.annotate(done=done, asked=Count("reviewers", distinct=True))
    rows = rows.filter(state=state) if state else rows
    return list_seen(SEE_PANEL, actor, rows, order_by=["-made_at"], at=at, page=page, size=size)


def panel_seen_by(actor: Person, pk: int, at: datetime) -> Panel:
    """Return one panel.

    :raises NotFound: there is none, or the actor may not see it
    """
    found = SEE_PANEL.narrow(actor, Panel.objects.select_related("body", "made_by"), at=at).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def reviewer_of(panel: Panel, actor: Person) -> PanelReviewer | None:
    return PanelReviewer.objects.filter(panel=panel, person=actor).select_related("panel", "person").first()


def subjects_of(panel: Panel) -> list[PanelSubject]:
    return list(panel.subjects.select_related("body", "person").order_by("number"))


def sheets_of(reviewer: PanelReviewer) -> list[Sheet]:
    """Return what a reviewer marks, one sheet a subject, with what was given so far; three statements."""
    given: dict[int, dict[int, int]] = {}
    for mark in PanelMark.objects.filter(reviewer=reviewer):
        given.setdefault(mark.subject_id, {})[mark.criterion] = mark.mark
    out = {one.subject_id: one for one in PanelConflict.objects.filter(reviewer=reviewer)}
    return [
        Sheet(one, tuple(mark for _number, mark in sorted(given.get(one.pk, {}).items())), out.get(one.pk))
        for one in subjects_of(reviewer.panel)
    ]


def reviewers_seen(panel: Panel, actor: Person, at: datetime) -> list[ReviewerLine]:
    """Return the reviewers by name, for those who answer for the panel; marks only of an open panel that was counted."""
    if not SEE_MARKS.allows(actor, panel, at=at):
        return []
    shows = panel.state == PanelState.COUNTED and not panel.is_secret
    marks: dict[int, dict[int, dict[int, int]]] = {}
    rows = PanelMark.objects.filter(reviewer__panel=panel) if shows else PanelMark.objects.none()
    for mark in rows:
        marks.setdefault(mark.reviewer_id, {}).setdefault(mark.subject_id, {})[mark.criterion] = mark.mark
    out: dict[int, dict[int, str]] = {}
    for one in PanelConflict.objects.filter(reviewer__panel=panel):
        out.setdefault(one.reviewer_id, {})[one.subject_id] = one.reason
    return [
        ReviewerLine(
            reviewer,
            {subject: tuple(mark for _number, mark in sorted(found.items()))
             for subject, found in marks.get(reviewer.pk, {}).items()},
            out.get(reviewer.pk, {}),
        )
        for reviewer in panel.reviewers.select_related("person").order_by("person__name", "pk")
    ]  # fmt: skip


def panels_to_mark(actor: Person, at: datetime) -> QuerySet[Panel]:
    """Return the open panels in which the actor's sheet is missing."""
    waiting = PanelReviewer.objects.filter(person=actor, has_marked=False).order_by().values("panel_id")
    return Panel.objects.filter(state=PanelState.OPEN, pk__in=waiting, closes_on__gte=local_day(at))


def bodies_to_open_for(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    return OPEN_PANEL.narrow(actor, PartyOrg.objects.filter(on_day(local_day(at))), at=at).order_by("name", "pk")


def bodies_below(body: PartyOrg, at: datetime) -> QuerySet[PartyOrg]:
    """Return what may be marked below a body, by name."""
    day = local_day(at)
    below = descendants(PartyOrg, [body.pk], day=day)
    return PartyOrg.objects.filter(on_day(day), pk__in=below).exclude(pk=body.pk).order_by("name", "pk")


def people_below(body: PartyOrg, at: datetime) -> QuerySet[Person]:
    """Return who may mark or be marked: whoever belongs to the body or below it, or holds a post there, by name."""
    day = local_day(at)
    below = descendants(PartyOrg, [body.pk], day=day)
    members = Membership.objects.filter(on_day(day), body_id__in=below).order_by().values("person_id")
    posts = PostHolding.objects.filter(on_day(day), body_id__in=below).order_by().values("person_id")
    return Person.objects.filter(Q(pk__in=members) | Q(pk__in=posts)).order_by("name", "pk")


def weights_of(panel: Panel) -> list[Decimal]:
    return [Decimal(one["weight"]) for one in panel.criteria]


def items_in(content: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield what a panel marks for a node and those below it, with the node's title."""
    measured = content.get("of")
    if isinstance(measured, Mapping) and isinstance(measured.get("panel"), str):
        yield measured["panel"], content.get("title", {})
    for item in content.get("items", ()):
        yield from items_in(item)
