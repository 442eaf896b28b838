"""Forms made from a kind's declaration: raising, taking a step, noting, changing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from ronghe.domain.items.calc.fields import LONGEST, FieldSpec, FieldType
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.rules import Gives, ItemKind, Need, StepSpec
from ronghe.domain.org.models import PartyOrg
from ronghe.kernel.words import _
from ronghe.ui.forms import DateInput, DateTimeInput
from ronghe.web.choosing import PersonField, offer


def area(rows: int = 2) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


def field_for(spec: FieldSpec, *, is_required: bool | None = None) -> forms.Field:
    """Return the form field of a declared one. What is typed is read by the kind's own rules; here only its shape shows."""
    needed = spec.is_required if is_required is None else is_required
    title = _(spec.title)
    label = _("%(title)s（%(unit)s）") % {"title": title, "unit": _(spec.unit)} if spec.unit else title
    common: dict[str, Any] = {"label": label, "required": needed, "help_text": _(spec.hint) if spec.hint else ""}
    choices = [(code, _(word)) for code, word in spec.choices]
    if spec.type == FieldType.CHOICE:
        return forms.ChoiceField(choices=choices if needed else [("", "—"), *choices], **common)
    if spec.type == FieldType.SEVERAL:
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
    if spec.type == FieldType.YES_NO:
        return forms.BooleanField(**{**common, "required": False})
    if spec.type == FieldType.DAY:
        return forms.CharField(widget=DateInput(), **common)
    if spec.type == FieldType.LONG_TEXT:
        return forms.CharField(max_length=LONGEST["long_text"], widget=area(), **common)
    if spec.type == FieldType.TEXT:
        return forms.CharField(max_length=LONGEST["text"], **common)
    mode = "numeric" if spec.type == FieldType.WHOLE else "decimal"
    return forms.CharField(max_length=24, widget=forms.TextInput({"inputmode": mode}), **common)


class _WithFields(forms.Form):
    """A form whose fields are partly declared by a kind."""

    specs: Sequence[FieldSpec] = ()

    def values(self) -> dict[str, object]:
        return {spec.id: self.cleaned_data.get(spec.id) for spec in self.specs if spec.id in self.cleaned_data}

    @property
    def own_fields(self) -> list[Any]:
        return [self[spec.id] for spec in self.specs]

    def refuse(self, sentences: Mapping[str, str]) -> None:
        """Show what the kind's rules found beside the field that it is about."""
        for name, sentence in sentences.items():
            self.add_error(name if name in self.fields else None, sentence)


class RaiseForm(_WithFields):
    body = forms.ModelChoiceField(
        label=gettext_lazy("交给哪个组织"), queryset=PartyOrg.objects.none(), empty_label=None
    )
    title = forms.CharField(label=gettext_lazy("什么事"), max_length=120)
    text = forms.CharField(label=gettext_lazy("说明"), required=False, max_length=2000, widget=area(3))
    place = forms.CharField(label=gettext_lazy("地点"), required=False, max_length=80)
    due_at = forms.DateTimeField(label=gettext_lazy("何时办完"), required=False, widget=DateTimeInput())

    def __init__(self, *args: Any, kind: ItemKind, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.specs = kind.raised_with
        body: Any = self.fields["body"]
        body.queryset = bodies
        for spec in self.specs:
            self.fields[spec.id] = field_for(spec)
        if kind.text_label:
            self.fields["text"].label = _(kind.text_label)
        if kind.due == Need.NONE:
            del self.fields["due_at"]
        else:
            self.fields["due_at"].required = kind.due == Need.REQUIRED


class StepForm(_WithFields):
    note = forms.CharField(label=gettext_lazy("说明"), required=False, max_length=1000, widget=area())
    due_at = forms.DateTimeField(label=gettext_lazy("何时办完"), required=False, widget=DateTimeInput())
    owner = PersonField(label=gettext_lazy("谁来办"), empty_label=gettext_lazy("请选人"))

    def __init__(
        self, *args: Any, kind: ItemKind, step: StepSpec, item: WorkItem, people: Any, known: Any = None,
        reader: Any = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.specs = [kind.field_by_id[name] for name in step.asks]
        for spec in self.specs:
            self.fields[spec.id] = field_for(spec, is_required=spec.is_required or spec.id in step.requires)
            if item.values.get(spec.id) is not None:
                self.initial.setdefault(spec.id, item.values[spec.id])
        if step.note == Need.NONE:
            del self.fields["note"]
        else:
            self.fields["note"].required = step.note == Need.REQUIRED
            if step.note_label:
                self.fields["note"].label = _(step.note_label)
        if step.due == Need.NONE:
            del self.fields["due_at"]
        else:
            self.fields["due_at"].required = step.due == Need.REQUIRED and item.due_at is None
            self.initial.setdefault("due_at", item.due_at)
        if step.gives == Gives.CHOSEN:
            offer(self, "owner", people, known, reader)
        else:
            del self.fields["owner"]

    @property
    def is_empty(self) -> bool:
        """Nothing is asked: one tap is enough."""
        return not self.fields


class NoteForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("进展"), required=False, max_length=1000, widget=area())
    percent = forms.IntegerField(label=gettext_lazy("完成百分比"), required=False, min_value=0, max_value=100)

    def __init__(self, *args: Any, is_owner: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_owner:
            del self.fields["percent"]


class ChangeForm(_WithFields):
    title = forms.CharField(label=gettext_lazy("什么事"), max_length=120)
    text = forms.CharField(label=gettext_lazy("说明"), required=False, max_length=2000, widget=area(3))
    place = forms.CharField(label=gettext_lazy("地点"), required=False, max_length=80)
    due_at = forms.DateTimeField(label=gettext_lazy("何时办完"), required=False, widget=DateTimeInput())
    reason = forms.CharField(label=gettext_lazy("为什么改"), required=False, max_length=400)

    def __init__(self, *args: Any, kind: ItemKind, item: WorkItem, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "title": item.title, "text": item.text, "place": item.place, "due_at": item.due_at, **item.values,
            **kwargs.get("initial", {}),
        }  # fmt: skip
        super().__init__(*args, **kwargs)
        self.specs = [spec for spec in kind.fields if spec in kind.raised_with or spec.id in item.values]
        for spec in self.specs:
            self.fields[spec.id] = field_for(spec)
        if kind.text_label:
            self.fields["text"].label = _(kind.text_label)
        if kind.due == Need.NONE:
            del self.fields["due_at"]


class PartForm(forms.Form):
    person = PersonField(label=gettext_lazy("谁"), empty_label=gettext_lazy("请选人"))
    part = forms.ChoiceField(label=gettext_lazy("做什么"))
    duty = forms.CharField(label=gettext_lazy("分工"), required=False, max_length=120)

    def __init__(self, *args: Any, kind: ItemKind, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        part: Any = self.fields["part"]
        part.choices = [(code, _(word)) for code, word in kind.parts.items()]
        offer(self, "person", people)
