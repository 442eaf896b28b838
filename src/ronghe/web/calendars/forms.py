"""What is asked of whoever moves a planned activity."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.ui.forms import DateInput, TimeInput


class MoveActivityForm(forms.Form):
    """The hour may be left as it is; the length always stays."""

    day = forms.DateField(label=_("移到"), widget=DateInput())
    starts = forms.TimeField(label=_("几点开始"), required=False, widget=TimeInput())
    reason = forms.CharField(label=_("改期原因"), max_length=120)


class FeedForm(forms.Form):
    body = forms.ChoiceField(label=_("组织"))

    def __init__(self, *args: Any, bodies: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].choices = bodies  # type: ignore[attr-defined]
