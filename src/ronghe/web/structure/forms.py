"""What people type about an act: one form a kind of act, as short as the kind allows, and the forms of units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ronghe.domain.org.enums import PartyOrgKind, StaffingMode, UnitKind
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg
from ronghe.domain.structure.calc.placing import UPPER, becomes, may_merge, may_receive, may_stand_below
from ronghe.domain.structure.enums import SMALL_GROUPS, ActKind
from ronghe.domain.structure.selectors.plans import children_of, kind_in, members_of
from ronghe.domain.structure.services.wanted import NewBody, Wanted
from ronghe.ui.forms import DateInput

MOST_NEW = 3
"""New bodies of one split on the page; more of them go through the API or a second split."""
STAYS = ""
OFFERED = 400


class ActForm(forms.Form):
    """What every act has. Subclasses add their own fields in front."""

    effective_on = forms.DateField(label=_("生效日期"), widget=DateInput(), help_text=_("以后的日期到当天自动生效。"))
    grounds = forms.CharField(label=_("事由"), max_length=400, widget=forms.Textarea({"rows": 2}))
    approval_ref = forms.CharField(
        label=_("批复文号"), max_length=80, required=False, help_text=_("已有批复的填写；没有的由批准人填写。")
    )
    kind: ActKind

    def __init__(self, *args: Any, body: PartyOrg | None, bodies: QuerySet[PartyOrg], **further: Any) -> None:
        super().__init__(*args, **further)
        self.body, self.bodies = body, bodies
        self.prepare()
        last = ("effective_on", "grounds", "approval_ref")
        self.order_fields([*(name for name in self.fields if name not in last), *last])
        if self.is_own_affair():
            del self.fields["approval_ref"]

    def prepare(self) -> None:
        """Fill what can be chosen."""

    def is_own_affair(self) -> bool:
        """Tell whether the act is about groups, which want no approval (PO-08)."""
        return self.body is not None and self.body.kind in SMALL_GROUPS

    def wanted(self) -> Wanted:
        """Return what the form asks for."""
        return Wanted(kind=self.kind, body=self.body, **self.common(), **self.own())

    def common(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "effective_on": given["effective_on"], "grounds": given["grounds"],
            "approval_ref": given.get("approval_ref", ""),
        }  # fmt: skip

    def own(self) -> dict[str, Any]:
        return {}

    def offer(self, name: str, rows: Sequence[PartyOrg]) -> None:
        """Let a field choose among bodies, by name, with their kind beside it."""
        field: Any = self.fields[name]
        empty = [("", field.empty_label)] if getattr(field, "empty_label", None) is not None else []
        field.queryset = PartyOrg.objects.filter(pk__in=[row.pk for row in rows])
        field.choices = [*empty, *((row.pk, f"{row.name} · {row.get_kind_display()}") for row in rows)]

    def standing(self) -> list[PartyOrg]:
        """Return the bodies that can be chosen, those beside the body first."""
        beside = self.body.parent_id if self.body is not None else None
        rows = list(self.bodies[:OFFERED])
        return sorted(rows, key=lambda row: (row.parent_id != beside, row.name, row.pk))


class FoundForm(ActForm):
    kind = ActKind.FOUND
    name = forms.CharField(label=_("名称"), max_length=80)
    unit = forms.ModelChoiceField(
        label=_("所在单位"), queryset=AdminUnit.objects.none(), required=False, empty_label=_("不指定")
    )
    units = forms.ModelMultipleChoiceField(
        label=_("覆盖的单位"), queryset=AdminUnit.objects.none(), required=False,
        help_text=_("一般不超过 5 个（PO-03）。"),
    )  # fmt: skip
    planned_end_on = forms.DateField(
        label=_("项目结束日期"), widget=DateInput(), help_text=_("到期自然撤销（PO-06）。")
    )
    outflow_name = forms.CharField(label=_("流出地党组织"), max_length=80)
    inflow_name = forms.CharField(label=_("流入地党组织"), max_length=80)
    people = forms.MultipleChoiceField(label=_("编入哪些党员"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, parent: PartyOrg, body_kind: PartyOrgKind, units: Any, **further: Any) -> None:
        self.parent, self.body_kind, self.units = parent, body_kind, units
        super().__init__(*args, **further)

    def prepare(self) -> None:
        kept = {
            "units": {PartyOrgKind.JOINT_BRANCH, PartyOrgKind.REGIONAL_BRANCH},
            "planned_end_on": {PartyOrgKind.TEMPORARY_BRANCH},
            "outflow_name": {PartyOrgKind.FLOATING_BRANCH},
            "inflow_name": {PartyOrgKind.FLOATING_BRANCH},
            "people": SMALL_GROUPS - {PartyOrgKind.TEMPORARY_PARTY_GROUP},
        }
        for name, kinds in kept.items():
            if self.body_kind not in kinds:
                del self.fields[name]
        if "units" in self.fields or self.body_kind in SMALL_GROUPS:
            del self.fields["unit"]
        for name in {"unit", "units"} & self.fields.keys():
            choices: Any = self.fields[name]
            choices.queryset = self.units
        if "people" in self.fields:
            self._known = {str(row.person_id): row for row in members_of(self.parent) if _belongs(row)}
            people: Any = self.fields["people"]
            people.choices = [(key, _labelled(row)) for key, row in self._known.items()]

    def is_own_affair(self) -> bool:
        return self.body_kind in SMALL_GROUPS

    def own(self) -> dict[str, Any]:
        given = self.cleaned_data
        people = [self._known[key].person for key in given.get("people", [])]
        return {
            "parent": self.parent, "into": [NewBody(given["name"], self.body_kind, people)],
            "unit": given.get("unit"), "units": list(given.get("units") or []),
            "planned_end_on": given.get("planned_end_on"), "outflow_name": given.get("outflow_name", ""),
            "inflow_name": given.get("inflow_name", ""),
        }  # fmt: skip


class SplitForm(ActForm):
    """Names of the new bodies, then where each group and each member outside of groups goes."""

    kind = ActKind.SPLIT

    def prepare(self) -> None:
        for number in range(1, MOST_NEW + 1):
            self.fields[f"name_{number}"] = forms.CharField(
                label=_("新组织 %(number)s 的名称") % {"number": number}, max_length=80, required=number == 1
            )
        where = [
            (STAYS, _("不动")),
            *((str(n), _("去新组织 %(number)s") % {"number": n}) for n in range(1, MOST_NEW + 1)),
        ]
        self.groups = {f"group_{row.pk}": row for row in self._groups()}
        grouped = {row.pk for row in self.groups.values()}
        loose = [row for row in members_of(self.body) if row.group_id not in grouped] if self.body is not None else []
        self.people = {f"person_{row.person_id}": row for row in loose if _belongs(row)}
        for name, group in self.groups.items():
            self.fields[name] = forms.ChoiceField(label=group.name, choices=where, required=False)
        for name, row in self.people.items():
            self.fields[name] = forms.ChoiceField(label=_labelled(row), choices=where, required=False)

    def _groups(self) -> list[PartyOrg]:
        below = children_of(self.body) if self.body is not None else []
        return [child for child in below if child.kind in SMALL_GROUPS]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        for name in (*self.groups, *self.people):
            number = given.get(name)
            if number and not given.get(f"name_{number}"):
                self.add_error(f"name_{number}", _("请填写名称。"))
        return given

    def own(self) -> dict[str, Any]:
        given, body = self.cleaned_data, self.body
        into = [
            NewBody(
                given[f"name_{number}"], PartyOrgKind(body.kind) if body is not None else PartyOrgKind.BRANCH,
                [row.person for name, row in self.people.items() if given.get(name) == str(number)],
                [group for name, group in self.groups.items() if given.get(name) == str(number)],
            )
            for number in range(1, MOST_NEW + 1)
            if given.get(f"name_{number}")
        ]  # fmt: skip
        return {"into": into}


class MergeForm(ActForm):
    kind = ActKind.MERGE
    others = forms.ModelMultipleChoiceField(
        label=_("并入哪些组织"), queryset=PartyOrg.objects.none(), widget=forms.CheckboxSelectMultiple,
        help_text=_("它们的党员、党小组都归到这个组织，然后撤销。"),
    )  # fmt: skip
    name = forms.CharField(label=_("合并后改名"), max_length=80, required=False)

    def prepare(self) -> None:
        body = self.body
        if body is not None:
            rows = [row for row in self.standing() if row.pk != body.pk and may_merge(body.kind, row.kind)]
            if body.kind in SMALL_GROUPS:
                rows = [row for row in rows if row.parent_id == body.parent_id]
            self.offer("others", rows)

    def own(self) -> dict[str, Any]:
        return {"others": list(self.cleaned_data["others"]), "name": self.cleaned_data["name"]}


class MoveForm(ActForm):
    kind = ActKind.MOVE
    parent = forms.ModelChoiceField(label=_("新的上级"), queryset=PartyOrg.objects.none(), empty_label=_("请选组织"))

    def prepare(self) -> None:
        body = self.body
        if body is not None:
            here = {body.pk, body.parent_id}
            rows = [row for row in self.standing() if row.pk not in here and may_stand_below(body.kind, row.kind)]
            self.offer("parent", rows)

    def own(self) -> dict[str, Any]:
        return {"parent": self.cleaned_data["parent"]}


class RenameForm(ActForm):
    kind = ActKind.RENAME
    name = forms.CharField(label=_("新名称"), max_length=80)

    def own(self) -> dict[str, Any]:
        return {"name": self.cleaned_data["name"]}


class ConvertForm(ActForm):
    kind = ActKind.CONVERT
    body_kind = forms.ChoiceField(label=_("改设为"))
    name = forms.CharField(label=_("改设后的名称"), max_length=80, required=False)

    def prepare(self) -> None:
        if self.body is not None:
            choices: Any = self.fields["body_kind"]
            choices.choices = [(kind, PartyOrgKind(kind).label) for kind in becomes(self.body.kind)]

    def own(self) -> dict[str, Any]:
        return {"body_kind": PartyOrgKind(self.cleaned_data["body_kind"]), "name": self.cleaned_data["name"]}


class DissolveForm(ActForm):
    kind = ActKind.DISSOLVE
    receiver = forms.ModelChoiceField(
        label=_("人员和下级归到"), queryset=PartyOrg.objects.none(), required=False, empty_label=_("没有人员和下级")
    )

    def prepare(self) -> None:
        body = self.body
        if body is not None:
            rows = [row for row in self.standing() if row.pk != body.pk and may_receive(row.kind, body.kind)]
            if body.kind in SMALL_GROUPS:
                rows = [row for row in rows if row.parent_id == body.parent_id]
            self.offer("receiver", rows)

    def own(self) -> dict[str, Any]:
        return {"receiver": self.cleaned_data["receiver"]}


FORMS: dict[ActKind, type[ActForm]] = {
    form.kind: form for form in (SplitForm, MergeForm, MoveForm, RenameForm, ConvertForm, DissolveForm)
}


def acts_offered(body: PartyOrg) -> list[ActKind]:
    """Return which acts make sense for a body, as the page offers them."""
    offered = [ActKind.RENAME]
    if body.parent_id is not None:
        offered = [ActKind.MOVE, *offered, ActKind.MERGE, ActKind.DISSOLVE]
        if body.kind not in UPPER:
            offered.insert(0, ActKind.SPLIT)
    return [*offered, *([ActKind.CONVERT] if becomes(body.kind) and body.parent_id is not None else [])]


class ApproveForm(forms.Form):
    approval_ref = forms.CharField(label=_("批复文号"), max_length=80, required=False)
    note = forms.CharField(label=_("意见"), max_length=400, required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=400, widget=forms.Textarea({"rows": 2}))


class UnitForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=80)
    kind = forms.ChoiceField(label=_("类型"), choices=UnitKind.choices, initial=UnitKind.TEAM)
    parent = forms.ModelChoiceField(label=_("上级单位"), queryset=AdminUnit.objects.none(), empty_label=_("请选单位"))
    since = forms.DateField(label=_("设立日期"), widget=DateInput())

    def __init__(self, *args: Any, units: QuerySet[AdminUnit], **further: Any) -> None:
        super().__init__(*args, **further)
        _offer_units(self, "parent", units)


class UnitMoveForm(forms.Form):
    parent = forms.ModelChoiceField(label=_("新的上级"), queryset=AdminUnit.objects.none(), empty_label=_("请选单位"))
    since = forms.DateField(label=_("从哪天起"), widget=DateInput())

    def __init__(self, *args: Any, units: QuerySet[AdminUnit], **further: Any) -> None:
        super().__init__(*args, **further)
        _offer_units(self, "parent", units)


class UnitRenameForm(forms.Form):
    name = forms.CharField(label=_("新名称"), max_length=80)
    since = forms.DateField(label=_("从哪天起"), widget=DateInput())


class UnitCloseForm(forms.Form):
    until = forms.DateField(label=_("从哪天起撤销"), widget=DateInput())


class ModeForm(forms.Form):
    staffing = forms.ChoiceField(label=_("值守方式"), choices=StaffingMode.choices)
    is_hub = forms.BooleanField(label=_("是中心站"), required=False, help_text=_("中心站自成一个区域。"))
    hub = forms.ModelChoiceField(
        label=_("归哪个中心站"), queryset=AdminUnit.objects.none(), required=False, empty_label=_("还没有划区域")
    )
    since = forms.DateField(label=_("从哪天起"), widget=DateInput())

    def __init__(self, *args: Any, hubs: QuerySet[AdminUnit], **further: Any) -> None:
        super().__init__(*args, **further)
        _offer_units(self, "hub", hubs)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("is_hub") and given.get("hub"):
            self.add_error("hub", _("中心站自成一个区域，不再归别的中心站（AL-16）。请只选一样。"))
        return given


class FigureForm(forms.Form):
    code = forms.CharField(max_length=64, widget=forms.HiddenInput)
    figure = forms.IntegerField(label=_("改成"), min_value=0, max_value=100_000)
    grounds = forms.CharField(label=_("改的依据"), max_length=200)


def _offer_units(form: forms.Form, name: str, units: QuerySet[AdminUnit]) -> None:
    field: Any = form.fields[name]
    field.queryset = units


def _belongs(row: Membership) -> bool:
    """Whether somebody belongs to the body and does not only take part."""
    return row.kind == kind_in(row.body.kind)


def _labelled(row: Membership) -> str:
    return f"{row.person.name} · {row.group.name}" if row.group is not None else row.person.name
