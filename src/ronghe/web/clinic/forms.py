"""What people type in the clinic: a question on a phone, words, a card, hours, a piece of knowledge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.clinic.enums import HelpKind, SlotWay
from ronghe.domain.clinic.models import ClinicField, Expert
from ronghe.domain.clinic.services.asking import LONGEST_GOAL, LONGEST_TITLE
from ronghe.domain.clinic.services.experts import LONGEST_ABOUT, LONGEST_CALLED, LONGEST_FIELD, Card
from ronghe.domain.clinic.services.hours import LEAST_MINUTES, MOST_MINUTES
from ronghe.domain.clinic.services.proposing import LONGEST, PieceText
from ronghe.domain.clinic.services.reviewing import LONGEST_NOTE, LONGEST_WHY
from ronghe.domain.clinic.services.telling import LONGEST as LONGEST_WORDS
from ronghe.domain.org.models import PartyOrg
from ronghe.ui.forms import DateInput, TimeInput
from ronghe.web.choosing import PersonField, offer

WEEKDAYS = [
    (1, _("每周一")), (2, _("每周二")), (3, _("每周三")), (4, _("每周四")), (5, _("每周五")), (6, _("每周六")),
    (7, _("每周日")),
]  # fmt: skip


def area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


def called(expert: Expert) -> str:
    """Return how an expert is spoken of: the nickname with the name behind it."""
    name = expert.person.name
    return f"{expert.called}（{name}）" if expert.called else name


class AskForm(forms.Form):
    """What in front, the rest with what is usual filled in."""

    title = forms.CharField(
        label=_("什么问题"), max_length=LONGEST_TITLE, help_text=_("一句话说清，如“变频器一启动就报过流”。")
    )
    text = forms.CharField(label=_("细节"), max_length=LONGEST_WORDS, required=False, widget=area())
    help = forms.ChoiceField(
        label=_("要哪种帮助"), choices=HelpKind.choices, initial=HelpKind.POST, widget=forms.RadioSelect,
        help_text=_("连心关爱只有您和专家两个人看得到，内容加密。"),
    )  # fmt: skip
    expert = forms.ChoiceField(label=_("请谁看"), required=False)
    field = forms.ChoiceField(
        label=_("哪个专业"), required=False, help_text=_("没选专家就选专业，这个专业的专家都看得到。")
    )
    goal = forms.CharField(
        label=_("想达到什么"),
        max_length=LONGEST_GOAL,
        required=False,
        help_text=_("不填就是问题解决、岗位上能正常干。"),
    )

    def __init__(self, *args: Any, experts: Sequence[Expert], fields: Sequence[ClinicField], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._experts = {str(expert.pk): expert for expert in experts}
        self._fields = {str(field.pk): field for field in fields}
        expert: Any = self.fields["expert"]
        expert.choices = [
            ("", _("谁懂谁来看，不指定")),
            *((key, _card_line(one)) for key, one in self._experts.items()),
        ]
        field: Any = self.fields["field"]
        field.choices = [("", _("按专家的专业")), *((key, one.name) for key, one in self._fields.items())]

    def clean_help(self) -> HelpKind:
        return HelpKind(self.cleaned_data["help"])

    def clean_expert(self) -> Expert | None:
        return self._experts.get(self.cleaned_data["expert"])

    def clean_field(self) -> ClinicField | None:
        return self._fields.get(self.cleaned_data["field"])


def _card_line(expert: Expert) -> str:
    names = "、".join(field.name for field in expert.fields.all())
    return f"{called(expert)} · {names}"


class WordForm(forms.Form):
    words = forms.CharField(label=_("写几句，或者只发照片"), required=False, max_length=LONGEST_WORDS, widget=area())


class HeldForm(forms.Form):
    words = forms.CharField(label=_("谈得怎么样"), max_length=LONGEST_WORDS, widget=area())
    answers = forms.BooleanField(label=_("这就是答复，请提问人确认"), required=False, initial=True)


class AddressForm(forms.Form):
    expert = forms.ChoiceField(label=_("请谁看"))

    def __init__(self, *args: Any, experts: Sequence[Expert], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._experts = {str(expert.pk): expert for expert in experts}
        expert: Any = self.fields["expert"]
        expert.choices = [(key, _card_line(one)) for key, one in self._experts.items()]

    def clean_expert(self) -> Expert:
        return self._experts[self.cleaned_data["expert"]]


class ReaderForm(forms.Form):
    person = PersonField(label=_("请谁一起看"), empty_label=_("请选人"))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", people)


class CardForm(forms.Form):
    """The card of an expert; a leader names who it is and for which body."""

    fields_known = forms.MultipleChoiceField(label=_("懂哪些专业"), widget=forms.CheckboxSelectMultiple)
    helps = forms.MultipleChoiceField(
        label=_("做哪些帮助"), choices=HelpKind.choices, initial=[HelpKind.POST, HelpKind.SKILL],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    called = forms.CharField(
        label=_("大家怎么称呼"), max_length=LONGEST_CALLED, required=False, help_text=_("如“华哥”。")
    )
    about = forms.CharField(
        label=_("拿手什么"),
        max_length=LONGEST_ABOUT,
        required=False,
        widget=area(2),
        help_text=_("一两句话，别人选您时看。"),
    )

    def __init__(self, *args: Any, fields: Sequence[ClinicField], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._fields = {str(field.pk): field for field in fields}
        known: Any = self.fields["fields_known"]
        known.choices = [(key, one.name) for key, one in self._fields.items()]

    def card(self) -> Card:
        typed = self.cleaned_data
        return Card(
            [self._fields[key] for key in typed["fields_known"]], [HelpKind(code) for code in typed["helps"]],
            typed["called"], typed["about"],
        )  # fmt: skip


class PutUpForm(CardForm):
    person = PersonField(label=_("推荐谁"), empty_label=_("请选人"))
    body = forms.ModelChoiceField(label=_("由哪个组织推荐"), queryset=PartyOrg.objects.none(), empty_label=None)

    def __init__(self, *args: Any, people: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", people)
        body: Any = self.fields["body"]
        body.queryset = bodies


class HoursForm(forms.Form):
    weekday = forms.TypedChoiceField(label=_("哪一天"), choices=WEEKDAYS, coerce=int)
    starts = forms.TimeField(label=_("从"), widget=TimeInput())
    ends = forms.TimeField(label=_("到"), widget=TimeInput())
    minutes = forms.IntegerField(label=_("每次几分钟"), min_value=LEAST_MINUTES, max_value=MOST_MINUTES, initial=30)
    way = forms.ChoiceField(label=_("怎么见"), choices=SlotWay.choices, initial=SlotWay.ON_SITE)
    place = forms.CharField(label=_("地点"), max_length=80, required=False, help_text=_("见面填。"))
    link = forms.CharField(label=_("电话或会议链接"), max_length=200, required=False, help_text=_("远程填。"))

    def clean_way(self) -> SlotWay:
        return SlotWay(self.cleaned_data["way"])


class AwayForm(forms.Form):
    from_on = forms.DateField(label=_("从哪天"), widget=DateInput())
    until_on = forms.DateField(label=_("到哪天（含）"), widget=DateInput())


class FieldForm(forms.Form):
    name = forms.CharField(label=_("专业名称"), max_length=LONGEST_FIELD, help_text=_("如“电力电子”。"))
    body = forms.ModelChoiceField(label=_("归哪个组织管"), queryset=PartyOrg.objects.none(), empty_label=None)

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body: Any = self.fields["body"]
        body.queryset = bodies


class PieceForm(forms.Form):
    title = forms.CharField(label=_("题目"), max_length=LONGEST["title"], help_text=_("别人会怎么搜，就怎么写。"))
    question = forms.CharField(label=_("问题"), max_length=LONGEST["question"], widget=area(4))
    answer = forms.CharField(label=_("怎么解决"), max_length=LONGEST["answer"], widget=area(8))

    def text(self) -> PieceText:
        return PieceText(**self.cleaned_data)


class NoteForm(forms.Form):
    note = forms.CharField(label=_("要怎么改"), max_length=LONGEST_NOTE, widget=area(2))


class OutdatedForm(forms.Form):
    why = forms.CharField(label=_("为什么过时，现在该怎么办"), max_length=LONGEST_WHY, widget=area(2))
