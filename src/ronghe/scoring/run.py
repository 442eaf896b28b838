"""One run of one sheet: from tables to results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, _, listed
from ronghe.scoring.exact import UNIT, shown, text
from ronghe.scoring.grading import Grading, Limit, limits_that_ask
from ronghe.scoring.inputs import Inputs, Table
from ronghe.scoring.leaves import Leaves
from ronghe.scoring.period import Period
from ronghe.scoring.plan import Plan
from ronghe.scoring.records import LEFT_OUT
from ronghe.scoring.sheets import Sheet, check_sheet, read_sheet


class SheetUnknown(DomainError):
    """The playbook has no such sheet, or several and none was named."""

    code = "sheet_unknown"
    sentence = N_("范本里没有评分表“%(sheet)s”。可以选：%(known)s。")
    status = 404


class SheetWrong(DomainError):
    """The sheet cannot be run."""

    code = "sheet_wrong"
    sentence = N_("评分表“%(sheet)s”有 %(count)s 处不对，第一处在 %(path)s：%(message)s")
    status = 422


class PeriodNotMeant(DomainError):
    """The sheet is not meant for such a period."""

    code = "period_not_meant"
    sentence = N_("评分表“%(sheet)s”只按%(periods)s计分，不能用于 %(period)s。")
    status = 422


class SubjectTwice(DomainError):
    """The table of subjects has somebody twice on the last day of the period."""

    code = "subject_twice"
    sentence = N_("评分对象名单里 %(subject)s 在期末有 %(count)s 行。同一级别、同一时间只能有一行。")
    status = 422


class NumberTooLarge(DomainError):
    """A sum does not fit into 64 bits: a quantity must be wrong."""

    code = "number_too_large"
    sentence = N_("数量过大，算不准。请检查事实里的 quantity。")
    status = 422


PERIOD_WORDS = {"month": N_("月"), "quarter": N_("季度"), "half": N_("半年"), "year": N_("年")}

LIMIT_WORDS = {
    "first": N_("“%(band)s”取前 %(places)s 名，%(count)s 个对象同分，请评委定先后：%(subjects)s。"),
    "last": N_("“%(band)s”取后 %(places)s 名，%(count)s 个对象同分，请评委定先后：%(subjects)s。"),
    "quota": N_("“%(band)s”有 %(places)s 个名额，%(count)s 个对象同分，请评委定先后：%(subjects)s。"),
}


@dataclass(frozen=True)
class Item:
    """Points of one node below the root."""

    id: str
    score: int
    applicable: bool


@dataclass(frozen=True)
class Note:
    """Something that must be said beside a result."""

    code: str
    sentence: str


@dataclass(frozen=True)
class Result:
    """One subject's result. Numbers are in units of 1/10,000; `total` is None for who is not scored."""

    subject: Any
    total: int | None
    grade: str | None
    rank: int | None
    vetoes: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    items: tuple[Item, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the result with numbers as exact decimal texts."""
        return {
            "subject": self.subject if self.subject is None else str(self.subject),
            "total": None if self.total is None else text(self.total),
            "grade": self.grade,
            "rank": self.rank,
            "vetoes": list(self.vetoes),
            "notes": [note.sentence for note in self.notes],
            "items": [{"id": item.id, "score": text(item.score), "applicable": item.applicable} for item in self.items],
        }


@dataclass(frozen=True)
class Question:
    """A tie at a limit that people must settle before the run can go on."""

    band: str
    limit: str
    places: int
    subjects: tuple[Any, ...]
    sentence: str

    code = "tie_at_limit"

    def as_json(self) -> dict[str, Any]:
        """Return the question for programs."""
        subjects = [str(subject) for subject in self.subjects]
        return {
            "code": self.code,
            "band": self.band,
            "limit": self.limit,
            "places": self.places,
            "subjects": subjects,
            "message": self.sentence,
        }


@dataclass(frozen=True)
class RunResult:
    """A run that is ready to be computed; nothing is read before a result is asked for."""

    playbook: str
    sheet: Sheet
    period: Period
    inputs: Inputs = field(repr=False)
    leaves: Leaves | None = field(default=None, repr=False)
    """What an earlier run of the sheet measured; nothing is gathered twice then."""

    @cached_property
    def plan(self) -> Plan:
        """How it is computed."""
        return self.leaves.plan(self.sheet) if self.leaves else Plan(self.sheet, self.period, self.inputs)

    @cached_property
    def wide(self) -> Table:
        """The Ibis expression of everything about every subject."""
        grading = Grading(self.plan)
        return grading.graded(grading.ranked(self.plan.scored()))

    @cached_property
    def table(self) -> Table:
        """The Ibis expression of the result: who, total, rank, grade, what befell the grade, items."""
        wide = self.wide
        grades = self.sheet.grades
        columns = {name: wide[name] for name in ("subject", "body", "category", "total", "rank", "own_band", "band")}
        columns |= {name: wide[name] for name in ("left_out", "moved", "stepped", "capped")}
        columns |= {f"veto_{index}": wide[f"veto_{index}"] for index in range(len(self.sheet.vetoes))}
        if grades:
            asking = limits_that_ask(grades)
            columns |= {name: wide[name] for name in ["among"] if asking}
            columns |= {limit.column: wide[limit.column] for limit in asking}
        for name, mark in self.plan.items(wide).items():
            columns |= {f"item_{name}": mark.value, f"applicable_{name}": mark.applicable}
        return wide.select(**columns)

    def to_parquet(self, path: Path | str) -> None:
        """Write the result as Parquet, numbers in units of 1/10,000, without loading it here.

        :raises NumberTooLarge: a sum does not fit
        """
        self.compute(lambda: self.inputs.engine.to_parquet(self.table, str(path)))

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """The result as rows, in order of the subjects.

        :raises NumberTooLarge: a sum does not fit
        :raises SubjectTwice: a subject stands in the table of subjects twice
        """
        found = self.compute(lambda: self.inputs.engine.to_pyarrow(self.table)).to_pylist()
        found.sort(key=lambda row: (str(type(row["subject"])), row["subject"]))
        self._refuse_twice([row["subject"] for row in found])
        return list(found)

    @cached_property
    def results(self) -> list[Result]:
        """Every subject's result, in order of the subjects. While a tie is open, the tied have no grade."""
        decisions = self._decisions if any(row["left_out"] for row in self.rows) else {}
        return [self._result(row, decisions) for row in self.rows]

    @cached_property
    def questions(self) -> list[Question]:
        """Ties that people must settle; empty when the run is done."""
        return list(self._questions())

    def as_json(self) -> dict[str, Any]:
        """Return the whole run for programs; `questions` is there only when it stopped with some."""
        answer = {
            "playbook": self.playbook,
            "period": self.period.name,
            "results": [result.as_json() for result in self.results],
        }
        return answer | ({"questions": [question.as_json() for question in self.questions]} if self.questions else {})

    def shown(self, total: int) -> str:
        """Return a total as people see it: two places, four where two would hide the side of a band's edge."""
        return shown(total, self.sheet.grades.edges if self.sheet.grades else ())

    def _result(self, row: Mapping[str, Any], decisions: Mapping[Any, str]) -> Result:
        grades = self.sheet.grades
        asked = grades is not None and any(row[limit.column] for limit in limits_that_ask(grades))
        graded = grades is not None and not asked and row["total"] is not None and row["band"] is not None
        items = [node.id for node in self.sheet.nodes if node.id != self.sheet.root.id]
        return Result(
            subject=row["subject"],
            total=row["total"],
            grade=grades.bands[row["band"]].id if grades and graded else None,
            rank=row["rank"],
            vetoes=tuple(veto.id for index, veto in enumerate(self.sheet.vetoes) if row[f"veto_{index}"]),
            notes=tuple(self._notes(row, decisions, asked=asked)),
            items=()
            if row["left_out"]
            else tuple(Item(name, row[f"item_{name}"], row[f"applicable_{name}"]) for name in items),
        )

    def _notes(self, row: Mapping[str, Any], decisions: Mapping[Any, str], *, asked: bool) -> Iterator[Note]:
        if row["left_out"]:
            decision = decisions.get(row["subject"])
            yield Note(
                "left_out", _("按支部决定不参加评分（%(decision)s）。") % {"decision": decision or _("未写明记录")}
            )
            return
        for index, veto in enumerate(self.sheet.vetoes):
            if row[f"veto_{index}"]:
                barred = {"veto": veto.title["zh"], "honors": "、".join(veto.bars)}
                yield Note("vetoed", _("一票否决：%(veto)s。") % barred)
                if veto.bars:
                    yield Note("barred", _("因“%(veto)s”不得参评：%(honors)s。") % barred)
        if row["total"] is None:
            yield Note("not_applicable", _("没有适用的项目，不计分。"))
            return
        grades = self.sheet.grades
        if grades is None or row["own_band"] is None:
            return
        own = {"band": grades.bands[row["own_band"]].title["zh"]}
        if asked:
            yield Note("tie_open", _("与他人同分，名额待评委定。"))
            return
        if row["moved"]:
            yield Note("moved_by_quota", _("按得分应为%(band)s，因名额移到下一等次。") % own)
        if row["stepped"]:
            yield Note("held_by_steps", _("按得分应为%(band)s，与上期相比变动等次超过规定，按规定的等次数调整。") % own)
        if row["capped"]:
            yield Note("capped_by_veto", _("按得分应为%(band)s，因一票否决降等。") % own)

    def _questions(self) -> Iterator[Question]:
        grades = self.sheet.grades
        for limit in limits_that_ask(grades) if grades else ():
            asked = [row for row in self.rows if row[limit.column]]
            groups: dict[Any, list[dict[str, Any]]] = {}
            for row in asked:
                groups.setdefault(
                    None if grades and grades.within == "all" else row[grades.within if grades else ""], []
                ).append(row)
            for _group, rows in sorted(groups.items(), key=lambda pair: str(pair[0])):
                yield self._question(limit, rows)

    def _question(self, limit: Limit, rows: list[dict[str, Any]]) -> Question:
        quota = limit.band.quota
        places = limit.places
        if places is None and quota is not None:
            places = max((rows[0]["among"] * quota.share + quota.lift()) // UNIT, quota.least)
        subjects = tuple(row["subject"] for row in rows)
        said = {
            "band": limit.band.title["zh"],
            "places": places,
            "count": len(subjects),
            "subjects": "、".join(map(str, subjects)),
        }
        return Question(limit.band.id, limit.what, places or 0, subjects, _(LIMIT_WORDS[limit.what]) % said)

    @cached_property
    def _decisions(self) -> dict[Any, str]:
        """The record that each left-out subject's decision names."""
        facts = self.inputs.facts(self.period, ["item"])
        facts = facts.filter(facts["kind"] == LEFT_OUT).order_by("occurred_at", "id")
        found = self.inputs.engine.to_pyarrow(facts.select("subject", "body", "attribute_item")).to_pylist()
        about = {}
        for row in found:
            subject = row["subject"] if self.sheet.key == "subject" or row["subject"] is not None else row["body"]
            about[subject] = row["attribute_item"]
        return about

    def _refuse_twice(self, subjects: list[Any]) -> None:
        for before, after in pairwise(subjects):
            if before == after:
                raise SubjectTwice(subject=after, count=subjects.count(after))

    def compute(self, act: Any) -> Any:
        """Let the engine work.

        :raises NumberTooLarge: a sum does not fit
        """
        try:
            return act()
        except self.inputs.engine.too_large as error:
            raise NumberTooLarge from error


def run_sheet(
    playbook: Mapping[str, Any],
    sheet_id: str | None = None,
    *,
    period: str,
    facts: Any,
    subjects: Any = None,
    obligations: Any = None,
    previous: Any = None,
    engine: Any = None,
) -> RunResult:
    """Return the run of one sheet of a playbook over tables (see `inputs`) or files (see `files`).

    :raises SheetUnknown: no such sheet, or several and none named
    :raises SheetWrong: the sheet has mistakes (`check_sheet` lists all of them)
    :raises PeriodUnknown: the period cannot be read
    :raises PeriodNotMeant: the sheet is for other periods
    :raises Unreadable: a file cannot be read
    """
    from ronghe.scoring.files import tables_of

    doc = _chosen(playbook, sheet_id)
    problems = check_sheet(doc)
    if problems:
        where = "/".join(map(str, problems[0].path))
        raise SheetWrong(sheet=doc.get("id", "?"), count=len(problems), path=where, message=problems[0].message)
    sheet = read_sheet(doc)
    window = Period.parse(period)
    if sheet.periods and window.piece not in sheet.periods:
        meant = listed(_(PERIOD_WORDS[piece]) for piece in sheet.periods)
        raise PeriodNotMeant(sheet=sheet.id, periods=meant, period=window.name)
    tables = tables_of(facts=facts, subjects=subjects, obligations=obligations, previous=previous)
    return RunResult(_name(playbook), sheet, window, Inputs(**tables, engine=engine))


def _chosen(playbook: Mapping[str, Any], sheet_id: str | None) -> dict[str, Any]:
    sheets = {sheet.get("id"): sheet for sheet in playbook.get("sheets", ()) if isinstance(sheet, dict)}
    if sheet_id is None and len(sheets) == 1:
        return next(iter(sheets.values()))
    if sheet_id not in sheets:
        known = listed(sheets) or _("（没有评分表）")
        raise SheetUnknown(sheet=sheet_id if sheet_id is not None else _("（未指定）"), known=known)
    return dict(sheets[sheet_id])


def _name(playbook: Mapping[str, Any]) -> str:
    return "@".join(str(playbook[key]) for key in ("id", "version") if key in playbook)
