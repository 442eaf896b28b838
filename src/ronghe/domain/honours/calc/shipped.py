"""Titles that a unit may take over into its catalogue with one tap; it changes and retires them afterwards."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShippedTitle:
    """A title: for whom, on which level, for how many months (`None`: for good), and whether the four tests are asked."""

    name: str
    level: str
    goes_to: str
    months: int | None = None
    is_pioneer: bool = False


SHIPPED = (
    ShippedTitle("示范党支部", "oilfield", "body", 12),
    ShippedTitle("红旗党支部", "oilfield", "body", 12),
    ShippedTitle("先进基层党组织", "oilfield", "body"),
    ShippedTitle("先进基层党组织", "group", "body"),
    ShippedTitle("优秀共产党员", "oilfield", "person"),
    ShippedTitle("优秀党务工作者", "oilfield", "person"),
    ShippedTitle("党员先锋", "unit", "person", 12, is_pioneer=True),
    ShippedTitle("五一劳动奖状", "provincial", "team"),
    ShippedTitle("五一劳动奖章", "provincial", "person"),
    ShippedTitle("全国五一劳动奖章", "national", "person"),
    ShippedTitle("工人先锋号", "oilfield", "team"),
    ShippedTitle("先进单位", "unit", "body", 12),
)
