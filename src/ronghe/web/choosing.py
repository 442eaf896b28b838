"""Choosing a person from a list: by name with the unit beside it, found by pinyin initials too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator, ModelChoiceIteratorValue

from ronghe.domain.org.models import Person
from ronghe.domain.today.selectors.load import load_words

OFFERED = 200
"""People written into the page at most; whoever is not among them is found by searching."""


class PersonSelect(forms.Select):
    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        if isinstance(value, ModelChoiceIteratorValue):
            option["attrs"]["data-initials"] = value.instance.initials  # type: ignore[attr-defined]
        return option


class Offered(ModelChoiceIterator):  # type: ignore[type-arg]
    """The first people of the list, and whoever was chosen."""

    field: Any

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        known = self.field.known
        people = list((self.queryset if known is None else known)[:OFFERED])
        chosen = self.field.chosen
        if chosen and all(person.pk != chosen for person in people):
            people += self.queryset.filter(pk=chosen)
        if self.field.reader is not None:
            reader, now = self.field.reader
            self.field.loads = load_words(reader, now, people)
        for person in people:
            yield self.choice(person)


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One person of `people`; `chosen` is the id that was posted, so that it stays in the list.

    `known` are the same people where the page has read them already.
    """

    widget = PersonSelect
    iterator = Offered
    chosen: int | None = None
    known: list[Person] | None = None
    reader: tuple[Person, datetime] | None = None
    """Who chooses, and when, where what lies on each is said beside the name."""
    loads: Mapping[int, str] = {}

    def __init__(self, *, label: Any, empty_label: Any, required: bool = True) -> None:
        super().__init__(queryset=Person.objects.none(), label=label, empty_label=empty_label, required=required)

    def label_from_instance(self, person: Any) -> str:
        return person_words(person, self.loads)


def person_words(person: Person, loads: Mapping[int, str]) -> str:
    """Return a person by name and unit, with what lies on them where the reader may know."""
    words = (person.name, person.unit.name if person.unit is not None else "", loads.get(person.pk, ""))
    return " · ".join(word for word in words if word)


def offer(
    form: forms.Form, name: str, people: Any, known: list[Person] | None = None,
    reader: tuple[Person, datetime] | None = None,
) -> None:  # fmt: skip
    """Let the field `name` of `form` choose from `people`, joined with their unit and ordered; `known` saves a read.

    Where work is given, `reader` says who gives it: what lies on each is shown beside the name (`load_words`).
    """
    field: Any = form.fields[name]
    posted = str(form.data.get(name, ""))
    field.chosen = int(posted) if posted.isascii() and posted.isdigit() else None
    field.reader = reader
    field.queryset, field.known = people, known
