"""A version is issued with the words that hold, and each unit agrees to its side's rows over their digest or objects."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ronghe.domain.duties.calc.words import differences, digest_of, read, side_digests, written
from ronghe.domain.duties.enums import Verdict
from ronghe.domain.duties.facts import SHEET_ISSUED, SIDE_AGREED, SIDE_OBJECTED
from ronghe.domain.duties.models import DutySheet, DutyVersion, SideWord, VersionSide
from ronghe.domain.duties.rules import SPEAK_FOR_UNIT
from ronghe.domain.duties.selectors.gaps import gaps_of
from ronghe.domain.duties.selectors.reading import rows_of
from ronghe.domain.duties.services.sheets import hold, tell
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.zones.enums import SIDE_OF
from ronghe.domain.zones.models import ParticipatingUnit
from ronghe.domain.zones.rules import KEEP_SHEET
from ronghe.domain.zones.selectors import participating_units
from ronghe.domain.zones.services.parties import refuse_over
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, _, listed

LONGEST_REASON = LONGEST_NOTE = 200
NAMED = 5
"""Rows that a refusal names; more are counted."""


class SheetEmpty(DomainError):
    code = "duties_sheet_empty"
    sentence = N_("清单上还没有条目，先把条目收进来再发布。")
    status = 422


class RowsUnowned(DomainError):
    """D9: nothing without an owner."""

    code = "duties_rows_unowned"
    sentence = N_("有 %(count)s 处没有落实主责：%(rows)s。请定主责方和责任人，或者移出清单，再发布。")
    status = 422


class NothingNew(DomainError):
    code = "duties_nothing_new"
    sentence = N_("和第 %(version)s 版一样，不用再发布。")


class NotIssued(DomainError):
    code = "duties_not_issued"
    sentence = N_("清单还没有发布，不能确认。")


class SideMoved(DomainError):
    code = "duties_side_moved"
    sentence = N_("您看到的不是%(side)s方第 %(version)s 版的条目，没有确认。请刷新后看过再确认。")


class ChangedSince(DomainError):
    code = "duties_changed_since"
    sentence = N_("第 %(version)s 版以后%(side)s方的条目又改了，要等新的一版发布后再确认。")


class AlreadySaid(DomainError):
    code = "duties_already_said"
    sentence = N_("“%(unit)s”已经确认过现在的条目，不用再确认。")


class NotOfSheet(DomainError):
    code = "duties_not_of_sheet"
    sentence = N_("“%(unit)s”不是“%(zone)s”的参建单位。")
    status = 422


class OneForTwo(DomainError):
    code = "duties_one_for_two"
    sentence = N_("您已代表“%(unit)s”说过话，一人不能代表两家。请由本单位的联系人或书记确认。")


class ReasonMissing(DomainError):
    code = "duties_reason_missing"
    sentence = N_("请写明有什么异议，好让清单的管理人改。")
    status = 422


@transaction.atomic
def issue_sheet(*, sheet: DutySheet, actor: Person, at: datetime, note: str = "") -> DutyVersion:
    """Freeze the rows as they read now; each unit whose side's rows changed is asked anew, every other word stands.

    :raises SheetEmpty: no row is on it
    :raises RowsUnowned: a row has no lead, or its lead no person, or it ended where it lives
    :raises NothingNew: it reads as the version before
    """
    zone = sheet.zone
    KEEP_SHEET.require(actor, zone, at=at)
    refuse_over(zone)
    hold(sheet)
    day = local_day(at)
    rows = rows_of(sheet, day)
    if not rows:
        raise SheetEmpty
    blocking = [gap for gap in gaps_of(rows, zone, list(participating_units(zone, day)), day) if gap.blocks]
    if blocking:
        named = listed(_("第 %(number)s 条%(title)s") % {"number": gap.row.row.number, "title": gap.row.title}
                       for gap in blocking[:NAMED])  # fmt: skip
        raise RowsUnowned(count=len(blocking), rows=named)
    words = [row.words for row in rows]
    text = written(words)
    before = sheet.versions.order_by("-number").first()
    if before is not None and before.digest == digest_of(text):
        raise NothingNew(version=before.number)
    changed = len(differences(read(before.words) if before is not None else [], words))
    version = DutyVersion.objects.create(
        sheet=sheet, number=sheet.version + 1, words=text, digest=digest_of(text),
        note=note.strip()[:LONGEST_NOTE], changed=changed, issued_by=actor, issued_at=at,
    )  # fmt: skip
    VersionSide.objects.bulk_create(
        VersionSide(version=version, side=side, digest=digest) for side, digest in side_digests(words).items() if digest
    )
    sheet.version, sheet.issued_at = version.number, at
    sheet.save(update_fields=["version", "issued_at"])
    tell(sheet, SHEET_ISSUED, actor, at, version=version.number, rows=len(rows), changed=changed)
    return version


@transaction.atomic
def agree_for_unit(*, sheet: DutySheet, party: ParticipatingUnit, digest: str, actor: Person, at: datetime) -> SideWord:
    """Sign the digest of a side's rows for one of its units. `digest` is of the rows that the person saw.

    :raises NotOfSheet: the unit takes no part in the zone
    :raises NotIssued: there is no version
    :raises SideMoved: the person saw other rows
    :raises ChangedSince: a row of the side reads otherwise than in the version
    :raises AlreadySaid: the unit agreed to these very rows
    :raises OneForTwo: the same person spoke for another unit under this version
    """
    version, side = _version(sheet, party, digest, actor, at)
    said = SideWord.objects.filter(version__sheet=sheet, side=side, unit=party.unit_id).order_by("said_at", "pk")
    last = said.filter(digest=digest).last()
    if last is not None and last.verdict == Verdict.AGREED:
        raise AlreadySaid(unit=party.unit.name)
    is_again = said.exists()
    word = _say(version, side, party, Verdict.AGREED, "", digest, actor, at)
    tell(sheet, SIDE_AGREED, actor, at, version=version.number, side=side, is_again=is_again)
    return word


@transaction.atomic
def object_for_unit(
    *, sheet: DutySheet, party: ParticipatingUnit, digest: str, reason: str, actor: Person, at: datetime
) -> SideWord:
    """Say why a unit does not agree to its side's rows; a consent that it gave before falls with it.

    :raises ReasonMissing: without a reason
    :raises NotOfSheet, NotIssued, SideMoved, ChangedSince, OneForTwo: as for agreeing
    """
    reason = reason.strip()[:LONGEST_REASON]
    version, side = _version(sheet, party, digest, actor, at)
    if not reason:
        raise ReasonMissing
    word = _say(version, side, party, Verdict.OBJECTED, reason, digest, actor, at)
    tell(sheet, SIDE_OBJECTED, actor, at, version=version.number, side=side)
    return word


def _version(
    sheet: DutySheet, party: ParticipatingUnit, digest: str, actor: Person, at: datetime
) -> tuple[DutyVersion, str]:
    SPEAK_FOR_UNIT.require(actor, party, at=at)
    refuse_over(sheet.zone)
    hold(sheet)
    has_left = party.valid_until is not None and party.valid_until <= local_day(at)
    if party.zone_id != sheet.zone_id or has_left:
        raise NotOfSheet(unit=party.unit.name, zone=sheet.zone.name)
    if not sheet.version:
        raise NotIssued
    side = SIDE_OF[party.role]
    version = sheet.versions.get(number=sheet.version)
    word = _(str(side.label))
    if not version.sides.filter(side=side, digest=digest).exists():
        raise SideMoved(side=word, version=version.number)
    now = side_digests([row.words for row in rows_of(sheet, local_day(at))])
    if now[side.value] != digest:
        raise ChangedSince(side=word, version=version.number)
    other = version.said.filter(person=actor).exclude(unit=party.unit).select_related("unit").order_by("pk").first()
    if other is not None:
        raise OneForTwo(unit=other.unit.name)
    return version, side.value


def _say(
    version: DutyVersion, side: str, party: ParticipatingUnit, verdict: Verdict, reason: str, digest: str, actor: Person,
    at: datetime,
) -> SideWord:  # fmt: skip
    return SideWord.objects.create(
        version=version,
        side=side,
        unit=party.unit,
        verdict=verdict,
        digest=digest,
        reason=reason,
        person=actor,
        said_at=at,
    )
