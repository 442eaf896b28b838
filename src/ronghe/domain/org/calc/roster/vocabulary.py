"""The words of `columns.yaml`, ready to be asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ronghe.domain.org.calc.roster.text import plain, without_brackets, word

SOURCE = Path(__file__).with_name("columns.yaml")
ANY = "*"
LONGEST_HEAD = 20
"""Longer cells are sentences; they are never taken for a column by a part of them."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    titles: dict[str, str]
    heads: dict[str, str]
    within: tuple[tuple[str, dict[str, str | None]], ...]
    contains: tuple[tuple[str, str | None], ...]
    values: dict[str, dict[str, str]]
    external_employment: frozenset[str]
    footer: re.Pattern[str]
    dated_by: re.Pattern[str]
    reported_by: re.Pattern[str]
    title_end: re.Pattern[str]
    name_words: frozenset[str]
    classified: tuple[str, ...]
    unclassified: tuple[str, ...]

    def column_of(self, upper: str, lower: str) -> str | None:
        """Return the canonical column that a head stands for; `upper` is the word above it, or empty."""
        texts = [t for t in dict.fromkeys((word(lower), without_brackets(word(lower)))) if t]
        above = without_brackets(word(upper))
        for group, meanings in self.within:
            if above and group in above:
                if ANY in meanings:
                    return meanings[ANY]
                for text in texts:
                    if text in meanings:
                        return meanings[text]
        for text in [*(above + t for t in texts), *texts]:
            if text in self.heads:
                return self.heads[text]
        for text in texts:
            for part, column in self.contains if len(text) <= LONGEST_HEAD else ():
                if part in text:
                    return column
        return None

    def classified_in(self, line: str) -> str:
        """Return the word in a line that smells of a classified table (PI-06), empty where there is none."""
        text = "".join(line.split())
        if any(sign in text for sign in self.unclassified):
            return ""
        return next((sign for sign in self.classified if sign in text), "")

    def code_of(self, column: str, text: str) -> str | None:
        """Return the code for what a cell says, the empty text for "nothing", None where the word is unknown."""
        known = self.values[column]
        key = word(text)
        if key in known:
            return known[key]
        return known.get(without_brackets(key).strip("、，,"))


@cache
def vocabulary() -> Vocabulary:
    """Return the words, read once."""
    raw: dict[str, Any] = yaml.load(SOURCE.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - a safe loader either way
    heads = {word(w): key for key, about in raw["columns"].items() for w in about["words"]}
    values = {
        column: {"": ""} | {word(w): str(code) for code, words in codes.items() for w in words}
        for column, codes in raw["values"].items()
    }
    return Vocabulary(
        titles={key: about["title"] for key, about in raw["columns"].items()},
        heads=heads,
        within=tuple(
            (group, {word(w) if w != ANY else ANY: c for w, c in m.items()}) for group, m in raw["within"].items()
        ),
        contains=tuple((part, column) for part, column in raw["contains"]),
        values=values,
        external_employment=frozenset(raw["external_employment"]),
        footer=re.compile(rf"(?:{_any_of(raw['footers'])})(?:$|[:：（(\d])"),
        dated_by=re.compile(rf"(?:{_any_of(raw['dated_by'])})[:：]?\s*(\d{{4}}[^，,；;）)\s]*)"),
        reported_by=re.compile(rf"(?:{_any_of(raw['reported_by'])})[（(盖章）)]*[:：]\s*([^\s:：，,；;]+)"),
        title_end=re.compile(rf"^(.{{2,40}}?)(?:{_any_of(raw['title_ends'])})"),
        name_words=frozenset(w for w, key in heads.items() if key == "name"),
        classified=tuple(raw["classified"]),
        unclassified=tuple(raw["unclassified"]),
    )


def _any_of(words: list[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))


def title_of(column: str) -> str:
    """Return the Chinese name of a canonical column."""
    return plain(vocabulary().titles[column.partition("#")[0]])
