"""What a body really did, read as a rhythm, and a playbook text that says so where the model says otherwise."""

from __future__ import annotations

import copy
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise
from statistics import median
from typing import Any

import yaml

from ronghe.domain.playbooks.calc.extending import as_written
from ronghe.domain.playbooks.calc.model import Mechanism, Playbook
from ronghe.domain.playbooks.calc.vocabulary import BodyKind
from ronghe.domain.playbooks.calc.wording import WEEKDAYS, cadence_words
from ronghe.kernel.words import N_, _, listed

CLOSED = "rhythm.activity_closed"

RHYTHMS = (
    (1.6, "FREQ=DAILY", "day", N_("每天")),
    (10, "FREQ=WEEKLY", "week", N_("每周")),
    (20, "FREQ=WEEKLY;INTERVAL=2", "week", N_("每两周")),
    (45, "FREQ=MONTHLY", "month", N_("每月")),
    (75, "FREQ=MONTHLY;INTERVAL=2", "month", N_("每两个月")),
    (400, "FREQ=MONTHLY;INTERVAL=3", "quarter", N_("每季")),
)
"""Up to so many days between two times → cadence, window, words."""

ROUND = 5
"""Clock times are told to five minutes."""

OFTEN = 3
"""A topic that came up so often belongs on the agenda."""

TOPICS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Held:
    """How often a kind of gathering was held in the span, in order of days; topics with how often each came up."""

    activity_type: str
    title: str
    days: tuple[date, ...]
    starts: tuple[time, ...] = ()
    topics: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Practised:
    """A gathering read as a rhythm. Without `rrule` it was held too seldom to have one."""

    held: Held
    rrule: str | None
    window: str | None
    often: str
    weekday: str | None
    starts_at: time | None

    @property
    def words(self) -> str:
        """What was seen, as a phrase: `13 次，约每周，多在周五 15:00`."""
        said = [_("%(count)s 次") % {"count": len(self.held.days)}]
        if self.often:
            said.append(_("约%(often)s") % {"often": self.often})
        when = " ".join(filter(None, [self.weekday, f"{self.starts_at:%H:%M}" if self.starts_at else ""]))
        if when:
            said.append(_("多在%(when)s") % {"when": when})
        return _("，").join(said)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a mechanism says beside what was done; `is_other` where a new version would say it differently."""

    mechanism: Mechanism
    declared: str
    practised: Practised | None
    is_other: bool


def practised(held: Held) -> Practised:
    """Return the rhythm in which something was held: by the median of the days between, the usual weekday and hour."""
    days = sorted(set(held.days))
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    rrule = window = None
    often = ""
    if gaps:
        usual = median(gaps)
        rrule, window, often = next((rule, span, _(words)) for most, rule, span, words in RHYTHMS if usual <= most)
    weekday = None
    if window in {"week", "month"} and len(days) >= OFTEN:
        [(number, times)] = Counter(day.weekday() for day in days).most_common(1)
        weekday = _(tuple(WEEKDAYS.values())[number]) if times * 10 >= len(days) * 6 else None
    return Practised(held, rrule, window, often, weekday, _usual_time(held.starts))


def findings(playbook: Playbook, kind: BodyKind, seen: Mapping[str, Practised]) -> list[Finding]:
    """Return what each mechanism that gatherings can meet says beside what was done, in file order."""
    found = []
    for mechanism in playbook.mechanisms_for(kind):
        types = activity_types_of(mechanism)
        if not types or mechanism.rhythm is None or mechanism.sittings:
            continue
        done = next((seen[one] for one in types if one in seen), None)
        is_other = done is not None and done.rrule is not None and not _is_same(mechanism, done)
        found.append(Finding(mechanism, cadence_words(mechanism), done, is_other))
    return found


def activity_types_of(mechanism: Mechanism) -> list[str]:
    """Return the kinds of gathering that meet the mechanism."""
    wanted = [*mechanism.satisfied_by, *(one for sitting in mechanism.sittings for one in sitting.satisfied_by)]
    return [
        str(value)
        for satisfaction in wanted
        if satisfaction.kind == CLOSED
        for condition in satisfaction.where
        if condition.attribute == "activity_type"
        for value in condition.any_of or ()
    ]


def practice_text(
    playbook: Playbook, found: Sequence[Finding], unasked: Iterable[Practised], *, head: Mapping[str, Any], days: int
) -> str:
    """Return a playbook text on top of `playbook` in which every mechanism that is done otherwise is written anew.

    `head` is id, version and title; each difference is told in a comment above the mechanism, and so is what is held
    without the model asking for it. The text checks clean.
    """
    others = [finding for finding in found if finding.is_other]
    lines = _comment(_("由近 %(days)s 天的记录整理。每处差别写在制度上面，定稿前请逐条看过。") % {"days": days})
    lines += ["schema: 1", *_yaml({**head, "extends": [f"{playbook.id}>={playbook.version}"]}), ""]
    lines.append("mechanisms:" if others else "mechanisms: []")
    content = {mechanism["id"]: mechanism for mechanism in playbook.content.get("mechanisms", ())}
    for finding in others:
        lines += ["", *_indented(_told(finding, days))]
        lines += _indented(_yaml([_rewritten(content[finding.mechanism.id], finding)]))
    kept = [finding for finding in found if not finding.is_other]
    notes = [
        _("“%(title)s”：%(declared)s；实际%(seen)s，不改。")
        % {
            "title": finding.mechanism.title.here,
            "declared": finding.declared,
            "seen": finding.practised.words if finding.practised else _("没有记录"),
        }
        for finding in kept
    ]
    if notes:
        lines += [
            "",
            *_comment(_("与范本一致，或记录太少，照旧：")),
            *(line for note in notes for line in _comment(note)),
        ]
    extra = [_("%(title)s：%(seen)s") % {"title": one.held.title, "seen": one.words} for one in unasked]
    if extra:
        lines += ["", *_comment(_("范本没有要求、实际在开的，要写成制度时从菜单插入：")), *(
            line for one in extra for line in _comment(one)
        )]  # fmt: skip
    return "\n".join(lines) + "\n"


def _told(finding: Finding, days: int) -> list[str]:
    assert finding.practised is not None
    said = _comment(
        _("“%(title)s”：范本%(declared)s；近 %(days)s 天实际 %(seen)s。")
        % {
            "title": finding.mechanism.title.here,
            "declared": finding.declared,
            "days": days,
            "seen": finding.practised.words,
        }
    )
    topics = sorted((finding.practised.held.topics or {}).items(), key=lambda one: (-one[1], one[0]))
    usual = [
        _("%(topic)s（%(count)s 次）") % {"topic": topic, "count": count} for topic, count in topics if count >= OFTEN
    ]
    return said + (_comment(_("常议：%(topics)s") % {"topics": listed(usual[:TOPICS_SHOWN])}) if usual else [])


def _rewritten(content: Mapping[str, Any], finding: Finding) -> dict[str, Any]:
    done = finding.practised
    assert done is not None
    entry: dict[str, Any] = copy.deepcopy(as_written(content))
    cadence = dict(entry["cadence"])
    cadence["rrule"], cadence["window"] = done.rrule, done.window
    if done.window == "day":
        cadence.setdefault("working_day", "skip" if entry.get("calendar") != "every_day" else "none")
    entry["cadence"] = cadence
    return entry


def _is_same(mechanism: Mechanism, done: Practised) -> bool:
    """Tell whether the model asks as often as it is done; the weekday does not matter."""
    assert mechanism.rhythm is not None
    declared = _length(mechanism.rhythm.cadence.text)
    return declared == _length(done.rrule or "")


def _length(rrule: str) -> int:
    """Return about how many days lie between two times of a cadence."""
    parts = dict(part.split("=") for part in rrule.split(";"))
    days = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 30, "YEARLY": 360}[parts["FREQ"]]
    return days * int(parts.get("INTERVAL", "1"))


def _usual_time(starts: Sequence[time]) -> time | None:
    if not starts:
        return None
    minutes = int(median(start.hour * 60 + start.minute for start in starts)) // ROUND * ROUND
    return time(minutes // 60, minutes % 60)


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(text, 60, break_on_hyphens=False)]


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" if line else line for line in lines]


def _yaml(data: Any) -> list[str]:
    text: str = yaml.safe_dump(_plain(data), allow_unicode=True, sort_keys=False, default_flow_style=None, width=110)
    return text.rstrip("\n").split("\n")


def _plain(value: Any) -> Any:
    """Exact decimals go out as texts, which the file may hold in their place."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, bool | int) else str(value)
