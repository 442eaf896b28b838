"""What people type about matters, and about the rules by which they are decided."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.decisions.enums import (
    ELSEWHERE,
    Category,
    Forum,
    Layer,
    Majority,
    MajorityOf,
    Progress,
    Purpose,
    Rhythm,
    Share,
)
from ronghe.domain.decisions.models import CharterClause, ListEntry
from ronghe.domain.decisions.services.lists import EntryText, RulesText
from ronghe.domain.decisions.services.meetings import Votes
from ronghe.domain.decisions.services.sheets import LineText
from ronghe.domain.org.models import PartyOrg
from ronghe.domain.playbooks.calc.model import Mechanism
from ronghe.domain.rhythm.enums import VoteMethod
from ronghe.domain.rhythm.models import Activity
from ronghe.ui.forms import DateInput, DateTimeInput
from ronghe.web.choosing import PersonField, offer

MOST_VOTES = 9_999
EXCEPTION_HELP = _("与清单或议事规则不符时才填；原因留在记录里。")


def area(rows: int = 2) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


class BodyField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def __init__(self) -> None:
        super().__init__(label=_("哪个组织"), queryset=PartyOrg.objects.none(), empty_label=None)


class MatterForm(forms.Form):
    """A line of the list says everything but what it is about; without one a reason is wanted."""

    body = BodyField()
    entry = forms.ModelChoiceField(
        label=_("清单里的事项"), queryset=ListEntry.objects.none(), required=False, empty_label=_("不在清单里")
    )
    title = forms.CharField(
        label=_("这次要决定什么"), max_length=120, required=False, help_text=_("不填就用清单里的名称。")
    )
    summary = forms.CharField(label=_("情况和建议"), max_length=4000, required=False, widget=area(4))
    outside_reason = forms.CharField(
        label=_("清单以外上会的原因"), max_length=200, required=False, help_text=_("在清单里选了事项的不填。")
    )
    category = forms.ChoiceField(label=_("类别"), choices=Category.choices, required=False)
    forum = forms.ChoiceField(label=_("谁决定"), choices=Forum.choices, required=False)

    def __init__(self, *args: Any, bodies: Any, entries: Any, one_body: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body: Any = self.fields["body"]
        entry: Any = self.fields["entry"]
        body.queryset, entry.queryset = bodies, entries
        entry.label_from_instance = lambda row: row.title if one_body else f"{row.title} · {row.of_list.body.name}"


class ChecksForm(forms.Form):
    legal_checked_by = forms.CharField(label=_("谁做的合法合规审查"), max_length=60, required=False)
    legal_opinion = forms.CharField(label=_("审查意见"), max_length=400, required=False, widget=area())
    consulted_note = forms.CharField(label=_("听取了谁的意见"), max_length=400, required=False, widget=area())


class AvoidForm(forms.Form):
    person = PersonField(label=_("谁回避"), empty_label=_("请选人"))
    reason = forms.CharField(label=_("为什么"), max_length=120)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", people)


class ScheduleForm(forms.Form):
    activity = forms.ModelChoiceField(label=_("哪次会议"), queryset=Activity.objects.none(), empty_label=None)
    purpose = forms.ChoiceField(label=_("上会做什么"), choices=Purpose.choices)
    reason = forms.CharField(label=_("例外的原因"), max_length=200, required=False, help_text=EXCEPTION_HELP)

    def __init__(self, *args: Any, meetings: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["activity"]
        field.queryset = meetings
        field.label_from_instance = lambda row: f"{row.day:%Y-%m-%d} {row.get_activity_type_display()}"


class SettleForm(forms.Form):
    decision = forms.CharField(label=_("议定了什么"), max_length=400, widget=area())
    votes_for = forms.IntegerField(label=_("赞成"), min_value=0, max_value=MOST_VOTES)
    votes_against = forms.IntegerField(label=_("反对"), min_value=0, max_value=MOST_VOTES, initial=0)
    votes_abstained = forms.IntegerField(label=_("弃权"), min_value=0, max_value=MOST_VOTES, initial=0)
    method = forms.ChoiceField(label=_("表决方式"), choices=VoteMethod.choices)
    dissenter = PersonField(label=_("谁要求记录不同意见"), empty_label=_("没有"), required=False)
    dissent = forms.CharField(label=_("不同意见"), max_length=300, required=False, widget=area())

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "dissenter", people)

    def votes(self) -> Votes:
        given = self.cleaned_data
        return Votes(given["votes_for"], given["votes_against"], given["votes_abstained"], VoteMethod(given["method"]))


class ElsewhereForm(forms.Form):
    forum = forms.ChoiceField(
        label=_("由谁决定的"), choices=[(forum.value, forum.label) for forum in Forum if forum in ELSEWHERE]
    )
    held_on = forms.DateField(label=_("哪一天"), widget=DateInput())
    document = forms.CharField(label=_("会议纪要的名称、文号"), max_length=120)
    decision = forms.CharField(label=_("议定了什么"), max_length=400, widget=area())
    is_carried = forms.TypedChoiceField(
        label=_("结果"), choices=[("1", _("通过")), ("0", _("未通过"))], coerce=lambda word: word == "1"
    )
    reason = forms.CharField(label=_("例外的原因"), max_length=200, required=False, help_text=EXCEPTION_HELP)


class PartForm(forms.Form):
    title = forms.CharField(label=_("办什么"), max_length=120)
    assignee = PersonField(label=_("谁来办"), empty_label=_("请选人"))
    due_at = forms.DateTimeField(label=_("何时办完"), widget=DateTimeInput())

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "assignee", people)


class ReportForm(forms.Form):
    progress = forms.ChoiceField(label=_("落实得怎样"), choices=Progress.choices)
    text = forms.CharField(label=_("情况"), max_length=400, widget=area())
    activity = forms.ModelChoiceField(
        label=_("向哪次会议报告"), queryset=Activity.objects.none(), required=False, empty_label=_("没有上会")
    )

    def __init__(self, *args: Any, meetings: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["activity"]
        field.queryset = meetings
        field.label_from_instance = lambda row: f"{row.day:%Y-%m-%d} {row.get_activity_type_display()}"


class DocumentForm(forms.Form):
    document = forms.CharField(label=_("由哪次会议或文件通过"), max_length=120)


class BodyForm(forms.Form):
    body = BodyField()

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["body"]
        field.queryset = bodies


class SheetYearForm(BodyForm):
    year = forms.IntegerField(label=_("哪一年"), min_value=2000, max_value=2999)


class CharterForm(BodyForm):
    title = forms.CharField(
        label=_("章程名称"), max_length=120, required=False, help_text=_("不填就沿用现行版的名称。")
    )


class EntryForm(forms.Form):
    title = forms.CharField(label=_("事项"), max_length=120)
    category = forms.ChoiceField(label=_("类别"), choices=Category.choices)
    own_category = forms.CharField(label=_("其他类别的名称"), max_length=24, required=False)
    forum = forms.ChoiceField(label=_("谁决定"), choices=Forum.choices)
    needs_study = forms.BooleanField(label=_("须党委会前置研究"), required=False)
    needs_legal_check = forms.BooleanField(label=_("须合法合规审查"), required=False)
    preparer = forms.CharField(label=_("谁准备"), max_length=60, required=False)
    consulted = forms.CharField(label=_("先听取谁的意见"), max_length=60, required=False)
    quorum = forms.ChoiceField(label=_("到会"), choices=Share.choices)
    majority = forms.ChoiceField(label=_("赞成"), choices=Majority.choices)
    majority_of = forms.ChoiceField(label=_("按什么人数计"), choices=MajorityOf.choices)
    vote_method = forms.ChoiceField(label=_("表决方式"), choices=VoteMethod.choices)
    basis = forms.CharField(label=_("依据"), max_length=160, required=False, help_text=_("文件和条款。"))

    def text(self) -> EntryText:
        return EntryText(**self.cleaned_data)


class RulesForm(BodyForm):
    document = forms.CharField(label=_("由哪次会议或文件通过"), max_length=120)
    quorum = forms.ChoiceField(label=_("到会"), choices=Share.choices)
    majority = forms.ChoiceField(label=_("赞成"), choices=Majority.choices)
    majority_of = forms.ChoiceField(label=_("按什么人数计"), choices=MajorityOf.choices)
    notice_days = forms.IntegerField(
        label=_("议题提前几天通知"), min_value=0, max_value=60, initial=2, help_text=_("按自然日计；填 0 为不要求。")
    )
    observers = forms.CharField(label=_("谁可以列席"), max_length=200, required=False)
    avoids = forms.BooleanField(label=_("涉及本人的要回避"), required=False, initial=True)
    allows_urgent = forms.BooleanField(label=_("有紧急程序"), required=False, initial=True)
    urgent_words = forms.CharField(label=_("紧急时怎样办"), max_length=200, required=False)

    def text(self) -> RulesText:
        return RulesText(**{name: value for name, value in self.cleaned_data.items() if name != "body"})


class LineForm(forms.Form):
    layer = forms.ChoiceField(label=_("哪一层"), choices=Layer.choices)
    person = PersonField(label=_("责任人"), empty_label=_("请选人"))
    title = forms.CharField(label=_("抓什么"), max_length=120)
    field = forms.CharField(label=_("分管领域"), max_length=60, required=False)
    mechanism = forms.ChoiceField(label=_("对应哪项制度"), required=False)
    rhythm = forms.ChoiceField(
        label=_("多久一次"), choices=Rhythm.choices, initial=Rhythm.QUARTER, help_text=_("选了制度的按制度。")
    )
    evidence = forms.CharField(label=_("见证材料"), max_length=120, required=False)

    def __init__(self, *args: Any, people: Any, mechanisms: list[Mechanism], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", people)
        field: Any = self.fields["mechanism"]
        field.choices = [("", _("没有，自己记办结")), *((one.id, one.title.zh) for one in mechanisms)]

    def text(self) -> LineText:
        return LineText(**self.cleaned_data)


class DoneForm(forms.Form):
    done_on = forms.DateField(label=_("哪一天办的"), widget=DateInput())
    text = forms.CharField(label=_("做了什么"), max_length=300, widget=area())


class ClauseForm(forms.Form):
    label = forms.CharField(label=_("条号"), max_length=24)
    text = forms.CharField(label=_("条文"), max_length=800, widget=area(3))


class LinkForm(forms.Form):
    clause = forms.ModelChoiceField(label=_("哪一条"), queryset=CharterClause.objects.none(), empty_label=None)
    governs = forms.ChoiceField(label=_("管着什么"))

    def __init__(self, *args: Any, clauses: Any, choices: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clause: Any = self.fields["clause"]
        clause.queryset = clauses
        clause.label_from_instance = lambda row: row.label
        governs: Any = self.fields["governs"]
        governs.choices = choices
