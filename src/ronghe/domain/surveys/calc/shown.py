"""Which sums may be shown: of few answers one could tell who gave which, and also by subtracting what is shown."""

from __future__ import annotations

from collections.abc import Sequence

LEAST = 5
"""Fewer answers than this are neither shown nor kept."""


def shown_groups(answers: Sequence[int], *, least: int = LEAST) -> tuple[bool, ...]:
    """Tell for each group whether its sums may be shown beside those of everybody.

    A group of fewer than `least` answers is hidden. Whoever subtracts the shown ones from the whole gets the sums of all that
    are hidden: those must be of `least` answers themselves, or of none, so the smallest shown ones are hidden with them.
    Where the whole is too small nothing is shown at all.
    """
    total = sum(answers)
    if total < least:
        return (False,) * len(answers)
    shown = [count >= least for count in answers]
    by_size = sorted(range(len(answers)), key=lambda place: (answers[place], place))
    for place in by_size:
        hidden = sum(count for count, is_shown in zip(answers, shown, strict=True) if not is_shown)
        if hidden == 0 or hidden >= least:
            break
        shown[place] = False
    return tuple(shown)


def may_show(answers: int, *, least: int = LEAST) -> bool:
    """Tell whether the sums or texts of so many answers may be shown."""
    return answers >= least
