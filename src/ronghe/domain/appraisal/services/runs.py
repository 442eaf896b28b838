"""The life of a run: started, computed, on public notice, final; or withdrawn, or replaced by a later one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from ronghe.domain.appraisal.calc.facts import kinds_in
from ronghe.domain.appraisal.calc.keeping import keeping
from ronghe.domain.appraisal.calc.notice import PUBLICITY_WORKDAYS, Notice, notice_from
from ronghe.domain.appraisal.calc.results import words
from ronghe.domain.appraisal.enums import RUN_FLOW, RemarkKind, RunState
from ronghe.domain.appraisal.facts import RUN_FINALIZED, RUN_PUBLISHED, RUN_STARTED, RUN_WITHDRAWN
from ronghe.domain.appraisal.models import Result, Run
from ronghe.domain.appraisal.rules import FINALIZE_RUN, PUBLISH_RUN, START_RUN
from ronghe.domain.appraisal.selectors.kept import RULES, new_folder, runs_folder, sound_files_of
from ronghe.domain.appraisal.selectors.remarks import open_remarks, upheld_since
from ronghe.domain.appraisal.selectors.results import rows_in
from ronghe.domain.appraisal.selectors.rows import digest_of_rows
from ronghe.domain.appraisal.services.grading import record_grades
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.playbooks.calc.digest import canonical_text
from ronghe.domain.playbooks.calc.model import Playbook
from ronghe.kernel.calendar.calendars import WorkCalendar, statutory_calendar
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.calendar.periods import DAY
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.kinds import declared_kinds
from ronghe.kernel.facts.models import Seal
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.facts.seal import seal_facts
from ronghe.kernel.words import N_, listed
from ronghe.scoring.period import Period

BATCH = 2_000


class SheetUnknown(DomainError):
    code = "sheet_unknown"
    sentence = N_("范本“%(playbook)s”里没有评分表“%(sheet)s”。可选：%(known)s。")
    status = 422


class PeriodNotOfSheet(DomainError):
    code = "period_not_of_sheet"
    sentence = N_("评分表“%(sheet)s”不能按“%(period)s”运行，请选它规定的期间。")
    status = 422


class KindsUnknown(DomainError):
    code = "kinds_unknown"
    sentence = N_("评分表“%(sheet)s”用到平台没有的记录种类：%(kinds)s。请在范本里改成平台有的种类。")
    status = 422


class PeriodStillOpen(DomainError):
    code = "period_still_open"
    sentence = N_("%(period)s 到 %(last_on)s 才结束，结束后再考评。")


class FinalAlready(DomainError):
    code = "final_already"
    sentence = N_("%(period)s 的考评已定稿。要更正，请从那一次考评发起替换。")


class ReasonMissing(DomainError):
    code = "reason_missing"
    sentence = N_("更正已定稿的考评要写明理由。")
    status = 422


class NotFinal(DomainError):
    code = "not_final"
    sentence = N_("这次考评还没有定稿，可以直接撤回重算，不用替换。")


class ReplacedAlready(DomainError):
    code = "replaced_already"
    sentence = N_("已有一次考评在替换它，请先办完那一次。")


class NoticeTooShort(DomainError):
    code = "notice_too_short"
    sentence = N_("公示至少 1 个工作日。")
    status = 422


class RemarksOpen(DomainError):
    code = "remarks_open"
    sentence = N_("还有 %(count)s 条自查意见没有复核，先逐条答复再公示。")


class RemarksNotComputed(DomainError):
    code = "remarks_not_computed"
    sentence = N_("有 %(count)s 条意见成立后还没有重算，请先重算再公示。")


class ObjectionsOpen(DomainError):
    code = "objections_open"
    sentence = N_("还有 %(count)s 条异议没有答复，先逐条答复再定稿。")


class NoticeNotOver(DomainError):
    code = "notice_not_over"
    sentence = N_("公示到 %(last_on)s 为止，%(over_on)s 起才能定稿。")


def start_run(
    *, body: PartyOrg, playbook: Playbook, sheet_id: str, period: str, actor: Person, at: datetime
) -> Run:  # fmt: skip
    """Start a run of one sheet for `body` and everything below it, and return it, not yet computed.

    :raises SheetUnknown: the playbook has no sheet of this id
    :raises PeriodUnknown: the text names no period
    :raises PeriodNotOfSheet: the sheet is not for periods of this length
    :raises KindsUnknown: it counts facts of kinds that nothing here records
    :raises PeriodStillOpen: its last day is not over
    :raises FinalAlready: it is final already; correct it with `replace_run`
    """
    if Run.objects.filter(
        body=body, playbook_id=playbook.id, sheet_id=sheet_id, period=period, state=RunState.FINAL
    ).exists():
        raise FinalAlready(period=period)
    return _started(
        body=body, playbook=playbook, sheet_id=sheet_id, period=period, actor=actor, at=at, replaces=None, reason=""
    )


def replace_run(*, run: Run, playbook: Playbook, reason: str, actor: Person, at: datetime) -> Run:
    """Start the run that corrects a final one: same body, sheet and period; the final one stays as it is.

    :raises NotFinal: there is nothing fixed to correct
    :raises ReasonMissing: no reason given
    :raises ReplacedAlready: another run is correcting it, or has done so
    """
    if run.state != RunState.FINAL:
        raise NotFinal
    if not reason.strip():
        raise ReasonMissing
    try:
        return _started(
            body=run.body, playbook=playbook, sheet_id=run.sheet_id, period=run.period, actor=actor, at=at,
            replaces=run, reason=reason.strip(),
        )  # fmt: skip
    except IntegrityError as error:
        raise ReplacedAlready from error


@transaction.atomic
def publish_run(
    *, run: Run, actor: Person, at: datetime, workdays: int = PUBLICITY_WORKDAYS, calendar: WorkCalendar | None = None
) -> Run:
    """Put a computed run on public notice for `workdays` working days from the next one on (PD-11, PP-05).

    :raises StepNotAllowed: it is no draft with results
    :raises NoticeTooShort: less than one working day
    :raises RemarksOpen: the self-check brought remarks that nobody has settled
    :raises RemarksNotComputed: some of them hold, and the run was not computed since
    """
    PUBLISH_RUN.require(actor, run, at=at)
    if workdays < 1:
        raise NoticeTooShort
    if count := open_remarks(run, RemarkKind.REMARK):
        raise RemarksOpen(count=count)
    if count := upheld_since(run):
        raise RemarksNotComputed(count=count)
    notice: Notice = notice_from(calendar or statutory_calendar(), day_of(at), workdays)
    RUN_FLOW.advance(
        run, "publish", published_at=at, published_by=actor, notice_workdays=workdays, notice_from=notice.first_on,
        notice_last_on=notice.last_on,
    )  # fmt: skip
    attributes = {"results": run.results_digest, "notice_last": notice.last_on}
    record(Draft(RUN_PUBLISHED, at, actor, body=run.body_id, attributes=attributes, source=run))
    return run


@transaction.atomic
def withdraw_run(*, run: Run, actor: Person, at: datetime) -> Run:
    """Take back a run that is not final; its files stay, nobody below sees it any more.

    :raises StepNotAllowed: it is final, withdrawn already, or being computed
    """
    PUBLISH_RUN.require(actor, run, at=at)
    RUN_FLOW.advance(run, "withdraw")
    record(Draft(RUN_WITHDRAWN, at, actor, body=run.body_id, source=run))
    return run


def finalize_run(*, run: Run, actor: Person, at: datetime) -> Run:
    """Fix a run for good: its rows are stored where nothing can change them, their digest is recorded and sealed.

    :raises StepNotAllowed: it is not on public notice
    :raises NoticeNotOver: the last day of the notice is not over (PD-11, PP-05)
    :raises ObjectionsOpen: somebody objected, and has no answer yet (CA-12)
    :raises InputsAltered: the kept files are not what was computed and published
    :raises FinalAlready: another run of the same sheet and period is final
    """
    FINALIZE_RUN.require(actor, run, at=at)
    if RUN_FLOW.allows(run, "finalize") and run.notice_last_on is not None and day_of(at) <= run.notice_last_on:
        raise NoticeNotOver(last_on=run.notice_last_on, over_on=run.notice_last_on + DAY)
    if RUN_FLOW.allows(run, "finalize") and (count := open_remarks(run, RemarkKind.OBJECTION)):
        raise ObjectionsOpen(count=count)
    seal_facts(at=at)  # the chain named in the fact covers everything that was recorded before it
    try:
        with transaction.atomic():
            RUN_FLOW.advance(run, "finalize", finalized_at=at, finalized_by=actor)
            _store_rows(run)
            record_grades(run, actor, at)
            _record_final(run, actor, at)
    except IntegrityError as error:
        run.refresh_from_db()
        raise FinalAlready(period=run.period) from error
    except DomainError:
        run.refresh_from_db()
        raise
    seal_facts(at=at)
    return run


def sheet_of(playbook: Playbook, sheet_id: str) -> Mapping[str, Any]:
    """Return the sheet of this id.

    :raises SheetUnknown: the playbook has none
    """
    for sheet in playbook.sheets:
        if sheet["id"] == sheet_id:
            return sheet
    known = listed(str(sheet["id"]) for sheet in playbook.sheets) or "—"
    raise SheetUnknown(playbook=playbook.reference, sheet=sheet_id, known=known)


def _started(
    *, body: PartyOrg, playbook: Playbook, sheet_id: str, period: str, actor: Person, at: datetime,
    replaces: Run | None, reason: str,
) -> Run:  # fmt: skip
    START_RUN.require(actor, body, at=at)
    sheet = sheet_of(playbook, sheet_id)
    span = Period.parse(period)
    allowed = sheet.get("period", ())
    if allowed and span.piece not in ((allowed,) if isinstance(allowed, str) else allowed):
        raise PeriodNotOfSheet(sheet=sheet["title"]["zh"], period=period)
    if unknown := [kind for kind in kinds_in(sheet, playbook) if kind not in declared_kinds()]:
        raise KindsUnknown(sheet=sheet["title"]["zh"], kinds=listed(unknown))
    if day_of(at) < span.day_until:
        raise PeriodStillOpen(period=period, last_on=span.day_until - DAY)
    with transaction.atomic():
        run = Run.objects.create(
            body=body, playbook_id=playbook.id, playbook_version=playbook.version, playbook_digest=playbook.digest,
            sheet_id=sheet_id, title_zh=sheet["title"]["zh"], title_en=sheet["title"]["en"], level=sheet["level"],
            period=span.name, period_until=span.day_until, started_at=at, started_by=actor, replaces=replaces,
            replacement_reason=reason or None,
        )  # fmt: skip
        run.folder = new_folder(run)
        run.save(update_fields=["folder"])
        with keeping(runs_folder() / run.folder) as keeper:
            content = json.loads(canonical_text(playbook.content))
            keeper.json(RULES, {"playbook": content, "sheet": sheet_id, "period": span.name})
        attributes = {
            "playbook": playbook.reference, "sheet": sheet_id, "period": span.name,
            "replaces": replaces.pk if replaces else None,
        }  # fmt: skip
        record(Draft(RUN_STARTED, at, actor, body=body.pk, attributes=attributes, source=run))
    return run


def _store_rows(run: Run) -> None:
    kept = sound_files_of(run)
    batch: list[Result] = []
    for row in rows_in(kept):
        batch.append(
            Result(
                run=run, subject=row.subject, body=row.body, category=row.category, score=row.score, rank=row.rank,
                grade=row.grade, vetoes=words(row.vetoes), notes=words(row.notes),
            )
        )  # fmt: skip
        if len(batch) == BATCH:
            Result.objects.bulk_create(batch)
            batch = []
    Result.objects.bulk_create(batch)


def _record_final(run: Run, actor: Person, at: datetime) -> None:
    seal = Seal.objects.order_by("-number").first()
    attributes = {
        "sheet": run.sheet_id, "results": run.results_digest, "rows": digest_of_rows(run), "inputs": run.inputs_digest,
        "chain": bytes(seal.chain).hex() if seal else None, "replaces": run.replaces_id,
    }  # fmt: skip
    record(Draft(RUN_FINALIZED, at, actor, body=run.body_id, attributes=attributes, source=run))
