"""Rosters come in: uploaded and previewed, then accepted as a whole or discarded."""

from __future__ import annotations

import json
import shutil
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from ronghe.domain.org.calc.roster.people import PeopleColumns
from ronghe.domain.org.calc.roster.plan import Plan, plan_import
from ronghe.domain.org.calc.roster.problems import KINDS, Severity
from ronghe.domain.org.calc.roster.reading import Roster, SourceFile, read_roster
from ronghe.domain.org.calc.roster.wanted import wanted_people
from ronghe.domain.org.enums import RosterState
from ronghe.domain.org.facts import (
    GROUP_CHANGED,
    MEMBERSHIP_ENDED,
    MEMBERSHIP_STARTED,
    PARTY_ORG_CREATED,
    PARTY_ORG_MOVED,
    PERSON_ADDED,
    PERSON_EDITED,
    POST_LEFT,
    POST_TAKEN,
    ROSTER_DECLARED,
    ROSTER_IMPORTED,
    STATUS_CHANGED,
    UNIT_CREATED,
    UNIT_MOVED,
)
from ronghe.domain.org.models import PartyOrg, Person, RosterImport
from ronghe.domain.org.rules import APPOINT, IMPORT_ROSTER
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.rosters import field_of, known_people
from ronghe.domain.org.services.roster_changes import shown_changes
from ronghe.domain.org.services.roster_writing import PreparedRows, prepare_rows
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.home import write_private
from ronghe.kernel.sealed import keyed_digest, open_text, seal_text
from ronghe.kernel.words import N_

_PEOPLE_CHANGED = [
    kind.name
    for kind in (
        PERSON_ADDED, PERSON_EDITED, MEMBERSHIP_STARTED, MEMBERSHIP_ENDED, UNIT_CREATED, UNIT_MOVED, PARTY_ORG_CREATED,
        PARTY_ORG_MOVED, POST_TAKEN, POST_LEFT, GROUP_CHANGED, STATUS_CHANGED, ROSTER_IMPORTED,
    )
]  # fmt: skip
"""Facts after which a comparison made before is no longer true."""

SHOWN_PROBLEMS = 500
SHOWN_CHANGES = 500


class NotDeclared(DomainError):
    code = "not_declared"
    sentence = N_("请先声明文件中没有国家秘密（PI-06），再上传。")


class BodyWithoutUnit(DomainError):
    code = "body_without_unit"
    sentence = N_("“%(body)s”还没有对应的行政单位，不能导入花名册。请由上级党组织导入。")


class ProblemsOpen(DomainError):
    code = "problems_open"
    sentence = N_("还有 %(errors)s 个须改正、%(warnings)s 个须核对的问题，没有写入。")


@dataclass(slots=True)
class RosterPreview:
    """What a roster says and what it would change; nothing is written yet."""

    roster: Roster
    plan: Plan
    changes: list[dict[str, Any]]
    """The first changes, field by field, old and new, numbers masked."""
    seen_fact: int
    """The newest fact when the people on file were read; whatever changes them later leaves a newer one."""


def preview_roster(
    *, files: Sequence[SourceFile], body: PartyOrg, actor: Person, at: datetime, as_of: date | None = None,
    roster: Roster | None = None,
) -> RosterPreview:  # fmt: skip
    """Read the files and compare them with what is on file below `body`; a `roster` already read is not read again.

    :raises NotAllowed: the actor may not import into `body`
    :raises BodyWithoutUnit: the body has no unit of its own to hang people on
    :raises Unreadable: a file cannot be read, or holds no roster
    """
    IMPORT_ROSTER.require(actor, body, at=at)
    if body.unit_id is None and body.parent_id is not None:
        raise BodyWithoutUnit(body=body.name)
    day = local_day(at)
    roster = roster or read_roster(files, today=day, as_of=as_of)
    seen_fact = Fact.objects.aggregate(newest=Max("pk"))["newest"] or 0
    people = wanted_people(roster.people, digest_of=keyed_digest)
    place = field_of(body, day)
    may_appoint = APPOINT.allows(actor, body, at=at)
    plan = plan_import(people, known_people(people, body, day), place, may_appoint=may_appoint, report=roster.report)
    roster.sort_problems()
    return RosterPreview(roster, plan, shown_changes(plan, place, roster, limit=SHOWN_CHANGES), seen_fact)


def upload_roster(
    *, files: Sequence[SourceFile], body: PartyOrg, actor: Person, at: datetime, declares_unclassified: bool,
    as_of: date | None = None,
) -> RosterImport:  # fmt: skip
    """Read a roster and keep it, sealed, until it is accepted or discarded; the declaration is recorded (PI-06).

    :raises NotDeclared: without the declaration nothing is read
    """
    if not declares_unclassified:
        raise NotDeclared
    preview = preview_roster(files=files, body=body, actor=actor, at=at, as_of=as_of)
    roster_import = RosterImport(
        body=body, uploaded_by=actor, uploaded_at=at, as_of=as_of, file_names=list(preview.roster.files),
        preview_sealed=seal_text(json.dumps(_kept(preview), ensure_ascii=False)),
        fingerprint=preview.plan.fingerprint(), counts=preview.roster.counts | preview.plan.counts(),
    )  # fmt: skip
    with transaction.atomic():
        roster_import.save(force_insert=True)
        record(Draft(ROSTER_DECLARED, at, actor, body=body.pk, attributes={"files": len(files)}, source=roster_import))
    for number, source in enumerate(files):
        write_private(_folder(roster_import) / str(number), _sealed(source.path))
    return roster_import


def accept_roster(
    *, roster_import: RosterImport, actor: Person, at: datetime, reasons: Mapping[str, str]
) -> RosterImport:
    """Write what was previewed, all of it or nothing; `reasons` accepts warnings by code.

    Reading, comparing, sealing and building rows happen before the database is locked.

    :raises ProblemsOpen: errors, or warnings without a reason
    :raises Stale: it was settled before, or the people on file changed so that other things would be written
    """
    if roster_import.state != RosterState.PREVIEWED:
        raise Stale
    with _unsealed(roster_import) as files:
        preview = preview_roster(files=files, body=roster_import.body, actor=actor, at=at, as_of=roster_import.as_of)
    if preview.plan.fingerprint() != roster_import.fingerprint:
        raise Stale
    _refuse_open(preview.roster, reasons)
    preview.roster.people = PeopleColumns()  # the plan has what is left to do
    rows = prepare_rows(preview.plan, body=roster_import.body, since=local_day(at), actor=actor, at=at)
    with transaction.atomic():
        _settle(roster_import, preview, rows, reasons)
    shutil.rmtree(_folder(roster_import), ignore_errors=True)
    roster_import.refresh_from_db()
    return roster_import


def import_roster(
    *, files: Sequence[SourceFile], body: PartyOrg, actor: Person, at: datetime, declares_unclassified: bool,
    reasons: Mapping[str, str], as_of: date | None = None, roster: Roster | None = None,
) -> tuple[Roster, RosterImport | None]:  # fmt: skip
    """Upload and accept in one go, for programs; nothing is kept where problems are open, and None comes back.

    :raises NotDeclared: without the declaration nothing is read
    """
    if not declares_unclassified:
        raise NotDeclared
    preview = preview_roster(files=files, body=body, actor=actor, at=at, as_of=as_of, roster=roster)
    if preview.roster.open_problems(_accepted_codes(reasons)):
        return preview.roster, None
    roster_import = RosterImport(
        body=body, uploaded_by=actor, uploaded_at=at, as_of=as_of, file_names=list(preview.roster.files),
        fingerprint=preview.plan.fingerprint(),
    )  # fmt: skip
    preview.roster.people = PeopleColumns()  # the plan has what is left to do
    rows = prepare_rows(preview.plan, body=body, since=local_day(at), actor=actor, at=at)
    with transaction.atomic():
        _keep(roster_import, actor, at)
        _settle(roster_import, preview, rows, reasons)
    return preview.roster, roster_import


def discard_roster(*, roster_import: RosterImport, actor: Person, at: datetime) -> RosterImport:
    """Give up an upload; its files go.

    :raises Stale: it was settled before
    """
    IMPORT_ROSTER.require(actor, roster_import.body, at=at)
    settled = RosterImport.objects.filter(pk=roster_import.pk, state=RosterState.PREVIEWED).update(
        state=RosterState.DISCARDED, settled_at=at, preview_sealed=None
    )
    if not settled:
        raise Stale
    shutil.rmtree(_folder(roster_import), ignore_errors=True)
    roster_import.refresh_from_db()
    return roster_import


def report_on(*, roster_import: RosterImport, actor: Person, at: datetime, target: Any) -> None:
    """Write the problem report of an upload as .xlsx to an open binary file.

    :raises Stale: it was settled, and its files are gone
    """
    from ronghe.domain.org.calc.roster.report import write_report  # the workbook writer is 15 MB that imports need not

    IMPORT_ROSTER.require(actor, roster_import.body, at=at)
    if roster_import.state != RosterState.PREVIEWED:
        raise Stale
    with _unsealed(roster_import) as files:
        preview = preview_roster(files=files, body=roster_import.body, actor=actor, at=at, as_of=roster_import.as_of)
        write_report(target, preview.roster, files)


def kept_preview(roster_import: RosterImport) -> dict[str, Any]:
    """Return what the preview page shows; empty once the import is settled."""
    return json.loads(open_text(roster_import.preview_sealed)) if roster_import.preview_sealed else {}


def _kept(preview: RosterPreview) -> dict[str, Any]:
    said = preview.roster.as_json()
    by_code: dict[str, int] = {}
    for found in preview.roster.problems:
        by_code[found.code] = by_code.get(found.code, 0) + 1
    severity = {code: KINDS[code][0].value for code in by_code}
    return said | {
        "problems": said["problems"][:SHOWN_PROBLEMS],
        "problem_count": len(preview.roster.problems),
        "codes": [{"code": code, "count": n, "severity": severity[code]} for code, n in sorted(by_code.items())],
        "plan": preview.plan.counts(),
        "changes": preview.changes,
    }


def _refuse_open(roster: Roster, reasons: Mapping[str, str]) -> None:
    left = roster.open_problems(_accepted_codes(reasons))
    if left:
        errors = sum(p.severity == Severity.ERROR.value for p in left)
        raise ProblemsOpen(errors=errors, warnings=len(left) - errors)


def _accepted_codes(reasons: Mapping[str, str]) -> frozenset[str]:
    return frozenset(code for code, reason in reasons.items() if reason.strip())


def _keep(roster_import: RosterImport, actor: Person, at: datetime) -> None:
    """Keep an upload and the declaration that came with it (PI-06)."""
    roster_import.save(force_insert=True)
    files = len(roster_import.file_names)
    record(
        Draft(ROSTER_DECLARED, at, actor, body=roster_import.body_id, attributes={"files": files}, source=roster_import)
    )


def _settle(
    roster_import: RosterImport, preview: RosterPreview, rows: PreparedRows, reasons: Mapping[str, str]
) -> None:
    """Write the rows and mark the import accepted; of two at once one wins.

    :raises Stale: somebody settled it first
    """
    counts = preview.roster.counts | preview.plan.counts()
    codes = {found.code for found in preview.roster.problems}
    given = {code: reason for code, reason in reasons.items() if code in codes}
    settled = RosterImport.objects.filter(pk=roster_import.pk, state=RosterState.PREVIEWED).update(
        state=RosterState.ACCEPTED, settled_at=rows.at, counts=counts, reasons=given, preview_sealed=None
    )
    if not settled or Fact.objects.filter(pk__gt=preview.seen_fact, kind__in=_PEOPLE_CHANGED).exists():
        raise Stale
    if not preview.plan.is_empty:
        rows.write()
        record(_imported(roster_import, counts, given, rows.actor, rows.at))
    roster_import.refresh_from_db()


def _imported(
    roster_import: RosterImport, counts: Mapping[str, int], given: Mapping[str, str], actor: Person, at: datetime
) -> Draft:
    names = ("rows", "people", "added", "changed", "units", "bodies", "memberships", "posts", "certificates")
    accepted = ".".join(sorted(given))[:64] or None
    return Draft(
        ROSTER_IMPORTED, at, actor, body=roster_import.body_id, source=roster_import,
        attributes={name: counts[name] for name in names} | {"accepted": accepted},
    )  # fmt: skip


def _folder(roster_import: RosterImport) -> Path:
    folder: Path = settings.HOME.files / "rosters" / roster_import.folder
    return folder


def _sealed(path: Path) -> bytes:
    return seal_text(b64encode(path.read_bytes()).decode()).encode()


@contextmanager
def _unsealed(roster_import: RosterImport) -> Iterator[list[SourceFile]]:
    """Lay the files out in the open for as long as they are read."""
    with TemporaryDirectory(prefix="ronghe-roster-") as folder:
        files = []
        for number, name in enumerate(roster_import.file_names):
            path = Path(folder) / str(number)
            path.write_bytes(b64decode(open_text((_folder(roster_import) / str(number)).read_text())))
            files.append(SourceFile(path, name))
        yield files
