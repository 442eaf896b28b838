"""The forms of 导入花名册: files with their declaration, and reasons for what is accepted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ronghe.domain.org.models import PartyOrg
from ronghe.ui.forms import DateInput


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several; cleans to a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        if not data:
            super().clean(None, initial)  # refuses where a file is wanted
            return []
        given: Sequence[UploadedFile[Any]] = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(file, initial) for file in given]


class RosterForm(forms.Form):
    body = forms.ModelChoiceField(label=_("导入到哪个党组织之下"), queryset=PartyOrg.objects.none(), empty_label=None)
    uploads = FilesField(
        label=_("花名册文件"),
        help_text=_("Excel（.xlsx、.xls）、CSV 或从系统导出的网页表格；可以一次选几个。"),
        widget=FilesInput({"accept": ".xlsx,.xlsm,.xls,.csv,.tsv,.txt,.html"}),
    )
    as_of = forms.DateField(
        label=_("按哪一天核对"),
        required=False,
        widget=DateInput(),
        help_text=_("表中写了填报时间的按表中；不填为今天。"),
    )
    declares_unclassified = forms.BooleanField(
        label=_("我声明：文件中没有国家秘密，也没有按规定应当定密的党内统计数据。"),
        help_text=_("声明会留下记录。"),
        required=False,
    )

    def __init__(self, *args: Any, bodies: QuerySet[PartyOrg], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["body"].queryset = bodies  # type: ignore[attr-defined]


class ComparisonForm(forms.Form):
    body = forms.ModelChoiceField(label=_("与哪个党组织的名册比对"), queryset=PartyOrg.objects.none(), empty_label=None)
    list_a = FilesField(
        label=_("名单甲"),
        help_text=_("本单位的花名册，或从铁人先锋等平台导出的非涉密名单；学时、积分等列不用删，平台不读。"),
        widget=FilesInput({"accept": ".xlsx,.xlsm,.xls,.csv,.tsv,.txt,.html"}),
    )
    list_b = FilesField(
        label=_("名单乙"),
        required=False,
        help_text=_("可以不选；选了就三方并列。"),
        widget=FilesInput({"accept": ".xlsx,.xlsm,.xls,.csv,.tsv,.txt,.html"}),
    )
    is_full = forms.BooleanField(
        label=_("名单包括全部在册的人"),
        required=False,
        help_text=_("勾选后，本平台有而名单里没有的人也会列出。只有党员的名单只与党员比对。"),
    )
    as_of = forms.DateField(label=_("按哪一天核对"), required=False, widget=DateInput(), help_text=_("不填为今天。"))
    declares_unclassified = forms.BooleanField(
        label=_("我声明：文件中没有国家秘密，也没有按规定应当定密的党内统计数据。"),
        help_text=_("声明会留下记录。"),
        required=False,
    )

    def __init__(self, *args: Any, bodies: QuerySet[PartyOrg], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["body"].queryset = bodies  # type: ignore[attr-defined]


class DismissForm(forms.Form):
    reason = forms.CharField(label=_("不采用的理由"), max_length=200, required=False)


class ReasonsForm(forms.Form):
    """One reason for each kind of finding that may be right."""

    def __init__(self, *args: Any, codes: Sequence[dict[str, Any]], **options: Any) -> None:
        super().__init__(*args, **options)
        for about in codes:
            self.fields[about["code"]] = forms.CharField(
                label=about["label"],
                help_text=_("%(count)s 处。已在文件中改正的，重新上传即可；确实如此的，写明理由。")
                % {"count": about["count"]},
                max_length=200,
            )
