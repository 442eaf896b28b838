"""“2+3”: which duties a station has by how it is manned (AL-15)."""

from __future__ import annotations

from enum import StrEnum

from ronghe.domain.org.calc.thresholds import Figures
from ronghe.kernel.words import N_


class StationDuty(StrEnum):
    PARTY = "party"
    MANAGEMENT = "management"
    TECHNIQUE = "technique"


WORDS: dict[StationDuty, str] = {
    StationDuty.PARTY: N_("党建"),
    StationDuty.MANAGEMENT: N_("管理"),
    StationDuty.TECHNIQUE: N_("技术"),
}


def station_duties(staffing: str, *, figures: Figures) -> tuple[StationDuty, ...]:
    """Return the duties of a station: two where nobody is on duty, three where somebody is (AL-15).

    A sparsely attended station has two or three, as the unit decides (`sparse.party_duty`).
    """
    has_party = staffing == "attended" or (staffing == "sparse" and bool(figures["sparse.party_duty"]))
    plain = (StationDuty.MANAGEMENT, StationDuty.TECHNIQUE)
    return (StationDuty.PARTY, *plain) if has_party else plain
