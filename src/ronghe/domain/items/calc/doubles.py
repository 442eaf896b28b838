"""Texts that say the same in other words: pairs of signs that two of them share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction

LEAST = Fraction(1, 4)
"""Share of common pairs from which two texts look alike; below it chance words make most of the hits."""
_WORDS = re.compile(r"[0-9a-z]+|[\u3400-\u9fff]+")


def pairs_of(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring signs of Chinese, and whole words of the rest."""
    found: set[str] = set()
    for word in _WORDS.findall(text.lower()):
        if word[0] < "\u3400" or len(word) == 1:
            found.add(word)
        else:
            found.update(word[at : at + 2] for at in range(len(word) - 1))
    return frozenset(found)


def likeness(one: frozenset[str], other: frozenset[str]) -> Fraction:
    """Return the common pairs as a share of all (Dice), from 0 to 1; nothing is like nothing."""
    if not one or not other:
        return Fraction(0)
    return Fraction(2 * len(one & other), len(one) + len(other))


def most_alike(text: str, others: Mapping[int, str] | Iterable[tuple[int, str]], *, most: int = 5) -> list[int]:
    """Return the keys of the texts that look like `text`, the most alike first."""
    pairs = pairs_of(text)
    rows = others.items() if isinstance(others, Mapping) else others
    scored = [(likeness(pairs, pairs_of(other)), key) for key, other in rows]
    return [key for score, key in sorted(scored, key=lambda row: (-row[0], row[1])) if score >= LEAST][:most]
