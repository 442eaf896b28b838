"""What the program understood of a playbook text: problems with their places, and mechanisms in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ronghe.domain.playbooks.calc.duties import duties_a_year, duties_by_kind
from ronghe.domain.playbooks.calc.loading import load_playbook
from ronghe.domain.playbooks.calc.model import Mechanism, Playbook
from ronghe.domain.playbooks.calc.names import named
from ronghe.domain.playbooks.calc.problems import Problem, Severity
from ronghe.domain.playbooks.calc.wording import cadence_words
from ronghe.domain.playbooks.selectors.books import library_for

SHOWN, QUOTED = 50, 120
"""Problems told at once, and characters of a line that are quoted."""


@dataclass(frozen=True, slots=True)
class MechanismLine:
    """One mechanism in words."""

    mechanism: Mechanism
    cadence: str
    answers: str
    a_year: int
    is_own: bool
    """Written in this file, not taken over from a base."""
    is_over: bool
    """Written anew over a base."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A text as the program reads it."""

    playbook: Playbook | None
    problems: Sequence[Problem]
    dimensions: Sequence[tuple[str, Sequence[MechanismLine]]] = ()
    duties: Sequence[tuple[str, int]] = ()
    """Kind of body in words → duties a year."""
    lines: Sequence[str] = ()

    @property
    def told(self) -> list[tuple[Problem, str, bool]]:
        """Each problem with the line that it stands in, and whether it is an error; errors first."""
        found = [
            (one, self._line(one.place.line), one.severity is Severity.ERROR) for one in self.problems[:SHOWN]
        ]  # fmt: skip
        return sorted(found, key=lambda one: not one[2])

    def _line(self, number: int) -> str:
        return self.lines[number - 1].strip()[:QUOTED] if 0 < number <= len(self.lines) else ""

    @property
    def errors(self) -> int:
        return sum(problem.severity is Severity.ERROR for problem in self.problems)

    @property
    def warnings(self) -> int:
        return len(self.problems) - self.errors

    @property
    def mechanisms(self) -> int:
        return sum(len(lines) for _title, lines in self.dimensions)


def understood(text: str) -> Understood:
    """Return what the program understands of `text`, with the bases that it leans on."""
    loaded = load_playbook(text, library_for(text))
    if loaded.playbook is None:
        return Understood(None, loaded.problems, lines=text.split("\n"))
    duties = [(named(kind), count) for kind, count in duties_by_kind(loaded.playbook.mechanisms).items()]
    return Understood(
        loaded.playbook, loaded.problems, dimensions_of(loaded.playbook), duties, text.split("\n")
    )  # fmt: skip


def dimensions_of(playbook: Playbook) -> list[tuple[str, list[MechanismLine]]]:
    """Return the mechanisms by dimension, in file order, dimensions without any left out."""
    over = {override.mechanism for override in playbook.overrides}
    roles = {role.id: role.title.here for role in playbook.roles}
    found = []
    for dimension in playbook.dimensions:
        lines = [
            MechanismLine(
                mechanism, cadence_words(mechanism), roles.get(mechanism.answers, mechanism.answers),
                duties_a_year(mechanism), mechanism.origin == playbook.id, mechanism.id in over,
            )
            for mechanism in playbook.mechanisms
            if mechanism.dimension == dimension.id
        ]  # fmt: skip
        if lines:
            found.append((dimension.title.here, lines))
    return found
