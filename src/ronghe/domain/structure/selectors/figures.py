"""The figures of the rules as they are in force here."""

from __future__ import annotations

from ronghe.domain.org.calc.thresholds import Figures
from ronghe.domain.structure.models import RuleFigure


def figures_in_force() -> Figures:
    """Return the figures: as shipped, with those that the unit set over them; one read."""
    return Figures(dict(RuleFigure.objects.order_by("code").values_list("code", "figure")))
