"""What people filled in, read by the kind's declaration, and refused in words that name the field."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from ronghe.domain.items.calc.fields import LONGEST, PLACES, FieldProblem, FieldSpec, Value, read_values
from ronghe.domain.items.rules import ItemKind
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, _, listed

_WHY = {
    "missing": N_("“%(field)s”没有填。"),
    "too_long": N_("“%(field)s”最多写 %(most)s 个字。"),
    "no_such_choice": N_("“%(field)s”请从给出的选项里选。"),
    "no_number": N_("“%(field)s”请填数字。"),
    "too_many_places": N_("“%(field)s”最多 %(places)s 位小数。"),
    "too_large": N_("“%(field)s”的数太大了，请核对单位。"),
    "negative": N_("“%(field)s”不能小于 0。"),
    "no_day": N_("“%(field)s”请填日期，如 2026-12-31。"),
}


class ValuesUnfit(DomainError):
    code = "item_values_unfit"
    sentence = N_("%(problems)s")
    status = 422

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        super().__init__(problems="")
        self.problems = problems

    def __str__(self) -> str:
        return "".join(self.by_field().values())

    def by_field(self) -> dict[str, str]:
        """Return a sentence for each field, by its id: for a form that shows it beside the field."""
        return {problem.field.id: _(_WHY[problem.why]) % _named(problem.field) for problem in self.problems}


def filled(
    specs: Sequence[FieldSpec], given: Mapping[str, object], *, required: Collection[str] = ()
) -> dict[str, Value]:
    """Return the cleaned values of `specs`.

    :raises ValuesUnfit: one or several do not fit; all of them are named
    """
    values, problems = read_values(specs, given, required=required)
    if problems:
        raise ValuesUnfit(problems)
    return values


def in_words(kind: ItemKind, values: Mapping[str, object]) -> list[tuple[FieldSpec, str]]:
    """Return what was filled in as people read it, in the order of the kind's fields."""
    return [(spec, said(spec, values[spec.id])) for spec in kind.fields if values.get(spec.id) not in (None, "", [])]


def said(spec: FieldSpec, value: object) -> str:
    """Return one value in words: a choice's title, a number with its unit, yes or no."""
    words = dict(spec.choices)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return listed(_(words.get(str(one), str(one))) for one in value)
    if spec.choices:
        return _(words.get(str(value), str(value)))
    if spec.type in PLACES:
        whole, dot, rest = str(value).partition(".")
        return f"{int(whole):,}{dot}{rest} {_(spec.unit)}".strip()
    return str(value)


def _named(spec: FieldSpec) -> dict[str, object]:
    return {
        "field": _(spec.title),
        "most": LONGEST.get(spec.type.value, LONGEST["text"]),
        "places": PLACES.get(spec.type, 0),
    }
