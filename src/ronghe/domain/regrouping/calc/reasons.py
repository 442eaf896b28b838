"""Why something cannot be, and what a move does: a code with figures, put into words when it is shown.

Figures hold ids of people and stations, not their names; `Names` has those when the words are made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ronghe.domain.regrouping.calc.model import Dimension, NeedKind, Problem
from ronghe.kernel.words import N_, _

Figure = int | str | None

PEOPLE = ("member", "other")
PLACES = ("hub",)


@dataclass(frozen=True, slots=True)
class Reason:
    """`code` is stable and for programs. Groups in `figures` are counted from 0 and shown from 1."""

    code: str
    figures: Mapping[str, int | str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Names:
    people: Mapping[int, str]
    stations: Mapping[int, str]


def names_of(problem: Problem) -> Names:
    return Names({m.id: m.name for m in problem.members}, {s.id: s.name for s in problem.stations})


DIMENSION_NAMES: dict[Dimension, str] = {
    Dimension.SIZE: N_("人数"),
    Dimension.PARTY: N_("党员人数"),
    Dimension.TRADES: N_("工种"),
    Dimension.POSTS: N_("岗位"),
    Dimension.DUTIES: N_("职责"),
    Dimension.GENDER: N_("男女比例"),
    Dimension.AGE: N_("年龄"),
    Dimension.LENGTH: N_("党龄"),
}
TERM_NAMES: dict[str, str] = {
    **{dimension.value: name for dimension, name in DIMENSION_NAMES.items()},
    "travel": N_("路程"),
    "moves": N_("换组"),
    "leaders": N_("更换组长"),
}
STAFFING_NAMES: dict[str, str] = {
    "attended": N_("有人值守"),
    "sparse": N_("少人值守"),
    "unattended": N_("无人值守"),
}
KIND_NAMES: dict[NeedKind, str] = {
    NeedKind.TRADE: N_("大工种"),
    NeedKind.POST: N_("大岗位"),
    NeedKind.DUTY: N_("职责"),
    NeedKind.CERTIFICATE: N_("证书"),
}

MEASURE_NAMES: dict[str, str] = {
    "size": N_("人数"),
    "party": N_("党员人数"),
    "female": N_("女职工人数"),
    "older": N_("45 岁以上人数"),
    "years": N_("平均年龄"),
    "party_years": N_("平均党龄"),
}
"""Names of measures that are not the unit's own words."""

SENTENCES: dict[str, str] = {
    # Rules, as they stand in a set that cannot all be kept
    "need": N_("%(kind)s“%(name)s”每组至少 %(minimum)s 人（共 %(have)s 人，需要 %(need)s 人）"),
    "need_here": N_("%(hub)s区域的%(kind)s“%(name)s”至少 %(minimum)s 人（共 %(have)s 人）"),
    "need_staffed": N_(
        "中心站%(staffing)s的组，%(kind)s“%(name)s”每组至少 %(minimum)s 人（共 %(have)s 人，需要 %(need)s 人）"
    ),
    "members": N_("每组至少 %(minimum)s 名党员（共 %(have)s 名，需要 %(need)s 名）（PO-09）"),
    "formal": N_("每组至少 %(minimum)s 名正式党员（共 %(have)s 名，需要 %(need)s 名）（PO-09）"),
    "leader": N_("每组要有一名能兼任党小组长和班组长的正式党员（共 %(have)s 名，需要 %(need)s 名）（PO-09）"),
    "least": N_("每组至少 %(minimum)s 人（共 %(have)s 人，需要 %(need)s 人）"),
    "most": N_("每组至多 %(maximum)s 人（共 %(have)s 人，最多容纳 %(room)s 人）"),
    "pin_hub": N_("%(member)s钉在%(hub)s区域"),
    "pin_group": N_("%(member)s钉在原第 %(group)s 小组"),
    "pin_nowhere": N_("%(member)s钉住的区域或小组不在这个方案里"),
    "apart": N_("%(member)s与%(other)s不能同组"),
    "together": N_("%(member)s与%(other)s必须同组"),
    "hubs": N_("能作中心站的站场只有 %(have)s 个，划分 %(need)s 组需要 %(need)s 个"),
    "people": N_("只有 %(have)s 人，不能划分 %(need)s 组"),
    # What is broken in a grouping
    "short_need": N_("第 %(group)s 小组%(kind)s“%(name)s”只有 %(have)s 人，少于 %(minimum)s 人"),
    "short_members": N_("第 %(group)s 小组只有 %(have)s 名党员，少于 %(minimum)s 名（PO-09）"),
    "short_formal": N_("第 %(group)s 小组只有 %(have)s 名正式党员，少于 %(minimum)s 名（PO-09）"),
    "short_leader": N_("第 %(group)s 小组没有能兼任党小组长和班组长的正式党员（PO-09）"),
    "unfit_leader": N_("第 %(group)s 小组的组长人选不在本组，或不能兼任党小组长和班组长（PO-09）"),
    "short_least": N_("第 %(group)s 小组只有 %(have)s 人，少于 %(minimum)s 人"),
    "over_most": N_("第 %(group)s 小组有 %(have)s 人，多于 %(maximum)s 人"),
    "off_pin": N_("%(member)s没有放在钉住的地方"),
    "not_apart": N_("%(member)s与%(other)s不能同组，却都在第 %(group)s 小组"),
    "not_together": N_("%(member)s与%(other)s必须同组，却分开了"),
    "unplaced": N_("%(member)s还没有放进任何小组"),
    # What a move does
    "travel_more": N_("本人到中心站单程多 %(minutes)s 分钟"),
    "travel_less": N_("本人到中心站单程少 %(minutes)s 分钟"),
    "travel_same": N_("本人到中心站的路程不变"),
    "spread_wider": N_("%(what)s各组相差由 %(before)s 扩大到 %(after)s"),
    "spread_narrower": N_("%(what)s各组相差由 %(before)s 缩小到 %(after)s"),
    "age_wider": N_("各组平均年龄相差由 %(before)s 岁扩大到 %(after)s 岁"),
    "age_narrower": N_("各组平均年龄相差由 %(before)s 岁缩小到 %(after)s 岁"),
    "length_wider": N_("各组平均党龄相差由 %(before)s 年扩大到 %(after)s 年"),
    "length_narrower": N_("各组平均党龄相差由 %(before)s 年缩小到 %(after)s 年"),
    "leaves_group": N_("%(member)s要换组"),
    "back_in_group": N_("%(member)s回到原来的小组"),
    "leader_changed": N_("第 %(group)s 小组的组长人选改为%(member)s"),
    "leader_lost": N_("第 %(group)s 小组没有组长人选了"),
    "formal_kept": N_("每组正式党员不少于 %(minimum)s 名"),
    "leaders_kept": N_("组长均兼班组长，未变"),
    "alone_kept": N_("每组都能单独管一片"),
    "mended": N_("解决了：%(what)s"),
    # What gave way
    "relaxed_count": N_("%(dimension)s放宽到 ±%(steps)s"),
    "relaxed_years": N_("%(dimension)s放宽到平均相差 %(years)s 年以内"),
    "relaxed_off": N_("%(dimension)s不再硬性要求，只尽量均衡"),
}

WAYS_OUT: dict[str, str] = {
    "need": N_("减少组数、降低每组的最低人数，或者补充、培训这一项的人员。"),
    "need_staffed": N_("降低这类区域的最低人数，换一个中心站，或者补充、培训这一项的人员。"),
    "need_here": N_("降低这个区域的最低人数，换一个中心站，或者补充、培训这一项的人员。"),
    "members": N_("减少组数，使每组党员不少于规定人数。"),
    "formal": N_("减少组数，使每组都有正式党员。"),
    "leader": N_("减少组数，或者先确定能兼任两个职务的人选。"),
    "least": N_("减少组数，或者降低每组的最少人数。"),
    "most": N_("增加组数，或者提高每组的最多人数。"),
    "pin_hub": N_("取消钉住。"),
    "pin_group": N_("取消钉住。"),
    "pin_nowhere": N_("取消钉住，或者把那个中心站定为固定的中心站。"),
    "apart": N_("取消这一对的限制，或者增加组数。"),
    "together": N_("取消这一对的限制。"),
    "hubs": N_("减少组数，或者把更多站场标为可作中心站。"),
    "people": N_("减少组数。"),
}


def say(reason: Reason, names: Names) -> str:
    """Return the sentence of a reason in the reader's language. Persons and stations not known are shown by number."""
    shown = _shown(reason.figures, names)
    if reason.code == "mended":
        shown["what"] = say(Reason(str(reason.figures["rule"]), reason.figures), names)
    return _(SENTENCES[reason.code]) % shown


def way_out(reason: Reason) -> str:
    """Return what can be done about a rule in a conflict; nothing for other reasons."""
    return _(WAYS_OUT[reason.code]) if reason.code in WAYS_OUT else ""


def _shown(figures: Mapping[str, Figure], names: Names) -> dict[str, object]:
    shown: dict[str, object] = dict(figures)
    for key, value in figures.items():
        if key in PEOPLE and isinstance(value, int):
            shown[key] = names.people.get(value, str(value))
        elif key in PLACES and isinstance(value, int):
            shown[key] = names.stations.get(value, str(value))
        elif key == "group" and isinstance(value, int):
            shown[key] = value + 1
        elif key == "kind":
            shown[key] = _(KIND_NAMES[NeedKind(str(value))])
        elif key == "staffing" and value:
            shown[key] = _(STAFFING_NAMES.get(str(value), str(value)))
        elif key == "dimension":
            shown[key] = _(DIMENSION_NAMES[Dimension(str(value))])
        elif key == "measure":
            shown["what"] = _measure(Dimension(str(figures["dimension"])), str(value))
    return shown


def measure_name(dimension: Dimension, name: str) -> str:
    """Return what a spread or measure is called: a trade by its own word, the number of women by ours."""
    return _(MEASURE_NAMES[name]) if dimension in OURS else name


def _measure(dimension: Dimension, name: str) -> str:
    if dimension in OURS:
        return _(MEASURE_NAMES[name])
    return _("%(dimension)s“%(name)s”") % {"dimension": _(DIMENSION_NAMES[dimension]), "name": name}


OURS = frozenset({Dimension.SIZE, Dimension.PARTY, Dimension.GENDER, Dimension.AGE, Dimension.LENGTH})
"""Dimensions whose measures are not named by the unit's own words."""
