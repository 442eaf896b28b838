"""An expert takes a case, writes and answers; whoever asked says whether it is solved, and how helpful it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from ronghe.domain.clinic.enums import MessageKind
from ronghe.domain.clinic.facts import CASE_ANSWERED, CASE_RATED, CASE_SOLVED
from ronghe.domain.clinic.models import CaseSheet
from ronghe.domain.clinic.rules import CASE, LET_IN, WRITE
from ronghe.domain.clinic.selectors.cases import CaseWords, Line, due_from, thread_of, words_of
from ronghe.domain.clinic.selectors.experts import expert_of
from ronghe.domain.clinic.services.calling_off import call_off_of
from ronghe.domain.clinic.services.experts import ExpertNotSitting
from ronghe.domain.clinic.services.telling import (
    note_seen,
    pictures_prepared,
    say,
    take_back,
    tell_of,
    words_checked,
)
from ronghe.domain.items.calc.clocks import hours_between
from ronghe.domain.items.models import ItemPerson, WorkItem
from ronghe.domain.items.rules import SEE_ITEM
from ronghe.domain.items.services.changing import ItemClosed, let_in
from ronghe.domain.items.services.steps import Said, go
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.selectors.adoptions import key_of
from ronghe.domain.work.services.files import Upload
from ronghe.kernel.access.looks import record_look
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

CONFIRM_KEY = "clinic_confirm_days"
READER = "reader"
COMPARTMENT = "clinic"


class ConfirmStillOpen(DomainError):
    code = "clinic_confirm_still_open"
    sentence = N_("提问人还在确认期内，答复满 %(days)s 天没有回应才能结束。")


def read_case(*, item: WorkItem, actor: Person, at: datetime) -> tuple[CaseWords, list[Line]]:
    """Return what a case is about and its thread; a look into a sealed one is on record before it is shown (SE-11).

    :raises NotAllowed: the actor may not read it
    """
    SEE_ITEM.require(actor, item, at=at)
    if item.case_sheet.is_sealed:
        other = item.owner if actor.pk == item.raised_by_id else item.raised_by
        record_look(by=actor, about=other, compartment=COMPARTMENT, at=at)
    return words_of(item), thread_of(item)


@transaction.atomic
def take_case(*, item: WorkItem, actor: Person, at: datetime) -> WorkItem:
    """Take a question: the expert it is addressed to, or any of its field where nobody has.

    :raises ExpertNotSitting: the actor sits no more
    :raises StepNotAllowed, Stale: somebody else was first
    """
    _take(item, actor, at)
    say(item, MessageKind.TAKEN, actor, at)
    return item


@transaction.atomic
def decline_case(*, item: WorkItem, words: str, actor: Person, at: datetime) -> WorkItem:
    """Give a question back: others of the field may take it, of a sealed one the asker chooses whom to ask.

    :raises WordsMissing: without a reason
    :raises StepNotAllowed, Stale: it was answered, or somebody was first
    """
    said = words_checked(words)
    _go(item, "decline", actor, at)
    CaseSheet.objects.filter(pk=item.case_sheet.pk).update(expert=None)
    item.case_sheet.expert = None
    call_off_of(item, actor, at)
    say(item, MessageKind.DECLINED, actor, at, words=said)
    return item


def write_word(*, item: WorkItem, words: str, actor: Person, at: datetime, uploads: Sequence[Upload] = ()) -> None:
    """Write into the thread of an open case.

    :raises WordsMissing, WordsTooLong, PicturesUnsealed: words and pictures
    :raises ItemClosed: it is settled; asking on opens it again
    """
    WRITE.require(actor, item, at=at)
    said = words_checked(words, files=uploads)
    if item.is_closed:
        raise ItemClosed(title=item.title)
    pictures = pictures_prepared(uploads, is_sealed=item.case_sheet.is_sealed)
    with transaction.atomic():
        say(item, MessageKind.WORD, actor, at, words=said, pictures=pictures)


def answer_case(*, item: WorkItem, words: str, actor: Person, at: datetime, uploads: Sequence[Upload] = ()) -> WorkItem:
    """Answer; who answers a question that was not taken takes it with the answer.

    :raises WordsMissing, WordsTooLong, PicturesUnsealed: words and pictures
    :raises ExpertNotSitting: the actor sits no more
    :raises StepNotAllowed, Stale: it is answered, or somebody else took it
    """
    said = words_checked(words, files=uploads)
    pictures = pictures_prepared(uploads, is_sealed=item.case_sheet.is_sealed)
    with transaction.atomic():
        settle_answer(item, actor, at)
        say(item, MessageKind.ANSWER, actor, at, words=said, pictures=pictures)
    return item


def settle_answer(item: WorkItem, actor: Person, at: datetime) -> None:
    """Move a case to answered, taken on the way where nobody had; the caller adds the line that tells what."""
    if CASE.flow.allows(item, "take"):
        _take(item, actor, at)
    _go(item, "answer", actor, at)
    tell_of(
        item, CASE_ANSWERED, actor, at, body=item.body_id, about=actor, help=item.case_sheet.help, round=item.round,
        on_time=item.due_at is None or at <= item.due_at, hours=hours_between(item.raised_at, at),
    )  # fmt: skip
    # The deadline was that of the answer: what waits for the asker's word is never overdue.
    WorkItem.objects.filter(pk=item.pk).update(due_at=None)
    item.due_at = None


@transaction.atomic
def confirm_case(*, item: WorkItem, score: int | str, actor: Person, at: datetime, words: str = "") -> WorkItem:
    """Say that it is solved and how helpful it was, from 1 to 5; the expert has the credit.

    :raises ValuesUnfit: no score from 1 to 5
    :raises StepNotAllowed, Stale: not answered, or confirmed a moment ago
    """
    said = words_checked(words, is_required=False)
    go(item=item, spec=CASE.step_by_id["confirm"], actor=actor, at=at, said=Said(values={"score": str(score)}))
    sheet = item.case_sheet
    sheet.score = int(str(item.values["score"]))
    CaseSheet.objects.filter(pk=sheet.pk).update(score=sheet.score)
    call_off_of(item, actor, at)
    say(item, MessageKind.SOLVED, actor, at, words=said)
    tell_of(
        item, CASE_SOLVED, actor, at, body=item.body_id, about=item.owner, help=sheet.help, round=item.round
    )  # fmt: skip
    tell_of(item, CASE_RATED, actor, at, body=item.body_id, help=sheet.help, score=sheet.score)
    return item


def ask_on(
    *, item: WorkItem, words: str, actor: Person, at: datetime, uploads: Sequence[Upload] = ()
) -> WorkItem:  # fmt: skip
    """Say that it is not solved, or not any more: the expert goes on, and what counted as solved does not.

    :raises WordsMissing, WordsTooLong, PicturesUnsealed: words and pictures
    :raises StepNotAllowed, Stale: it is not answered, or was moved a moment ago
    """
    said = words_checked(words, files=uploads)
    pictures = pictures_prepared(uploads, is_sealed=item.case_sheet.is_sealed)
    with transaction.atomic():
        was_solved = item.state == "closed"
        _go(item, "reopen", actor, at)
        due_at = due_from(item.body, at)
        WorkItem.objects.filter(pk=item.pk).update(due_at=due_at, values={})
        item.due_at, item.values = due_at, {}
        if was_solved:
            CaseSheet.objects.filter(pk=item.case_sheet.pk).update(score=None)
            item.case_sheet.score = None
            take_back(item, CASE_SOLVED, actor, at)
            take_back(item, CASE_RATED, actor, at)
        say(item, MessageKind.ASKED_ON, actor, at, words=said, pictures=pictures)
    return item


@transaction.atomic
def lapse_case(*, item: WorkItem, actor: Person, at: datetime) -> WorkItem:
    """End a case that was answered and that nobody says anything of; it counts as answered and not as solved.

    :raises ConfirmStillOpen: the answer is younger than the days that the body's playbook leaves
    :raises StepNotAllowed, Stale: it is not answered, or was moved a moment ago
    """
    days = key_of(CONFIRM_KEY, item.body, local_day(at))
    if CASE.flow.allows(item, "lapse") and (at - item.since).days < days:
        CASE.step_by_id["lapse"].right.require(actor, item, at=at)
        raise ConfirmStillOpen(days=days)
    _go(item, "lapse", actor, at)
    call_off_of(item, actor, at)
    say(item, MessageKind.LAPSED, actor, at)
    return item


@transaction.atomic
def withdraw_case(*, item: WorkItem, actor: Person, at: datetime) -> WorkItem:
    """Take a question back that is not answered yet.

    :raises StepNotAllowed, Stale: it is answered, or was moved a moment ago
    """
    _go(item, "withdraw", actor, at)
    call_off_of(item, actor, at)
    say(item, MessageKind.WITHDRAWN, actor, at)
    return item


@transaction.atomic
def let_reader_in(*, item: WorkItem, person: Person, actor: Person, at: datetime) -> ItemPerson:
    """Let somebody read and write along; a sealed case lets nobody in.

    :raises AlreadyInIt: the person is in it
    :raises ItemClosed: it is settled
    """
    LET_IN.require(actor, item, at=at)
    row = let_in(item=item, person=person, part=READER, actor=actor, at=at)
    say(item, MessageKind.LET_IN, actor, at, words=person.name)
    return row


@transaction.atomic
def read_thread(*, item: WorkItem, actor: Person, at: datetime) -> None:
    """Keep that the actor has read the thread up to now."""
    SEE_ITEM.require(actor, item, at=at)
    note_seen(item, actor, at)


def _take(item: WorkItem, actor: Person, at: datetime) -> None:
    step = CASE.step_by_id["take"]
    step.right.require(actor, item, at=at)
    expert = expert_of(actor)
    if expert is None or not expert.is_active:
        raise ExpertNotSitting(name=actor.name)
    go(item=item, spec=step, actor=actor, at=at)
    CaseSheet.objects.filter(pk=item.case_sheet.pk).update(expert=expert)
    item.case_sheet.expert = expert


def _go(item: WorkItem, step: str, actor: Person, at: datetime) -> None:
    go(item=item, spec=CASE.step_by_id[step], actor=actor, at=at)
