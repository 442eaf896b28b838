"""政治生日: one or several kept together in one act, with a word of the person's, and taken back with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.partylife.calc.birthdays import years_in
from ronghe.domain.partylife.enums import BirthdayWay
from ronghe.domain.partylife.facts import BIRTHDAY_KEPT, BIRTHDAY_WORDS
from ronghe.domain.partylife.models import BirthdayKeeping, BirthdayPerson, BirthdayPhoto
from ronghe.domain.partylife.rules import CHANGE_KEEPING, KEEP_BIRTHDAY, SAY_WORDS
from ronghe.domain.partylife.selectors.keeping import members_of
from ronghe.domain.partylife.services.moments import counted_at, reverse_fact
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.work.services.files import PreparedFile, Upload, keep_file, prepare_file
from ronghe.kernel.errors import DomainError, NotAllowed, Stale
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, listed

SOURCE = "partylife.birthdaykeeping"


class NobodysBirthday(DomainError):
    code = "nobodys_birthday"
    sentence = N_("请至少选一个人。")
    status = 422


class BirthdayAhead(DomainError):
    code = "birthday_ahead"
    sentence = N_("%(day)s 还没到，过了再记；要先安排的，请安排一次主题党日。")
    status = 422


class JoiningDayMissing(DomainError):
    code = "joining_day_missing"
    sentence = N_("%(names)s没有入党日期，先在本人资料里补上，再记政治生日。")
    status = 422


class FirstYear(DomainError):
    code = "birthday_first_year"
    sentence = N_("%(names)s入党还不满一年，第一个政治生日在明年。")
    status = 422


class BirthdayKeptAlready(DomainError):
    code = "birthday_kept_already"
    sentence = N_("%(names)s %(year)s 年的政治生日已经记过了，请去掉再记。")


class KeepingVoided(DomainError):
    code = "keeping_voided"
    sentence = N_("这次记录已经作废，请重新记一次。")


class VoidWithoutReason(DomainError):
    code = "void_without_reason"
    sentence = N_("请写明为什么作废。")
    status = 422


class ActivityElsewhere(DomainError):
    code = "activity_elsewhere"
    sentence = N_("这次活动不是“%(body)s”办的，也没有联办，请换一次活动。")
    status = 422


def keep_birthdays(
    *, body: PartyOrg, people: Sequence[Person], day: date, way: BirthdayWay, actor: Person, at: datetime,
    activity: Activity | None = None, message: str = "", uploads: Sequence[Upload] = (),
) -> BirthdayKeeping:  # fmt: skip
    """Record that birthdays of the year of `day` were kept, one or several at once.

    :raises NobodysBirthday, BirthdayAhead, JoiningDayMissing, FirstYear, BirthdayKeptAlready, ActivityElsewhere: see there
    :raises NotAllowed: somebody does not belong to the body or is out of reach
    """
    KEEP_BIRTHDAY.require(actor, body, at=at)
    if not people:
        raise NobodysBirthday
    if day > local_day(at):
        raise BirthdayAhead(day=day)
    chosen = {person.pk: person for person in people}
    if members_of(body, actor, at).filter(pk__in=chosen).count() != len(chosen):
        raise NotAllowed
    _refuse_unknown(list(chosen.values()), day.year)
    refuse_foreign(activity, body)
    files = [prepare_file(upload) for upload in uploads]
    try:
        return _write(body, list(chosen.values()), day, way, activity, message, files, actor, at)
    except IntegrityError as error:
        kept = BirthdayPerson.objects.filter(person__in=chosen, year=day.year, is_void=False)
        names = kept.order_by("person__name").values_list("person__name", flat=True)
        raise BirthdayKeptAlready(names=listed(names), year=day.year) from error


@transaction.atomic
def say_words(*, row: BirthdayPerson, words: str, actor: Person, at: datetime) -> BirthdayPerson:
    """Write what the person says on the birthday; written again, it replaces what stood there.

    :raises KeepingVoided: the record does not hold any more
    """
    SAY_WORDS.require(actor, row, at=at)
    if row.is_void:
        raise KeepingVoided
    row.words = words.strip()
    row.save(update_fields=["words"])
    record(
        Draft(BIRTHDAY_WORDS, at, actor, about=row.person, body=row.keeping.body_id, attributes={"year": row.year},
              source=row.keeping)
    )  # fmt: skip
    return row


def add_photo(*, keeping: BirthdayKeeping, upload: Upload, actor: Person, at: datetime) -> None:
    """Add a picture of the day."""
    CHANGE_KEEPING.require(actor, keeping, at=at)
    if keeping.voided_at is not None:
        raise KeepingVoided
    file = prepare_file(upload)
    with transaction.atomic():
        _add(keeping, [file], at)


@transaction.atomic
def void_keeping(*, keeping: BirthdayKeeping, reason: str, actor: Person, at: datetime) -> BirthdayKeeping:
    """Take a record back: the birthdays may be recorded again, and the duty is open as before.

    :raises VoidWithoutReason: nothing says why
    :raises Stale: it was taken back before
    """
    CHANGE_KEEPING.require(actor, keeping, at=at)
    if not reason.strip():
        raise VoidWithoutReason
    rows = BirthdayKeeping.objects.filter(pk=keeping.pk, voided_at=None)
    if not rows.update(voided_at=at, void_reason=reason.strip()[:120]):
        raise Stale
    BirthdayPerson.objects.filter(keeping=keeping).update(is_void=True)
    keeping.voided_at, keeping.void_reason = at, reason.strip()[:120]
    reverse_fact(BIRTHDAY_KEPT.name, SOURCE, keeping.pk, by=actor, at=at)
    return keeping


def refuse_foreign(activity: Activity | None, body: PartyOrg) -> None:
    """Return where the activity is the body's own or held with it.

    :raises ActivityElsewhere: it is not
    """
    if activity is None or activity.body_id == body.pk:
        return
    if not activity.hosts.filter(body=body).exists():
        raise ActivityElsewhere(body=body.name)


def _refuse_unknown(people: Sequence[Person], year: int) -> None:
    unknown = [person.name for person in people if person.joined_party_on is None]
    if unknown:
        raise JoiningDayMissing(names=listed(sorted(unknown)))
    young = [p.name for p in people if p.joined_party_on is not None and years_in(p.joined_party_on, year) < 1]
    if young:
        raise FirstYear(names=listed(sorted(young)))


@transaction.atomic
def _write(
    body: PartyOrg, people: Sequence[Person], day: date, way: BirthdayWay, activity: Activity | None, message: str,
    files: Sequence[PreparedFile], actor: Person, at: datetime,
) -> BirthdayKeeping:  # fmt: skip
    keeping = BirthdayKeeping.objects.create(
        body=body, day=day, way=way, activity=activity, message=message.strip(), kept_by=actor, recorded_at=at
    )
    BirthdayPerson.objects.bulk_create(
        BirthdayPerson(
            keeping=keeping, person=person, year=day.year,
            years=years_in(person.joined_party_on, day.year) if person.joined_party_on else 0,
        )
        for person in people
    )  # fmt: skip
    _add(keeping, files, at)
    told = {"way": way, "day": day, "people": len(people), "with_activity": activity is not None}
    record(Draft(BIRTHDAY_KEPT, counted_at(day, at), actor, body=body.pk, attributes=told, source=keeping))
    return keeping


def _add(keeping: BirthdayKeeping, files: Sequence[PreparedFile], at: datetime) -> None:
    for file in files:
        BirthdayPhoto.objects.get_or_create(
            keeping=keeping, file=keep_file(file, at=at), defaults={"name": file.name}
        )  # fmt: skip
