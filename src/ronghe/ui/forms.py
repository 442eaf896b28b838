"""How Django's forms look here: label, help, 已知 mark, error beside the field; and inputs of the browser's own kinds."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Set as FORM_RENDERER; `{{ form.title.as_field_group }}` then gives the whole field."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class DateTimeInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


def fill_known(form: forms.BaseForm, known: Mapping[str, tuple[object, str]]) -> None:
    """Fill fields with what is already known and mark them 已知.

    `known` maps a field's name to (value, where it is known from), such as `{"unit": (unit.pk, "花名册")}`.
    """
    for name, (value, source) in known.items():
        form.initial.setdefault(name, value)
        form.fields[name].known_from = source  # type: ignore[attr-defined]
