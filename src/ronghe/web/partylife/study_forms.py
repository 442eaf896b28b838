"""What people type about study hours."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.partylife.calc.hours import Form, Rules
from ronghe.domain.partylife.enums import StudyForm
from ronghe.domain.partylife.selectors.study import study_kinds
from ronghe.domain.partylife.services.study import StudyFigures, StudyText
from ronghe.ui.forms import DateInput
from ronghe.web.choosing import PersonField, offer
from ronghe.web.partylife.forms import area

NUMBERS = ("member_goal", "leader_goal", "together_hour", "lecture_half_day", "off_job_day", "online_cap")


class EntryForm(forms.Form):
    title = forms.CharField(label=_("学了什么"), max_length=80)
    day = forms.DateField(label=_("哪一天"), widget=DateInput(), help_text=_("几天的写第一天。"))
    form = forms.ChoiceField(label=_("怎样学的"), choices=StudyForm.choices)
    amount = forms.DecimalField(
        label=_("多少"), max_digits=6, decimal_places=2, min_value=0,
        help_text=_("集中学习、线上学习写几小时，讲座写几个半天，脱产培训写几天。"),
    )  # fmt: skip
    proof = forms.FileField(label=_("证明"), required=False, help_text=_("结业证、通知或学习截图，照片或 PDF。"))

    def text(self) -> StudyText:
        given = self.cleaned_data
        return StudyText(given["day"], given["title"], StudyForm(given["form"]), given["amount"])


class EntryForOthersForm(EntryForm):
    person = PersonField(label=_("谁的学时"), empty_label=_("请选人"))
    field_order = ("person",)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", people)


class DisputeForm(forms.Form):
    text = forms.CharField(label=_("哪里不对、应该是多少"), max_length=200, widget=area(3))


class DisputeAnswerForm(forms.Form):
    is_upheld = forms.TypedChoiceField(
        label=_("是否属实"), choices=[("1", _("属实")), ("0", _("不属实"))], coerce=lambda word: word == "1"
    )
    answer = forms.CharField(label=_("怎样处理"), max_length=200, widget=area(2))


class StudyRulesForm(forms.Form):
    """The figures of PS-01 and PS-03; the present ones are filled in."""

    member_goal = forms.DecimalField(label=_("党员每年学时"), max_digits=6, decimal_places=2, min_value=0)
    leader_goal = forms.DecimalField(label=_("书记和班子成员每年学时"), max_digits=6, decimal_places=2, min_value=0)
    together_hour = forms.DecimalField(label=_("集中学习 1 小时"), max_digits=6, decimal_places=2, min_value=0)
    lecture_half_day = forms.DecimalField(label=_("讲座半天"), max_digits=6, decimal_places=2, min_value=0)
    off_job_day = forms.DecimalField(label=_("脱产培训 1 天"), max_digits=6, decimal_places=2, min_value=0)
    online_cap = forms.DecimalField(label=_("线上学习每年最多计入"), max_digits=6, decimal_places=2, min_value=0)
    together = forms.MultipleChoiceField(label=_("按小时计的活动"), required=False, widget=forms.CheckboxSelectMultiple)
    lectures = forms.MultipleChoiceField(
        label=_("按半天计的讲座"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("两边都选的按讲座计。"),
    )  # fmt: skip
    valid_from = forms.DateField(label=_("从哪一天起"), widget=DateInput())
    basis = forms.CharField(label=_("依据"), max_length=120, help_text=_("文件名称或会议。"))

    def __init__(self, *args: Any, rules: Rules, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["together"].choices = fields["lectures"].choices = study_kinds()
        self.initial = {
            **{name: getattr(rules, name) for name in NUMBERS},
            "together": [kind for kind, form in rules.kinds.items() if form == Form.TOGETHER],
            "lectures": [kind for kind, form in rules.kinds.items() if form == Form.LECTURE],
            **self.initial,
        }

    def figures(self) -> StudyFigures:
        given = self.cleaned_data
        kinds = dict.fromkeys(given["together"], Form.TOGETHER.value)
        kinds |= dict.fromkeys(given["lectures"], Form.LECTURE.value)
        return StudyFigures(**{name: given[name] for name in NUMBERS}, kinds=kinds)
