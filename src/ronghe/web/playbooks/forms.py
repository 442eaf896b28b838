"""What people type about playbooks: texts, adoptions, governing documents."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.org.models import PartyOrg
from ronghe.domain.playbooks.enums import CheckState
from ronghe.domain.playbooks.services.drafting import LONGEST_TEXT
from ronghe.ui.forms import DateInput
from ronghe.web.paging import number_of

LARGEST_FILE = 2_000_000


def body_label(row: Any) -> str:
    return f"{row.name} · {row.parent.name}" if row.parent else str(row.name)


class BodyField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One body; a number longer than any id is no choice rather than a fault of the database."""

    def label_from_instance(self, obj: Any) -> str:
        return body_label(obj)

    def to_python(self, value: Any) -> Any:
        if value not in self.empty_values and number_of(str(value)) is None:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


class BodiesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several bodies, as boxes."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return body_label(obj)

    def clean(self, value: Any) -> Any:
        for one in value if isinstance(value, list | tuple) else ():
            if number_of(str(one)) is None:
                raise forms.ValidationError(self.error_messages["invalid_choice"], params={"value": str(one)[:20]})
        return super().clean(value)


class AdoptForm(forms.Form):
    body = BodyField(label=_("哪个组织采用"), queryset=PartyOrg.objects.none(), empty_label=None)
    since = forms.DateField(label=_("从哪天起"), widget=DateInput())

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["body"]
        choices.queryset = bodies


class ManyForm(forms.Form):
    """The bodies that adopt, and from when; asked for by GET first, so that the preview has an address."""

    bodies = BodiesField(label=_("哪些组织采用"), queryset=PartyOrg.objects.none())
    since = forms.DateField(label=_("从哪天起"), widget=DateInput())

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["bodies"]
        choices.queryset = bodies


class SinceForm(forms.Form):
    since = forms.DateField(label=_("从哪天起"), widget=DateInput())


class UntilForm(forms.Form):
    until = forms.DateField(label=_("从哪天起停用"), widget=DateInput())


class BeginForm(forms.Form):
    """A draft: for whom, on top of what, or from a file."""

    body = BodyField(label=_("哪个组织的范本"), queryset=PartyOrg.objects.none(), empty_label=None)
    base = forms.ChoiceField(label=_("从哪里写起"), required=False)
    file = forms.FileField(
        label=_("或上传范本文件"), required=False, help_text=_("YAML 文件，UTF-8。上传了文件就不看上面一项。")
    )
    note = forms.CharField(label=_("为什么写"), max_length=200, required=False)

    def __init__(self, *args: Any, bodies: Any, bases: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body: Any = self.fields["body"]
        body.queryset = bodies
        base: Any = self.fields["base"]
        base.choices = [*bases, ("", _("空白，全部自己写"))]

    def clean_file(self) -> str | None:
        file = self.cleaned_data.get("file")
        if not file:
            return None
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("文件超过 2 MB，范本不会这么大，请核对。"))
        try:
            text: str = file.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("文件不是 UTF-8 文本，请另存为 UTF-8 再上传。")) from error
        return text


class TextForm(forms.Form):
    """The editor's own fields. Nothing of the text is stripped: spaces at line ends are the writer's."""

    text = forms.CharField(
        label=_("范本"), max_length=LONGEST_TEXT * 2, strip=False, required=False,
        widget=forms.Textarea({"spellcheck": "false", "autocomplete": "off", "rows": 30}),
    )  # fmt: skip
    revision = forms.IntegerField(min_value=1, max_value=2_147_483_000, widget=forms.HiddenInput())


class PutForwardForm(forms.Form):
    revision = forms.IntegerField(min_value=1, max_value=2_147_483_000, widget=forms.HiddenInput())
    note = forms.CharField(label=_("这一版新在哪里"), max_length=200, required=False)


class DocumentForm(forms.Form):
    body = BodyField(label=_("哪个党委登记"), queryset=PartyOrg.objects.none(), empty_label=None)
    document = forms.ChoiceField(label=_("哪份文件"))
    version = forms.CharField(label=_("新版本"), max_length=40, help_text=_("例：2026 年修订。"))
    number = forms.CharField(label=_("文号"), max_length=80, required=False)
    effective_from = forms.DateField(label=_("从哪天起施行"), widget=DateInput())
    note = forms.CharField(
        label=_("改了什么"), max_length=400, required=False, widget=forms.Textarea({"rows": 3})
    )  # fmt: skip

    def __init__(self, *args: Any, bodies: Any, documents: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body: Any = self.fields["body"]
        body.queryset = bodies
        document: Any = self.fields["document"]
        document.choices = documents


class CheckForm(forms.Form):
    outcome = forms.ChoiceField(choices=CheckState.choices)
    note = forms.CharField(max_length=200, required=False)
