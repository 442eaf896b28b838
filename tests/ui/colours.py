"""Contrast and colour blindness, computed from the style sheet itself."""

from __future__ import annotations

import re
from pathlib import Path

import ronghe.ui

CSS = Path(ronghe.ui.__file__).parent / "static" / "ui" / "css"

# Machado, Oliveira and Fernandes 2009, full severity, on linear RGB.
BLINDNESS = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def tokens(theme: str) -> dict[str, str]:
    """The colours of one theme: the light block, overlaid by the dark one where asked."""
    text = re.sub(r"/\*.*?\*/", "", (CSS / "tokens.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    found: dict[str, str] = {}
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", text):
        if "dark" not in selector or theme == "dark":
            found.update(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", body))
    return found


def linear(colour: str) -> tuple[float, float, float]:
    channels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return red, green, blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.1 contrast ratio of two sRGB colours."""
    lights = sorted(0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (linear(one), linear(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def distance(one: str, other: str, eyes: str) -> float:
    """Distance in CIELAB 1976 as seen with these eyes."""
    first, second = (_lab(_seen(linear(colour), eyes)) for colour in (one, other))
    return sum((a - b) ** 2 for a, b in zip(first, second, strict=True)) ** 0.5


def _seen(rgb: tuple[float, float, float], eyes: str) -> tuple[float, ...]:
    rows = BLINDNESS[eyes]
    return tuple(min(max(sum(w * c for w, c in zip(row, rgb, strict=True)), 0), 1) for row in rows)


def _lab(rgb: tuple[float, ...]) -> tuple[float, float, float]:
    red, green, blue = rgb
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)
