"""What a checklist is worth: the share of its lines that are in order, of a hundred."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

OK, PROBLEM, NOT_HERE = "ok", "problem", "na"
ANSWERS = frozenset({OK, PROBLEM, NOT_HERE})


def score_of(answers: Mapping[str, str]) -> Decimal | None:
    """Return 0 to 100, rounded half up to one decimal; lines that do not apply are left out, `None` where none applies."""
    counted = [answer for answer in answers.values() if answer != NOT_HERE]
    if not counted:
        return None
    share = Decimal(100 * counted.count(OK)) / len(counted)
    return share.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
