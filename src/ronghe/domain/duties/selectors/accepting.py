"""Which unit agreed to its side's rows, whose word fell when rows changed, and what waits for whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, CharField, Exists, F, OuterRef, QuerySet, Value, When

from ronghe.domain.duties.calc.shares import SIDES
from ronghe.domain.duties.calc.words import RowDiff, RowWords, differences, of_side, read
from ronghe.domain.duties.enums import AcceptState, Verdict
from ronghe.domain.duties.models import DutySheet, DutyVersion, SideWord, VersionSide
from ronghe.domain.duties.rules import SPEAK_FOR_UNIT
from ronghe.domain.org.models import AdminUnit, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.zones.enums import FOUNDING, LIVING, SIDE_OF
from ronghe.domain.zones.models import ParticipatingUnit
from ronghe.kernel.db.tree import on_day


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A unit on one side: where it stands, what it said last, and the rows that changed since it agreed."""

    side: str
    unit: AdminUnit
    parties: tuple[ParticipatingUnit, ...]
    state: AcceptState
    word: SideWord | None = None
    changed: tuple[RowDiff, ...] = ()

    @property
    def party(self) -> ParticipatingUnit:
        return self.parties[0]

    @property
    def has_speaker(self) -> bool:
        """Whether anybody may speak for it: a contact, or a branch that has a secretary."""
        return any(party.contact_id is not None or party.home_branch_id is not None for party in self.parties)

    @property
    def is_settled(self) -> bool:
        return self.state in (AcceptState.AGREED, AcceptState.NOTHING)


def acceptances_of(
    sheet: DutySheet, versions: Sequence[DutyVersion], parties: Sequence[ParticipatingUnit],
    now: Sequence[RowWords], digests: Mapping[str, str],
) -> list[Acceptance]:  # fmt: skip
    """Return where each unit stands, by side; one statement.

    `versions` are all of the sheet, the latest first; `now` and `digests` are the rows as they read now. A word holds as
    long as the side's rows read as they did in the version it was given under.
    """
    latest: dict[tuple[str, int], SideWord] = {}
    on_these: dict[tuple[str, int], SideWord] = {}
    for said in SideWord.objects.filter(version__sheet=sheet).select_related("person").order_by("said_at", "pk"):
        latest[said.side, said.unit_id] = said
        if said.digest == digests[said.side]:
            on_these[said.side, said.unit_id] = said
    texts = {version.pk: version.words for version in versions}
    found = []
    for (side, _unit), mine in _grouped(parties):
        key = side, mine[0].unit_id
        word = on_these.get(key) or latest.get(key)
        state = _state(word, digests[side], sheet.version)
        changed: tuple[RowDiff, ...] = ()
        if word is not None and state is AcceptState.VOID:
            changed = tuple(differences(of_side(read(texts[word.version_id]), side), of_side(now, side)))
        found.append(Acceptance(side, mine[0].unit, mine, state, word, changed))
    return found


def sheets_to_agree(actor: Person, at: datetime) -> QuerySet[DutySheet]:
    """Return the issued sheets whose latest version waits for a word that `actor` may give, the longest waiting first."""
    on = ParticipatingUnit.objects.filter(on_day(local_day(at)))
    parties = SPEAK_FOR_UNIT.narrow(actor, on, at=at).annotate(side=_SIDE).order_by()
    said = SideWord.objects.filter(
        version__sheet__zone=OuterRef("zone"), unit=OuterRef("unit"), side=OuterRef("side"),
        digest=OuterRef(OuterRef("digest")),
    ).order_by()  # fmt: skip
    mine = parties.filter(~Exists(said), zone=OuterRef("version__sheet__zone"), side=OuterRef("side"))
    sides = VersionSide.objects.filter(Exists(mine), version__number=F("version__sheet__version")).order_by()
    rows = DutySheet.objects.filter(pk__in=sides.values("version__sheet"), zone__state__in=sorted(FOUNDING | LIVING))
    return rows.select_related("zone").order_by("issued_at", "pk")


_SIDE = Case(*(When(role=role, then=Value(side.value)) for role, side in SIDE_OF.items()), output_field=CharField())


def _state(word: SideWord | None, digest: str, version: int) -> AcceptState:
    if not digest:
        return AcceptState.NOTHING
    if word is None or not version:
        return AcceptState.WAITING
    if word.digest != digest:
        return AcceptState.VOID if word.verdict == Verdict.AGREED else AcceptState.WAITING
    return AcceptState.AGREED if word.verdict == Verdict.AGREED else AcceptState.OBJECTED


def _grouped(
    parties: Iterable[ParticipatingUnit],
) -> list[tuple[tuple[str, int], tuple[ParticipatingUnit, ...]]]:
    """Return the parties by side and unit: one that is PMC and designer speaks once for the side of management."""
    found: dict[tuple[str, int], list[ParticipatingUnit]] = {}
    for party in parties:
        found.setdefault((SIDE_OF[party.role].value, party.unit_id), []).append(party)
    keys = sorted(found, key=lambda key: (SIDES.index(key[0]), found[key][0].unit.name, key[1]))
    return [(key, tuple(found[key])) for key in keys]
