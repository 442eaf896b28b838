"""What is typed while people are called up: as little as an emergency allows."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.carriers.enums import NeedKind, Occasion
from ronghe.domain.carriers.models import CallPerson, Carrier
from ronghe.domain.carriers.services.calling import CallText
from ronghe.domain.carriers.services.ending import Outcome
from ronghe.domain.org.models import Person
from ronghe.domain.pools.models import SharedItem
from ronghe.ui.forms import DateTimeInput
from ronghe.web.items.forms import area

LENGTHS = [("12", _("12 小时，两组轮换")), ("8", _("8 小时，三组轮换")), ("6", _("6 小时，四组轮换"))]
SHIFTS_OFFERED = 2
REASONS = (_("在外地"), _("正在当班，走不开"), _("身体不适"))
"""One tap each; anything else is typed."""


class CallForm(forms.Form):
    """A call-up: which teams, what for, where. The rest has a default and stands behind a tap."""

    occasion = forms.ChoiceField(label=_("什么事"), choices=Occasion.choices, widget=forms.RadioSelect)
    place = forms.CharField(label=_("在哪里"), max_length=80)
    teams = forms.ModelMultipleChoiceField(
        label=_("集结哪支队伍"), queryset=Carrier.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    what = forms.CharField(label=_("情况"), max_length=120, required=False)
    rally_place = forms.CharField(label=_("集合点"), max_length=80, required=False, help_text=_("不写就在现场集合。"))
    rally_at = forms.DateTimeField(label=_("集合时间"), required=False, widget=DateTimeInput())

    def __init__(self, *args: Any, teams: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["teams"]
        field.queryset, field.label_from_instance = teams, lambda team: f"{team.name} · {team.lead.name}"

    def text(self) -> CallText:
        typed = self.cleaned_data
        return CallText(
            occasion=Occasion(typed["occasion"]), place=typed["place"], what=typed["what"],
            rally_place=typed["rally_place"], rally_at=typed["rally_at"],
        )  # fmt: skip


class PlanForm(forms.Form):
    length_hours = forms.ChoiceField(label=_("一班多长"), choices=LENGTHS, initial="12")
    count = forms.IntegerField(label=_("排几班"), min_value=1, max_value=21, initial=SHIFTS_OFFERED)
    starts_at = forms.DateTimeField(label=_("第一班从几点起"), required=False, widget=DateTimeInput())


class OnShiftForm(forms.Form):
    """Somebody put on a shift, or given other times on it."""

    row = forms.ModelChoiceField(label=_("谁"), queryset=CallPerson.objects.none(), empty_label=_("请选到位的人"))
    starts_at = forms.DateTimeField(label=_("从"), required=False, widget=DateTimeInput())
    ends_at = forms.DateTimeField(label=_("到"), required=False, widget=DateTimeInput())

    def __init__(self, *args: Any, rows: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["row"]
        field.queryset, field.label_from_instance = rows, lambda row: row.person.name


class TimesForm(forms.Form):
    starts_at = forms.DateTimeField(label=_("从"), widget=DateTimeInput())
    ends_at = forms.DateTimeField(label=_("到"), widget=DateTimeInput())


class CorrectForm(TimesForm):
    is_held = forms.BooleanField(label=_("值守了"), required=False)
    reason = forms.CharField(label=_("为什么更正"), max_length=200)


class HandOverForm(forms.Form):
    note = forms.CharField(
        label=_("交接内容"), max_length=400, widget=area(3), help_text=_("现在怎样，还有什么没办完，要当心什么。")
    )


class LineForm(forms.Form):
    text = forms.CharField(label=_("发生了什么"), max_length=400, required=False, widget=area())
    happened_at = forms.DateTimeField(label=_("什么时候"), required=False, widget=DateTimeInput())
    corrects = forms.IntegerField(required=False, widget=forms.HiddenInput())


class NeedForm(forms.Form):
    kind = forms.ChoiceField(label=_("要什么"), choices=NeedKind.choices, widget=forms.RadioSelect)
    what = forms.CharField(label=_("具体是"), max_length=120)
    quantity = forms.IntegerField(label=_("数量"), min_value=1, max_value=100_000, initial=1)
    unit = forms.CharField(label=_("单位"), max_length=12, required=False)


class SettleForm(forms.Form):
    how = forms.CharField(label=_("怎样落实的"), max_length=200)


class BookForm(forms.Form):
    item = forms.ModelChoiceField(label=_("共享资源"), queryset=SharedItem.objects.none(), empty_label=_("请选"))
    starts_at = forms.DateTimeField(label=_("从"), widget=DateTimeInput())
    ends_at = forms.DateTimeField(label=_("到"), widget=DateTimeInput())
    quantity = forms.IntegerField(label=_("数量"), min_value=1, max_value=1000, initial=1)

    def __init__(self, *args: Any, items: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["item"]
        field.queryset, field.label_from_instance = items, lambda item: f"{item.title} · {item.unit.name}"


class TeamForm(forms.Form):
    team = forms.ModelChoiceField(label=_("哪支队伍"), queryset=Carrier.objects.none(), empty_label=_("请选队伍"))

    def __init__(self, *args: Any, teams: list[Carrier], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["team"]
        field.queryset = (
            Carrier.objects.filter(pk__in=[team.pk for team in teams]).select_related("body").order_by("pk")
        )
        field.label_from_instance = lambda team: f"{team.name} · {team.body.name}"


class CommandForm(forms.Form):
    person = forms.ModelChoiceField(label=_("交给谁指挥"), queryset=Person.objects.none(), empty_label=_("请选人"))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        field.queryset, field.label_from_instance = people, lambda person: person.name


class NoteForm(forms.Form):
    """Words that say why: something is called off, declined, sent back."""

    note = forms.CharField(label=_("原因"), max_length=400, required=False)


class EndForm(forms.Form):
    result = forms.CharField(label=_("结果"), max_length=1000, widget=area(3), help_text=_("干了什么，现在怎样。"))
    saved = forms.CharField(label=_("保住了什么"), max_length=400, required=False, widget=area())
    saved_yuan = forms.DecimalField(label=_("折合（元）"), max_digits=14, decimal_places=2, min_value=0, required=False)
    injuries = forms.IntegerField(label=_("受伤几人"), min_value=0, max_value=10_000, initial=0)
    injury_note = forms.CharField(
        label=_("受伤经过和处置"), max_length=400, required=False, help_text=_("不写姓名。没有人受伤就不填。")
    )

    def outcome(self) -> Outcome:
        typed = self.cleaned_data
        yuan: Decimal | None = typed["saved_yuan"]
        return Outcome(
            result=typed["result"], saved=typed["saved"], saved_fen=int(yuan * 100) if yuan is not None else None,
            injuries=typed["injuries"], injury_note=typed["injury_note"],
        )  # fmt: skip


def outcome_initial(call: Any) -> dict[str, Any]:
    """Return what was reported before, for whoever reports again."""
    yuan = Decimal(call.saved_fen).scaleb(-2) if call.saved_fen is not None else None
    return {
        "result": call.result, "saved": call.saved, "saved_yuan": yuan, "injuries": call.injuries or 0,
        "injury_note": call.injury_note,
    }  # fmt: skip


def span_initial(starts_at: datetime, ends_at: datetime) -> dict[str, datetime]:
    return {"starts_at": starts_at, "ends_at": ends_at}
