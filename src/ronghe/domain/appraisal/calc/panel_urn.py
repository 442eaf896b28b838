"""The urn of a secret panel: how often each mark was given, by subject and criterion, never a sheet by itself (0012).

It is packed to a length that depends on the panel alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

WIDTH = 6
Spread = list[list[list[int]]]
"""Subject → criterion → mark: how often."""


def empty(subjects: int, criteria: int, scale: int) -> Spread:
    return [[[0] * (scale + 1) for _criterion in range(criteria)] for _subject in range(subjects)]


def with_sheet(spread: Spread, marks: Mapping[int, Sequence[int]]) -> Spread:
    """Return the urn with one more sheet: place of the subject → marks by criterion."""
    return [
        [
            [often + (subject in marks and marks[subject][number] == mark) for mark, often in enumerate(counts)]
            for number, counts in enumerate(criteria)
        ]
        for subject, criteria in enumerate(spread)
    ]


def pack(spread: Spread) -> str:
    return "".join(f"{often:0{WIDTH}d}" for criteria in spread for counts in criteria for often in counts)


def unpack(text: str, criteria: int, scale: int) -> Spread:
    numbers = [int(text[at : at + WIDTH]) for at in range(0, len(text), WIDTH)]
    marks = scale + 1
    rows = [numbers[at : at + marks] for at in range(0, len(numbers), marks)]
    return [rows[at : at + criteria] for at in range(0, len(rows), criteria)]
