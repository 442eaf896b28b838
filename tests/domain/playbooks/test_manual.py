"""The clerk's manual names every word that a file may use."""

from __future__ import annotations

import re

import pytest

from ronghe.domain.playbooks.calc.duties import duties_by_kind
from ronghe.domain.playbooks.calc.forms import PLACEHOLDERS
from ronghe.domain.playbooks.calc.keys import KEYS
from ronghe.domain.playbooks.calc.loading import load_playbook
from ronghe.domain.playbooks.calc.schema import playbook_schema
from ronghe.domain.playbooks.calc.shipped import shipped_playbooks
from ronghe.domain.playbooks.calc.vocabulary import (
    MATCHED_AT_ONCE,
    AttendanceWay,
    Better,
    BodyKind,
    Evidence,
    Expected,
    GoalHead,
    Layout,
    Reschedule,
    Signs,
    WorkingDayRule,
)
from ronghe.domain.rhythm.enums import ActivityType, VisitKind
from tests.architecture.sources import ROOT

MANUAL = (ROOT / "docs" / "playbook.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([a-z_0-9]+)` [^|]+\|[^|]+\| ([^|]+ 件[^|]*)\|", MANUAL, re.MULTILINE)
TITLES = re.findall(r"^## (\S+?)、", MANUAL, re.MULTILINE)


@pytest.mark.parametrize(
    "words",
    [
        AttendanceWay, Better, BodyKind, Evidence, Expected, GoalHead, Layout, Reschedule, Signs, WorkingDayRule,
        ActivityType, VisitKind, MATCHED_AT_ONCE, KEYS,
        playbook_schema()["$defs"]["mechanism"]["properties"], playbook_schema()["$defs"]["goal"]["properties"],
        playbook_schema()["$defs"]["mechanism"]["properties"]["form"]["properties"],
    ],
    ids=lambda words: getattr(words, "__name__", type(words).__name__),
)  # fmt: skip
def test_manual_names_every_word(words):
    told = set(re.findall(r"[a-z_0-9.]+", MANUAL))

    assert [str(word) for word in words if str(word) not in told] == []


def test_manual_names_every_open_place():
    assert all(f"`{{{name}}}`" in MANUAL for name in PLACEHOLDERS)


def test_manual_says_every_default_as_it_is():
    rows = dict(re.findall(r"^\| `([a-z_]+)` \| ([^|]+) \|", MANUAL, re.MULTILINE))

    for key in KEYS.values():
        told = rows[key.name].strip()
        if isinstance(key.default, tuple):
            assert told == "、".join(grade.title.zh for grade in key.default)
        else:
            assert told == f"{key.default} {key.unit}".strip()


def test_manuals_example_is_a_sound_playbook():
    (example,) = [block for block in re.findall(r"```yaml\n(.*?)```", MANUAL, re.DOTALL) if block.startswith("schema:")]

    assert load_playbook(example).problems == ()


def test_manual_lists_every_shipped_playbook():
    assert [book.id for book in shipped_playbooks() if f"| `{book.id}` " not in MANUAL] == []


def test_manual_says_how_much_each_playbook_asks():
    asked = {book.id: {k.value: n for k, n in duties_by_kind(book.mechanisms).items()} for book in shipped_playbooks()}

    told = {row[0]: [int(n) for n in re.findall(r"\d+(?= 件)", row[1])] for row in ROWS}
    assert told == {
        "branch_base": [asked["branch_base"][kind] for kind in ("branch", "party_group", "committee")],
        "daqing_zone": [asked["daqing_zone"]["co_built_branch"], 2 * 365 + 365 + 365],
        "yilong_4plus1": [asked["yilong_4plus1"][kind] for kind in ("branch", "temporary_party_group")],
        "changqing_six": [asked["changqing_six"][kind] for kind in ("committee", "branch")],
        "benchmark_year": [asked["benchmark_year"]["branch"]],
        "theme_education": [asked["theme_education"]["branch"]],
    }


def test_manual_numbers_its_sections_in_order():
    assert TITLES == [
        "一",
        "二",
        "三",
        "四",
        "五",
        "六",
        "七",
        "八",
        "九",
        "十",
        "十一",
        "十二",
        "十三",
        "十四",
        "十五",
    ]
