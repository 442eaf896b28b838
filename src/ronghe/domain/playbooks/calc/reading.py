"""Plain data of the right shape to the values of `model`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ronghe.domain.playbooks.calc.cadence import read_cadence
from ronghe.domain.playbooks.calc.forms import (
    AgreementForm,
    AgreementGoalForm,
    AgreementSection,
    CampaignForm,
    CampaignStage,
    FormFigure,
)
from ronghe.domain.playbooks.calc.model import (
    Attendance,
    Cite,
    Condition,
    Document,
    Entry,
    ForGrade,
    Grace,
    Mechanism,
    Rhythm,
    Satisfaction,
    Sitting,
    Template,
    TimeOfDay,
    Words,
)
from ronghe.domain.playbooks.calc.vocabulary import (
    AttendanceWay,
    Better,
    BodyKind,
    Evidence,
    Expected,
    GoalHead,
    Layout,
    PartialWindow,
    Reschedule,
    Signs,
    Ungraded,
    WorkingDayRule,
)
from ronghe.kernel.calendar.calendars import CalendarKind
from ronghe.kernel.calendar.periods import PeriodKind
from ronghe.kernel.calendar.workdays import DayUnit

Data = Mapping[str, Any]

EVERY_WAY = tuple(AttendanceWay)

GRADED_BY = "graded_by"
"""Written into each joined mechanism with `for_grade`: the names of its sheet and grades, since sheets are not inherited."""


def read_words(data: Data) -> Words:
    return Words(data["zh"], data["en"])


def read_entry(data: Data) -> Entry:
    return Entry(data["id"], read_words(data["title"]))


def read_document(data: Data) -> Document:
    return Document(
        id=data["id"],
        title=read_words(data["title"]),
        number=data.get("number"),
        version=data.get("version"),
        effective_from=_day(data.get("effective_from")),
    )


def read_template(data: Data) -> Template:
    return Template(data["id"], read_words(data["title"]), Layout(data["layout"]), tuple(data.get("mechanisms", ())))


def read_mechanism(data: Data, origin: str) -> Mechanism:
    """Return the mechanism in `data`, which came from the playbook `origin`.

    :raises CadenceUnreadable: its cadence is no rule
    """
    evidence, attendance, form = data.get("evidence", {}), data.get("attendance", {}), data.get("form", {})
    return Mechanism(
        id=data["id"],
        title=read_words(data["title"]),
        dimension=data["dimension"],
        origin=origin,
        cites=tuple(_cite(cite) for cite in data.get("cites", ())),
        body_kinds=frozenset(BodyKind(kind) for kind in data["for"]),
        rhythm=_rhythm(data["cadence"]) if "cadence" in data else None,
        calendar=CalendarKind(data.get("calendar", CalendarKind.STATUTORY)),
        grace=_grace(data.get("grace", {})),
        time=_time(data.get("time")),
        sittings=tuple(_sitting(sitting) for sitting in data.get("sittings", ())),
        answers=data["answers"],
        expected=tuple(Expected(expected) for expected in data.get("expected", ())),
        agenda=tuple(read_words(item) for item in form.get("agenda", ())),
        after=tuple(data.get("sequence", {}).get("after", ())),
        satisfied_by=_satisfied_by(data),
        not_with=frozenset(data.get("not_with", ())),
        evidence_required=tuple(Evidence(kind) for kind in evidence.get("required", ())),
        evidence_optional=tuple(Evidence(kind) for kind in evidence.get("optional", ())),
        attendance=Attendance(
            ways=tuple(AttendanceWay(way) for way in attendance.get("ways", EVERY_WAY)),
            is_signature=attendance.get("is_signature", False),
        ),
        counts_for=tuple(data.get("counts_for", ())),
        checks=tuple(read_entry(check) for check in form.get("checks", ())),
        figures=tuple(_figure(figure) for figure in form.get("figures", ())),
        signs=Signs(form.get("signs", Signs.NONE)),
        reschedule=Reschedule(data.get("reschedule", Reschedule.WITHIN_WINDOW)),
        from_on=_day(data.get("from_on")),
        until_on=_day(data.get("until_on")),
        for_grade=_for_grade(data["for_grade"], data[GRADED_BY]) if "for_grade" in data else None,
    )


def _for_grade(data: Data, words: Data) -> ForGrade:
    return ForGrade(
        sheet=data["sheet"],
        title=read_words(words["title"]),
        grades=tuple(read_entry(entry) for entry in words["grades"]),
        is_owed_ungraded=data.get("ungraded") == Ungraded.OWED,
    )


def read_agreement(data: Data | None) -> AgreementForm | None:
    if data is None:
        return None
    return AgreementForm(
        title=read_words(data["title"]),
        preamble=read_words(data["preamble"]),
        sections=tuple(
            AgreementSection(section["id"], read_words(section["title"]), read_words(section["text"]))
            for section in data["sections"]
        ),
        goals=tuple(_goal(goal) for goal in data.get("goals", ())),
    )


def read_campaign(data: Data | None) -> CampaignForm | None:
    if data is None:
        return None
    return CampaignForm(
        starts=date.fromisoformat(data["starts"]),
        ends=date.fromisoformat(data["ends"]),
        stages=tuple(
            CampaignStage(
                id=stage["id"],
                title=read_words(stage["title"]),
                from_on=date.fromisoformat(stage["from_on"]),
                until_on=date.fromisoformat(stage["until_on"]),
                mechanisms=tuple(stage.get("mechanisms", ())),
            )
            for stage in data["stages"]
        ),
        report=tuple(read_entry(section) for section in data.get("report", ())),
    )


def within_campaign(mechanism: Mechanism, campaign: CampaignForm) -> Mechanism:
    """Return the mechanism as it is owed in a campaign: in the stages that name it, else over the whole of it.

    Days that the mechanism itself names hold as they stand.
    """
    stages = [stage for stage in campaign.stages if mechanism.id in stage.mechanisms]
    return replace(
        mechanism,
        from_on=mechanism.from_on or min((stage.from_on for stage in stages), default=campaign.starts),
        until_on=mechanism.until_on or max((stage.until_on for stage in stages), default=campaign.ends),
    )


def _goal(data: Data) -> AgreementGoalForm:
    return AgreementGoalForm(
        id=data["id"],
        head=GoalHead(data["head"]),
        title=read_words(data["title"]),
        unit=read_words(data["unit"]),
        better=Better(data.get("better", Better.UP)),
        baseline=_number_text(data.get("baseline")),
        target=_number_text(data.get("target")),
    )


def _number_text(value: int | Decimal | str | None) -> str | None:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else None if value is None else str(value)


def _figure(data: Data) -> FormFigure:
    return FormFigure(data["id"], read_words(data["title"]), read_words(data["unit"]), data.get("whole", True))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _cite(data: Data) -> Cite:
    clause = data.get("clause")
    return Cite(data["document"], read_words(clause) if clause else None, data.get("rule"))


def _rhythm(data: Data) -> Rhythm:
    return Rhythm(
        cadence=read_cadence(data["rrule"]),
        window=PeriodKind(data["window"]),
        working_day=WorkingDayRule(data.get("working_day", WorkingDayRule.NONE)),
        partial_window=PartialWindow(data.get("partial_window", PartialWindow.NOT_OWED)),
    )


def _grace(data: Data) -> Grace:
    return Grace(data.get("days", 0), DayUnit(data.get("unit", DayUnit.CALENDAR)))


def _time(data: Data | None) -> TimeOfDay | None:
    return TimeOfDay(time.fromisoformat(data["from"]), time.fromisoformat(data["until"])) if data else None


def _sitting(data: Data) -> Sitting:
    return Sitting(data["id"], read_words(data["title"]), _time(data.get("time")), _satisfied_by(data))


def _satisfied_by(data: Data) -> tuple[Satisfaction, ...]:
    return tuple(
        Satisfaction(
            item["kind"],
            tuple(_condition(name, wanted) for name, wanted in sorted(item.get("where", {}).items())),
        )
        for item in data.get("satisfied_by", ())
    )


def _condition(attribute: str, wanted: Any) -> Condition:
    if isinstance(wanted, Mapping):
        return Condition(
            attribute,
            at_least=_bound(wanted, "at_least"),
            at_most=_bound(wanted, "at_most"),
            more_than=_bound(wanted, "more_than"),
            of=wanted.get("of"),
        )
    return Condition(attribute, any_of=tuple(wanted) if isinstance(wanted, list | tuple) else (wanted,))


def read_share(value: int | Decimal | str) -> Fraction:
    """Return a number or a share written as 2, 0.5 or 1/2, exactly."""
    return Fraction(value)


def _bound(data: Data, name: str) -> Fraction | None:
    return read_share(data[name]) if name in data else None
