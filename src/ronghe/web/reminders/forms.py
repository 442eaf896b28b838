"""How somebody wants to be reminded."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.ui.forms import TimeInput


class SettingForm(forms.Form):
    send_at = forms.TimeField(
        label=_("每天几点提醒"), widget=TimeInput(), help_text=_("当天该知道的合成一条；十分钟内送到")
    )
    quiet_from = forms.TimeField(label=_("免打扰从"), widget=TimeInput())
    quiet_until = forms.TimeField(label=_("到"), widget=TimeInput())
    on_free_days = forms.BooleanField(label=_("休息日也提醒"), required=False)
    mail = forms.CharField(
        label=_("同时发到邮箱"), required=False, max_length=120, help_text=_("加密保存；不用邮箱就空着")
    )

    def __init__(self, *args: Any, has_mail: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_mail:
            del self.fields["mail"]
