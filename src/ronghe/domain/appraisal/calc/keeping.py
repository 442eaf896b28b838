"""What a run was computed from, kept as files with digests: the same inputs give the same bytes.

    files/runs/42/5f0c…/facts.parquet  obligations.parquet  subjects.parquet  previous.parquet
                        calendar.json  rules.json  results.parquet  manifest.json

Every computation writes into a folder of its own; which one counts stands on the run.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, listed

if TYPE_CHECKING:
    import pyarrow as pa

MANIFEST = "manifest.json"
RESULTS = "results.parquet"
BLOCK = 1 << 20
COMPRESSION = "zstd"


class InputsAltered(DomainError):
    """Kept files are not what they were when the run was computed."""

    code = "inputs_altered"
    sentence = N_("留存的依据文件被改动或缺失：%(files)s。请从备份恢复后再办。")


@dataclass(frozen=True, slots=True)
class Kept:
    """A folder of kept files and the digest of each, by name."""

    folder: Path
    digests: Mapping[str, str]

    @property
    def inputs_digest(self) -> str:
        """One digest over everything that the results follow from."""
        lines = [f"{name} {digest}\n" for name, digest in sorted(self.digests.items()) if name != RESULTS]
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    @property
    def results_digest(self) -> str:
        return self.digests[RESULTS]

    def path(self, name: str) -> Path:
        return self.folder / name

    def has(self, name: str) -> bool:
        return name in self.digests

    def json(self, name: str) -> Any:
        return json.loads(self.path(name).read_text(encoding="utf-8"))

    def altered(self) -> list[str]:
        """Return the names of the files that are missing or not as they were kept."""
        return [name for name, digest in sorted(self.digests.items()) if _digest_of(self.path(name)) != digest]

    def require_unaltered(self) -> None:
        """Return where every file is as it was kept.

        :raises InputsAltered: one is missing or changed
        """
        if files := self.altered():
            raise InputsAltered(files=listed(files))


class Keeper:
    """Writes the files of one run; what was written counts only when the manifest is there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.digests: dict[str, str] = {}
        folder.mkdir(parents=True)

    def table(self, name: str, table: pa.Table) -> Path:
        """Write a table as Parquet and return where it lies."""
        import pyarrow.parquet as pq

        path = self.folder / name
        pq.write_table(table.replace_schema_metadata(None), path, compression=COMPRESSION)
        return self.took(name)

    def json(self, name: str, content: Any) -> Path:
        """Write plain data as JSON with sorted keys."""
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1)
        (self.folder / name).write_text(text + "\n", encoding="utf-8")
        return self.took(name)

    def took(self, name: str) -> Path:
        """Note a file that is already in the folder."""
        path = self.folder / name
        with path.open("rb+") as file:
            os.fsync(file.fileno())
        self.digests[name] = _digest_of(path) or ""
        return path

    def close(self) -> None:
        text = json.dumps(self.digests, sort_keys=True, indent=1) + "\n"
        (self.folder / MANIFEST).write_text(text, encoding="utf-8")

    @property
    def kept(self) -> Kept:
        return Kept(self.folder, dict(self.digests))


@contextmanager
def keeping(folder: Path) -> Iterator[Keeper]:
    """Keep into the new `folder`; if the block fails, nothing is left of it."""
    keeper = Keeper(folder)
    try:
        yield keeper
        keeper.close()
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def kept_in(folder: Path) -> Kept:
    """Return what is kept in `folder`.

    :raises InputsAltered: there is no manifest
    """
    try:
        return Kept(folder, json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise InputsAltered(files=MANIFEST) from error


def _digest_of(path: Path) -> str | None:
    found = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                found.update(block)
    except OSError:
        return None
    return found.hexdigest()
