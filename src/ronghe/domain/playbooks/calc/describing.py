"""What a mechanism and the other parts of a playbook say, each field as a title and a text in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ronghe.domain.playbooks.calc.keys import KEYS
from ronghe.domain.playbooks.calc.model import (
    Attendance,
    Cite,
    Condition,
    Document,
    ForGrade,
    Mechanism,
    Playbook,
    Rhythm,
    Satisfaction,
)
from ronghe.domain.playbooks.calc.names import all_named, named
from ronghe.domain.playbooks.calc.phrases import Entry
from ronghe.domain.playbooks.calc.vocabulary import PartialWindow, Reschedule, Signs, WorkingDayRule
from ronghe.domain.playbooks.calc.wording import cadence_words
from ronghe.kernel.language import in_language
from ronghe.kernel.words import N_, _, listed


@dataclass(frozen=True, slots=True)
class Described:
    """One field; two fields of the same name can be compared by their texts."""

    field: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class DescribedPart:
    """One list of a playbook, its entries by id."""

    id: str
    title: str
    entries: tuple[Described, ...]


def described_mechanism(book: Playbook, mechanism: Mechanism) -> tuple[Described, ...]:
    """Return what the mechanism says, field by field; fields of which it says nothing are left out."""
    return tuple(Described(field, _(title), text) for field, title, text in _fields(book, mechanism) if text)


def _fields(book: Playbook, mechanism: Mechanism) -> Iterator[tuple[str, str, str]]:
    titles = {m.id: m.title.here for m in book.mechanisms}
    yield "title", N_("名称"), mechanism.title.here
    yield "dimension", N_("维度"), _title(book.dimensions, mechanism.dimension)
    yield "counts_for", N_("分组"), listed(_title(book.groups, group) for group in mechanism.counts_for)
    yield "for", N_("适用组织"), all_named(mechanism.body_kinds)
    yield "for_grade", N_("按评定等次"), _for_grade(mechanism.for_grade)
    yield "cadence", N_("频次"), cadence_words(mechanism)
    yield "window", N_("限期"), _window(mechanism.rhythm)
    yield "days", N_("起止"), _days(mechanism)
    yield "time", N_("时刻"), _times(mechanism)
    yield "reschedule", N_("改期"), named(mechanism.reschedule) if _has_day(mechanism) else ""
    yield "answers", N_("谁负责"), _title(book.roles, mechanism.answers)
    yield "expected", N_("应到"), all_named(mechanism.expected)
    yield "attendance", N_("签到方式"), _attendance(mechanism.attendance) if mechanism.expected else ""
    yield "signs", N_("签字"), named(mechanism.signs) if mechanism.signs is not Signs.NONE else ""
    yield "agenda", N_("议题"), _lines(item.here for item in mechanism.agenda)
    yield "checks", N_("检查表"), _lines(check.title.here for check in mechanism.checks)
    yield "figures", N_("要填的数"), _lines(_more(one.title.here, one.unit.here) for one in mechanism.figures)
    yield "evidence_required", N_("必须留的"), all_named(mechanism.evidence_required)
    yield "evidence_optional", N_("可以留的"), all_named(mechanism.evidence_optional)
    yield "after", N_("先后次序"), listed(titles.get(name, name) for name in mechanism.after)
    yield "satisfied_by", N_("什么记录算办到"), _satisfactions(mechanism)
    yield "not_with", N_("不与谁共用记录"), listed(sorted(titles.get(name, name) for name in mechanism.not_with))
    yield "cites", N_("依据"), listed(cite_words(book, cite) for cite in mechanism.cites)


def cite_words(book: Playbook, cite: Cite) -> str:
    """Return the document, clause and rule number that a mechanism stands on."""
    document = next((document.title.here for document in book.documents if document.id == cite.document), cite.document)
    said = _("《%(title)s》") % {"title": document} + (cite.clause.here if cite.clause else "")
    return _more(said, cite.rule) if cite.rule else said


def described_parts(book: Playbook) -> tuple[DescribedPart, ...]:
    """Return everything beside the mechanisms, list by list, always the same lists in the same order."""
    return (
        _part("documents", _("文件"), [(d.id, d.title.here, _document(d)) for d in book.documents]),
        _part("dimensions", _("维度"), _entries(book.dimensions)),
        _part("groups", _("分组"), _entries(book.groups)),
        _part("roles", _("谁负责"), _entries(book.roles)),
        _part(
            "templates", _("模板"), [(t.id, t.title.here, _template(t.layout, t.title.here)) for t in book.templates]
        ),
        _part(
            "keys", _("参数"), [(name, _(KEYS[name].meaning), key_words(name, book.keys[name])) for name in book.keys]
        ),
        _part("agreement", _("合作协议"), list(_agreement(book))),
        _part("campaign", _("专项活动"), list(_campaign(book))),
        _part("sheets", _("评分表"), list(_sheets(book))),
    )


def key_words(name: str, value: Any) -> str:
    """Return the value of a key with its unit: `5 个工作日`, `1/3`, `好、较好、一般、差`."""
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, tuple):
        return listed(grade.title.here for grade in value)
    return _("%(number)s %(unit)s") % {"number": value, "unit": _(KEYS[name].unit)}


def _part(part_id: str, title: str, entries: Iterable[tuple[str, str, str]]) -> DescribedPart:
    return DescribedPart(part_id, title, tuple(Described(*entry) for entry in entries))


def _entries(entries: Iterable[Entry]) -> list[tuple[str, str, str]]:
    return [(entry.id, entry.title.here, entry.title.here) for entry in entries]


def _title(entries: Iterable[Entry], entry_id: str) -> str:
    return next((entry.title.here for entry in entries if entry.id == entry_id), entry_id)


def _more(title: str, more: str) -> str:
    return _("%(title)s（%(more)s）") % {"title": title, "more": more}


def _lines(texts: Iterable[str]) -> str:
    """Whole phrases, which have commas of their own."""
    return _("；").join(texts)


def _for_grade(wanted: ForGrade | None) -> str:
    if wanted is None:
        return ""
    said = _more(wanted.title.here, listed(grade.title.here for grade in wanted.grades))
    return _("，").join([said, _("没有定稿等次的也要办")]) if wanted.is_owed_ungraded else said


def _window(rhythm: Rhythm | None) -> str:
    if rhythm is None:
        return ""
    said = [named(rhythm.window)]
    if rhythm.working_day is not WorkingDayRule.NONE:
        said.append(named(rhythm.working_day))
    if rhythm.partial_window is not PartialWindow.NOT_OWED:
        said.append(named(rhythm.partial_window))
    return _("，").join(said)


def _has_day(mechanism: Mechanism) -> bool:
    return mechanism.rhythm is not None and (
        mechanism.rhythm.cadence.names_day or mechanism.reschedule is not Reschedule.WITHIN_WINDOW
    )


def _days(mechanism: Mechanism) -> str:
    begin, end = mechanism.from_on, mechanism.until_on
    if begin and end:
        return _("%(from)s 起，%(until)s 前") % {"from": begin, "until": end}
    if begin:
        return _("%(from)s 起") % {"from": begin}
    return _("%(until)s 前") % {"until": end} if end else ""


def _times(mechanism: Mechanism) -> str:
    clocks = [("", mechanism.time)] + [(sitting.title.here, sitting.time) for sitting in mechanism.sittings]
    return listed(
        " ".join(filter(None, [title, f"{clock.from_at:%H:%M}–{clock.until_at:%H:%M}"]))
        for title, clock in clocks
        if clock
    )


def _attendance(attendance: Attendance) -> str:
    ways = all_named(attendance.ways)
    return _more(ways, _("签到同时算签字")) if attendance.is_signature else ways


def _satisfactions(mechanism: Mechanism) -> str:
    every = [*mechanism.satisfied_by, *(item for sitting in mechanism.sittings for item in sitting.satisfied_by)]
    return _("；").join(dict.fromkeys(_satisfaction(item) for item in every))


def _satisfaction(item: Satisfaction) -> str:
    conditions = listed(_condition(condition) for condition in item.where)
    return _more(item.kind, conditions) if conditions else item.kind


def _condition(condition: Condition) -> str:
    if condition.any_of is not None:
        return f"{condition.attribute} = {' | '.join(map(str, condition.any_of))}"
    bounds = ((">=", condition.at_least), (">", condition.more_than), ("<=", condition.at_most))
    of = f" × {condition.of}" if condition.of else ""
    return " & ".join(f"{condition.attribute} {sign} {bound}{of}" for sign, bound in bounds if bound is not None)


def _document(document: Document) -> str:
    said = [document.title.here, document.number, document.version, document.effective_from]
    return " ".join(str(one) for one in said if one)


def _template(layout: Any, title: str) -> str:
    return _more(title, named(layout))


def _agreement(book: Playbook) -> Iterator[tuple[str, str, str]]:
    form = book.agreement
    if form is None:
        return
    yield "title", _("名称"), form.title.here
    yield "preamble", _("开头"), form.preamble.here
    for section in form.sections:
        yield f"section.{section.id}", section.title.here, section.text.here
    for goal in form.goals:
        numbers = " → ".join(number or "…" for number in (goal.baseline, goal.target))
        said = [named(goal.head), goal.title.here, goal.unit.here, named(goal.better), numbers]
        yield f"goal.{goal.id}", goal.title.here, _("，").join(said)


def _campaign(book: Playbook) -> Iterator[tuple[str, str, str]]:
    form = book.campaign
    if form is None:
        return
    yield "days", _("起止"), _("%(from)s 起，%(until)s 前") % {"from": form.starts, "until": form.ends}
    for stage in form.stages:
        days = _("%(from)s 起，%(until)s 前") % {"from": stage.from_on, "until": stage.until_on}
        yield f"stage.{stage.id}", stage.title.here, _more(stage.title.here, days)
    for section in form.report:
        yield f"report.{section.id}", section.title.here, section.title.here


def _sheets(book: Playbook) -> Iterator[tuple[str, str, str]]:
    for sheet in book.sheets:
        yield sheet["id"], in_language(sheet["title"]), in_language(sheet["title"])
        yield from _nodes(sheet["root"], sheet["id"])
        for veto in sheet.get("vetoes", ()):
            yield f"{sheet['id']}.{veto['id']}", in_language(veto["title"]), in_language(veto["title"])
        for band in sheet.get("grades", {}).get("bands", ()):
            yield (
                f"{sheet['id']}.{band['id']}",
                in_language(band["title"]),
                _band(band),
            )


def _nodes(node: Mapping[str, Any], above: str) -> Iterator[tuple[str, str, str]]:
    path, title = f"{above}.{node['id']}", in_language(node["title"])
    rest = {key: value for key, value in node.items() if key not in {"id", "title", "items"}}
    yield path, title, title if rest == {"kind": "sum"} else _more(title, _plain(rest))
    for item in node.get("items", ()):
        yield from _nodes(item, path)


def _band(band: Mapping[str, Any]) -> str:
    title, condition = in_language(band["title"]), _plain(band.get("if", {}))
    return _more(title, condition) if condition else title


def _plain(value: Any) -> str:
    """Return data as the file writes them, in the order of their names; words in the reader's language."""
    if isinstance(value, Mapping):
        if value.keys() == {"zh", "en"}:
            return in_language(value)
        return " ".join(f"{key}: {_plain(item)}" for key, item in sorted(value.items()))
    if isinstance(value, list | tuple):
        return "[" + " ".join(_plain(item) for item in value) + "]"
    return str(value)
