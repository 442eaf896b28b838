"""Computing a run: seal, export, gather, score, keep. It may be broken off anywhere and begun again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation

from ronghe.domain.appraisal.calc.facts import (
    Told,
    asks_about_obligations,
    asks_about_previous,
    kinds_in,
    levels_in,
    write_facts,
)
from ronghe.domain.appraisal.calc.keeping import RESULTS, Keeper, Kept, keeping
from ronghe.domain.appraisal.calc.scoring import (
    FACTS,
    keep_obligations,
    keep_previous,
    keep_subjects,
    run_over,
    write_results,
)
from ronghe.domain.appraisal.enums import RUN_FLOW, Level, RunStage, RunState
from ronghe.domain.appraisal.facts import RUN_COMPUTED
from ronghe.domain.appraisal.models import Result, Run
from ronghe.domain.appraisal.rules import PUBLISH_RUN
from ronghe.domain.appraisal.selectors.kept import RULES, kept_of, new_folder, runs_folder
from ronghe.domain.appraisal.selectors.obligations import obligations_in
from ronghe.domain.appraisal.selectors.subjects import UNIT_KINDS_OF_LEVEL, bodies_below, subjects_below
from ronghe.domain.appraisal.services.vetoes import carry_vetoes
from ronghe.domain.obligations.services.matching import match_other_kinds
from ronghe.domain.org.models import Person
from ronghe.domain.playbooks.calc.loading import playbook_of
from ronghe.kernel.calendar.calendars import fingerprint, statutory_calendar
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.calendar.periods import DaySpan
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.export import export_facts, exported_parts
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.facts.seal import cutoff_seq, seal_facts
from ronghe.kernel.subjects import declared_subjects
from ronghe.kernel.workflow import StepNotAllowed
from ronghe.scoring.period import Period
from ronghe.scoring.run import Question

CALENDAR = "calendar.json"
INLINE_FACTS = 20_000
"""Up to so many sealed facts a run is computed while its starter waits: well under a second."""


def is_small() -> bool:
    """Tell whether a run may be computed while somebody waits."""
    return cutoff_seq() <= INLINE_FACTS


def compute_run(*, run: Run, at: datetime) -> Run:
    """Compute a run from what is sealed now, and keep what it was computed from.

    The run becomes a draft, or stops with questions that people must settle (a tie at a limit).

    :raises StepNotAllowed: the run is not being computed
    :raises Stale: another worker computed it a moment ago; its result stands
    """
    if not RUN_FLOW.allows(run, "finish"):
        raise StepNotAllowed(state=run.get_state_display())
    if not Run.objects.filter(pk=run.pk, state=RunState.COMPUTING, folder=run.folder).exists():
        raise Stale
    content = kept_of(run).json(RULES)
    _stage(run, RunStage.SEALING)
    window = Period.parse(run.period)
    span = DaySpan(window.day_from, window.day_until)
    carry_vetoes(bodies=bodies_below(run.body, day=span.last_on), span=span)
    seal_facts(at=at)
    cutoff = cutoff_seq()
    _stage(run, RunStage.EXPORTING)
    export_facts(until_seq=cutoff, progress=lambda done, last: _stage(run, RunStage.EXPORTING, done * 100 // last))
    before, folder = run.folder, new_folder(run)
    try:
        # Notes and questions are kept as sentences: whoever computes, the same inputs give the same bytes.
        with keeping(runs_folder() / folder) as keeper, translation.override(settings.LANGUAGE_CODE):
            count, questions = _keep_and_score(run, content, keeper, cutoff, at)
        _finish(
            run, folder=folder, kept=keeper.kept, cutoff=cutoff, count=count, questions=questions, at=at
        )  # fmt: skip
    except BaseException:
        shutil.rmtree(runs_folder() / folder, ignore_errors=True)
        raise
    shutil.rmtree(runs_folder() / before, ignore_errors=True)
    return run


@transaction.atomic
def recompute_run(*, run: Run, actor: Person, at: datetime) -> Run:
    """Open a draft or a stopped run to be computed again, with what was recorded since.

    :raises StepNotAllowed: it is published, final or withdrawn, or being computed
    """
    PUBLISH_RUN.require(actor, run, at=at)
    RUN_FLOW.advance(run, "recompute", stage=RunStage.WAITING, progress=0, failure=None, questions="[]")
    return run


@transaction.atomic
def note_failure(*, run: Run, error: Exception) -> Run:
    """Note on the run why it could not be computed, in words where there are some; it can be computed again."""
    failure = str(error) if isinstance(error, DomainError) else type(error).__name__
    RUN_FLOW.advance(run, "stop", stage=RunStage.FAILED, failure=failure[:200])
    return run


def _keep_and_score(
    run: Run, content: dict[str, Any], keeper: Keeper, cutoff: int, at: datetime
) -> tuple[int, list[Question]]:
    _stage(run, RunStage.GATHERING)
    sheet = next(one for one in content["playbook"]["sheets"] if one["id"] == run.sheet_id)
    window = Period.parse(run.period)
    span = DaySpan(window.day_from, window.day_until)
    keeper.json(RULES, content)
    keeper.json(
        CALENDAR, {"fingerprint": fingerprint(statutory_calendar()), "statutory": statutory_calendar().as_data()}
    )
    standing = list(subjects_below(run.body, levels_in(sheet), day=span.last_on))
    subjects: list[dict[str, Any]] = [
        {"subject": one.subject, "level": one.level, "body": one.body, "category": one.category,
         "from": one.valid_from, "until": one.valid_until}
        for one in standing
    ]  # fmt: skip
    bodies = bodies_below(run.body, day=span.last_on)
    by_unit = run.level in UNIT_KINDS_OF_LEVEL
    source = declared_subjects(run.level)
    kept = tuple((one.subject, one.body, one.unit) for one in standing if one.level == run.level and one.body)
    tables: dict[str, Any] = {"subjects": keep_subjects(keeper, subjects)}
    if asks_about_obligations(sheet):
        match_other_kinds(since=span.from_on)  # else what the nightly job has not looked at yet would count as missed
        tables["obligations"] = keep_obligations(keeper, obligations_in(bodies, span, day=day_of(at)))
    if asks_about_previous(sheet) and (earlier := _before(run, span)) is not None:
        tables["previous"] = keep_previous(keeper, _totals(earlier))
    write_facts(
        keeper.folder / FACTS, exported_parts(span, until_seq=cutoff), span=span, until_seq=cutoff,
        kinds=kinds_in(sheet, playbook_of(content["playbook"])),
        people=[one["subject"] for one in subjects if one["level"] == Level.MEMBER],
        places=[one["subject"] for one in subjects] if by_unit else bodies,
        place="unit" if by_unit else "body",
        told=Told(source.attribute, kept) if source is not None else None,
    )  # fmt: skip
    tables["facts"] = str(keeper.took(FACTS))
    _stage(run, RunStage.SCORING)
    found = write_results(run_over(content["playbook"], run.sheet_id, run.period, tables), keeper.folder / RESULTS)
    _stage(run, RunStage.KEEPING)
    keeper.took(RESULTS)
    return found


@transaction.atomic
def _finish(
    run: Run, *, folder: str, kept: Kept, cutoff: int, count: int, questions: list[Question], at: datetime
) -> None:  # fmt: skip
    RUN_FLOW.advance(
        run, "stop" if questions else "finish", stage=RunStage.DONE, progress=100, folder=folder, computed_at=at,
        cutoff_seq=cutoff, subject_count=count, inputs_digest=kept.inputs_digest, results_digest=kept.results_digest,
        questions=json.dumps([question.as_json() for question in questions], ensure_ascii=False),
    )  # fmt: skip
    attributes = {
        "cutoff": cutoff, "inputs": kept.inputs_digest, "results": kept.results_digest, "subjects": count,
        "questions": len(questions),
    }  # fmt: skip
    record(Draft(RUN_COMPUTED, at, run.started_by, body=run.body_id, attributes=attributes, source=run))


def _before(run: Run, span: DaySpan) -> Run | None:
    """The final run of the same sheet for the period before; of a corrected one the correction."""
    earlier = Run.objects.filter(
        body=run.body, playbook_id=run.playbook_id, sheet_id=run.sheet_id, state=RunState.FINAL,
        period_until=span.from_on,
    )  # fmt: skip
    return earlier.filter(replacements=None).order_by("-pk").first() or earlier.order_by("-pk").first()


def _totals(run: Run) -> Iterator[tuple[int, int | None, str | None]]:
    rows = Result.objects.filter(run=run).order_by("subject").values_list("subject", "score", "grade")
    return rows.iterator(chunk_size=5_000)


def _stage(run: Run, stage: RunStage, progress: int = 0) -> None:
    """Show how far it is; outside any transaction, so that others see it at once."""
    Run.objects.filter(pk=run.pk, state=RunState.COMPUTING).update(stage=stage, progress=progress)
