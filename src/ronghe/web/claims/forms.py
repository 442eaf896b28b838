"""What people type about a claim sheet and its tasks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.claims.rules import CLAIM_TASK
from ronghe.domain.claims.services.sheets import TaskText
from ronghe.domain.org.models import PartyOrg
from ronghe.domain.taskforces.models import DifficultPoint, TaskForce
from ronghe.kernel.words import _ as spoken
from ronghe.ui.forms import DateTimeInput
from ronghe.web.items.forms import area, field_for


class SheetForm(forms.Form):
    force = forms.ModelChoiceField(
        label=_("攻关党小组"), queryset=TaskForce.objects.none(), required=False, empty_label=_("不属于攻关党小组")
    )
    body = forms.ModelChoiceField(
        label=_("党组织"), queryset=PartyOrg.objects.none(), required=False, empty_label=_("随攻关党小组"),
        help_text=_("选了攻关党小组就不用选。"),
    )  # fmt: skip
    title = forms.CharField(
        label=_("清单名称"), max_length=120, required=False, help_text=_("不写就用攻关党小组的名称。")
    )

    def __init__(self, *args: Any, forces: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        force: Any = self.fields["force"]
        body: Any = self.fields["body"]
        force.queryset, body.queryset = forces, bodies

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        force, body = typed.get("force"), typed.get("body")
        if force is None and body is None and not self.errors:
            self.add_error("body", spoken("请选攻关党小组，或者选党组织。"))
        if force is None and not typed.get("title") and not self.errors:
            self.add_error("title", spoken("请给清单起个名字。"))
        return typed


class TaskForm(forms.Form):
    """The four fixes but for the person, and the three duties; a difficult point fills in what it knows."""

    point = forms.ModelChoiceField(
        label=_("哪个难点"), queryset=DifficultPoint.objects.none(), required=False, empty_label=_("不属于哪个难点")
    )
    title = forms.CharField(label=_("任务"), max_length=120)
    goal = forms.CharField(label=_("目标"), max_length=400, widget=area())
    due_at = forms.DateTimeField(label=_("时限"), widget=DateTimeInput())
    place = forms.CharField(label=_("地点"), max_length=80, required=False)

    def __init__(self, *args: Any, points: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        point: Any = self.fields["point"]
        point.queryset = points
        self.specs = CLAIM_TASK.raised_with
        for spec in self.specs:
            self.fields[spec.id] = field_for(spec)

    @property
    def own_fields(self) -> list[Any]:
        return [self[spec.id] for spec in self.specs]

    def text(self) -> TaskText:
        typed = self.cleaned_data
        values = {spec.id: typed.get(spec.id) for spec in self.specs}
        return TaskText(typed["title"], typed["goal"], typed["due_at"], values, typed["point"], typed["place"])
