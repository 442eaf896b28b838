"""Every playbook there is: what came with the platform, and what units wrote and put forward."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from ronghe.domain.org.models import Person
from ronghe.domain.playbooks.calc.library import Library, shipped_files
from ronghe.domain.playbooks.calc.model import Playbook
from ronghe.domain.playbooks.calc.shipped import shipped_playbook, shipped_playbooks
from ronghe.domain.playbooks.models import PlaybookText, PlaybookVersion, read_together
from ronghe.domain.playbooks.rules import SEE_PLAYBOOK

LARGEST_VERSION = 2_147_483_647
_BASES = re.compile(r"^extends:(.*(?:\n[ \t]*-.*)*)", re.MULTILINE)
_ID = re.compile(r"[a-z][a-z0-9_]*")
_OWN_ID = re.compile(r"^id:\s*([a-z][a-z0-9_]*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Shelved:
    """One version on the shelf. `kept` is its row, nothing of a shipped one that nobody adopted yet."""

    id: str
    version: int
    title: str
    kept: PlaybookVersion | None
    is_shipped: bool

    @property
    def reference(self) -> str:
        return f"{self.id}@{self.version}"

    @property
    def origin_name(self) -> str:
        """The body that wrote it, "" where it came with the platform or as a file."""
        return self.kept.origin.name if self.kept is not None and self.kept.origin is not None else ""

    @property
    def playbook(self) -> Playbook:
        """What it says; reads the text of a kept version the first time."""
        if self.kept is None:
            book = shipped_playbook(self.id)
            if book is None:
                raise LookupError(self.id)
            return book
        return self.kept.playbook


def shelf() -> list[Shelved]:
    """Return every version there is, by id, the newest first: one statement."""
    rows = PlaybookVersion.objects.select_related("origin").order_by("playbook_id", "-version")
    kept = {(row.playbook_id, row.version): row for row in rows}
    own = {book.id for book in shipped_playbooks()}
    found = [
        Shelved(row.playbook_id, row.version, row.title.here, row, row.playbook_id in own) for row in kept.values()
    ]
    found += [
        Shelved(book.id, book.version, book.title.here, None, is_shipped=True)
        for book in shipped_playbooks()
        if (book.id, book.version) not in kept
    ]
    return sorted(found, key=lambda one: (not one.is_shipped, one.id, -one.version))


def newest(shelved: Iterable[Shelved]) -> dict[str, Shelved]:
    """Return the newest version of each id in the order of the shelf, with what they say at hand."""
    first: dict[str, Shelved] = {}
    for one in shelved:
        if one.id not in first or first[one.id].version < one.version:
            first[one.id] = one
    read_together(one.kept for one in first.values() if one.kept is not None)
    return first


def find_shelved(actor: Person, reference: str, at: datetime) -> Shelved | None:
    """Return the version that `daqing_zone@1` names, or the newest of `daqing_zone`; nothing where there is none.

    Nothing either for somebody who stands nowhere in the field.
    """
    if not SEE_PLAYBOOK.allows(actor, None, at=at):
        return None
    return shelved_as(reference)


def shelved_as(reference: str) -> Shelved | None:
    """Return the version of that reference, or the newest of that id, whoever asks."""
    playbook_id, _at, version = reference.partition("@")
    if version and not (version.isascii() and version.isdigit() and int(version) <= LARGEST_VERSION):
        return None
    if not _ID.fullmatch(playbook_id):
        return None
    shipped = shipped_playbook(playbook_id)
    rows = PlaybookVersion.objects.filter(playbook_id=playbook_id).select_related("origin", "text")
    row = (rows.filter(version=int(version)) if version else rows.order_by("-version")).first()
    is_newer = shipped is not None and (row is None or row.version < shipped.version)
    if shipped is not None and is_newer and (not version or int(version) == shipped.version):
        return Shelved(shipped.id, shipped.version, shipped.title.here, None, is_shipped=True)
    if row is None:
        return None
    return Shelved(row.playbook_id, row.version, row.title.here, row, is_shipped=shipped is not None)


def source_of(shelved: Shelved) -> str:
    """Return the file of a version as it was written, "" where only its content is known."""
    if shelved.kept is not None:
        own = PlaybookText.objects.filter(version=shelved.kept).values_list("source", flat=True).first()
        if own:
            return own
    shipped = shipped_playbook(shelved.id)
    return _shipped_texts().get(shelved.id, "") if shipped is not None and shipped.version == shelved.version else ""


def library_for(text: str) -> Library:
    """Return where the bases of a text are found: the shipped ones and the units' own, each in its newest version.

    Only what the text leans on is handed over, so that checking it while somebody types reads nothing else.
    """
    texts = dict[str, str]()
    wanted = _bases_in(text)
    while wanted:
        own = _own_texts(wanted)
        found = {one: own.get(one) or _shipped_texts().get(one, "") for one in wanted}
        texts |= {one: base for one, base in found.items() if base}
        wanted = {base for one in found.values() for base in _bases_in(one)} - texts.keys() - wanted
    return Library(folders=(), texts=texts)


def families() -> Mapping[str, frozenset[str]]:
    """Return for each id of the shelf the ids that lean on it, itself among them."""
    leans: dict[str, set[str]] = {}
    for one in newest(shelf()).values():
        leans.setdefault(one.id, set()).add(one.id)
        for line in one.playbook.extends:
            leans.setdefault(line.partition(">=")[0], set()).add(one.id)
    return {one: frozenset(found) for one, found in leans.items()}


def _own_texts(ids: Iterable[str]) -> dict[str, str]:
    """Return the newest text of each of these playbooks that units wrote."""
    names = set(ids) - _shipped_texts().keys()
    if not names:
        return {}
    rows = PlaybookText.objects.filter(version__playbook_id__in=names).exclude(source="")
    return dict(rows.order_by("version__version").values_list("version__playbook_id", "source"))


def _bases_in(text: str) -> set[str]:
    line = _BASES.search(text)
    return set(_ID.findall(line.group(1))) if line else set()


@cache
def _shipped_texts() -> dict[str, str]:
    """Texts of the shipped playbooks by id, read once a process like the playbooks themselves."""
    texts = (path.read_text(encoding="utf-8") for path in shipped_files())
    return {found.group(1): text for text in texts if (found := _OWN_ID.search(text))}
