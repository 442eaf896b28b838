"""Two playbooks, or two versions of one, side by side: what only one of them asks, and what both ask differently.

Texts are in the reader's language and are made when the comparison is; nothing here needs a database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ronghe.domain.playbooks.calc.describing import Described, described_mechanism, described_parts
from ronghe.domain.playbooks.calc.duties import duties_by_kind
from ronghe.domain.playbooks.calc.model import Cite, Mechanism, Playbook
from ronghe.domain.playbooks.calc.vocabulary import BodyKind


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the two say differently; an empty side says nothing of it."""

    field: str
    title: str
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A mechanism of the one beside its counterpart in the other; one of them may be missing."""

    a: Mechanism | None
    b: Mechanism | None
    differences: tuple[Difference, ...] = ()

    @property
    def mechanism(self) -> Mechanism:
        """The later one, for its title and place."""
        found = self.b or self.a
        assert found is not None
        return found

    @property
    def is_same(self) -> bool:
        return self.a is not None and self.b is not None and not self.differences


@dataclass(frozen=True, slots=True)
class DutiesOfKind:
    """Obligations a year that a body of this kind has under each of the two."""

    kind: BodyKind
    a: int
    b: int

    @property
    def gained(self) -> int:
        """How many more the second asks; below 0 where it asks less."""
        return self.b - self.a


@dataclass(frozen=True, slots=True)
class Part:
    """A list beside the mechanisms (documents, roles, sheet items …) and the entries in which the two differ."""

    id: str
    title: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`a` beside `b`; where they are versions of one playbook, `a` is the one that stands and `b` the one to come."""

    a: Playbook
    b: Playbook
    pairs: tuple[Pair, ...]
    """Every mechanism of both, in the order of `b`, with what `b` lacks after its neighbour in `a`."""
    duties: tuple[DutiesOfKind, ...]
    """Kinds of body that either asks something of."""
    parts: tuple[Part, ...]
    """Only those in which the two differ."""

    @property
    def only_in_a(self) -> tuple[Mechanism, ...]:
        return tuple(pair.a for pair in self.pairs if pair.a is not None and pair.b is None)

    @property
    def only_in_b(self) -> tuple[Mechanism, ...]:
        return tuple(pair.b for pair in self.pairs if pair.b is not None and pair.a is None)

    @property
    def changed(self) -> tuple[Pair, ...]:
        return tuple(pair for pair in self.pairs if pair.differences)

    @property
    def same(self) -> tuple[Pair, ...]:
        return tuple(pair for pair in self.pairs if pair.is_same)

    @property
    def is_same(self) -> bool:
        """Tell whether the two say the same, whatever their numbers."""
        return not self.parts and all(pair.is_same for pair in self.pairs)


def compare(a: Playbook, b: Playbook) -> Comparison:
    """Return the two side by side. Mechanisms are paired by id, then by Chinese title."""
    return Comparison(a, b, tuple(_pairs(a, b)), _duties(a, b), tuple(_parts(a, b)))


@dataclass(frozen=True, slots=True)
class Touched:
    """A mechanism that a new version of a governing document touches, with the clauses it stands on."""

    mechanism: Mechanism
    cites: tuple[Cite, ...]


def touched_mechanisms(old: Playbook, new: Playbook | str) -> tuple[Touched, ...]:
    """Return the mechanisms of `old` that stand on a document of which there is a new version, in file order.

    `new` is the id of that document, or a playbook whose documents are compared with those of `old`: a document
    touches what cites it when its number, version or first day changed, or when it is no longer named.
    """
    documents = {new} if isinstance(new, str) else changed_documents(old, new)
    found = []
    for mechanism in old.mechanisms:
        cites = tuple(cite for cite in mechanism.cites if cite.document in documents)
        if cites:
            found.append(Touched(mechanism, cites))
    return tuple(found)


def changed_documents(old: Playbook, new: Playbook) -> frozenset[str]:
    """Return the ids of the documents of `old` that `new` names in another version or not at all."""
    there = {document.id: (document.number, document.version, document.effective_from) for document in new.documents}
    return frozenset(
        document.id
        for document in old.documents
        if there.get(document.id) != (document.number, document.version, document.effective_from)
    )


def _pairs(a: Playbook, b: Playbook) -> list[Pair]:
    partner = _partners(a, b)
    pairs = [_pair(a, partner.get(mechanism.id), b, mechanism) for mechanism in b.mechanisms]
    taken = {pair.a.id for pair in pairs if pair.a is not None}
    place = 0
    for mechanism in a.mechanisms:
        if mechanism.id in taken:
            place = next(n for n, pair in enumerate(pairs) if pair.a is mechanism) + 1
        else:
            pairs.insert(place, Pair(mechanism, None))
            place += 1
    return pairs


def _partners(a: Playbook, b: Playbook) -> dict[str, Mechanism]:
    """Return the counterpart in `a` by id of the mechanism of `b`."""
    by_id = {mechanism.id: mechanism for mechanism in a.mechanisms}
    found = {mechanism.id: by_id[mechanism.id] for mechanism in b.mechanisms if mechanism.id in by_id}
    free = {m.title.zh: m for m in reversed(a.mechanisms) if m.id not in found}
    for mechanism in b.mechanisms:
        if mechanism.id not in found and mechanism.title.zh in free:
            found[mechanism.id] = free.pop(mechanism.title.zh)
    return found


def _pair(a: Playbook, first: Mechanism | None, b: Playbook, second: Mechanism) -> Pair:
    if first is None:
        return Pair(None, second)
    return Pair(first, second, _differences(described_mechanism(a, first), described_mechanism(b, second)))


def _differences(a: Iterable[Described], b: Iterable[Described]) -> tuple[Difference, ...]:
    ours, theirs = {one.field: one for one in a}, {one.field: one for one in b}
    fields = list(dict.fromkeys([*theirs, *ours]))
    return tuple(
        Difference(
            field,
            (theirs.get(field) or ours[field]).title,
            ours[field].text if field in ours else "",
            theirs[field].text if field in theirs else "",
        )
        for field in fields
        if field not in ours or field not in theirs or ours[field].text != theirs[field].text
    )


def _duties(a: Playbook, b: Playbook) -> tuple[DutiesOfKind, ...]:
    ours, theirs = duties_by_kind(a.mechanisms), duties_by_kind(b.mechanisms)
    return tuple(
        DutiesOfKind(kind, ours.get(kind, 0), theirs.get(kind, 0))
        for kind in BodyKind
        if kind in ours or kind in theirs
    )


def _parts(a: Playbook, b: Playbook) -> Iterable[Part]:
    ours, theirs = described_parts(a), described_parts(b)
    for one, other in zip(ours, theirs, strict=True):
        differences = _differences(one.entries, other.entries)
        if differences:
            yield Part(one.id, one.title, differences)
