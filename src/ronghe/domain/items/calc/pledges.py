"""What a person signs who takes an item on: its own words, bound by their digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime


def pledged_text(title: str, text: str, values: Mapping[str, object], due_at: datetime | None) -> str:
    """Return the words that a signature stands under, in one form whatever the order in which they were filled in."""
    due = due_at.isoformat() if due_at is not None else None
    content = {"title": title, "text": text, "values": values, "due_at": due}
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()
