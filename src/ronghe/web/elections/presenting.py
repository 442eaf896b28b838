"""Terms and elections in the shapes that components draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ronghe.domain.elections.calc.election import ElectionOutcome
from ronghe.domain.elections.enums import CandidateStage, ElectionState, TermDue
from ronghe.domain.elections.models import Candidate, Election
from ronghe.domain.elections.selectors.elections import ContestView
from ronghe.domain.elections.selectors.terms import HeadState, TermState
from ronghe.kernel.words import _, counted
from ronghe.ui.formats import day as in_words

DUE_SHAPES = {
    TermDue.MISSING: "attention",
    TermDue.OVERDUE: "failed",
    TermDue.ONE_MONTH: "attention",
    TermDue.THREE_MONTHS: "due",
    TermDue.SIX_MONTHS: "upcoming",
    TermDue.RUNNING: "done",
}
STATE_SHAPES = {
    ElectionState.PREPARING: "running",
    ElectionState.APPROVED: "due",
    ElectionState.HELD: "running",
    ElectionState.REPORTED: "attention",
    ElectionState.FILED: "done",
    ElectionState.CANCELLED: "waived",
}
NOW = {
    ElectionState.PREPARING: 0,
    ElectionState.APPROVED: 2,
    ElectionState.HELD: 2,
    ElectionState.REPORTED: 4,
    ElectionState.FILED: 5,
    ElectionState.CANCELLED: 0,
}
"""Which of the five steps an election has come to; a cancelled one is nowhere."""


@dataclass(frozen=True, slots=True)
class TermLine:
    """One body of the overview: its term, the shape and word of its end, who leads it."""

    state: TermState
    head: HeadState

    @property
    def shape(self) -> str:
        return DUE_SHAPES[self.state.due]

    @property
    def word(self) -> str:
        return _(str(self.state.due.label))

    @property
    def left(self) -> str:
        days = self.state.days_left
        if days is None:
            return ""
        if days <= 0:
            return counted("已过 %(count)s 天", -days) % {"count": -days}
        return counted("还有 %(count)s 天", days) % {"count": days}

    @property
    def head_word(self) -> str:
        if self.head.post is None:
            return _("空缺")
        name = self.head.post.person.name
        return _("%(name)s（代理）") % {"name": name} if self.head.is_acting else name


@dataclass(frozen=True, slots=True)
class StepLine:
    state: str
    word: str
    note: str = ""


def steps_of(election: Election) -> list[StepLine]:
    """Return prepare → candidates approved → vote → result reported → filed as the stepper shows them."""
    now = NOW[ElectionState(election.state)]
    words = (_("筹备和提名"), _("上级批复人选"), _("开会投票"), _("上报结果"), _("上级备案"))
    notes = (
        "",
        election.approval_ref or "",
        in_words(election.held_on) if election.held_on else "",
        in_words(election.reported_at.date()) if election.reported_at else "",
        election.filing_ref or "",
    )
    return [
        StepLine("done" if n < now else ("now" if n == now else "next"), word, note)
        for n, (word, note) in enumerate(zip(words, notes, strict=True))
    ]


@dataclass(frozen=True, slots=True)
class CandidateLine:
    """A candidate with the votes of the last time and how it ended."""

    candidate: Candidate
    votes: str
    shape: str
    word: str


def candidate_lines(view: ContestView) -> list[CandidateLine]:
    """Return the candidates of a contest, each with the last votes and the result."""
    last = {count.candidate_id: count for one in view.rounds for count in one.counts}
    won, tied = {one.pk for one in view.elected}, {one.pk for one in view.tied}
    lines = []
    for one in view.candidates:
        count = last.get(one.pk)
        votes = f"{count.votes_for} / {count.votes_against} / {count.votes_abstained}" if count else ""
        if one.pk in won:
            shape, word = "done", _("当选")
        elif one.pk in tied:
            shape, word = "attention", _("票数相等，再投票")
        elif count is not None:
            shape, word = "waived", _("未当选")
        else:
            shape = "upcoming" if one.stage == CandidateStage.NOMINATED else "running"
            word = _(str(CandidateStage(one.stage).label))
        lines.append(CandidateLine(one, votes, shape, word))
    return lines


def outcome_lines(outcome: ElectionOutcome, view: ContestView) -> list[tuple[str, str, str]]:
    """Return shape, name and explanation of a count: the quorum first, then each candidate."""
    names = {one.pk: one.person.name for one in view.candidates}
    lines: list[Any] = [("done" if outcome.quorum.is_met else "failed", _("到会"), str(outcome.quorum))]
    for candidate, line in outcome.lines:
        if candidate in outcome.elected:
            shape, word = "done", _("当选")
        elif candidate in outcome.tied:
            shape, word = "attention", _("票数相等，再投票")
        else:
            shape, word = "waived", _("未当选")
        lines.append((shape, f"{names[candidate]} {word}", str(line)))
    return lines
