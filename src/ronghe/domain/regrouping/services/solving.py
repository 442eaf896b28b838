"""Searching for a proposal: asked on the page, run as a job, each better answer kept at once, stopped when told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from queue import Empty, Queue
from threading import Event, Thread

from django.db import IntegrityError, transaction
from django.utils import timezone

from ronghe.domain.org.models import Person
from ronghe.domain.regrouping.calc.model import Problem, Settings
from ronghe.domain.regrouping.calc.plain import from_plain, to_plain
from ronghe.domain.regrouping.calc.proposals import Impossible, Proposal
from ronghe.domain.regrouping.calc.solving import propose
from ronghe.domain.regrouping.enums import SEARCHING, ProposalSource, SolvingState
from ronghe.domain.regrouping.models import GroupingProposal, Regrouping
from ronghe.domain.regrouping.rules import DRAFT_REGROUPING
from ronghe.domain.regrouping.selectors.asking import Question, question_of
from ronghe.domain.regrouping.services.drafting import (
    MOST_PEOPLE,
    NobodyToGroup,
    next_letter,
    refuse_settled,
    stored_problem,
)
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

LOOK_EVERY_S = 0.2
"""How often a running search looks whether it should stop."""


class AlreadySearching(DomainError):
    code = "already_searching"
    sentence = N_("正在求解，请等它拟好，或先停下。")


class TooManyPeople(DomainError):
    code = "too_many_people"
    sentence = N_("一次最多划分 %(most)s 人，这里有 %(have)s 人。请按作业区分开划分。")
    status = 422


@transaction.atomic
def ask_proposal(*, regrouping: Regrouping, actor: Person, at: datetime) -> GroupingProposal:
    """Put a search for the next proposal down, with everything that it will use; a job runs it.

    :raises AlreadySearching: one is under way
    :raises NotDrafting: it was submitted
    :raises NobodyToGroup, TooManyPeople: there is nobody left to place, or more than one search can do
    """
    DRAFT_REGROUPING.require(actor, regrouping, at=at)
    refuse_settled(regrouping)
    question = question_of(regrouping)
    have = len(question.problem.members)
    if have < regrouping.group_count:
        raise NobodyToGroup(body=regrouping.body.name, have=have, need=regrouping.group_count)
    if have > MOST_PEOPLE:
        raise TooManyPeople(most=MOST_PEOPLE, have=have)
    try:
        with transaction.atomic():
            return _put_down(regrouping, question, actor, at)
    except IntegrityError as error:
        raise AlreadySearching from error


def _put_down(regrouping: Regrouping, question: Question, actor: Person, at: datetime) -> GroupingProposal:
    return GroupingProposal.objects.create(
        regrouping=regrouping,
        letter=next_letter(regrouping),
        source=ProposalSource.SOLVER,
        problem=stored_problem(question.problem),
        groups_today=[group.pk for group in question.crew.groups],
        settings={
            **to_plain(question.settings),
            "hubs": list(question.hubs),
            "groups": regrouping.group_count,
            "asked": regrouping.settings_version,
        },
        solving=SolvingState.WAITING,
        created_by=actor,
        created_at=at,
    )


@transaction.atomic
def stop_search(*, proposal: GroupingProposal, actor: Person, at: datetime) -> GroupingProposal:
    """Ask a running search to stop; what it found stays. One that has not begun ends at once."""
    DRAFT_REGROUPING.require(actor, proposal.regrouping, at=at)
    rows = GroupingProposal.objects.filter(pk=proposal.pk)
    if not rows.filter(solving=SolvingState.WAITING).update(solving=SolvingState.FAILED, finished_at=at):
        rows.filter(solving=SolvingState.RUNNING).update(stop_asked=True)
    proposal.refresh_from_db()
    return proposal


def search(*, proposal: GroupingProposal, at: datetime, now: Callable[[], datetime] = timezone.now) -> GroupingProposal:
    """Run a search that waits, keeping each better answer as soon as it is there. Not inside a transaction: it takes long.

    The solver works in a thread of its own and touches no table; this one writes, and looks whether to stop.
    A search that is not waiting is left as it is, so that a job may run twice.
    """
    rows = GroupingProposal.objects.filter(pk=proposal.pk)
    if not rows.filter(solving=SolvingState.WAITING).update(solving=SolvingState.RUNNING, started_at=at):
        proposal.refresh_from_db()
        return proposal
    try:
        outcome = _searched(proposal)
    except Exception:
        rows.filter(solving=SolvingState.RUNNING).update(solving=SolvingState.FAILED, finished_at=now())
        raise
    if isinstance(outcome, Proposal):
        _keep(proposal, outcome, solving=SolvingState.DONE, finished_at=now())
    else:
        state = SolvingState.IMPOSSIBLE if outcome.conflicts else SolvingState.FAILED
        rows.filter(solving__in=SEARCHING).update(
            solving=state,
            conflict=[to_plain(one) for one in outcome.conflicts],
            outcome={"ms": outcome.ms},
            finished_at=now(),
        )
    proposal.refresh_from_db()
    return proposal


def _searched(proposal: GroupingProposal) -> Proposal | Impossible:
    """Return what the search ends with; better answers are kept on the way."""
    better: Queue[Proposal] = Queue()
    ended: Queue[Proposal | Impossible | BaseException] = Queue()
    stop = Event()
    problem, settings = from_plain(Problem, proposal.problem), from_plain(Settings, _plain_settings(proposal))

    def run() -> None:
        try:
            ended.put(
                propose(
                    problem,
                    proposal.settings["groups"],
                    settings,
                    fixed_hubs=proposal.settings["hubs"],
                    on_better=better.put,
                    stop=stop,
                )
            )
        except BaseException as error:  # noqa: BLE001 - raised again by the thread that waits
            ended.put(error)

    Thread(target=run, daemon=True).start()
    while True:
        _keep_newest(proposal, better)
        if GroupingProposal.objects.filter(pk=proposal.pk, stop_asked=True).exists():
            stop.set()
        try:
            outcome = ended.get(timeout=LOOK_EVERY_S)
        except Empty:
            continue
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome


def _plain_settings(proposal: GroupingProposal) -> dict[str, object]:
    return {name: value for name, value in proposal.settings.items() if name not in {"hubs", "groups", "asked"}}


def _keep_newest(proposal: GroupingProposal, better: Queue[Proposal]) -> None:
    newest: Proposal | None = None
    while not better.empty():
        newest = better.get()
    if newest is not None:
        _keep(proposal, newest)


def _keep(proposal: GroupingProposal, found: Proposal, **further: object) -> None:
    plain = found.to_json()
    proposal.version += 1
    GroupingProposal.objects.filter(pk=proposal.pk).update(
        assignment=plain.pop("assignment"),
        outcome={name: value for name, value in plain.items() if name != "settings"} | {"gap_e4": found.gap_e4},
        version=proposal.version,
        **further,
    )
