"""What people type about titles, honours, selections and the banner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.honours.calc.ratings import POINTS
from ronghe.domain.honours.enums import Aspect, CallWay, HolderKind, HonourLevel
from ronghe.domain.honours.models import BannerOffice, HonourTitle, Nomination
from ronghe.domain.honours.services.banner import RATINGS
from ronghe.domain.honours.services.calling import CallText
from ronghe.domain.honours.services.catalogue import LONGEST_TERM, USUAL, TitleText
from ronghe.domain.honours.services.register import FIRST_YEAR, HonourText
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.kernel.words import _ as spoken
from ronghe.ui.forms import DateInput
from ronghe.web.choosing import PersonField, offer
from ronghe.web.paging import LONGEST


def area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


class ManyField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> Any:
        """Leave out what is longer than any id: no database takes it."""
        return super().clean([one for one in value or [] if len(str(one)) <= LONGEST])


class TitleChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, title: Any) -> str:
        return f"{title.name} · {title.get_level_display()} · {title.get_goes_to_display()}"


class TitleForm(forms.Form):
    name = forms.CharField(label=_("荣誉名称"), max_length=60)
    level = forms.ChoiceField(label=_("级别"), choices=HonourLevel.choices)
    goes_to = forms.ChoiceField(label=_("授予谁"), choices=HolderKind.choices)
    term_months = forms.IntegerField(
        label=_("有效几个月"), min_value=1, max_value=LONGEST_TERM, required=False, help_text=_("不填为长期有效。")
    )
    aspects = forms.MultipleChoiceField(
        label=_("评选时要哪些意见"), choices=Aspect.choices, required=False, widget=forms.CheckboxSelectMultiple,
        initial=[aspect.value for aspect in USUAL], help_text=_("先锋典型再勾后四项。"),
    )  # fmt: skip

    def __init__(self, *args: Any, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["goes_to"]

    def text(self, goes_to: str = "") -> TitleText:
        given = self.cleaned_data
        return TitleText(
            given["name"], HonourLevel(given["level"]), HolderKind(given.get("goes_to") or goes_to),
            given["term_months"], given["aspects"],
        )  # fmt: skip


class HonourForm(forms.Form):
    """One honour; who holds it is asked as the title goes."""

    title = TitleChoice(label=_("什么荣誉"), queryset=HonourTitle.objects.none(), empty_label=None)
    body = forms.ModelChoiceField(
        label=_("获得的组织，或获得者所在的党组织"), queryset=PartyOrg.objects.none(), empty_label=None
    )
    person = PersonField(label=_("获得的个人"), empty_label=_("授予个人的才选"), required=False)
    team = forms.CharField(label=_("获得的集体"), max_length=80, required=False, help_text=_("授予集体的才填。"))
    year = forms.IntegerField(label=_("年度"), min_value=FIRST_YEAR, max_value=2999)
    issuer = forms.CharField(label=_("授予单位"), max_length=80)
    document_number = forms.CharField(label=_("文号"), max_length=60, required=False)
    awarded_on = forms.DateField(label=_("授予日期"), widget=DateInput())
    ends_on = forms.DateField(
        label=_("有效期至"), required=False, widget=DateInput(), help_text=_("不填就按荣誉目录的期限算。")
    )
    proof = forms.FileField(label=_("证明材料"), required=False, help_text=_("证书或文件的照片、PDF。"))

    def __init__(self, *args: Any, titles: Any, bodies: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        title: Any = self.fields["title"]
        body: Any = self.fields["body"]
        title.queryset, body.queryset = titles, bodies
        offer(self, "person", people)

    def text(self) -> HonourText:
        return HonourText(**{name: value for name, value in self.cleaned_data.items() if name != "proof"})


class ImportForm(forms.Form):
    table = forms.FileField(label=_("Excel 表"))
    is_real = forms.BooleanField(
        label=_("写入"), required=False, help_text=_("不勾只检查，不写入任何内容；先查一遍再勾上。")
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=400, widget=area(2))


class CallForm(forms.Form):
    body = forms.ModelChoiceField(label=_("哪个组织评选"), queryset=PartyOrg.objects.none(), empty_label=None)
    title = TitleChoice(label=_("评什么荣誉"), queryset=HonourTitle.objects.none(), empty_label=None)
    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2999)
    quota = forms.IntegerField(label=_("几个名额"), min_value=1, max_value=200)
    quota_per_body = forms.IntegerField(label=_("每个组织最多提几名"), min_value=1, max_value=200, initial=1)
    nominate_until = forms.DateField(label=_("提名到哪一天"), widget=DateInput())
    allows_self = forms.BooleanField(label=_("可以自荐"), required=False, help_text=_("只用于授予个人的荣誉。"))
    way = forms.ChoiceField(label=_("怎样定"), choices=CallWay.choices)
    terms = forms.CharField(label=_("条件和要求"), max_length=2000, required=False, widget=area(4))
    notice_days = forms.IntegerField(
        label=_("公示几个工作日"), min_value=1, max_value=30, required=False, help_text=_("不填按范本的参数。")
    )
    veto_months = forms.IntegerField(
        label=_("看几个月内的一票否决"),
        min_value=0,
        max_value=36,
        required=False,
        help_text=_("从提名截止日往前算。不填按范本的参数。"),
    )

    def __init__(self, *args: Any, titles: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        title: Any = self.fields["title"]
        body: Any = self.fields["body"]
        title.queryset, body.queryset = titles, bodies

    def text(self) -> CallText:
        given = {name: value for name, value in self.cleaned_data.items() if name != "body"}
        return CallText(**{**given, "way": CallWay(given["way"])})


class NominationForm(forms.Form):
    by_body = forms.ModelChoiceField(label=_("以哪个组织的名义"), queryset=PartyOrg.objects.none(), empty_label=None)
    person = PersonField(label=_("提名谁"), empty_label=_("请选人"))
    team = forms.CharField(label=_("提名哪个集体"), max_length=80)
    reasons = forms.CharField(label=_("推荐理由"), max_length=2000, widget=area(5))

    def __init__(self, *args: Any, kind: str, bodies: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body: Any = self.fields["by_body"]
        body.queryset = bodies
        offer(self, "person", people)
        for name, wanted in (("person", HolderKind.PERSON), ("team", HolderKind.TEAM)):
            if kind != wanted:
                del self.fields[name]


class EvidenceForm(forms.Form):
    """One piece of evidence; `record` is a task or an honour that is there already, as `task-7` or `honour-3`."""

    record = forms.ChoiceField(label=_("选一条记录"), required=False)
    aspect = forms.ChoiceField(label=_("证明哪一项"), required=False)
    words = forms.CharField(label=_("说明"), max_length=400, required=False, widget=area(2))
    file = forms.FileField(label=_("附文件"), required=False, help_text=_("照片或 PDF。"))

    def __init__(self, *args: Any, records: Any, aspects: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        record: Any = self.fields["record"]
        record.choices = [("", _("不选")), *records]
        aspect: Any = self.fields["aspect"]
        aspect.choices = [("", _("总的")), *((one, Aspect(one).label) for one in aspects)]


class OpinionForm(forms.Form):
    aspect = forms.ChoiceField(label=_("哪一项意见"))
    passes = forms.TypedChoiceField(
        label=_("意见"), choices=[("1", _("同意")), ("0", _("不同意"))], coerce=lambda word: word == "1"
    )
    words = forms.CharField(label=_("说明"), max_length=400, required=False, widget=area(2))

    def __init__(self, *args: Any, aspects: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        aspect: Any = self.fields["aspect"]
        aspect.choices = [(one.value, one.label) for one in aspects]


class PeopleField(ManyField):
    def label_from_instance(self, person: Any) -> str:
        return f"{person.name} · {person.unit.name}" if person.unit else str(person.name)


class VotersForm(forms.Form):
    people = PeopleField(label=_("谁投票"), queryset=Person.objects.none(), required=False)
    more = forms.CharField(
        label=_("再加人"), max_length=2000, required=False, help_text=_("姓名或员工号，用空格隔开。")
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["people"]
        field.queryset = people


class PickedField(ManyField):
    def label_from_instance(self, row: Any) -> str:
        votes = f" · {_('%(n)s 票') % {'n': row.votes}}" if row.votes is not None else ""
        return f"{row.holder_name}{votes}"


class ChooseForm(forms.Form):
    picked = PickedField(label=_("拟表彰"), queryset=Nomination.objects.none())
    decision = forms.CharField(
        label=_("怎样定的"), max_length=600, required=False, widget=area(2),
        help_text=_("会议研究的写会议；同票的写为什么取这几名。"),
    )  # fmt: skip

    def __init__(self, *args: Any, rows: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["picked"]
        field.queryset = rows


class ObjectionForm(forms.Form):
    text = forms.CharField(label=_("有什么异议，依据是什么"), max_length=600, widget=area(4))


class AnswerForm(forms.Form):
    is_upheld = forms.TypedChoiceField(
        label=_("是否成立"), choices=[("0", _("不成立")), ("1", _("成立"))], coerce=lambda word: word == "1"
    )
    answer = forms.CharField(label=_("怎样答复"), max_length=600, widget=area(3))


class AwardForm(forms.Form):
    document_number = forms.CharField(label=_("表彰文件的文号"), max_length=60, required=False)


class RoundForm(forms.Form):
    body = forms.ModelChoiceField(label=_("哪个组织的机关"), queryset=PartyOrg.objects.none(), empty_label=None)
    offices = ManyField(label=_("评哪些机关组织"), queryset=PartyOrg.objects.none())
    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2999)
    quarter = forms.TypedChoiceField(label=_("季度"), choices=[(one, str(one)) for one in range(1, 5)], coerce=int)
    everybody = forms.BooleanField(
        label=_("请基层全体来评"), required=False, help_text=_("不勾就请书记、党小组长、班组长、工会小组长来评。")
    )
    least_votes = forms.IntegerField(
        label=_("最少几票才算"),
        min_value=3,
        max_value=500,
        required=False,
        help_text=_("少于这个数的不公布、不排名。不填按范本的参数。"),
    )

    def __init__(self, *args: Any, bodies: Any, offices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body: Any = self.fields["body"]
        office: Any = self.fields["offices"]
        body.queryset, office.queryset = bodies, offices


class SettleForm(forms.Form):
    winner = forms.ChoiceField(label=_("授给谁"))
    reason = forms.CharField(label=_("理由"), max_length=400, widget=area(2))

    def __init__(self, *args: Any, offices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        winner: Any = self.fields["winner"]
        winner.choices = [(office.pk, office.body.name) for office in offices]


class RatingForm(forms.Form):
    """One row an office, one tap each; nothing is preselected."""

    UNKNOWN = "0"

    def __init__(self, *args: Any, offices: Sequence[BannerOffice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offices = offices
        words = [f"{points} {spoken(word)}" for points, word in zip(POINTS, RATINGS, strict=False)]
        offered = [*zip(map(str, POINTS), words, strict=True), (self.UNKNOWN, spoken(RATINGS[-1]))]
        for office in offices:
            self.fields[f"office_{office.place}"] = forms.ChoiceField(
                label=office.body.name, choices=offered, widget=forms.RadioSelect({"autocomplete": "off"})
            )

    def asks(self) -> list[forms.BoundField]:
        return [self[f"office_{office.place}"] for office in self.offices]

    def ratings(self) -> dict[int, int | None]:
        """Return the rating by place of the office; `None` who does not know it."""
        given = {office.place: self.cleaned_data[f"office_{office.place}"] for office in self.offices}
        return {place: None if value == self.UNKNOWN else int(value) for place, value in given.items()}
