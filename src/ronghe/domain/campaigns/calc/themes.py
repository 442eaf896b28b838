"""What themes there are, what each asks for in the end, and as which kind of gathering it is held (SD-10)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ronghe.domain.playbooks.calc.forms import FormFigure
from ronghe.domain.playbooks.calc.model import Mechanism, Words

HELD = "campaigns.activity_held"
"""The fact that a mechanism names, with its `theme`."""
PEOPLE = "人"
"""The unit of figures that count people: they are read from the sign-in sheet."""
PLUS = "党建+"
SOLVED = "solved"
"""The figure that counts problems solved: it is read from the tasks."""
OWN_KIND = {"production": "labor_contest", "culture": "culture_and_sports"}
"""Themes that have a kind of gathering of their own; every other is a `themed_activity`."""
THEMED = "themed_activity"
ALSO = {"joint_study": "learning"}
"""Kinds of gathering that a playbook takes for a theme's too; they may be given that theme and no other."""
LARGEST = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class ThemeForm:
    """A theme as a body's playbook words it, with the figures that its result asks for; `mechanism` is "" by default."""

    code: str
    title: Words
    figures: tuple[FormFigure, ...]
    mechanism: str = ""


def _default(code: str, title: Words, figure: str, named: Words, unit: Words) -> ThemeForm:
    return ThemeForm(code, title, (FormFigure(figure, named, unit, whole=True),))


DEFAULTS = (
    _default("learning", Words("学习", "Study"), "learners", Words("参加", "Took part"), Words(PEOPLE, "people")),
    _default(
        "production", Words("生产", "Production"), SOLVED, Words("解决生产问题", "Problems of production solved"),
        Words("个", "problems"),
    ),
    _default(
        "culture", Words("文体", "Culture and sports"), "attendees", Words("参加", "Took part"), Words(PEOPLE, "people")
    ),
    _default("integrity", Words("廉洁", "Integrity"), "reminded", Words("受教育", "Taught"), Words(PEOPLE, "people")),
)  # fmt: skip
"""The four of “党建+”, where no playbook of the body says otherwise."""


def theme_of(mechanism: Mechanism) -> str:
    """Return the theme whose activities meet a mechanism, "" where it names none."""
    for way in mechanism.satisfied_by:
        if way.kind != HELD:
            continue
        for condition in way.where:
            if condition.attribute == "theme" and condition.any_of:
                return str(min(condition.any_of))
    return ""


def themes_from(mechanisms: Iterable[Mechanism]) -> tuple[ThemeForm, ...]:
    """Return the themes that mechanisms name, in their order, each once; the four where they name none."""
    known = {form.code: form for form in DEFAULTS}
    found: dict[str, ThemeForm] = {}
    for mechanism in mechanisms:
        code = theme_of(mechanism)
        if code and code not in found:
            usual = known.get(code)
            figures = mechanism.figures or (usual.figures if usual is not None else ())
            title = usual.title if usual is not None else Words(bare(mechanism.title.zh), mechanism.title.en)
            found[code] = ThemeForm(code, title, figures, mechanism.id)
    return tuple(found.values()) or DEFAULTS


def bare(title: str) -> str:
    """Return the theme in a mechanism's title: 安全 of “党建+”安全 and of “党建+安全”."""
    for mark in ("“", "”", PLUS):
        title = title.replace(mark, "")
    return title.strip()


def kind_for(theme: str, held: Collection[str]) -> str | None:
    """Return the kind of gathering that a theme is held as by a body that holds the kinds `held`; `None`: not at all."""
    for kind in (OWN_KIND.get(theme), THEMED):
        if kind is not None and kind in held:
            return kind
    return None


def fits(kind: str, theme: str) -> bool:
    """Tell whether a gathering of this kind may have this theme: a labour contest is about production and nothing else."""
    if kind == THEMED:
        return True
    return ALSO.get(kind) == theme or OWN_KIND.get(theme) == kind


def kinds_with_a_theme() -> tuple[str, ...]:
    return (THEMED, *OWN_KIND.values(), *ALSO)


def proposed(figures: Iterable[FormFigure], *, present: int, solved: int) -> dict[str, Decimal]:
    """Return what the platform knows of the figures already: people from the sheet, problems from the tasks."""
    known: dict[str, Decimal] = {}
    for figure in figures:
        if figure.unit.zh == PEOPLE:
            known[figure.id] = Decimal(present)
        elif figure.id == SOLVED:
            known[figure.id] = Decimal(solved)
    return known


def wrong_figure(figures: Iterable[FormFigure], values: Mapping[str, Decimal]) -> FormFigure | None:
    """Return the first figure that is missing, below nought, too large, or broken where it counts whole things."""
    for figure in figures:
        value = values.get(figure.id)
        if value is None or not value.is_finite() or not 0 <= value < LARGEST:
            return figure
        if (figure.whole and value != value.to_integral_value()) or value != value.quantize(Decimal("0.01")):
            return figure
    return None


def added(rows: Iterable[Mapping[str, str]]) -> dict[str, Decimal]:
    """Return the exact sum of each figure over results as they are kept (numbers as text)."""
    total: dict[str, Decimal] = {}
    for row in rows:
        for name, value in row.items():
            total[name] = total.get(name, Decimal(0)) + Decimal(value)
    return total
