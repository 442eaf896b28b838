"""A playbook as the program uses it: frozen values, bases joined in, references known to be good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from fractions import Fraction
from typing import Any

from ronghe.domain.playbooks.calc.cadence import Cadence
from ronghe.domain.playbooks.calc.forms import AgreementForm, CampaignForm, FormFigure
from ronghe.domain.playbooks.calc.keys import key_default
from ronghe.domain.playbooks.calc.phrases import Entry as Entry  # noqa: PLC0414 - who reads a model finds it here
from ronghe.domain.playbooks.calc.phrases import Words as Words  # noqa: PLC0414 - who reads a model finds it here
from ronghe.domain.playbooks.calc.vocabulary import (
    AttendanceWay,
    BodyKind,
    Evidence,
    Expected,
    Layout,
    PartialWindow,
    Reschedule,
    Signs,
    WorkingDayRule,
)
from ronghe.kernel.calendar.calendars import CalendarKind
from ronghe.kernel.calendar.periods import PeriodKind
from ronghe.kernel.calendar.workdays import DayUnit


@dataclass(frozen=True, slots=True)
class Document:
    """A governing document, kept by version."""

    id: str
    title: Words
    number: str | None
    version: str | None
    effective_from: date | None


@dataclass(frozen=True, slots=True)
class Cite:
    """The clause that a mechanism stands on, and its number in the rule book where it has one."""

    document: str
    clause: Words | None
    rule: str | None


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """When on the day it is held, Shanghai time, `from_at` before `until_at`."""

    from_at: time
    until_at: time


@dataclass(frozen=True, slots=True)
class Condition:
    """What one attribute of a fact must be; several bounds must all hold."""

    attribute: str
    any_of: tuple[Any, ...] | None = None
    at_least: Fraction | None = None
    at_most: Fraction | None = None
    more_than: Fraction | None = None
    of: str | None = None
    """The attribute that the bounds are shares of (`present` at least 1/2 of `expected`), else plain numbers."""


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """A kind of fact that satisfies the mechanism when all conditions hold."""

    kind: str
    where: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Sitting:
    """One of several times a day, such as the evening half of the huddles."""

    id: str
    title: Words
    time: TimeOfDay | None
    satisfied_by: tuple[Satisfaction, ...]


@dataclass(frozen=True, slots=True)
class Grace:
    """How long after the due day a record still counts, as late."""

    days: int = 0
    unit: DayUnit = DayUnit.CALENDAR


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a mechanism is owed: the cadence, the window it may be met in, and what free days do to it."""

    cadence: Cadence
    window: PeriodKind
    working_day: WorkingDayRule
    partial_window: PartialWindow


@dataclass(frozen=True, slots=True)
class ForGrade:
    """By which grades of which sheet a mechanism is owed (RT-03); the sheet stands in the playbook that wrote both."""

    sheet: str
    title: Words
    grades: tuple[Entry, ...]
    is_owed_ungraded: bool

    def title_of(self, grade: str) -> str:
        """Return the name of one of its grades in the reader's language, the id of any other."""
        return next((entry.title.here for entry in self.grades if entry.id == grade), grade)


@dataclass(frozen=True, slots=True)
class Attendance:
    """The ways of signing in that count, and whether signing in signs the record too."""

    ways: tuple[AttendanceWay, ...]
    is_signature: bool


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One institution of the model. Without `rhythm` it is held on occasion and owes nothing by date."""

    id: str
    title: Words
    dimension: str
    origin: str
    """The id of the playbook that wrote it: this one or a base."""
    cites: tuple[Cite, ...]
    body_kinds: frozenset[BodyKind]
    rhythm: Rhythm | None
    calendar: CalendarKind
    grace: Grace
    time: TimeOfDay | None
    sittings: tuple[Sitting, ...]
    answers: str
    expected: tuple[Expected, ...]
    agenda: tuple[Words, ...]
    after: tuple[str, ...]
    satisfied_by: tuple[Satisfaction, ...]
    not_with: frozenset[str]
    evidence_required: tuple[Evidence, ...]
    evidence_optional: tuple[Evidence, ...]
    attendance: Attendance
    counts_for: tuple[str, ...]
    checks: tuple[Entry, ...] = ()
    """Lines of a checklist, each answered fine, a problem or not applicable; a problem may become a task."""
    figures: tuple[FormFigure, ...] = ()
    signs: Signs = Signs.NONE
    reschedule: Reschedule = Reschedule.WITHIN_WINDOW
    from_on: date | None = None
    """Owed from this day; of a campaign's mechanism, from the begin of its stage."""
    until_on: date | None = None
    """Owed until, not including, this day."""
    for_grade: ForGrade | None = None
    """Owed only while the body's final grade is one of these; nothing where every body owes it alike."""

    @property
    def is_owed_ungraded(self) -> bool:
        """Tell whether a body without a final grade owes it."""
        return self.for_grade is None or self.for_grade.is_owed_ungraded


@dataclass(frozen=True, slots=True)
class Template:
    """A document that the model prints, for which mechanisms, in which layout."""

    id: str
    title: Words
    layout: Layout
    mechanisms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Override:
    """A mechanism that this playbook writes anew over a base, and the keys in which the two differ."""

    mechanism: str
    base: str
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Playbook:
    """One version of an integration model with its bases joined in."""

    id: str
    version: int
    title: Words
    extends: tuple[str, ...]
    documents: tuple[Document, ...]
    dimensions: tuple[Entry, ...]
    groups: tuple[Entry, ...]
    roles: tuple[Entry, ...]
    mechanisms: tuple[Mechanism, ...]
    sheets: tuple[Mapping[str, Any], ...]
    templates: tuple[Template, ...]
    overrides: tuple[Override, ...]
    agreement: AgreementForm | None
    campaign: CampaignForm | None
    keys: Mapping[str, Any]
    """What the file sets; `key` adds the defaults."""
    content: Mapping[str, Any]
    """The joined plain data: what an adoption keeps and `playbook_of` reads again."""
    digest: str

    @property
    def reference(self) -> str:
        return f"{self.id}@{self.version}"

    def key(self, name: str) -> Any:
        """Return the value of a parameter, as the file sets it or by default: an int, a `Fraction`, or entries.

        :raises KeyError: there is no such key (see `calc/keys.py`)
        """
        return self.keys[name] if name in self.keys else key_default(name)

    def mechanism(self, mechanism_id: str) -> Mechanism:
        """Return the mechanism of this id.

        :raises KeyError: there is none
        """
        return {mechanism.id: mechanism for mechanism in self.mechanisms}[mechanism_id]

    def mechanisms_for(self, kind: BodyKind) -> tuple[Mechanism, ...]:
        """Return the mechanisms that a body of this kind owes, in file order."""
        return tuple(mechanism for mechanism in self.mechanisms if kind in mechanism.body_kinds)
