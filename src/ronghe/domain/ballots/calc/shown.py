"""Which results may be shown: of few votes one could tell who voted what."""

from __future__ import annotations


def may_show(*, phones: int, papers: int, least: int) -> bool:
    """Tell whether the sums of a ballot may be shown.

    They may from `least` votes on. Whoever counted the papers knows their part and would subtract it: so votes from
    phones are none or `least` themselves. With fewer, papers and phones together stay hidden (complementary cells).
    """
    return phones + papers >= least and (phones == 0 or papers == 0 or phones >= least)
