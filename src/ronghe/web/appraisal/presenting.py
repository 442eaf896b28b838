"""A run and its explanation in the shapes that components draw."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.urls import reverse

from ronghe.domain.appraisal.calc.notice import Notice
from ronghe.domain.appraisal.enums import CHECKED, RunState
from ronghe.domain.appraisal.models import Run
from ronghe.domain.appraisal.selectors.explaining import Explanation, FactLine, FaultLine
from ronghe.domain.appraisal.selectors.wording import in_titles, period_title
from ronghe.domain.playbooks.calc.model import Playbook
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.kernel.calendar.calendars import statutory_calendar
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.language import in_language
from ronghe.kernel.words import _, counted, listed
from ronghe.scoring.exact import UNIT, shown, units
from ronghe.scoring.measures.base import Measure
from ronghe.scoring.nodes.fold import Fold
from ronghe.scoring.period import Period
from ronghe.scoring.sheets import Sheet
from ronghe.ui.explain import ExplainFact, ExplainNode
from ronghe.ui.formats import day as day_words

FACTS_AT_ONCE = 300
"""Up to so many facts in all, the page carries them; beyond, each node fetches its own when it is opened."""

STAR_WORDS = {"no": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
"""Grades named `four_star` are drawn as stars (RT-04: other names are shown as they are)."""

RECORDS = {
    "appraisal.panel": "web:panel_detail",
    "appraisal.vetocase": "web:veto_detail",
    "rhythm.activity": "web:activity_detail",
    "work.task": "web:task_detail",
}
"""Where the record behind a fact is shown; whether the reader may see it is for that page to say."""


def period_short(period: str) -> str:
    """Return a period without its year, for the labels below a line: 三季度; a year stays what it is."""
    title, year = period_title(period), period_title(period[:4])
    return title.removeprefix(year) or title


def stars_of(grade: str | None) -> int | None:
    """Return how many stars a grade is, if its id says so."""
    word, _sep, rest = (grade or "").partition("_")
    return STAR_WORDS.get(word) if rest == "star" else None


@dataclass(frozen=True, slots=True)
class StepLine:
    state: str
    word: str
    note: str = ""


def steps_of(run: Run, at: datetime) -> list[StepLine]:
    """Return draft (→ self-check → review) → notice → final as the stepper shows them, with what the present one waits for."""
    order = [RunState.DRAFT, RunState.SELF_CHECK, RunState.REVIEW, RunState.PUBLIC_NOTICE, RunState.FINAL]
    if run.check_until is None:
        order = [state for state in order if state not in CHECKED]
    now = order.index(RunState(run.state)) if run.state in order else 0
    notes = {RunState.PUBLIC_NOTICE: notice_words(run, at), RunState.SELF_CHECK: check_words(run)}
    lines = []
    for place, state in enumerate(order):
        mark = "done" if place < now or run.state == RunState.FINAL else "now" if place == now else "next"
        word = _("定稿封存") if state == RunState.FINAL else str(state.label)
        if place == 0 and now == 0:
            word = str(RunState(run.state).label)
        lines.append(StepLine(mark, word, notes.get(state, "") if mark == "now" else ""))
    return lines


def check_words(run: Run) -> str:
    """Return how long the self-check lasts: 到 10月15日."""
    if run.state != RunState.SELF_CHECK or run.check_until is None:
        return ""
    return _("到 %(day)s") % {"day": day_words(run.check_until, "short")}


def notice_words(run: Run, at: datetime) -> str:
    """Return how long the notice still lasts: 剩 1 个工作日."""
    if run.state != RunState.PUBLIC_NOTICE or run.notice_from is None or run.notice_last_on is None:
        return ""
    notice = Notice(run.notice_from, run.notice_last_on)
    left = notice.workdays_left(statutory_calendar(), day_of(at))
    return counted("剩 %(count)s 个工作日", left) % {"count": left} if left else _("公示期满")


def tree_of(
    explanation: Explanation, run: Run, playbook: Playbook, facts: Mapping[int, FactLine] | None,
    faults: Mapping[str, list[FaultLine]],
) -> ExplainNode:  # fmt: skip
    """Return the tree that the component draws; without `facts` every node fetches its own when it is opened."""
    drawing = _Drawing(explanation, run, playbook, facts, faults)
    return drawing.node(explanation.tree, level=0, parent=None)


@dataclass(frozen=True)
class _Drawing:
    explanation: Explanation
    run: Run
    playbook: Playbook
    facts: Mapping[int, FactLine] | None
    faults: Mapping[str, list[FaultLine]]

    def node(self, tree: Mapping[str, Any], *, level: int, parent: Mapping[str, Any] | None) -> ExplainNode:
        applies = tree["applicable"]
        value, full = units(tree["value"]), units(tree["full"])
        children = tuple(self.node(child, level=level + 1, parent=tree) for child in tree["children"])
        is_leaf = not children
        return ExplainNode(
            name=in_language(tree["title"]),
            measured=self._measured(tree),
            method=self._words(tree["formula"]) if is_leaf else "",
            weight=shown(full).removesuffix(".00"),
            score=shown(value),
            counted=shown(_counted(tree, parent)),
            full=Decimal(value) / full if applies and full > 0 else None,
            kind="normal" if applies else "na",
            note="" if applies else _("不适用，权重分给其余各项"),
            open=level == 0,
            id=f"node-{tree['id'].replace('@', '-')}",
            period=_("取数 %(span)s") % {"span": self._span()} if is_leaf and applies else "",
            facts=self._facts(tree) if is_leaf else (),
            facts_href=self._href(tree) if is_leaf and self.facts is None and tree["facts"] else "",
            children=children,
        )

    @cached_property
    def _words(self) -> Callable[[str], str]:
        return in_titles(self.explanation.sheet, self.playbook)

    def _measured(self, tree: Mapping[str, Any]) -> str:
        if tree["children"]:
            count = len(tree["children"])
            idle = sum(not child["applicable"] for child in tree["children"])
            if idle:
                return _("%(count)s 项，%(idle)s 项不适用") % {"count": count, "idle": idle}
            return counted("%(count)s 项", count) % {"count": count}
        if not tree["applicable"]:
            return _("本期没有")
        if tree.get("raw") is not None:
            said = {"measured": tree["measured"], "raw": tree["raw"], "peers": tree["peers"]}
            return _("%(measured)s（本身 %(raw)s，同类平均 %(peers)s）") % said
        return tree["measured"] or ""

    def _facts(self, tree: Mapping[str, Any]) -> tuple[ExplainFact, ...]:
        if self.facts is None and tree["facts"]:
            return ()  # fetched with the faults when the node is opened
        known = () if self.facts is None else (self.facts[one] for one in tree["facts"] if one in self.facts)
        return (
            *drawn_faults(faults_of(self.explanation.sheet, tree["id"], self.faults), self.playbook),
            *drawn_facts(known),
        )

    def _href(self, tree: Mapping[str, Any]) -> str:
        subject = self.explanation.result.row.subject
        return reverse("web:run_facts", args=[self.run.pk, subject, tree["id"]])

    def _span(self) -> str:
        period = Period.parse(self.run.period)
        last = Period.parse(self.run.period).day_until.toordinal() - 1
        return f"{day_words(period.day_from, 'short')}—{day_words(type(period.day_from).fromordinal(last), 'short')}"


def drawn_facts(lines: Iterable[FactLine]) -> tuple[ExplainFact, ...]:
    """Return facts as the tree lists them."""
    return tuple(
        ExplainFact(
            at=day_words(line.occurred_at, "short"),
            what=_what(line),
            where=line.where,
            counted=shown(line.quantity).removesuffix(".00") if line.quantity != UNIT else _("1 次"),
            href=reverse(RECORDS[line.source_type], args=[line.source_id]) if line.source_type in RECORDS else "",
        )
        for line in lines
    )


def drawn_faults(lines: Iterable[FaultLine], playbook: Playbook) -> tuple[ExplainFact, ...]:
    """Return missed and late duties as the tree lists them."""
    titles = {mechanism.id: mechanism.title.here for mechanism in playbook.mechanisms}
    return tuple(
        ExplainFact(
            at=day_words(line.due_on, "short"),
            what=titles.get(line.mechanism, line.mechanism),
            counted=_("迟办") if line.is_late else _("漏办"),
        )
        for line in lines
    )


def faults_of(sheet: Sheet, node_id: str, faults: Mapping[str, list[FaultLine]]) -> list[FaultLine]:
    """Return the missed and late duties behind one node, in order."""
    asked = mechanisms_of(sheet, node_id.partition("@")[0])
    found = [line for mechanism in asked for line in faults.get(mechanism, ())]
    return sorted(found, key=lambda line: (line.due_on, line.mechanism))[:FACTS_AT_ONCE]


def mechanisms_of(sheet: Sheet, node_id: str) -> tuple[str, ...]:
    """Return the mechanisms that a node asks about."""
    nodes = [node.piece if isinstance(node, Fold) else node for node in sheet.nodes]
    measures: list[Measure] = [part for node in nodes if node.id == node_id and node.of for part in node.of.parts]
    return tuple(name for measure in measures for name in getattr(measure, "mechanisms", ()))


def _what(line: FactLine) -> str:
    kinds = {kind.value: str(kind.label) for kind in ActivityType}
    named = [kinds[value] for value in line.attributes.values() if isinstance(value, str) and value in kinds]
    return _("%(title)s（%(more)s）") % {"title": line.title, "more": listed(named)} if named else line.title


def _counted(tree: Mapping[str, Any], parent: Mapping[str, Any] | None) -> int:
    """What a node adds to its parent: more than its own points where it carries the weight of items that do not apply."""
    own = units(tree["value"])
    if parent is None or parent["kind"] != "sum" or not tree["applicable"]:
        return own
    below = sum(units(child["value"]) for child in parent["children"] if child["applicable"])
    idle = any(not child["applicable"] for child in parent["children"])
    if not idle or below <= 0:
        return own
    return (own * units(parent["value"]) * 2 + below) // (2 * below)
