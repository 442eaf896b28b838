"""What is asked of whoever lets off, asks to be let off, or moves a day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.calendar.periods import DaySpan
from ronghe.ui.forms import DateInput


class WaiveForm(forms.Form):
    reason = forms.CharField(label=_("免办理由"), max_length=200, widget=forms.Textarea({"rows": 2}))


class AskForm(forms.Form):
    reason = forms.CharField(label=_("申请理由"), max_length=200, widget=forms.Textarea({"rows": 2}))


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("答复"),
        max_length=200,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("不同意时必须写明理由"),
    )


class MoveForm(forms.Form):
    day = forms.DateField(label=_("移到"), widget=DateInput())
    reason = forms.CharField(label=_("改期原因"), max_length=120)

    def __init__(self, *args: Any, allowed: DaySpan | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if allowed is not None:
            today = timezone.localdate(timezone.now())
            self.fields["day"].widget.attrs |= {
                "min": max(allowed.from_on, today).isoformat(), "max": allowed.last_on.isoformat(),
            }  # fmt: skip
