"""The two tables of docs/ui.md, recomputed from tokens.css."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.colours import BLINDNESS, contrast, distance, tokens

PAGE = Path(__file__).resolve().parents[2] / "docs" / "ui.md"

# What is said about each pair, its two tokens, and the least ratio that WCAG asks of its use.
PAIRS = (
    ("text", "text", "surface", 4.5),
    ("second text", "text-2", "surface", 4.5),
    ("third text", "text-3", "surface", 4.5),
    ("third text on the page", "text-3", "page", 4.5),
    ("third text on a row under the pointer", "text-3", "hover", 4.5),
    ("words on a label, a count", "text-2", "track", 4.5),
    ("edge of a control, idle shape", "control-line", "surface", 3),
    ("idle shape in a label", "text-3", "track", 3),
    ("brand, text", "brand", "surface", 4.5),
    ("brand, kind label", "brand", "brand-bg", 4.5),
    ("filled main act", "on-brand", "brand-fill", 4.5),
    ("main act under the pointer", "on-brand", "brand-hover", 4.5),
    ("ink", "on-ink", "ink", 4.5),
    ("bar on its track", "fill", "track", 3),
    ("done, text", "ok-fg", "surface", 4.5),
    ("done, text on tint", "ok-fg", "ok-bg", 4.5),
    ("done, mark on fill", "on-ok", "ok", 4.5),
    ("attention, text", "warn-fg", "surface", 4.5),
    ("attention, text on tint", "warn-fg", "warn-bg", 4.5),
    ("attention, mark on fill", "on-warn", "warn", 4.5),
    ("attention, open shape", "warn-edge", "surface", 3),
    ("attention, open shape on tint", "warn-edge", "warn-bg", 3),
    ("failed, text on tint", "bad-fg", "bad-bg", 4.5),
    ("failed, mark on fill", "on-bad", "bad", 4.5),
    ("running, link", "info-fg", "surface", 4.5),
    ("running, text on tint", "info-fg", "info-bg", 4.5),
    ("running, mark on fill", "on-info", "info", 4.5),
    ("focus ring", "focus", "page", 3),
)

COLOUR_PAIRS = (
    ("done – failed", "light", "ok", "bad"),
    ("attention – failed", "light", "warn", "bad"),
    ("brand – failed", "light", "brand", "bad"),
    ("attention outline – failed", "light", "warn-edge", "bad"),
    ("dark attention – failed", "dark", "warn", "bad"),
)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("use", "front", "back", "least"), PAIRS)
def test_contrast_meets_wcag(use, front, back, least, theme):
    colours = tokens(theme)
    assert contrast(colours[front], colours[back]) >= least, f"{use}, {theme}"


def test_contrast_table_is_what_the_tokens_give():
    light, dark = tokens("light"), tokens("dark")
    rows = ["| use | tokens | least | light | dark |", "| --- | --- | --- | --- | --- |"]
    rows += [
        f"| {use} | `{front}` on `{back}` | {least:g} "
        f"| {contrast(light[front], light[back]):.1f} | {contrast(dark[front], dark[back]):.1f} |"
        for use, front, back, least in PAIRS
    ]
    assert _table_after("contrast") == rows


def test_blindness_table_is_what_the_tokens_give():
    rows = ["| pair | normal | deutan | protan | tritan |", "| --- | --- | --- | --- | --- |"]
    for pair, theme, one, other in COLOUR_PAIRS:
        colours = tokens(theme)
        seen = [f"{distance(colours[one], colours[other], eyes):.0f}" for eyes in BLINDNESS]
        rows.append(f"| {pair} | {' | '.join(seen)} |")
    assert _table_after("blindness") == rows


def test_known_distances_are_met():
    """The figures the design was drawn with."""
    light = tokens("light")
    assert [round(distance(light["ok"], light["bad"], eyes)) for eyes in BLINDNESS] == [97, 59, 43, 105]
    assert round(contrast("#000000", "#ffffff")) == 21


def _table_after(name: str) -> list[str]:
    text = PAGE.read_text(encoding="utf-8").split(f"<!-- {name} -->", 1)[1]
    return [line for line in text.split("\n\n")[1].splitlines() if line.startswith("|")]
