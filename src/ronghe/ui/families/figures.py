"""Numbers that can be opened: figures, rings, bars, strips of states, a small trend."""

# ruff: noqa: ARG001 - Django hands every block its `content`; most components only place it

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal

from django.template import Library
from django.utils.safestring import SafeString

from ronghe.kernel.words import _, listed
from ronghe.ui.component import Props, component
from ronghe.ui.families.marks import STATE_WORDS, sprite
from ronghe.ui.icons import State

register = Library()

Number = Decimal | int
Crossed = Literal["done", "attention", "failed"]
"""A bar or ring is ink; it takes a state's colour only where a threshold was crossed."""


@component(register, family="figures", block=True)
def figures(content: SafeString, *, label: str = "") -> Props:
    """The row of up to six figures at the top of a board: {% figures %}{% figure "已办" value=25 unit="项" %}{% endfigures %}"""
    return {"label": label}


@component(register, family="figures")
def figure(
    name: str,
    *,
    value: Any = None,
    unit: str = "",
    note: str = "",
    state: State | None = None,
    href: str = "",
    stale: str = "",
    loading: bool = False,
) -> Props:
    """One figure: name, value with unit, one line of source or baseline. `stale` is the time of old data: {% figure "审图用时" value="2.0" unit="天" note="原 10 天" %}"""
    return {
        "name": name,
        "value": value,
        "missing": value is None or value == "",
        "unit": unit,
        "note": note,
        "state_href": f"{sprite()}#s-{state}" if state else "",
        "state": state,
        "href": href,
        "stale": stale,
        "loading": loading,
    }


@component(register, family="figures")
def ring(
    value: Number | None,
    *,
    of: Number = 100,
    state: Crossed | None = None,
    size: Literal[52, 72, 96] = 52,
    label: str = "",
) -> Props:
    """A progress ring with the number inside; None shows a dash (not applicable): {% ring 96 label="一体化组织" %}"""
    stroke = {52: 6, 72: 8, 96: 10}[size]
    radius = Decimal(size - stroke) / 2
    around = radius * 2 * Decimal("3.14159265")
    part = _share(value, of) * around
    return {
        "size": size,
        "center": Decimal(size) / 2,
        "radius": radius,
        "stroke": stroke,
        "dash": f"{part:.1f} {around:.1f}",
        "value": value,
        "empty": value is None,
        "nothing": not part,
        "state": state,
        "label": label,
        "sentence": _sentence(value, of, label),
    }


@component(register, family="figures")
def bar(
    value: Number | None, *, of: Number = 100, state: Crossed | None = None, label: str = "", text: str = ""
) -> Props:
    """A progress bar, with its words at the right if given: {% bar 11 of=12 text="11 / 12" label="早碰头签到" %}"""
    return {
        "width": f"{_share(value, of) * 100:.2f}",
        "empty": value is None,
        "state": state,
        "text": text,
        "sentence": _sentence(value, of, label),
    }


@component(register, family="figures")
def cells(*, done: int, of: int, now: int = 0, failed: int = 0, label: str = "") -> Props:
    """One cell per thing, done ones first, then failed, then now: {% cells done=1 now=1 of=7 label="今天 7 件，已办 1 件" %}"""
    kinds = ["done"] * done + ["failed"] * failed + ["now"] * now
    return {"kinds": (kinds + ["next"] * max(0, of - len(kinds)))[: max(of, len(kinds))], "label": label}


@component(register, family="figures")
def state_strip(states: Sequence[State], *, label: str = "") -> Props:
    """The last few times in a row of shapes, newest at the right: {% state_strip row.states label="近 8 次" %}"""
    words = listed(_(STATE_WORDS[state]) for state in states)
    return {
        "marks": [(state, f"{sprite()}#s-{state}") for state in states],
        "sentence": _labelled(label, words),
    }


@component(register, family="figures")
def trend(values: Sequence[Number], *, labels: Sequence[str] = (), label: str = "", width: int = 196) -> Props:
    """A small line of past values, the last one marked: {% trend scores labels=quarters label="近六个季度总分" %}"""
    height = 40
    low, high = (min(values), max(values)) if values else (0, 0)
    spread = Decimal(high - low) or Decimal(1)
    side = 24 if labels and width > 196 else 8  # long captions below the ends stay inside
    step = Decimal(width - 2 * side) / max(len(values) - 1, 1)
    points = [
        (f"{side + index * step:.1f}", f"{8 + (Decimal(high - value) / spread) * (height - 12):.1f}")
        for index, value in enumerate(values)
    ]
    captions = [(point[0], word) for point, word in zip(points, labels, strict=False)]
    return {
        "points": points,
        "line": " ".join(f"{x},{y}" for x, y in points),
        "captions": captions,
        "width": width,
        "height": 62 if captions else 46,
        "sentence": _labelled(label, listed(values)),
    }


def _labelled(label: str, words: str) -> str:
    return _("%(label)s：%(words)s") % {"label": label, "words": words} if label else words


def _share(value: Number | None, of: Number) -> Decimal:
    """The part of the whole, cut to 0…1."""
    if value is None or not of:
        return Decimal(0)
    return min(max(Decimal(value) / Decimal(of), Decimal(0)), Decimal(1))


def _sentence(value: Number | None, of: Number, label: str) -> str:
    if value is None:
        text = _("不适用")
    elif of == 100:
        text = f"{value}%"
    else:
        text = f"{value} / {of}"
    return f"{label} {text}".strip()
