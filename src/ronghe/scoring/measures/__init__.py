"""What can be measured, by the word that a sheet uses for it."""

from __future__ import annotations

from typing import Any

from ronghe.scoring.measures.base import Measure
from ronghe.scoring.measures.due import Due
from ronghe.scoring.measures.facts import Facts
from ronghe.scoring.measures.headcount import Headcount
from ronghe.scoring.measures.marks import Figure, Panel, Survey
from ronghe.scoring.measures.part import Part
from ronghe.scoring.measures.previous import Previous
from ronghe.scoring.measures.steady import Steady

MEASURES: dict[str, type[Measure]] = {
    measure.word: measure for measure in (Facts, Due, Panel, Survey, Figure, Previous, Headcount, Part, Steady)
}


def read_measure(doc: dict[str, Any]) -> Measure:
    """Build a measure from a checked mapping."""
    word = next(word for word in MEASURES if word in doc)
    return MEASURES[word].read(doc)
