"""Which results may be shown: of few votes one could tell who voted what."""

from __future__ import annotations

from collections.abc import Sequence


def may_show(*, phones: int, papers: int, least: int) -> bool:
    """Tell whether the sums of a ballot may be shown.

    They may from `least` votes on. Whoever counted the papers knows their part and would subtract it: so votes from
    phones are none or `least` themselves. With fewer, papers and phones together stay hidden (complementary cells).
    """
    return phones + papers >= least and (phones == 0 or papers == 0 or phones >= least)


def may_show_item(phones: Sequence[int], papers: Sequence[int], *, blank: int | None, least: int) -> bool:
    """Tell whether the sums of one item may be shown: `least` said something of it, by the same rule as for the ballot.

    `phones` and `papers` are votes in the order of the choices; `blank` is the choice that says nothing, from 1. Without
    such a choice everybody who voted said something.
    """
    if blank is None:
        return True
    said = [sum(votes) - votes[blank - 1] for votes in (phones, papers)]
    return may_show(phones=said[0], papers=said[1], least=least)
