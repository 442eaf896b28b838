"""荣誉台账: an honour is entered with its proof, or withdrawn with the reason; nothing is changed in between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from ronghe.domain.honours.calc.terms import months_later
from ronghe.domain.honours.enums import HONOUR_FLOW, HolderKind
from ronghe.domain.honours.facts import HONOUR_ENTERED, HONOUR_WITHDRAWN
from ronghe.domain.honours.models import Honour, HonourTitle
from ronghe.domain.honours.rules import ENTER_HONOUR, WITHDRAW_HONOUR
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.work.services.files import Upload, keep_file, prepare_file
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_

FIRST_YEAR = 1949


class HolderUnfit(DomainError):
    code = "holder_unfit"
    sentence = N_("“%(title)s”授予%(kind)s，请按此填写获得者。")
    status = 422


class HonourUnfit(DomainError):
    code = "honour_unfit"
    sentence = N_("请写明授予单位；授予日期不能在今天以后，年度不能晚于授予的年份，有效期要在授予日期以后。")
    status = 422


class TitleRetired(DomainError):
    code = "title_retired"
    sentence = N_("“%(title)s”已停用，不再授予；请先在荣誉目录里恢复。")


class HonourKnown(DomainError):
    code = "honour_known"
    sentence = N_("“%(name)s”%(year)s 年的“%(title)s”已经在台账里。")


class WithdrawReasonMissing(DomainError):
    code = "withdraw_reason_missing"
    sentence = N_("请写明撤销的原因和依据，获得者会看到。")
    status = 422


class OwnHonour(DomainError):
    code = "own_honour"
    sentence = N_("这是您自己的荣誉，须由别人办理。")
    status = 403


@dataclass(frozen=True, slots=True)
class HonourText:
    """What is told of an honour. Without `ends_on` the term of the title decides."""

    title: HonourTitle
    year: int
    body: PartyOrg
    issuer: str
    awarded_on: date
    person: Person | None = None
    team: str = ""
    document_number: str = ""
    ends_on: date | None = None


def honour_from(text: HonourText, today: date) -> Honour:
    """Return the honour that a text tells, not saved yet.

    :raises TitleRetired: the title is no longer given
    :raises HolderUnfit: a person where bodies are honoured, and the like
    :raises HonourUnfit: no issuer, or days that cannot be
    """
    team = " ".join(text.team.split())
    told = HolderKind.PERSON if text.person is not None else HolderKind.TEAM if team else HolderKind.BODY
    if text.title.is_retired:
        raise TitleRetired(title=text.title.name)
    if told != text.title.goes_to or (text.person is not None and team):
        raise HolderUnfit(title=text.title.name, kind=text.title.get_goes_to_display())
    months = text.title.term_months
    ends_on = text.ends_on or (months_later(text.awarded_on, months) if months is not None else None)
    fits = text.issuer.strip() and text.awarded_on <= today and FIRST_YEAR <= text.year <= text.awarded_on.year
    if not fits or (ends_on is not None and ends_on <= text.awarded_on):
        raise HonourUnfit
    name = text.person.name if text.person is not None else team or text.body.name
    return Honour(
        title=text.title, year=text.year, body=text.body, person=text.person, team=team, holder_name=name[:80],
        issuer=text.issuer.strip(), document_number=text.document_number.strip(), awarded_on=text.awarded_on,
        ends_on=ends_on,
    )  # fmt: skip


def enter_honour(*, text: HonourText, actor: Person, at: datetime, upload: Upload | None = None) -> Honour:
    """Enter an honour that was given, with the proof where there is one.

    :raises HonourKnown: the same title of the same year is on record for the same holder
    :raises DomainError: what `honour_from` and the file refuse
    """
    ENTER_HONOUR.require(actor, text.body, at=at)
    row = honour_from(text, local_day(at))
    file = prepare_file(upload) if upload is not None else None
    with transaction.atomic():
        if file is not None:
            row.proof, row.proof_name = keep_file(file, at=at), file.name[:120]
        return write_honour(row, actor, at)


def write_honour(row: Honour, actor: Person, at: datetime) -> Honour:
    """Write an honour and its fact, inside the caller's transaction.

    :raises HonourKnown: it is on record
    """
    row.entered_by, row.entered_at = actor, at
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise HonourKnown(name=row.holder_name, year=row.year, title=row.title.name) from error
    record(entered_fact(row, actor, at))
    return row


def entered_fact(row: Honour, actor: Person, at: datetime) -> Draft:
    attributes = {"title": row.title_id, "level": row.title.level, "year": row.year}
    return Draft(HONOUR_ENTERED, at, actor, about=row.person, body=row.body_id, attributes=attributes, source=row)


@transaction.atomic
def withdraw_honour(*, honour: Honour, reason: str, actor: Person, at: datetime) -> Honour:
    """Withdraw an honour; it stays on record with the reason.

    :raises WithdrawReasonMissing: no words
    :raises OwnHonour: one's own
    :raises StepNotAllowed: it was withdrawn
    """
    WITHDRAW_HONOUR.require(actor, honour, at=at)
    if honour.person_id == actor.pk:
        raise OwnHonour
    if not reason.strip():
        raise WithdrawReasonMissing
    HONOUR_FLOW.advance(honour, "withdraw", withdrawn_by=actor, withdrawn_at=at, withdrawn_reason=reason.strip())
    attributes = {"title": honour.title_id, "year": honour.year}
    record(
        Draft(
            HONOUR_WITHDRAWN, at, actor, about=honour.person, body=honour.body_id, attributes=attributes, source=honour
        )
    )
    return honour
