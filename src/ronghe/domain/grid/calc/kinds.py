"""The kinds of gap: how each is said, which rule it comes from, what is suggested and which act closes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ronghe.kernel.words import N_, _

Severity = Literal["failed", "attention"]
PlaceKind = Literal["body", "unit", "zone"]


@dataclass(frozen=True, slots=True)
class GapKind:
    """One kind. `situation` and `suggestion` are sentences with named places that the gap's figures fill."""

    code: str
    severity: Severity
    rule: str
    title: str
    situation: str
    suggestion: str
    act: str
    """The name of the page on which the gap is closed."""
    label: str
    """What the button says."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a gap is. `above` is the name of the body in whose part of the grid it lies, `body` that body's id."""

    kind: PlaceKind
    pk: int
    name: str
    above: str
    body: int


@dataclass(frozen=True, slots=True)
class Gap:
    """One gap: `figures` fill its sentences, `args` and `query` lead to the page of the act with the place filled in."""

    kind: GapKind
    place: Place
    figures: Mapping[str, object] = field(default_factory=dict)
    args: tuple[int, ...] = ()
    query: Mapping[str, str | int] = field(default_factory=dict)
    instead: str = ""
    """The page of another act, where the kind's own would not lead on here."""

    @property
    def act(self) -> str:
        return self.instead or self.kind.act

    @property
    def key(self) -> str:
        return f"{self.kind.code}:{self.place.kind}:{self.place.pk}"

    @property
    def title(self) -> str:
        return _(self.kind.title)

    @property
    def situation(self) -> str:
        return _(self.kind.situation) % self.figures if self.figures else _(self.kind.situation)

    @property
    def suggestion(self) -> str:
        return _(self.kind.suggestion) % self.figures if self.figures else _(self.kind.suggestion)

    @property
    def is_failed(self) -> bool:
        return self.kind.severity == "failed"


_LISTED = (
    GapKind(
        "team_without_member", "failed", "SD-09", N_("班组没有党员"),
        N_("职工 %(employees)s 人，党员 0 人"),
        N_("编入相邻班组的党小组，或调 1 名党员骨干、确定发展对象"),
        "pair_create", N_("编入党小组"),
    ),
    GapKind(
        "branch_too_small", "failed", "PO-01", N_("支部正式党员不足"),
        N_("正式党员 %(formal)s 人，不足 %(least)s 人"),
        N_("与相邻支部成立联合党支部（PO-03），或转入党员"),
        "body_act_create", N_("去合并"),
    ),
    GapKind(
        "branch_too_large", "attention", "PO-01", N_("支部党员过多"),
        N_("党员 %(members)s 人，一般不超过 %(limit)s 人"),
        N_("按班站拆分为两个党支部，或设党总支（PO-02）"),
        "body_act_create", N_("去拆分"),
    ),
    GapKind(
        "branch_at_minimum", "attention", "PO-01", N_("正式党员在下限"),
        N_("正式党员 %(formal)s 人，再少 1 人就不能单独设支部"),
        N_("提前与相邻支部研究联合党支部，或培养发展对象"),
        "body_detail", N_("看组织"),
    ),
    GapKind(
        "committee_too_small", "attention", "PO-02", N_("党委党员不足"),
        N_("党员 %(members)s 人，不足 %(committee_min)s 人，没有上级批准文号"),
        N_("补上批准文号，或改设党总支"),
        "body_act_create", N_("去改设"),
    ),
    GapKind(
        "general_branch_too_small", "attention", "PO-02", N_("党总支党员不足"),
        N_("党员 %(members)s 人，不足 %(general_branch_min)s 人，没有上级批准文号"),
        N_("补上批准文号，或改设党支部"),
        "body_act_create", N_("去改设"),
    ),
    GapKind(
        "general_branch_too_large", "attention", "PO-02", N_("党总支达到党委人数"),
        N_("党员 %(members)s 人，达到党委的 %(committee_min)s 人"),
        N_("报上级研究改设党委"),
        "body_act_create", N_("去改设"),
    ),
    GapKind(
        "branch_without_groups", "attention", "PO-10", N_("没有划分党小组"),
        N_("党员 %(members)s 人，%(hint)s 人以上一般应划分党小组"),
        N_("按班站和岗位划为 %(groups)s 组"),
        "grouping_create", N_("去划分"),
    ),
    GapKind(
        "members_without_group", "attention", "PO-13", N_("党员没有编入党小组"),
        N_("%(ungrouped)s 名党员没有编入党小组"),
        N_("重新划分，或逐人编入"),
        "grouping_create", N_("去编入"),
    ),
    GapKind(
        "group_too_small", "attention", "PO-09", N_("党小组人数不足"),
        N_("党员 %(members)s 人，其中正式党员 %(formal)s 人"),
        N_("与相邻党小组合并，不少于 %(least)s 人，其中正式党员至少 %(full)s 人"),
        "grouping_create", N_("去划分"),
    ),
    GapKind(
        "group_without_leader", "attention", "PO-09", N_("党小组没有组长"),
        N_("党员 %(members)s 人，没有组长"),
        N_("由支部指定或组内推荐，一般由班组长兼任"),
        "body_detail", N_("去指定"),
    ),
    GapKind(
        "group_leader_probationary", "failed", "PO-09", N_("预备党员任党小组长"),
        N_("组长是预备党员"),
        N_("改由正式党员任组长"),
        "body_detail", N_("去改任"),
    ),
    GapKind(
        "members_without_home", "failed", "PO-13", N_("党员没有编入支部"),
        N_("%(units)s 个班站和部门的 %(homeless)s 名党员没有所在支部"),
        N_("设立支部后编入，或转入相邻支部"),
        "body_act_create", N_("设支部"),
    ),
    GapKind(
        "station_without_people", "failed", "AL-15", N_("班站没有人"),
        N_("%(staffing)s，花名册上没有人"),
        N_("改为无人值守并划入中心站，或补派人员"),
        "station_mode", N_("改值守方式"),
    ),
    GapKind(
        "station_without_mode", "attention", "AL-15", N_("班站没有登记值守方式"),
        N_("在册 %(people)s 人，值守方式没有登记"),
        N_("登记有人、少人或无人值守，职责随之确定"),
        "station_mode", N_("去登记"),
    ),
    GapKind(
        "station_without_party_part", "attention", "AL-15", N_("有人值守，缺“党建”职责"),
        N_("有人值守 %(people)s 人，没有党小组也没有党员负责党建"),
        N_("把班站编入党小组，由组长负责党建职责"),
        "pair_create", N_("补派"),
    ),
    GapKind(
        "team_unpaired", "attention", "PP-11", N_("班组没有对应的党小组"),
        N_("班组有党员 %(members)s 人，够设党小组"),
        N_("以班组为单位设党小组，组长兼班组长"),
        "body_act_create", N_("设党小组"),
    ),
    GapKind(
        "group_unpaired", "attention", "PP-11", N_("党小组没有对应的班组"),
        N_("党员 %(members)s 人，%(in_team)s 人在%(team)s"),
        N_("与%(team)s结为“两组”共建"),
        "pair_create", N_("去结对"),
    ),
    GapKind(
        "pair_mismatch", "attention", "PP-11", N_("党小组与班组对不上"),
        N_("党员 %(members)s 人，只有 %(in_team)s 人在%(team)s"),
        N_("调整党小组成员，或改与人多的班组结对"),
        "grouping_create", N_("去调整"),
    ),
    GapKind(
        "pair_two_leaders", "attention", "PP-11", N_("党小组长与班组长不是一人"),
        N_("党小组长和%(team)s班组长是两个人"),
        N_("由一人兼任，或写明为什么分设"),
        "pairs", N_("看结对"),
    ),
    GapKind(
        "term_missing", "attention", "PE-04", N_("没有任期记录"),
        N_("本届从哪天起、到哪天止没有登记"),
        N_("登记本届任期"),
        "term_create", N_("去登记"),
    ),
    GapKind(
        "term_running_out", "attention", "PE-06", N_("任期快满"),
        N_("本届任期到 %(ends)s 止"),
        N_("提前 6 个月准备换届"),
        "election_create", N_("准备换届"),
    ),
    GapKind(
        "term_overdue", "failed", "PE-04", N_("任期已满"),
        N_("本届任期 %(ends)s 已满"),
        N_("尽快换届；延期须上级批准，一般不超过 1 年（PE-05）"),
        "election_create", N_("去换届"),
    ),
    GapKind(
        "secretary_vacant", "failed", "PE-11", N_("书记空缺"),
        N_("没有书记"),
        N_("及时补选，必要时由上级指派"),
        "election_create", N_("去补选"),
    ),
    GapKind(
        "site_without_body", "failed", "PO-04", N_("项目上没有党组织"),
        N_("自 %(since)s 起已超过 6 个月，没有党组织"),
        N_("支部建在项目上：报上级批准设临时党支部（PO-05）"),
        "body_act_create", N_("去设立"),
    ),
    GapKind(
        "employees_unnamed", "attention", "SD-09", N_("职工没有联系党员"),
        N_("%(units)s 个班站和部门的 %(unnamed)s 名职工没有联系党员"),
        N_("按同班组优先、人数均衡自动编排，支部确认"),
        "grid_liaisons", N_("去编排"),
    ),
    GapKind(
        "members_overloaded", "attention", "SD-09", N_("党员联系职工过多"),
        N_("%(overloaded)s 名党员联系的职工超过 %(most)s 人"),
        N_("重新编排，或增加联系党员"),
        "grid_liaisons", N_("去编排"),
    ),
    GapKind(
        "branch_without_contact", "attention", "A6", N_("支部没有联系点"),
        N_("没有党委委员把它作为联系点"),
        N_("定一名党委委员联系"),
        "contact_create", N_("定联系点"),
    ),
)  # fmt: skip
KINDS = {kind.code: kind for kind in _LISTED}
"""Code → kind, in the order of the list; failed ones are shown first."""
