"""What people type about permits: what the profile asks of an operation, and as little as can be on site."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronghe.domain.org.models import AdminUnit, Person
from ronghe.domain.permits.calc.profiles import FactField, Number, Operation, Profile
from ronghe.domain.permits.enums import ActivityKind, MeasureState, PartRole, PermitKind, StopReason
from ronghe.domain.permits.models import Permit
from ronghe.domain.permits.services.requesting import IsolationGiven, PartGiven, PermitText, RiskGiven
from ronghe.domain.permits.services.watching import ActivityText
from ronghe.kernel.words import _ as spoken
from ronghe.ui.forms import DateTimeInput
from ronghe.web.choosing import PersonField, offer
from ronghe.web.items.forms import area

BAR = ("｜", "|")
GAS_ROWS = 3


def _pieces(text: str, count: int) -> list[list[str]]:
    """Return the filled lines of a text, each cut at its bars into `count` pieces."""
    found = []
    for line in text.splitlines():
        if line.strip():
            cut = [piece.strip() for piece in line.replace(*BAR).split(BAR[1], count - 1)]
            found.append(cut + [""] * (count - len(cut)))
    return found


class PermitForm(forms.Form):
    """One permit. What the operation asks comes first: its grade, its approver and its hours follow from that."""

    what = forms.CharField(label=_("做什么"), max_length=120)
    place = forms.CharField(label=_("在哪里"), max_length=120)
    starts_at = forms.DateTimeField(label=_("从"), widget=DateTimeInput())
    ends_at = forms.DateTimeField(label=_("到"), widget=DateTimeInput())
    parent = forms.ModelChoiceField(
        label=_("挂在哪张施工作业许可证下"), queryset=Permit.objects.none(), required=False, empty_label=_("不挂主证")
    )
    contractor = forms.ModelChoiceField(
        label=_("作业单位"), queryset=AdminUnit.objects.none(), required=False, empty_label=_("本单位自己做")
    )
    job_leader = PersonField(label=_("作业负责人"), empty_label=_("请选人"), required=False)
    workers = forms.ModelMultipleChoiceField(label=_("作业人"), queryset=Person.objects.none(), required=False)
    guardian = PersonField(label=_("监护人"), empty_label=_("请选人"), required=False)
    gas_tester = PersonField(label=_("气体分析人"), empty_label=_("请选人"), required=False)
    briefer = PersonField(label=_("交底人"), empty_label=_("请选人"), required=False)
    risks = forms.CharField(label=_("危害和措施"), max_length=4000, widget=area(4))
    isolations = forms.CharField(label=_("能量隔离点"), max_length=4000, required=False, widget=area(2))
    area_code = forms.CharField(
        label=_("区域"), max_length=60, required=False, widget=forms.TextInput(attrs={"list": "site-areas"}),
        help_text=_("从风险台账的区域里选，里面的风险和隐患会自动写进危害分析。"),
    )  # fmt: skip
    x_m = forms.DecimalField(label=_("横坐标（米）"), required=False, max_digits=8, decimal_places=1)
    y_m = forms.DecimalField(label=_("纵坐标（米）"), required=False, max_digits=8, decimal_places=1)
    reach_m = forms.DecimalField(label=_("作业半径（米）"), required=False, max_digits=5, decimal_places=1, min_value=0)
    space = forms.CharField(label=_("受限空间位号"), max_length=32, required=False)
    pipe = forms.CharField(label=_("管线号"), max_length=32, required=False)
    bund = forms.CharField(label=_("防火堤编号"), max_length=32, required=False)
    plan_ref = forms.CharField(label=_("方案编号"), max_length=80, required=False)
    links = forms.ModelMultipleChoiceField(
        label=_("关联的专项票"), queryset=Permit.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, operation: Operation, people: Any, permits: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.operation = operation
        fields: Any = self.fields
        for name in ("job_leader", "guardian", "gas_tester", "briefer"):
            offer(self, name, people)
        fields["workers"].queryset, fields["workers"].label_from_instance = people, lambda row: row.name
        fields["parent"].queryset = permits.filter(kind=PermitKind.MAIN)
        fields["links"].queryset = permits.filter(kind=PermitKind.SPECIAL)
        for name in ("parent", "links"):
            fields[name].label_from_instance = lambda row: f"{row.number} {row.what}"
        fields["contractor"].queryset = units
        fields["contractor"].label_from_instance = lambda row: row.name
        fields["risks"].help_text = _("一行一条：危害 | 措施。区域里已知的风险和隐患，平台会自己加上。")
        fields["isolations"].help_text = _("一行一个：隔离点 | 怎样隔离。")
        for one in operation.facts:
            self.fields[f"fact_{one.id}"] = _fact_field(one)
        if operation.kind == PermitKind.MAIN:
            del self.fields["parent"]
        if not operation.is_special:
            for name in ("workers", "guardian", "links"):
                del self.fields[name]
        if operation.gas is None:
            del self.fields["gas_tester"]

    @property
    def facts(self) -> list[Any]:
        return [self[f"fact_{one.id}"] for one in self.operation.facts]

    def shown(self, *names: str) -> list[Any]:
        return [self[name] for name in names if name in self.fields]

    @property
    def people_fields(self) -> list[Any]:
        return self.shown("job_leader", "workers", "guardian", "gas_tester", "briefer")

    @property
    def place_fields(self) -> list[Any]:
        """Where exactly, for the search of clashes: nobody has to know it."""
        return [
            one
            for one in self.shown("x_m", "y_m", "reach_m", "space", "pipe", "bund", "plan_ref")
            if one not in self.asked
        ]

    @property
    def has_place(self) -> bool:
        """Whether something stands there already, or was refused."""
        return any(one.errors or one.value() not in (None, "", 0) for one in self.place_fields)

    @property
    def asked(self) -> list[Any]:
        """What this operation is not submitted without."""
        operation = self.operation
        wanted = {"space": operation.needs_space, "pipe": operation.needs_pipe, "plan_ref": bool(operation.needs_plan)}
        return self.shown("area_code", *(name for name, needed in wanted.items() if needed))

    def text(self) -> PermitText:
        typed = self.cleaned_data
        return PermitText(
            what=typed["what"], place=typed["place"], starts_at=typed["starts_at"], ends_at=typed["ends_at"],
            values={one.id: typed.get(f"fact_{one.id}") for one in self.operation.facts}, area=typed["area_code"],
            x_m=typed["x_m"], y_m=typed["y_m"], reach_m=typed["reach_m"] or Decimal(0), space=typed["space"], pipe=typed["pipe"],
            bund=typed["bund"], plan_ref=typed["plan_ref"], contractor=typed["contractor"], parent=typed.get("parent"),
        )  # fmt: skip

    def parts(self) -> list[PartGiven]:
        typed = self.cleaned_data
        found = [PartGiven(PartRole.WORKER, person) for person in typed.get("workers") or ()]
        single = (PartRole.JOB_LEADER, PartRole.GUARDIAN, PartRole.GAS_TESTER, PartRole.BRIEFER)
        return found + [PartGiven(role, typed[role.value]) for role in single if typed.get(role.value)]

    def risk_lines(self) -> list[RiskGiven]:
        return [RiskGiven(hazard, measure) for hazard, measure in _pieces(self.cleaned_data["risks"], 2)]

    def isolation_lines(self) -> list[IsolationGiven]:
        return [IsolationGiven(point, method) for point, method in _pieces(self.cleaned_data["isolations"], 2)]


def _with_unit(title: str, unit: str) -> str:
    return spoken("%(title)s（%(unit)s）") % {"title": title, "unit": unit}


def _fact_field(one: FactField) -> forms.Field:
    label = _with_unit(one.title, one.unit) if one.unit else one.title
    if one.type == "flag":
        return forms.BooleanField(label=label, required=False)
    if one.type == "choice":
        choices = one.choices if one.is_required else (("", "—"), *one.choices)
        return forms.ChoiceField(label=label, choices=choices, required=one.is_required)
    if one.type == "number":
        return forms.DecimalField(label=label, required=one.is_required, min_value=0, max_digits=10, decimal_places=2)
    return forms.CharField(label=label, required=one.is_required, max_length=120)


def initial_of(permit: Permit, parts: Sequence[Any], risks: Sequence[Any], isolations: Sequence[Any]) -> dict[str, Any]:
    """Return what stands in the form of a permit that is changed."""
    found: dict[str, Any] = {f"fact_{key}": value for key, value in permit.values.items()}
    for name in ("what", "place", "starts_at", "ends_at", "space", "pipe", "bund", "plan_ref"):
        found[name] = getattr(permit, name)
    found |= {"area_code": permit.area, "parent": permit.parent_id, "contractor": permit.contractor_id}
    found |= (
        {"x_m": permit.x_dm / 10, "y_m": permit.y_dm / 10}
        if permit.x_dm is not None and permit.y_dm is not None
        else {}
    )
    found["reach_m"] = permit.reach_dm / 10
    found["workers"] = [row.person_id for row in parts if row.role == PartRole.WORKER]
    for row in parts:
        if row.role != PartRole.WORKER:
            found[row.role] = row.person_id
    found["risks"] = "\n".join(f"{row.hazard} | {row.measure}" for row in risks)
    found["isolations"] = "\n".join(f"{row.point} | {row.method}" for row in isolations)
    found["links"] = [
        *permit.links_up.values_list("second_id", flat=True),
        *permit.links_down.values_list("first_id", flat=True),
    ]
    return found


class NoteForm(forms.Form):
    note = forms.CharField(label=_("说明"), max_length=400, widget=area(2))


class StopForm(forms.Form):
    reason = forms.ChoiceField(label=_("为什么叫停"), choices=StopReason.choices, initial=StopReason.DANGER)
    note = forms.CharField(label=_("看见了什么"), max_length=200, required=False)


class WindowForm(forms.Form):
    starts_at = forms.DateTimeField(label=_("从"), widget=DateTimeInput())
    ends_at = forms.DateTimeField(label=_("到"), widget=DateTimeInput())
    reason = forms.CharField(label=_("为什么重新办"), max_length=200, required=False)


class ExtendForm(forms.Form):
    until = forms.DateTimeField(label=_("延到"), widget=DateTimeInput())
    note = forms.CharField(label=_("为什么延期"), max_length=200, required=False)


class MeasureForm(forms.Form):
    state = forms.ChoiceField(choices=MeasureState.choices)
    note = forms.CharField(max_length=120, required=False)


class LockForm(forms.Form):
    lock_no = forms.CharField(max_length=40, required=False)


class HandForm(forms.Form):
    """Whom a part is handed to, and what goes with it."""

    role = forms.ChoiceField(
        label=_("交哪一角色"), choices=[(one.value, one.label) for one in (PartRole.GUARDIAN, PartRole.JOB_LEADER)]
    )
    person = PersonField(label=_("交给"), empty_label=_("请选人"))
    note = forms.CharField(label=_("交接了什么"), max_length=200)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", people)


class PersonForm(forms.Form):
    person = PersonField(label=_("谁"), empty_label=_("请选人"))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", people)


class OfficeForm(PersonForm):
    office = forms.ChoiceField(label=_("签字岗位"))

    def __init__(self, *args: Any, profile: Profile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["office"]
        field.choices = list(profile.offices.items())


class GasForm(forms.Form):
    """One test: a few readings, each with its unit; empty rows are left out."""

    place = forms.CharField(label=_("取样点"), max_length=80)
    instrument = forms.CharField(label=_("仪器编号"), max_length=40, required=False)
    taken_at = forms.DateTimeField(
        label=_("取样时间"), required=False, widget=DateTimeInput(), help_text=_("不写就是现在。")
    )

    def __init__(self, *args: Any, profile: Profile, wanted: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.profile = profile
        choices = [
            (f"{one.id}:{unit}", _with_unit(one.title, unit))
            for one in profile.substances.values()
            for unit in ((one.unit, "%LEL") if one.lel is not None else (one.unit,))
        ]
        for row in range(GAS_ROWS):
            chosen = next(
                (key for key, _word in choices if row < len(wanted) and key.startswith(f"{wanted[row]}:")), None
            )
            self.fields[f"gas_{row}"] = forms.ChoiceField(
                label=_("气体"), choices=choices, required=False, initial=chosen
            )
            self.fields[f"value_{row}"] = forms.CharField(label=_("读数"), max_length=12, required=False)

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        return [(self[f"gas_{row}"], self[f"value_{row}"]) for row in range(GAS_ROWS)]

    def readings(self) -> list[dict[str, str]]:
        found = []
        for row in range(GAS_ROWS):
            value = self.cleaned_data.get(f"value_{row}", "").strip()
            if value:
                substance, _colon, unit = self.cleaned_data[f"gas_{row}"].partition(":")
                found.append({"substance": substance, "value": value, "unit": unit})
        return found


class WindForm(forms.Form):
    level = forms.IntegerField(label=_("风力（级）"), min_value=0, max_value=17)


class AlarmForm(forms.Form):
    text = forms.CharField(label=_("什么报警"), max_length=120)
    area = forms.CharField(
        label=_("区域"), max_length=60, required=False, widget=forms.TextInput(attrs={"list": "site-areas"}),
        help_text=_("不写就是整个现场。"),
    )  # fmt: skip


class ActivityForm(forms.Form):
    kind = forms.ChoiceField(label=_("做什么"), choices=ActivityKind.choices)
    what = forms.CharField(label=_("情况"), max_length=120)
    starts_at = forms.DateTimeField(label=_("从"), widget=DateTimeInput())
    ends_at = forms.DateTimeField(label=_("到"), widget=DateTimeInput())
    area = forms.CharField(
        label=_("区域"), max_length=60, required=False, widget=forms.TextInput(attrs={"list": "site-areas"})
    )
    x_m = forms.DecimalField(label=_("横坐标（米）"), required=False, max_digits=8, decimal_places=1)
    y_m = forms.DecimalField(label=_("纵坐标（米）"), required=False, max_digits=8, decimal_places=1)
    space = forms.CharField(label=_("受限空间位号"), max_length=32, required=False)
    bund = forms.CharField(label=_("防火堤编号"), max_length=32, required=False)
    is_happening = forms.BooleanField(label=_("正在进行，叫停受影响的作业"), required=False)

    def text(self) -> ActivityText:
        typed = {name: value for name, value in self.cleaned_data.items() if name != "is_happening"}
        return ActivityText(**{**typed, "kind": ActivityKind(typed["kind"])})


class NumberForm(forms.Form):
    key = forms.ChoiceField(label=_("哪个数"))
    value = forms.DecimalField(
        label=_("改成"), required=False, max_digits=10, decimal_places=2, help_text=_("不写就恢复规则原来的数。")
    )
    source = forms.CharField(label=_("依据"), max_length=200)

    def __init__(self, *args: Any, numbers: Sequence[Number], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["key"]
        field.choices = [(one.key, _with_unit(one.title, one.unit)) for one in numbers]


class BaselineForm(forms.Form):
    kind = forms.ChoiceField(label=_("哪一种"), choices=PermitKind.choices)
    hours = forms.DecimalField(label=_("过去要多少小时"), max_digits=8, decimal_places=2)
    source = forms.CharField(label=_("依据"), max_length=200)


class SiteForm(forms.Form):
    name = forms.CharField(label=_("现场名称"), max_length=80)
    profile = forms.ChoiceField(label=_("按哪套规则办票"))
    width_m = forms.IntegerField(label=_("平面图宽（米）"), min_value=10, max_value=20000, initial=400)
    depth_m = forms.IntegerField(label=_("平面图深（米）"), min_value=10, max_value=20000, initial=300)

    def __init__(self, *args: Any, bodies: Any, profiles: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["profile"]
        field.choices = [(one.id, one.title) for one in profiles.values()]
        self.fields["body"] = forms.ModelChoiceField(label=_("属于哪个党组织"), queryset=bodies)
        self.order_fields(["name", "body", "profile", "width_m", "depth_m"])
