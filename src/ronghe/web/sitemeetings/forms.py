"""What the foreman types in the morning: what the last time already said, changed where today is different."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.sitemeetings.enums import ORDER, Meeting
from ronghe.domain.sitemeetings.selectors import LastTime
from ronghe.domain.sitemeetings.services.chains import Prepared
from ronghe.domain.sitemeetings.services.texts import LONGEST
from ronghe.web.choosing import PersonField, offer


class BeginForm(forms.Form):
    body = forms.ModelChoiceField(label=_("哪个组织"), queryset=PartyOrg.objects.none(), empty_label=None)
    place = forms.CharField(label=_("在哪里"), max_length=80)
    study = forms.CharField(label=_("党小组会学什么"), max_length=80)
    study_text = forms.CharField(
        label=_("学习要点"), max_length=LONGEST, required=False, widget=forms.Textarea({"rows": 3})
    )
    safety_text = forms.CharField(
        label=_("安全交底：危害和措施"), max_length=LONGEST, required=False, widget=forms.Textarea({"rows": 5}),
        help_text=_("一行一条，写成“危害：措施”。"),
    )  # fmt: skip
    safety_briefer = PersonField(label=_("谁来安全交底"), empty_label=_("我来"), required=False)
    technical_text = forms.CharField(
        label=_("技术交底：要点"), max_length=LONGEST, required=False, widget=forms.Textarea({"rows": 5}),
        help_text=_("一行一条。"),
    )  # fmt: skip
    technical_briefer = PersonField(label=_("谁来技术交底"), empty_label=_("我来"), required=False)

    def __init__(self, *args: Any, bodies: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body: Any = self.fields["body"]
        body.queryset, body.label_from_instance = bodies, lambda row: row.name
        known = list(people)
        for name in ("safety_briefer", "technical_briefer"):
            offer(self, name, people, known)

    def prepared(self) -> dict[Meeting, Prepared]:
        given = self.cleaned_data
        return {
            Meeting.GROUP: Prepared(given["study"], given["study_text"]),
            Meeting.SAFETY: Prepared("", given["safety_text"], given["safety_briefer"]),
            Meeting.TECHNICAL: Prepared("", given["technical_text"], given["technical_briefer"]),
        }


class TextForm(forms.Form):
    heading = forms.CharField(label=_("题目"), max_length=80, required=False)
    text = forms.CharField(
        label=_("内容"), max_length=LONGEST, required=False, widget=forms.Textarea({"rows": 8}),
        help_text=_("一行一条。"),
    )  # fmt: skip
    briefer = PersonField(label=_("谁来讲"), empty_label=_("不变"), required=False)

    def __init__(self, *args: Any, meeting: Meeting, people: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if people is None:
            del self.fields["briefer"]
        else:
            offer(self, "briefer", people)
        if meeting == Meeting.GROUP:
            self.fields["heading"].label = _("学习内容")
        if meeting == Meeting.SAFETY:
            self.fields["text"].help_text = _("一行一条，写成“危害：措施”。")


class OffForm(forms.Form):
    reason = forms.CharField(label=_("为什么取消"), max_length=120)


def initial_from(last: LastTime | None, place: str, actor: Person) -> dict[str, Any]:
    """Return the fields as the last time left them; the study item alone is new every day."""
    if last is None:
        return {"place": place}
    texts = {meeting: last.texts[meeting].text if meeting in last.texts else "" for meeting in ORDER}
    briefers = {
        meeting: person.pk
        for meeting, person in last.briefers.items()
        if person.pk not in (actor.pk, last.chain.leader_id)
    }
    return {
        "place": last.chain.place, "study": last.texts["group"].heading if "group" in last.texts else "",
        "study_text": texts[Meeting.GROUP], "safety_text": texts[Meeting.SAFETY],
        "technical_text": texts[Meeting.TECHNICAL], "safety_briefer": briefers.get("safety"),
        "technical_briefer": briefers.get("technical"),
    }  # fmt: skip
