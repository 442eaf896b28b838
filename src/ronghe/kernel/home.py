"""`RONGHE_HOME`: the one folder of data, files, keys and logs, apart from the code."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Home:
    """Where everything of one installation lies. Nothing is created until somebody writes to it."""

    root: Path

    @classmethod
    def from_environment(cls) -> Home:
        """Return the home named by `RONGHE_HOME`, else the user's own data folder."""
        named = os.environ.get("RONGHE_HOME")
        return cls(Path(named) if named else Path.home() / ".local" / "share" / "ronghe")

    @property
    def database(self) -> Path:
        return self.root / "ronghe.sqlite3"

    @property
    def files(self) -> Path:
        return self.root / "files"

    @property
    def fonts(self) -> Path:
        return self.root / "fonts"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def seals_log(self) -> Path:
        return self.logs / "seals.log"

    @property
    def tls(self) -> Path:
        return self.root / "tls"

    @property
    def demo_mark(self) -> Path:
        return self.root / "DEMO"

    @property
    def is_demo(self) -> bool:
        """Demonstration homes have known passwords and are served on 127.0.0.1 only."""
        return self.demo_mark.exists()

    def secret(self, name: str) -> str:
        """Return the named secret, made on first use, readable by this user only."""
        path = self.keys / name
        if not path.exists():
            write_private(path, secrets.token_urlsafe(48).encode())
        return path.read_text().strip()


def write_private(path: Path, content: bytes) -> None:
    """Write `content` where only this user can read it; an existing file is kept (first writer wins)."""
    fresh = _beside(path, content)
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def replace_private(path: Path, content: bytes) -> None:
    """Put `content` in the place of what was there, in one step: a crash leaves the old file or the new one."""
    _beside(path, content).replace(path)


def _beside(path: Path, content: bytes) -> Path:
    """Write a whole file next to `path`, so that nobody ever reads half of one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return fresh
