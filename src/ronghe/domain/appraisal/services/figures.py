"""Figures that sheets take from elsewhere: entered by somebody, vouched for by somebody, taken once.

All of a table is written or nothing. A figure is never changed: a correction reverses its fact and names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction

from ronghe.domain.appraisal.facts import FIGURE_VALUE
from ronghe.domain.appraisal.models import Figure, Run
from ronghe.domain.appraisal.rules import ENTER_FIGURE, ENTER_UNIT_FIGURE
from ronghe.domain.appraisal.selectors.figure_checks import Entry, FigurePreview, look_through, read_figures
from ronghe.domain.appraisal.selectors.figures import Whose
from ronghe.domain.appraisal.services.computing import recompute_run
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record, reverse
from ronghe.kernel.subjects import declared_subjects
from ronghe.kernel.words import N_, listed
from ronghe.scoring.period import Period

TOLD = 8
"""Problems that a refusal names."""


class FiguresRefused(DomainError):
    code = "figures_refused"
    sentence = N_("有 %(count)s 处不能收，一个数也没有写入：%(problems)s")
    status = 422


class FigureTwice(DomainError):
    code = "figure_twice"
    sentence = N_("刚才已有人填了同一个数，请刷新后再看。")


def try_table(*, path: Path, name: str, actor: Person, at: datetime) -> FigurePreview:
    """Look a table through without writing anything."""
    return read_figures(path, name, actor, at)


@transaction.atomic
def import_table(*, path: Path, name: str, actor: Person, at: datetime, run: Run | None = None) -> list[Figure]:
    """Write all figures of a table; a run that waits for them is opened to be computed again.

    :raises FiguresRefused: something is wrong with a row; nothing is written
    :raises StepNotAllowed: the run cannot be computed again
    """
    if run is not None:
        recompute_run(run=run, actor=actor, at=at)
    return _write(read_figures(path, name, actor, at), actor, at, file_name=name[:120])


def enter_figures(
    *,
    lines: Iterable[tuple[str, Mapping[str, str]]],
    actor: Person,
    at: datetime,
    is_tried: bool = False,
    file_name: str = "",
) -> tuple[FigurePreview, list[Figure]]:
    """Write figures that were typed or sent, each with where it stands; with `is_tried` only look them through.

    :raises FiguresRefused: something is wrong with one of them; nothing is written
    """
    preview = look_through(lines, actor, at)
    return preview, [] if is_tried else _write(preview, actor, at, file_name[:120])


@transaction.atomic
def enter_for_run(
    *, run: Run, lines: Iterable[tuple[str, Mapping[str, str]]], actor: Person, at: datetime, file_name: str = ""
) -> list[Figure]:
    """Write figures and open the run that waits for them to be computed again; both or neither.

    :raises FiguresRefused: something is wrong with one of them
    :raises StepNotAllowed: the run is published, final or withdrawn, or being computed
    """
    made = enter_figures(lines=lines, actor=actor, at=at, file_name=file_name)[1]
    recompute_run(run=run, actor=actor, at=at)
    return made


def _write(preview: FigurePreview, actor: Person, at: datetime, file_name: str = "") -> list[Figure]:
    if found := preview.problems:
        told = listed(f"{place} {head}{why}" for place, head, why in found[:TOLD])
        raise FiguresRefused(count=len(found), problems=told)
    try:
        with transaction.atomic():
            return [_one(entry, actor, at, file_name) for entry in preview.entries]
    except IntegrityError as error:
        raise FigureTwice from error


def _one(entry: Entry, actor: Person, at: datetime, file_name: str) -> Figure:
    row, value = entry.row, entry.row.value
    assert value is not None  # a row without one is refused before
    whose = entry.whose
    assert whose is not None
    if whose.body is not None:
        ENTER_FIGURE.require(actor, whose.body, at=at)
    else:
        ENTER_UNIT_FIGURE.require(actor, whose.unit, at=at)
    if entry.corrects is not None:
        _end(entry.corrects, actor, at)
    last_moment = Period.parse(row.period).instants[1] - timedelta(seconds=1)
    fact = record(Draft(FIGURE_VALUE, last_moment, actor, quantity=value, **_whom(whose, entry.item)))
    return Figure.objects.create(
        item=entry.item, body=whose.body, unit=whose.unit, person=whose.person, level=whose.level,
        subject=whose.subject, called=whose.name if whose.subject is not None else "", period=row.period, value=value,
        source=row.cells["source"], vouched_by=row.cells["vouched_by"], entered_by=actor, entered_at=at,
        file_name=file_name, fact=fact.pk, corrects=entry.corrects,
    )  # fmt: skip


def _whom(whose: Whose, item: str) -> dict[str, Any]:
    """Say of whom the fact tells. A member's names no body: it is nobody's figure but the member's."""
    said: dict[str, object] = {"item": item}
    if whose.person is not None:
        return {"about": whose.person, "attributes": said}
    if whose.unit is not None:
        return {"unit": whose.unit.pk, "attributes": said}
    if (source := declared_subjects(whose.level)) is not None:
        said[source.attribute] = whose.subject
    return {"body": whose.body.pk if whose.body else None, "attributes": said}


def _end(old: Figure, actor: Person, at: datetime) -> None:
    if not Figure.objects.filter(pk=old.pk, is_current=True).update(is_current=False):
        raise FigureTwice
    reverse(Fact.objects.get(pk=old.fact), by=actor, at=at)
