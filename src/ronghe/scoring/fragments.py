"""The pieces of JSON Schema that several words of the language share."""

from __future__ import annotations

from typing import Any

Fragment = dict[str, Any]

NUMBER: Fragment = {"type": ["number", "string"], "pattern": r"^-?\d+(\.\d{1,4})?$"}
"""A number, also as text; at most four decimal places (checked apart, since a pattern only sees text)."""

ID: Fragment = {"type": "string", "pattern": r"^[a-z][a-z0-9_]*$"}

TEXT: Fragment = {
    "type": "object",
    "properties": {"zh": {"type": "string", "minLength": 1}, "en": {"type": "string", "minLength": 1}},
    "required": ["zh", "en"],
    "additionalProperties": False,
}
"""A text that people see, in both languages."""

NAME: Fragment = {"type": "string", "minLength": 1}

WHOLE: Fragment = {"type": "integer", "minimum": 1}


def one_or_more(item: Fragment) -> Fragment:
    """One thing or a list of them."""
    return {"anyOf": [item, {"type": "array", "items": item, "minItems": 1}]}


def as_list(value: Any) -> tuple[Any, ...]:
    """Read what `one_or_more` allows."""
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def ref(name: str) -> Fragment:
    """Point at a definition of the sheet's schema."""
    return {"$ref": f"#/$defs/{name}"}
