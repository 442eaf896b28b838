"""What a final run says of each body, as facts: the doing side dates by them what follows from a grade (RT-03)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ronghe.domain.appraisal.enums import Level
from ronghe.domain.appraisal.facts import GRADED
from ronghe.domain.appraisal.models import Result, Run
from ronghe.domain.appraisal.selectors.subjects import KINDS_OF_LEVEL
from ronghe.domain.org.models import Person
from ronghe.domain.pairing.models import GroupTeamLink
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record_many, reverse


def record_grades(run: Run, actor: Person, at: datetime) -> int:
    """Record the grade of each body in a run that has just become final, and return how many.

    The grades of the final run that it replaces are reversed. A team's grade is recorded of the Party group built on it,
    for the two are one result (PP-11); people, companies and other units owe nothing by a grade.
    """
    if run.replaces_id is not None:
        _take_back(run.replaces_id, actor, at)
    rows = Result.objects.filter(run=run, grade__isnull=False).order_by("subject").values_list("subject", "grade")
    bodies = _bodies_of(run, at)
    drafts = [
        Draft(GRADED, at, actor, body=bodies.get(subject, subject), attributes=_said(run, grade), source=run)
        for subject, grade in rows
        if grade is not None and (run.level in KINDS_OF_LEVEL or subject in bodies)
    ]
    return len(record_many(drafts))


def _take_back(replaced: int, actor: Person, at: datetime) -> None:
    facts = Fact.objects.filter(kind=GRADED.name, source_type=Run._meta.label_lower, source_id=replaced, reverses=None)  # noqa: SLF001
    for fact in facts.order_by("pk"):
        reverse(fact, by=actor, at=at)


def _bodies_of(run: Run, at: datetime) -> Mapping[int, int]:
    if run.level != Level.TEAM:
        return {}
    links = GroupTeamLink.objects.filter(on_day(day_of(at))).order_by("valid_from")
    return dict(links.values_list("team_id", "group_id"))


def _said(run: Run, grade: str) -> dict[str, object]:
    return {"playbook": run.playbook_id, "sheet": run.sheet_id, "grade": grade, "period": run.period}
