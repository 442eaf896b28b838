"""What each type of carrier needs (PP-07): declared once, read by service, form, page, API and paper alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ronghe.domain.items.calc.fields import FieldSpec, FieldType
from ronghe.kernel.words import N_


@dataclass(frozen=True, slots=True)
class TypeSpec:
    """`lead` is what its head is called, `place` what its place is called; `most` bounds its people, the head included.

    A team has at least as many people as the unit's playbook says, and may be called up.
    """

    type: str
    lead: str
    place: str
    fields: tuple[FieldSpec, ...]
    about: str
    most: int | None = None
    is_team: bool = False
    needs_place: bool = False

    @property
    def field_by_id(self) -> Mapping[str, FieldSpec]:
        return {spec.id: spec for spec in self.fields}


_TASK = FieldSpec("task", N_("任务"), FieldType.LONG_TEXT, is_required=True, hint=N_("平时做什么，急难时上什么。"))
_POST = (
    FieldSpec("post", N_("岗位"), is_required=True),
    FieldSpec("standard", N_("岗位标准"), FieldType.LONG_TEXT, is_required=True, hint=N_("做到什么样算示范，写得让人能对照。")),
)  # fmt: skip

_TYPES = (
    TypeSpec("area", N_("责任人"), N_("在哪里"), (
        FieldSpec("bounds", N_("范围"), is_required=True, hint=N_("从哪里到哪里，例如：1 号阀组间到外输计量间。")),
        FieldSpec("keeps", N_("管什么"), FieldType.LONG_TEXT, is_required=True),
    ), N_("一片区域有人管：范围清楚，管什么清楚"), needs_place=True),
    TypeSpec("model_post", N_("在岗党员"), N_("在哪里"), _POST, N_("一个岗位立标准，别人照着做"), most=1),
    TypeSpec("pioneer_post", N_("在岗党员"), N_("在哪里"), _POST, N_("一个岗位走在前，难的先上"), most=1),
    TypeSpec("pioneer_team", N_("队长"), N_("平时在哪里集合"), (_TASK,), N_("一支队伍攻一件事"), is_team=True),
    TypeSpec("commando_team", N_("队长"), N_("平时在哪里集合"), (_TASK,), N_("急难险重随叫随到，一分钟集结"),
             is_team=True),
    TypeSpec("brand", N_("项目负责人"), N_("在哪里"), (
        FieldSpec("idea", N_("思路"), FieldType.LONG_TEXT, is_required=True),
        FieldSpec("steps", N_("怎么做"), FieldType.LONG_TEXT, is_required=True, hint=N_("一步一行。")),
    ), N_("一小组一特色一品牌：思路、做法、成果")),
)  # fmt: skip
TYPES: Mapping[str, TypeSpec] = {spec.type: spec for spec in _TYPES}
TEAMS = tuple(spec.type for spec in _TYPES if spec.is_team)


def reaches(actual: Decimal, target: Decimal, direction: str) -> bool:
    """Tell whether a promised number was reached: `at_most` not above it, otherwise not below it.

    >>> reaches(Decimal(2), Decimal(2), "at_most"), reaches(Decimal("99.5"), Decimal(100), "at_least")
    (True, False)
    """
    return actual <= target if direction == "at_most" else actual >= target
