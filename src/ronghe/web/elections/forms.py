"""What people type about terms and elections."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.elections.enums import DUTIES, CandidateStage, ElectionKind
from ronghe.domain.elections.models import Candidate, Contest
from ronghe.domain.elections.selectors.elections import roles_to_elect
from ronghe.domain.org.enums import PostRole, tree_of
from ronghe.domain.org.models import PartyOrg
from ronghe.ui.forms import DateInput
from ronghe.web.choosing import PersonField, offer

MOST = 100_000
"""People or ballots; nothing here is larger."""


class TermForm(forms.Form):
    body = forms.ModelChoiceField(label=_("组织"), queryset=PartyOrg.objects.none(), empty_label=None)
    number = forms.IntegerField(label=_("届次"), min_value=1, max_value=999)
    started_on = forms.DateField(label=_("开始日期"), widget=DateInput(), help_text=_("选出这一届的那天。"))
    ends_on = forms.DateField(
        label=_("届满日期"), widget=DateInput(), required=False, help_text=_("不填按规定的年限算（PE-04）。")
    )
    approval_ref = forms.CharField(
        label=_("批准文号"), required=False, max_length=80, help_text=_("届满日期与规定不同的须填（PE-05）。")
    )

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["body"]
        choices.queryset = bodies


class ShiftForm(forms.Form):
    ends_on = forms.DateField(label=_("改为哪天届满"), widget=DateInput())
    approval_ref = forms.CharField(label=_("批准文号"), max_length=80)
    reason = forms.CharField(label=_("原因"), max_length=200, widget=forms.Textarea({"rows": 2}))


class DesignateForm(forms.Form):
    role = forms.ChoiceField(label=_("职务"))
    person = PersonField(label=_("指派谁"), empty_label=_("请选人"))
    since = forms.DateField(label=_("从哪天起"), widget=DateInput())
    approval_ref = forms.CharField(label=_("批准文号"), max_length=80)
    is_acting = forms.BooleanField(
        label=_("代理，到补选为止"), required=False, help_text=_("临时党支部和工作载体由上级指定，不设代理（PO-05）。")
    )

    def __init__(self, *args: Any, body: PartyOrg, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["role"]
        choices.choices = list(reversed(roles_to_elect(body)))
        offer(self, "person", people)


class ElectionForm(forms.Form):
    """Which places are to be filled; the fields are named after the roles of the body's tree."""

    kind = forms.ChoiceField(label=_("哪种选举"), choices=ElectionKind.choices)
    planned_on = forms.DateField(label=_("计划哪天选举"), widget=DateInput())
    seats = forms.IntegerField(label=_("委员"), min_value=0, max_value=30, required=False)
    deputies = forms.IntegerField(label=_("副书记"), min_value=0, max_value=5, required=False)
    heads = forms.IntegerField(label=_("书记"), min_value=0, max_value=1, required=False)
    by_delegates = forms.BooleanField(
        label=_("开代表大会"), required=False, help_text=_("党员 500 名以上可开（PE-07）。")
    )
    is_dispersed = forms.BooleanField(label=_("驻地分散，不足 500 名也开代表大会"), required=False)

    def __init__(self, *args: Any, body: PartyOrg, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roles = dict(zip(("seats", "deputies", "heads"), roles_to_elect(body), strict=True))
        for name, (_role, word) in self.roles.items():
            self.fields[name].label = word

    def places(self) -> dict[PostRole, int]:
        """Return how many places of each role were asked for."""
        return {PostRole(role): self.cleaned_data[name] or 0 for name, (role, _word) in self.roles.items()}


class CandidateForm(forms.Form):
    person = PersonField(label=_("谁"), empty_label=_("请选人"))
    duty = forms.ChoiceField(label=_("拟任"))
    stage = forms.ChoiceField(label=_("作为什么"))

    def __init__(self, data: Any, *, contest: Contest, people: Any, is_written_in: bool) -> None:
        super().__init__(data, prefix=f"contest{contest.pk}")
        duties: Any = self.fields["duty"]
        own = PostRole(contest.role)
        tree = tree_of(contest.election.body.kind)
        further = [role for role in DUTIES[tree] if role != own] if own in DUTIES[tree] else []
        duties.choices = [(role.value, str(role.label)) for role in (own, *further)]
        stages: Any = self.fields["stage"]
        stages.choices = [
            (stage.value, str(stage.label))
            for stage in (CandidateStage.PRELIMINARY, CandidateStage.NOMINATED, CandidateStage.WRITTEN_IN)
            if (stage == CandidateStage.WRITTEN_IN) == is_written_in
        ]
        self._offer(people)

    def _offer(self, people: Any) -> None:
        posted = str(self.data.get(self.add_prefix("person"), ""))
        field: Any = self.fields["person"]
        field.chosen = int(posted) if posted.isascii() and posted.isdigit() else None
        field.queryset = people


class PaperForm(forms.Form):
    reference = forms.CharField(label=_("文号"), max_length=80)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=200, widget=forms.Textarea({"rows": 2}))


def _count(label: Any, *, required: bool = True) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=MOST, required=required)


class BallotForm(forms.Form):
    """The totals of one vote; three numbers for each person on the ballot."""

    held_on = forms.DateField(label=_("哪天投票"), widget=DateInput())
    entitled = _count(_("应到会代表"), required=False)
    present = _count(_("实到"))
    issued = _count(_("发出选票"))
    returned = _count(_("收回选票"))
    valid = _count(_("有效票"))
    invalid = _count(_("无效票"))
    others = _count(_("另选他人（未列名）"), required=False)

    def __init__(self, *args: Any, on_ballot: list[Candidate], by_delegates: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on_ballot = on_ballot
        if not by_delegates:
            del self.fields["entitled"]
        for one in on_ballot:
            for name, word in (("for", _("赞成")), ("against", _("不赞成")), ("abstained", _("弃权"))):
                self.fields[f"{name}_{one.pk}"] = _count(word, required=name == "for")

    def rows(self) -> list[tuple[Candidate, list[Any]]]:
        """Return each candidate with the three fields of the votes."""
        return [(one, [self[f"{name}_{one.pk}"] for name in ("for", "against", "abstained")]) for one in self.on_ballot]

    def votes(self) -> dict[int, tuple[int, int, int]]:
        """Return what was typed: candidate → for, against, abstained."""
        given = self.cleaned_data
        return {
            one.pk: (given[f"for_{one.pk}"], given[f"against_{one.pk}"] or 0, given[f"abstained_{one.pk}"] or 0)
            for one in self.on_ballot
        }

    def totals(self) -> dict[str, int]:
        """Return the six totals as the count takes them."""
        names = ("present", "issued", "returned", "valid", "invalid")
        return {**{name: self.cleaned_data[name] for name in names}, "others": self.cleaned_data["others"] or 0}
