"""The digest of a baseline: what was approved is these dates and no others."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable


def baseline_digest(lines: Iterable[tuple[int, str, int, int, int]]) -> str:
    """Return the SHA-256 of lines of (uid, name, start, finish, minutes of work), in the order of their uids."""
    text = json.dumps(sorted(lines), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
