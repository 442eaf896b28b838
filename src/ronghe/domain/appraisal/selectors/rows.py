"""The rows of a final run, and the digest that is sealed with it."""

from __future__ import annotations

import hashlib
import json

from ronghe.domain.appraisal.models import Result, Run

FIELDS = ("subject", "body", "category", "score", "rank", "grade", "vetoes", "notes")


def digest_of_rows(run: Run) -> str:
    """Return the sha256 over the rows of a final run in the order of their subjects, in hexadecimal."""
    found = hashlib.sha256()
    for row in Result.objects.filter(run=run).order_by("subject").values_list(*FIELDS).iterator(chunk_size=5_000):
        found.update(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    return found.hexdigest()
