"""What nobody types and PostgreSQL takes in no text: the character NUL is left out where a request comes in."""

from __future__ import annotations

from typing import Any

NUL = "\x00"


def without_nul(node: Any) -> Any:
    """Return texts, lists and objects of texts without NUL, everything else as it is."""
    if isinstance(node, str):
        return node.replace(NUL, "")
    if isinstance(node, list):
        return [without_nul(inner) for inner in node]
    if isinstance(node, dict):
        return {without_nul(name): without_nul(inner) for name, inner in node.items()}
    return node
