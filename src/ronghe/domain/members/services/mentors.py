"""Mentors and apprentices (传帮带、师带徒): paired, and parted when the time is over."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from ronghe.domain.members.enums import MentorKind
from ronghe.domain.members.facts import MENTOR_PAIRED, MENTOR_PARTED
from ronghe.domain.members.models import MentorPair
from ronghe.domain.members.rules import KEEP_MENTORS
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_


class OwnMentor(DomainError):
    code = "own_mentor"
    sentence = N_("师傅和徒弟不能是同一个人，请另选一位。")


class AlreadyPaired(DomainError):
    code = "already_paired"
    sentence = N_("%(mentor)s和%(apprentice)s已经结对。要换内容，请先结束原来的。")


class PairDates(DomainError):
    code = "pair_dates"
    sentence = N_("结束日期 %(until)s 早于开始日期 %(since)s，请改日期。")
    status = 422


@transaction.atomic
def pair_mentor(
    *, mentor: Person, apprentice: Person, kind: MentorKind, topic: str, since: date, actor: Person, at: datetime,
    goal: str | None = None, planned_until: date | None = None,
) -> MentorPair:  # fmt: skip
    """Pair somebody experienced with somebody who learns from them; both see it in their own record.

    :raises NotAllowed: the actor does not lead the apprentice
    :raises OwnMentor: they are one person
    :raises PairDates: it is planned to end before it begins
    :raises AlreadyPaired: they are paired in this way already
    """
    KEEP_MENTORS.require(actor, apprentice, at=at)
    if mentor.pk == apprentice.pk:
        raise OwnMentor
    if planned_until is not None and planned_until < since:
        raise PairDates(since=since, until=planned_until)
    try:
        with transaction.atomic():
            pair = MentorPair.objects.create(
                mentor=mentor, apprentice=apprentice, kind=kind, topic=topic.strip(), goal=goal or None,
                planned_until=planned_until, valid_from=since,
            )  # fmt: skip
    except IntegrityError as error:
        raise AlreadyPaired(mentor=mentor.name, apprentice=apprentice.name) from error
    _record_both(MENTOR_PAIRED, pair, actor, at)
    return pair


@transaction.atomic
def part_mentor(*, pair: MentorPair, until: date, actor: Person, at: datetime) -> MentorPair:
    """End a pair on the day `until` (not included).

    :raises NotAllowed: the actor does not lead the apprentice
    :raises PairDates: it began later than that
    :raises Stale: it has ended already
    """
    KEEP_MENTORS.require(actor, pair.apprentice, at=at)
    if until < pair.valid_from:
        raise PairDates(since=pair.valid_from, until=until)
    if not MentorPair.objects.filter(pk=pair.pk, valid_until=None).update(valid_until=until):
        raise Stale
    pair.valid_until = until
    _record_both(MENTOR_PARTED, pair, actor, at)
    return pair


def _record_both(kind: FactKind, pair: MentorPair, actor: Person, at: datetime) -> None:
    for person in (pair.mentor, pair.apprentice):
        said = {"kind": pair.kind, "is_mentor": person is pair.mentor}
        record(Draft(kind, at, actor, about=person, attributes=said, source=pair))
