"""Where bases are found: the shipped playbooks and the folder of the file that leans on them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ronghe.domain.playbooks.calc.yaml_text import read_known_yaml

_PACKAGED = Path(__file__).resolve().parents[3] / "playbooks"
_CHECKOUT = Path(__file__).resolve().parents[5] / "playbooks"

SHIPPED = _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT
"""Beside the package once installed, at the root of a checkout."""


@dataclass(frozen=True, slots=True)
class Library:
    """Playbook texts by id and version; of one id the highest version is offered."""

    folders: tuple[Path, ...] = (SHIPPED,)
    texts: Mapping[str, str] = field(default_factory=dict)
    """Texts by a name of the caller's, looked at before the folders (tests, uploads)."""

    def find(self, playbook_id: str) -> tuple[str, str] | None:
        """Return (name, text) of the highest version of a playbook, or nothing."""
        found: list[tuple[int, str, str]] = []
        # Reading a file takes long, so only one that has the word as an id is read; others lean on it.
        says_id = re.compile(rf"\bid[\"']?\s*:\s*[\"']?{re.escape(playbook_id)}\b")
        for name, text in self._all():
            data = read_known_yaml(text).data if says_id.search(text) else None
            if isinstance(data, dict) and data.get("id") == playbook_id and isinstance(data.get("version"), int):
                found.append((data["version"], name, text))
        if not found:
            return None
        highest = max(version for version, _name, _text in found)
        return next((name, text) for version, name, text in found if version == highest)

    def _all(self) -> Iterator[tuple[str, str]]:
        yield from self.texts.items()
        for folder in dict.fromkeys(folder.resolve() for folder in self.folders):
            for path in sorted(folder.glob("*.y*ml")):
                try:
                    yield str(path), path.read_text(encoding="utf-8")
                except (OSError, UnicodeDecodeError):
                    continue


def shipped_files() -> list[Path]:
    """Return the shipped playbook files, by name."""
    return sorted(SHIPPED.glob("*.yaml"))
