"""`steady`: a share or a mean drawn towards that of the peers, so that few chances do not decide.

As if beside what was measured there stood `strength` more chances that came out as the peers' average does. A branch of
four with one absence is drawn far, one of forty hardly. Nothing changes for a sheet that does not use the word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from ronghe.kernel.words import N_, _
from ronghe.scoring.columns import constant, greatest, least, nothing, pick, quotient
from ronghe.scoring.exact import UNIT, divided
from ronghe.scoring.fragments import WHOLE, Fragment, ref
from ronghe.scoring.measures.base import Measure, Reading, Sight
from ronghe.scoring.records import Evidence

PEER_WORDS = {"all": N_("全部对象"), "category": N_("同类别的对象"), "body": N_("同一上级的对象")}


@dataclass(frozen=True)
class Steady(Measure):
    """(number + strength × the peers' average) / (count + strength). Nothing measured stays nothing.

    The peers' average is the plain average of the shares of all subjects of the group for which there is one, each
    between nothing and full, the subject's own among them.
    """

    inner: Measure
    strength: int
    peers: str = "all"

    word = "steady"
    keys: ClassVar[dict[str, Fragment]] = {
        "steady": ref("measure"),
        "strength": WHOLE,
        "peers": {"enum": list(PEER_WORDS)},
    }
    required = ("strength",)

    @classmethod
    def read(cls, doc: dict[str, Any]) -> Self:
        """Build it from a checked mapping."""
        from ronghe.scoring.measures import read_measure  # the registry knows this file

        return cls(read_measure(doc["steady"]), doc["strength"], doc.get("peers", "all"))

    @property
    def parts(self) -> tuple[Measure, ...]:
        """What it steadies is gathered; the peers' average follows from that."""
        return self.inner.parts

    @property
    def full_at(self) -> int | None:  # type: ignore[override]
        """The same as without steadying."""
        return self.inner.full_at

    @property
    def added(self) -> int:
        """By how much the count grows: shares of two measures count in units."""
        return self.strength * (UNIT if self.inner.word == "part" else 1)

    @property
    def largest(self) -> tuple[int, int]:
        """What it steadies, with the added chances at their full."""
        number, count = self.inner.largest
        return number + self.added * (self.full_at or 0), count + self.added

    def column(self, sight: Sight) -> Reading:
        """Number and count with the added chances."""
        reading = self.inner.column(sight)
        some = reading.count > 0
        number = reading.number + sight.average_of_peers(self._rate(reading), self.peers) * self.added
        return Reading(pick(some, number, constant(0)), pick(some, reading.count + constant(self.added), constant(0)))

    def average(self, sight: Sight) -> Any:
        """The peers' average as a column, in units."""
        return sight.average_of_peers(self._rate(self.inner.column(sight)), self.peers)

    def _rate(self, reading: Reading) -> Any:
        rate = quotient(reading.number, greatest(reading.count, constant(1)))
        bounded = least(greatest(rate, constant(0)), constant(self.full_at or 0))
        return pick(reading.count > 0, bounded, nothing("int64"))

    def twin(self, evidence: Evidence) -> Reading:
        """The same from one subject's evidence, which carries the peers' averages."""
        found = self.inner.twin(evidence)
        average = evidence.averages.get((self, evidence.window.name))
        if not found.count or average is None:
            return found
        number, count = found.number + average * self.added, found.count + self.added
        return Reading(number, count, found.facts, raw=found, average=average)

    def rate(self, evidence: Evidence) -> int | None:
        """One subject's own share in units, bounded; nothing where nothing was measured."""
        found = self.inner.twin(evidence)
        if not found.count:
            return None
        return min(max(divided(found.number, found.count), 0), self.full_at or 0)

    def words(self) -> str:
        """Return what is steadied, by how much and towards whom."""
        said = {"what": self.inner.words(), "strength": self.strength, "peers": _(PEER_WORDS[self.peers])}
        return _("%(what)s（另加 %(strength)s 次，按%(peers)s的平均计，免得次数少的一两次就定好坏）") % said
