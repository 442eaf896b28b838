"""Which new group continues which of today's: the pairing that keeps most people where they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def best_matching(overlaps: Sequence[Mapping[int, int]]) -> list[int | None]:
    """Return for each new group the group of today that it continues, or nothing for a new one.

    `overlaps[k]` counts today's groups among the people of new group k. The sum over the pairs is the greatest; among
    pairings of the same sum the lower numbers go together. A group shares nobody with the one it continues only where
    nothing better is left.
    """
    groups = sorted({group for counts in overlaps for group in counts})
    size = max(len(groups), len(overlaps))
    costs = [
        [-(overlaps[row].get(groups[column], 0)) if row < len(overlaps) and column < len(groups) else 0 for column in range(size)]
        for row in range(size)
    ]  # fmt: skip
    columns = _cheapest(costs)
    return [groups[columns[row]] if columns[row] < len(groups) else None for row in range(len(overlaps))]


def _cheapest(costs: Sequence[Sequence[int]]) -> list[int]:
    """Return the column of each row in the cheapest one-to-one pairing (Hungarian method)."""
    size = len(costs)
    row_price, column_price = [0] * (size + 1), [0] * (size + 1)
    row_of, back = [0] * (size + 1), [0] * (size + 1)
    for row in range(1, size + 1):
        row_of[0], column = row, 0
        least: list[int | None] = [None] * (size + 1)
        done = [False] * (size + 1)
        while True:
            done[column] = True
            here, step, following = row_of[column], None, 0
            for other in range(1, size + 1):
                if done[other]:
                    continue
                slack = costs[here - 1][other - 1] - row_price[here] - column_price[other]
                held = least[other]
                if held is None or slack < held:
                    least[other], back[other], held = slack, column, slack
                if step is None or held < step:
                    step, following = held, other
            for other in range(size + 1):
                if done[other]:
                    row_price[row_of[other]] += step or 0
                    column_price[other] -= step or 0
                elif (held := least[other]) is not None:
                    least[other] = held - (step or 0)
            column = following
            if row_of[column] == 0:
                break
        while column:
            previous = back[column]
            row_of[column] = row_of[previous]
            column = previous
    answer = [0] * size
    for column in range(1, size + 1):
        answer[row_of[column] - 1] = column - 1
    return answer
