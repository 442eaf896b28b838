"""What is known of an area before anybody analyses the job: its risks and the hazards that are not put right."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownRisk:
    """A risk of the register or an open hazard, with what keeps it down; `key` says which record it is: `risk:12`."""

    key: str
    hazard: str
    measure: str = ""
    is_red: bool = False
    """A red risk, or a major hazard: what was analysed without it is analysed anew."""
    stops: bool = False
    """A major hazard (IN-04): nobody works beside it."""
