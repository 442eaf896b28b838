"""The form of an activity's mechanism: its lines with what was answered, and which pieces the record still lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q

from ronghe.domain.org.models import PartyOrg
from ronghe.domain.playbooks.calc.forms import FormFigure
from ronghe.domain.playbooks.calc.model import Mechanism
from ronghe.domain.playbooks.calc.vocabulary import BodyKind
from ronghe.domain.playbooks.models import PlaybookVersion
from ronghe.domain.playbooks.selectors import adoptions_of
from ronghe.domain.rhythm.calc.duties import kinds_of
from ronghe.domain.rhythm.calc.pieces import Gathered, Piece, missing_pieces
from ronghe.domain.rhythm.enums import (
    SAFETY_CHECKS,
    SIGNATURE_WAYS,
    STUDIES,
    ActivityType,
    AttendanceStatus,
    ItemOrigin,
)
from ronghe.domain.rhythm.models import Activity, ActivityCheck, ActivityFigure, AgendaItem
from ronghe.domain.work.enums import MediaType


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One line of the checklist; without an answer it is still open."""

    id: str
    title: str
    answer: ActivityCheck | None


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One figure that the form asks for."""

    id: str
    title: str
    unit: str
    whole: bool
    value: Decimal | None


def adopted_form(body: PartyOrg, activity_type: ActivityType, day: date) -> tuple[PlaybookVersion, Mechanism] | None:
    """Return the mechanism that a gathering of this kind is a sitting of, in what `body` works by on `day`.

    The first for bodies of this kind, in the order of adopting and of the file; `None` where nothing speaks of it.
    """
    if body.kind not in set(BodyKind):
        return None
    for adoption in adoptions_of(body, day):
        for mechanism in adoption.version.playbook.mechanisms_for(BodyKind(body.kind)):
            if activity_type in kinds_of(mechanism) and _in_force(mechanism, day):
                return adoption.version, mechanism
    return None


def check_lines(activity: Activity) -> list[CheckLine]:
    """Return the lines of the checklist in the order of the form, each with its answer."""
    if activity.form is None or not activity.form.checks:
        return []
    rows = activity.checks.select_related("task", "task__assignee", "answered_by")
    answers = {row.check_id: row for row in rows}
    return [CheckLine(line.id, line.title.here, answers.get(line.id)) for line in activity.form.checks]


def figure_lines(activity: Activity) -> list[FigureLine]:
    """Return the figures that the form asks for, in its order, each with its value."""
    if activity.form is None or not activity.form.figures:
        return []
    values = dict(ActivityFigure.objects.filter(activity=activity).values_list("figure_id", "value"))
    return [_line(figure, values.get(figure.id)) for figure in activity.form.figures]


def gathered_by(activity: Activity, *, agenda: Sequence[AgendaItem] | None = None) -> Gathered:
    """Return what the record of an activity holds so far, in three or four reads; `agenda` where it was read already."""
    items = list(agenda) if agenda is not None else list(activity.agenda_items.prefetch_related("speeches"))
    came = activity.attendances.filter(status=AttendanceStatus.PRESENT).aggregate(
        present=Count("pk"), signed=Count("pk", filter=Q(way__in=SIGNATURE_WAYS))
    )
    kept = activity.photos.aggregate(
        pictures=Count("pk", filter=~Q(file__media_type=MediaType.PDF)),
        papers=Count("pk", filter=Q(file__media_type=MediaType.PDF)),
    )
    checks = activity.form.checks if activity.form is not None else ()
    answered = activity.checks.filter(check_id__in=[line.id for line in checks]).count() if checks else 0
    return Gathered(
        present=came["present"], signed=came["signed"], written=sum(1 for item in items if is_written(item)),
        decisions=sum(1 for item in items if item.decision or item.task_id),
        votes=sum(1 for item in items if item.has_vote), pictures=kept["pictures"], papers=kept["papers"],
        checks=len(checks), answered=answered, has_next_step=bool(activity.next_step),
        is_check=activity.activity_type in SAFETY_CHECKS,
    )  # fmt: skip


def pieces_missing(activity: Activity, *, agenda: Sequence[AgendaItem] | None = None) -> list[Piece]:
    """Return what the record lacks of what its mechanism requires, and of what a study always closes with (C2)."""
    required = [piece.value for piece in activity.form.evidence_required] if activity.form is not None else []
    is_study = activity.activity_type in STUDIES
    if not required and not is_study:
        return []
    return missing_pieces(required, gathered_by(activity, agenda=agenda), is_study=is_study)


def is_on_record(activity: Activity, agenda: Sequence[AgendaItem]) -> bool:
    """Tell whether there is anything to close with: a huddle needs nothing, a meeting a topic (PM-14), a check its form.

    A safety check may be closed on a written topic as well, where its model writes out no checks.
    """
    if activity.is_huddle or any(is_written(item) for item in agenda):
        return True
    if activity.activity_type not in SAFETY_CHECKS or activity.form is None:
        return False
    asked = [line.id for line in activity.form.checks]
    return 0 < len(asked) == activity.checks.filter(check_id__in=asked).count()


def is_written(item: AgendaItem) -> bool:
    """Tell whether something of a topic was written down; what a form proposes and nobody spoke of was not."""
    if item.origin == ItemOrigin.OWN:
        return True
    said = item.decision or item.task_id or item.has_vote or item.speeches.all()
    return bool(said or (item.notes and item.origin != ItemOrigin.FOLLOW_UP))


def _line(figure: FormFigure, value: Decimal | None) -> FigureLine:
    return FigureLine(figure.id, figure.title.here, figure.unit.here, figure.whole, value)


def _in_force(mechanism: Mechanism, day: date) -> bool:
    begun = mechanism.from_on is None or mechanism.from_on <= day
    return begun and (mechanism.until_on is None or day < mechanism.until_on)
