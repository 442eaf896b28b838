"""What people type about zones."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import AdminUnit, PartyOrg
from ronghe.domain.projects.models import Project
from ronghe.domain.zones.enums import ParticipantRole, SheetSide, SheetTopic, ZoneMode
from ronghe.domain.zones.selectors.people import BRANCH_POSTS, OFFICE_POSTS
from ronghe.ui.forms import DateInput
from ronghe.web.choosing import PersonField, offer


class ProposeForm(forms.Form):
    projects = forms.ModelMultipleChoiceField(
        label=_("为哪些项目"), queryset=Project.objects.none(), widget=forms.CheckboxSelectMultiple(),
        error_messages={"required": _("请至少选一个项目。")},
    )  # fmt: skip
    sponsor = forms.ModelChoiceField(label=_("主管党组织"), queryset=PartyOrg.objects.none(), empty_label=None)
    name = forms.CharField(label=_("名称"), max_length=80)
    mode = forms.ChoiceField(label=_("建法"), choices=ZoneMode.choices, widget=forms.RadioSelect())
    mode_reason = forms.CharField(
        label=_("不按建议的理由"), max_length=200, required=False, help_text=_("与建议相同就不填。")
    )
    place = forms.CharField(label=_("碰头地点"), max_length=80, required=False)
    is_pilot = forms.BooleanField(label=_("先作试点"), required=False)

    def __init__(self, *args: Any, projects: Any, sponsors: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["projects"]
        chosen.queryset = projects
        chosen.label_from_instance = lambda row: (
            f"{row.name} · {row.get_kind_display()} · {row.get_difficulty_display()}"
        )
        sponsor: Any = self.fields["sponsor"]
        sponsor.queryset = sponsors


class EditForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=80)
    purpose = forms.CharField(label=_("建设任务"), max_length=120, required=False)
    place = forms.CharField(label=_("碰头地点"), max_length=80, required=False, empty_value=None)
    is_pilot = forms.BooleanField(label=_("先作试点"), required=False)


class ReturnForm(forms.Form):
    reason = forms.CharField(label=_("退回的原因"), max_length=200)


class ApproveForm(forms.Form):
    approval_ref = forms.CharField(label=_("批复文号"), max_length=80)


class StartForm(forms.Form):
    office_below = forms.ModelChoiceField(
        label=_("联合项目部设在哪个单位下"), queryset=AdminUnit.objects.none(), empty_label=_("请选单位")
    )
    since = forms.DateField(label=_("从哪一天起"), widget=DateInput())

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["office_below"]
        unit.queryset = units


class PartyForm(forms.Form):
    unit = forms.ModelChoiceField(label=_("单位"), queryset=AdminUnit.objects.none(), empty_label=_("请选单位"))
    role = forms.ChoiceField(label=_("角色"), choices=ParticipantRole.choices)
    home_branch = forms.ModelChoiceField(
        label=_("党员所在支部"), queryset=PartyOrg.objects.none(), required=False, empty_label=_("没有或不清楚")
    )

    def __init__(self, *args: Any, units: Any, branches: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["unit"]
        branch: Any = self.fields["home_branch"]
        unit.queryset, branch.queryset = units, branches


class ContactForm(forms.Form):
    contact = PersonField(label=_("联系人"), required=False, empty_label=_("没有定"))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "contact", people)


class ProjectForm(forms.Form):
    project = forms.ModelChoiceField(label=_("项目"), queryset=Project.objects.none(), empty_label=_("请选项目"))

    def __init__(self, *args: Any, projects: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        project: Any = self.fields["project"]
        project.queryset = projects


class PostForm(forms.Form):
    person = PersonField(label=_("谁"), empty_label=_("请选人"))
    role = forms.ChoiceField(label=_("职务"))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", people)
        role: Any = self.fields["role"]
        role.choices = [
            (str(_("共建党支部")), [(post.value, post.label) for post in BRANCH_POSTS]),
            (str(_("联合项目部")), [(post.value, post.label) for post in OFFICE_POSTS]),
        ]

    def clean_role(self) -> PostRole:
        return PostRole(self.cleaned_data["role"])


class LineForm(forms.Form):
    topic = forms.ChoiceField(label=_("类别"), choices=SheetTopic.choices)
    matter = forms.CharField(label=_("事项"), max_length=80)
    duty = forms.CharField(label=_("职责"), max_length=200, widget=forms.Textarea({"rows": 3}))
    lead = forms.ChoiceField(label=_("牵头方"), choices=SheetSide.choices)
    assists = forms.MultipleChoiceField(
        label=_("配合方"), choices=SheetSide.choices, required=False, widget=forms.CheckboxSelectMultiple()
    )
    person = PersonField(label=_("责任人"), required=False, empty_label=_("没有定"))
    due_on = forms.DateField(label=_("期限"), required=False, widget=DateInput())
    cadence = forms.CharField(label=_("频次"), max_length=40, required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", people)


class EvaluateForm(forms.Form):
    effects = forms.CharField(label=_("成效"), max_length=2000, widget=forms.Textarea({"rows": 4}))
    problems = forms.CharField(label=_("问题"), max_length=2000, widget=forms.Textarea({"rows": 4}))
    lessons = forms.CharField(label=_("经验"), max_length=2000, widget=forms.Textarea({"rows": 4}))


class CommentForm(forms.Form):
    text = forms.CharField(label=_("意见"), max_length=400, widget=forms.Textarea({"rows": 2}))


class DissolveForm(forms.Form):
    reason = forms.CharField(label=_("为什么解散"), max_length=200)
    call_off = forms.BooleanField(label=_("已安排的活动一并取消"), required=False)
    hand_over = forms.BooleanField(label=_("没办结的任务移交主管党组织"), required=False)


class ParameterForm(forms.Form):
    value = forms.IntegerField(label=_("数值"), min_value=0, max_value=100_000_000)


class ShutDownForm(forms.Form):
    from_on = forms.DateField(label=_("停工第一天"), widget=DateInput())
    until_on = forms.DateField(label=_("复工日"), widget=DateInput())
    reason = forms.CharField(label=_("原因"), max_length=80)
