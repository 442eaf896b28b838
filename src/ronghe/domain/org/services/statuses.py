"""Political status as dated acts, and the times in which a full member has no vote (PE-08)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from ronghe.domain.org.calc.voting import EVER, SetLater, Span, changed, value_on
from ronghe.domain.org.enums import PARTY_MEMBERS, PoliticalStatus, VotingBarReason
from ronghe.domain.org.facts import STATUS_CHANGED, VOTING_BARRED, VOTING_RESTORED
from ronghe.domain.org.models import Person, PersonStatus, VotingBar
from ronghe.domain.org.rules import CHANGE_STATUS, SEE_VOTING_BARS
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.voting import status_on
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, _


class StatusSetLater(DomainError):
    code = "status_set_later"
    sentence = N_(
        "%(name)s的政治面貌自 %(day)s 起已有变更，只能从那天起再改（PE-08）。要撤销那次变更，就从那天起改回原来的面貌。"
    )


class StatusUnchanged(DomainError):
    code = "status_unchanged"
    sentence = N_("%(name)s在 %(since)s 已是%(status)s，不用再改（PE-08）。")


class StatusTooEarly(DomainError):
    code = "status_too_early"
    sentence = N_("变更日期 %(since)s 早于出生日期或早于 1900 年，请改日期（PE-08）。")
    status = 422


class NoMemberToBar(DomainError):
    code = "no_member_to_bar"
    sentence = N_("%(name)s在 %(since)s 不是党员，没有表决权可中止（PE-08）。请核对姓名和日期。")


class AlreadyBarred(DomainError):
    code = "already_barred"
    sentence = N_("%(name)s因%(reason)s自 %(since)s 起已中止表决权（PE-08）。先写明那次的结束日期，再登记新的。")


class BarWithoutDecision(DomainError):
    code = "bar_without_decision"
    sentence = N_("中止表决权须写明决定的文号（PE-08）。")
    status = 422


class BarDates(DomainError):
    code = "bar_dates"
    sentence = N_("结束日期 %(until)s 须晚于开始日期 %(since)s（PE-08）。请改日期。")
    status = 422


@transaction.atomic
def set_status(
    *, person: Person, status: PoliticalStatus, since: date, actor: Person | None, at: datetime
) -> PersonStatus:
    """Say what a person's political status is from the day `since`, a past or a coming one; without an actor at set-up.

    To take a change back, the status before it is set from the same day. A coming change is today's once its day is there
    (`turn_statuses`).

    :raises NotAllowed: the actor leads neither the person's home nor the body of the person's unit
    :raises StatusSetLater: a change of a later day is on record already
    :raises StatusUnchanged: the person has that status on that day
    :raises StatusTooEarly: before the person was born
    :raises Stale: somebody else changed it a moment ago
    """
    if actor is not None:
        CHANGE_STATUS.require(actor, person, at=at)
    if since <= (person.born_on or EVER):
        raise StatusTooEarly(since=since)
    spans = _write(person, [(row.pk, _span(row)) for row in _rows([person.pk])], PoliticalStatus(status), since)
    today = value_on(spans, local_day(at), "") or None
    joined = person.joined_party_on
    if joined is None and status == PoliticalStatus.PROBATIONARY_MEMBER:
        joined = since
    Person.objects.filter(pk=person.pk).update(political_status=today, joined_party_on=joined)
    person.political_status, person.joined_party_on = today, joined
    record(
        Draft(STATUS_CHANGED, at, actor, about=person, attributes={"political_status": status, "since": since},
              source=person)
    )  # fmt: skip
    return PersonStatus.objects.get(person=person, valid_until=None)


@transaction.atomic
def follow_roster(*, changes: Sequence[tuple[Person, str | None]], since: date) -> None:
    """Date the statuses that a roster changed from the day `since`: each person as it is now, with the status before.

    Part of an import that has its right, its facts and its transaction already.

    :raises StatusSetLater: of one of them a change of a later day is on record
    """
    known: dict[int, list[tuple[int, Span]]] = {}
    for row in _rows([person.pk for person, _before in changes]):
        known.setdefault(row.person_id, []).append((row.pk, _span(row)))
    for person, before in changes:
        spans = known.get(person.pk, [])
        said = value_on([span for _pk, span in spans], since, before or "")
        if person.political_status not in (None, said):
            _write(person, spans, str(person.political_status), since, before=before or "")


@transaction.atomic
def turn_statuses(*, at: datetime) -> int:
    """Make the changes whose day has come today's status; return of how many people."""
    day = local_day(at)
    due = PersonStatus.objects.filter(on_day(day)).exclude(status=F("person__political_status"))
    unknown = PersonStatus.objects.filter(on_day(day), person__political_status=None).exclude(status="")
    rows = list((due | unknown).select_related("person").order_by("pk"))
    for row in rows:
        row.person.political_status = row.status
    Person.objects.bulk_update([row.person for row in rows], ["political_status"], batch_size=500)
    return len(rows)


@transaction.atomic
def bar_vote(
    *, person: Person, reason: VotingBarReason, decision_ref: str, since: date, actor: Person, at: datetime,
    until: date | None = None,
) -> VotingBar:  # fmt: skip
    """Take a member's vote away from the day `since` until (not including) `until`, by the decision named (PE-08).

    :raises NotAllowed: the actor does not lead the member's home
    :raises BarWithoutDecision: no decision is named
    :raises BarDates: it ends before it begins
    :raises NoMemberToBar: the person is no Party member on that day
    :raises AlreadyBarred: for the same reason a bar holds in those days
    """
    SEE_VOTING_BARS.require(actor, person, at=at)
    if not decision_ref.strip():
        raise BarWithoutDecision
    if until is not None and until <= since:
        raise BarDates(since=since, until=until)
    if status_on(person, since) not in PARTY_MEMBERS:
        raise NoMemberToBar(name=person.name, since=since)
    running = VotingBar.objects.filter(Q(valid_until=None) | Q(valid_until__gt=since), person=person, reason=reason)
    if until is not None:
        running = running.filter(valid_from__lt=until)
    there = running.order_by("valid_from", "pk").first()
    if there is not None:
        raise _already(there, person)
    try:
        with transaction.atomic():
            bar = VotingBar.objects.create(
                person=person, reason=reason, decision_ref=decision_ref.strip(), valid_from=since, valid_until=until
            )
    except IntegrityError as error:
        raise Stale from error
    record(Draft(VOTING_BARRED, at, actor, about=person, source=bar))
    return bar


@transaction.atomic
def restore_vote(*, bar: VotingBar, until: date, actor: Person, at: datetime) -> VotingBar:
    """Give the vote back from the day `until` on (PE-08).

    :raises NotAllowed: the actor does not lead the member's home
    :raises BarDates: that is not after the day it was taken away
    :raises Stale: somebody else ended it a moment ago
    """
    SEE_VOTING_BARS.require(actor, bar.person, at=at)
    if until <= bar.valid_from:
        raise BarDates(since=bar.valid_from, until=until)
    if not VotingBar.objects.filter(pk=bar.pk, valid_until=bar.valid_until).update(valid_until=until):
        raise Stale
    bar.valid_until = until
    record(Draft(VOTING_RESTORED, at, actor, about=bar.person, source=bar))
    return bar


def _already(bar: VotingBar, person: Person) -> AlreadyBarred:
    reason = _(str(VotingBarReason(bar.reason).label))
    return AlreadyBarred(name=person.name, reason=reason, since=bar.valid_from)


def _rows(people: Iterable[int]) -> list[PersonStatus]:
    return list(PersonStatus.objects.filter(person_id__in=people).order_by("valid_from", "pk"))


def _span(row: PersonStatus) -> Span:
    return Span(row.status, row.valid_from, row.valid_until)


def _write(
    person: Person, known: list[tuple[int, Span]], status: str, since: date, *, before: str | None = None
) -> list[Span]:
    """Write what `status` from `since` on makes of the spans `known`, with the ids of their rows, and return them.

    `before` is what the status was where the person carries the new one already.
    """
    spans = [span for _pk, span in known]
    present = (person.political_status if before is None else before) or ""
    if value_on(spans, since, "" if spans else present) == status:
        label = _(str(PoliticalStatus(status).label))
        raise StatusUnchanged(name=person.name, since=since, status=label)
    try:
        wanted = changed(spans, present, value=status, since=since)
    except SetLater as error:
        raise StatusSetLater(name=person.name, day=error.day) from error
    _replace(person, known, wanted)
    return wanted


def _replace(person: Person, known: list[tuple[int, Span]], wanted: list[Span]) -> None:
    begun = {span.since: span for span in wanted}
    try:
        with transaction.atomic():
            for pk, span in reversed(known):
                mine = PersonStatus.objects.filter(pk=pk, status=span.value, valid_until=span.until)
                new = begun.pop(span.since, None)
                if new == span:
                    continue
                left = mine.delete()[0] if new is None else mine.update(status=new.value, valid_until=new.until)
                if not left:
                    raise Stale
            PersonStatus.objects.bulk_create(
                PersonStatus(person=person, status=span.value, valid_from=span.since, valid_until=span.until)
                for span in begun.values()
            )
    except IntegrityError as error:
        raise Stale from error
