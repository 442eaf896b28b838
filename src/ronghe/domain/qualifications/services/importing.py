"""The unit's own table of certificates, from Excel: tried first, then entered whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import IntegrityError, transaction

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.qualifications.enums import CertificateState
from ronghe.domain.qualifications.facts import CERTIFICATE_ENTERED, CERTIFICATES_IMPORTED
from ronghe.domain.qualifications.models import Certificate
from ronghe.domain.qualifications.selectors.book import current_book
from ronghe.domain.qualifications.selectors.records import people_to_keep
from ronghe.domain.qualifications.services.certificates import CertificateText, certificate_from
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.record import Draft, record, record_many
from ronghe.kernel.sealed import keyed_digest
from ronghe.kernel.tabular.lines import Line, read_lines, refuse_rows
from ronghe.kernel.words import N_, _

HEADS = {
    "staff": N_("工号"), "identity": N_("身份证号"), "name": N_("姓名"), "kind": N_("证件种类"),
    "number": N_("证件编号"), "issuer": N_("发证机关"), "issued": N_("发证日期"), "review": N_("复审日期"),
    "expires": N_("有效期至"),
}  # fmt: skip
REQUIRED = ("name", "kind", "number", "issued")
NOT_FOUND = N_("没有找到“%(name)s”，或者不归您管")
SEVERAL = N_("叫“%(name)s”的不止一人，请填工号或身份证号")
OTHER_NAME = N_("的号码是“%(known)s”的，与姓名“%(name)s”不符")
BAD_KIND = N_("的证件种类“%(kind)s”不认识")
BAD_DAY = N_("的日期“%(day)s”看不懂，请写成 2026-09-14")
TWICE = N_("与第 %(row)s 行是同一本证")
ELSEWHERE = N_("的证件已登记在别人名下，请核对编号")
"""Whose it is is not told: who reads the table may not see that person."""


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What an import would do, or did: rows read, certificates added, rows that are on record already."""

    rows: int
    added: int
    same: int
    is_dry: bool


@transaction.atomic
def import_certificates(*, path: Path, name: str, actor: Person, at: datetime, dry_run: bool) -> ImportCounts:
    """Enter the certificates of a table; with `dry_run` nothing is written and all is checked.

    :raises Unreadable: the file is no table
    :raises HeadsMissing: it has no columns of names, kinds, numbers or days of issue
    :raises RowsRefused: rows that name nobody in reach, or cannot be entered; then nothing is
    :raises Stale: one of them was entered elsewhere a moment ago
    """
    lines = read_lines(path, name, HEADS, REQUIRED)
    rows, same = _understood(lines, actor, at)
    if not dry_run:
        for row in rows:
            row.entered_by, row.entered_at = actor, at
        try:
            with transaction.atomic():
                written = Certificate.objects.bulk_create(rows, batch_size=500)
        except IntegrityError as error:
            raise Stale from error
        record_many(
            Draft(CERTIFICATE_ENTERED, at, actor, about=row.person, unit=row.person.unit_id,
                  attributes={"kind": row.kind, "due": row.due_on}, source=row)
            for row in written
        )  # fmt: skip
        record(Draft(CERTIFICATES_IMPORTED, at, actor, attributes={"rows": len(lines), "added": len(written)}))
    return ImportCounts(len(lines), len(rows), same, dry_run)


class _People:
    """Those of the table whom the actor keeps, found by staff number, identity number or name."""

    def __init__(self, lines: Sequence[Line], actor: Person, at: datetime) -> None:
        reached = people_to_keep(actor, at)
        digests = {keyed_digest(line["identity"]) for line in lines if line["identity"]}
        staff = {line["staff"] for line in lines if line["staff"]}
        rows = (
            reached.filter(staff_number__in=staff)
            | reached.filter(id_digest__in=digests)
            | reached.filter(name__in={line["name"] for line in lines})
        )
        people = list(rows)
        self.by_staff = {one.staff_number: one for one in people if one.staff_number}
        self.by_digest = {one.id_digest: one for one in people if one.id_digest}
        self.by_name: dict[str, list[Person]] = {}
        for one in people:
            self.by_name.setdefault(one.name, []).append(one)

    def of(self, line: Line) -> tuple[Person | None, str]:
        """Return whom a row is about, or why it is not known."""
        name = line["name"]
        found = self.by_digest.get(keyed_digest(line["identity"])) if line["identity"] else None
        found = found or (self.by_staff.get(line["staff"]) if line["staff"] else None)
        if found is not None:
            return (found, "") if found.name == name else (None, _(OTHER_NAME) % {"known": found.name, "name": name})
        named = self.by_name.get(name, [])
        if len(named) == 1:
            return named[0], ""
        return None, _(SEVERAL if named else NOT_FOUND) % {"name": name}


def _understood(lines: Sequence[Line], actor: Person, at: datetime) -> tuple[list[Certificate], int]:
    people, today = _People(lines, actor, at), local_day(at)
    digests = {keyed_digest("".join(line["number"].split())) for line in lines}
    held = Certificate.objects.filter(number_digest__in=digests, state=CertificateState.HELD).order_by()
    known = {(kind, digest): owner for kind, digest, owner in held.values_list("kind", "number_digest", "person_id")}
    rows: list[Certificate] = []
    seen: dict[tuple[str, str], int] = {}
    problems: list[tuple[int, str]] = []
    same = 0
    for line in lines:
        row, why = _row(line, people, today)
        if row is None:
            problems.append((line.number, why))
            continue
        key = (row.kind, row.number_digest)
        if key in seen:
            problems.append((line.number, _(TWICE) % {"row": seen[key]}))
        elif known.get(key) == row.person_id:
            same += 1
        elif key in known:
            problems.append((line.number, _(ELSEWHERE)))
        else:
            rows.append(row)
        seen.setdefault(key, line.number)
    refuse_rows(problems)
    return rows, same


def _row(line: Line, people: _People, today: date) -> tuple[Certificate | None, str]:
    """Return the certificate that a row says, or what is wrong with it."""
    person, why = people.of(line)
    if person is None:
        return None, why
    kind = current_book().kind_called(line["kind"])
    if kind is None:
        return None, _(BAD_KIND) % {"kind": line["kind"][:20]}
    days: dict[str, date | None] = {}
    for name in ("issued", "review", "expires"):
        days[name] = _day(line[name])
        if days[name] is None and (line[name] or name == "issued"):
            return None, _(BAD_DAY) % {"day": line[name][:20]}
    issued = days["issued"]
    assert issued is not None  # refused above
    text = CertificateText(kind.id, line["number"][:60], issued, days["review"], days["expires"], line["issuer"][:80])
    try:
        return certificate_from(person, text, today), ""
    except DomainError as error:
        return None, _("：%(why)s") % {"why": error}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.replace("/", "-").replace(".", "-"))
    except ValueError:
        return None
