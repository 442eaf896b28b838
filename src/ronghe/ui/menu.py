"""The menu: what there is, in the order of what people do. Items whose page or right is missing are absent, not grey."""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

from ronghe.kernel.words import N_, _
from ronghe.ui.icons import IconName


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One place. `key` is the letter after g; `also` are further pages that belong to it; `phone` puts it on the tab bar.

    An `asked` item is shown only to readers for whom it is asked for (the three administrators).
    """

    id: str
    label: str
    icon: IconName
    url_name: str
    group: str = ""
    key: str = ""
    also: tuple[str, ...] = ()
    phone: bool = False
    desktop: bool = True
    asked: bool = False


_COBUILD = N_("组织与共建")
_DRIVE = N_("推进")
_GROWTH = N_("成长")
_APPRAISAL = N_("评价")
_BOARDS = N_("看板")
_SYSTEM = N_("系统")

MENU: tuple[MenuItem, ...] = (
    MenuItem("today", N_("今日"), "today", "web:today", key="t", phone=True),
    MenuItem("org", N_("组织"), "org", "web:org_overview", _COBUILD, key="o", also=("web:roster_import",)),
    MenuItem(
        "zones",
        N_("共建"),
        "cobuild",
        "web:zones",
        _COBUILD,
        key="z",
        also=(
            "web:agreements",
            "web:projects",
            "web:taskforces",
            "web:alliances",
            "web:pools",
            "web:playbooks",
            "web:rollouts",
        ),
    ),
    MenuItem(
        "obligations",
        N_("节拍"),
        "rhythm",
        "web:obligations",
        _DRIVE,
        key="r",
        also=(
            "web:huddles",
            "web:calendar",
            "web:decisions",
            "web:party_life",
            "web:orglife",
            "web:exchange",
            "web:campaigns",
            "web:plans",
            "web:hearings",
            "web:visits",
            "web:papers",
            "web:reminders",
        ),
    ),
    MenuItem(
        "field",
        N_("现场"),
        "field",
        "web:permits",
        _DRIVE,
        key="f",
        also=(
            "web:hazards",
            "web:violations",
            "web:risks",
            "web:incidents",
            "web:contractors",
            "web:gate",
            "web:qualifications",
        ),
        phone=True,
    ),
    MenuItem("scan", N_("扫码"), "scan", "web:scan", phone=True, desktop=False),
    MenuItem("tasks", N_("攻关"), "work", "web:tasks", _DRIVE, key="w", phone=True),
    MenuItem("engineering", N_("工程"), "flag", "web:schedules", _DRIVE, key="e", also=("web:control", "web:duties")),
    MenuItem("learning", N_("学习"), "learn", "web:courses", _GROWTH, key="l"),
    MenuItem(
        "points",
        N_("积分星级"),
        "star",
        "web:ledger",
        _GROWTH,
        key="p",
        also=("web:merits", "web:stars", "web:honours", "web:shows"),
    ),
    MenuItem(
        "runs",
        N_("考评"),
        "gauge",
        "web:runs",
        _APPRAISAL,
        key="k",
        also=("web:figures", "web:vetoes", "web:panels", "web:inspections", "web:inspection_calls", "web:findings"),
    ),
    MenuItem("supervision", N_("监督预警"), "shield", "web:supervision", _APPRAISAL, key="s"),
    MenuItem("results", N_("成果"), "library", "web:cases", _APPRAISAL, key="c"),
    MenuItem("wall", N_("大屏"), "wall", "web:wall", _BOARDS),
    MenuItem("administration", N_("平台管理"), "lock", "web:administration", _SYSTEM, key="a", asked=True),
    MenuItem("me", N_("我的"), "user", "web:me", phone=True, desktop=False),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A menu item as it stands on one page."""

    item: MenuItem
    href: str
    owed: int
    current: bool

    @property
    def label(self) -> str:
        return _(self.item.label)


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    entries: tuple[Entry, ...]


def entries(
    request: HttpRequest | None,
    *,
    owed: Mapping[str, int] | None = None,
    hidden: Collection[str] = (),
    asked: Collection[str] = (),
    current: str = "",
) -> list[Entry]:
    """Return the items this reader has, in order.

    `owed` maps item ids to what the reader owes there, `hidden` names items the reader has nothing in, `asked` those
    shown only when asked for,
    `current` names the item of this page where its address does not tell.
    """
    owed = owed or {}
    shown = [item for item in MENU if item.id not in hidden and (not item.asked or item.id in asked)]
    found = [(item, href) for item in shown if (href := address(item.url_name))]
    path = request.path if request is not None else ""
    here = current or _current(path, found)
    return [Entry(item, href, owed.get(item.id, 0), item.id == here) for item, href in found]


def groups(all_entries: Collection[Entry]) -> list[Group]:
    """Arrange the desktop's items under their headings, in the order of the menu."""
    arranged: dict[str, list[Entry]] = {}
    for entry in all_entries:
        if entry.item.desktop:
            arranged.setdefault(entry.item.group, []).append(entry)
    return [Group(_(label) if label else "", tuple(members)) for label, members in arranged.items()]


def _current(path: str, found: Collection[tuple[MenuItem, str]]) -> str:
    """The item whose address, or one of whose further addresses, is the longest beginning of this path."""
    best, length = "", 0
    for item, href in found:
        for start in (href, *filter(None, map(address, item.also))):
            matches = path == start or (start != "/" and path.startswith(start))
            if matches and len(start) > length:
                best, length = item.id, len(start)
    return best


def address(url_name: str) -> str:
    """Return the address of a page, "" where there is no such page."""
    return _address(url_name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


@functools.lru_cache(maxsize=512)
def _address(url_name: str, urlconf: str, prefix: str) -> str:  # noqa: ARG001 - the prefix is part of the key
    # Kept: looking for pages that do not exist costs far more than the rest of the menu.
    try:
        return reverse(url_name, urlconf)
    except NoReverseMatch:
        return ""
