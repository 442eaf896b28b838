"""Who may go to work: everybody who signed the current text of all three meetings, and has not left."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signed:
    """Somebody's signature under one version of a meeting's text."""

    meeting: str
    version: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person stands: `missing` and `voided` are the meetings without a signature, and with an outdated one only."""

    missing: tuple[str, ...]
    voided: tuple[str, ...]
    has_left: bool

    @property
    def may_work(self) -> bool:
        return not (self.missing or self.voided or self.has_left)


def standing(
    order: Collection[str],
    closed: Collection[str],
    versions: Mapping[str, int],
    signed: Collection[Signed],
    *,
    has_left: bool,
) -> Standing:
    """Return how somebody stands after the meetings of `order`, of which those in `closed` are over.

    `versions` are the current versions of what each says. A meeting that is not closed counts as missing, signed or not:
    nobody goes to work between the meetings (SD-05).
    """
    missing, voided = [], []
    for meeting in order:
        mine = [one.version for one in signed if one.meeting == meeting]
        if meeting not in closed or not mine:
            missing.append(meeting)
        elif versions[meeting] not in mine:
            voided.append(meeting)
    return Standing(tuple(missing), tuple(voided), has_left)
