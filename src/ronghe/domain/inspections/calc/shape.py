"""The shape of a checklist file, as JSON Schema."""

from __future__ import annotations

from typing import Any

_WORDS: dict[str, Any] = {
    "type": "object", "required": ["zh", "en"], "additionalProperties": False,
    "properties": {"zh": {"type": "string", "minLength": 1}, "en": {"type": "string", "minLength": 1}},
}  # fmt: skip
_ID: dict[str, Any] = {"type": "string", "pattern": "^[a-z][a-z0-9_]{1,39}$"}
_TEXTS: dict[str, Any] = {
    "oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]
}  # fmt: skip
_PROOF: dict[str, Any] = {
    "type": "object", "additionalProperties": False,
    "oneOf": [{"required": ["fact"]}, {"required": ["mechanism"]}],
    "properties": {
        "fact": {"type": "string", "pattern": r"^[a-z]+\.[a-z_]+$"},
        "where": {"type": "object", "additionalProperties": _TEXTS},
        "mechanism": _TEXTS,
    },
}  # fmt: skip
_LOOKED_AT: dict[str, Any] = {
    "id": _ID, "title": _WORDS, "hint": _WORDS, "shown_by": {"type": "array", "items": _PROOF},
}  # fmt: skip

CHECKLIST_SCHEMA: dict[str, Any] = {
    "type": "object", "additionalProperties": False,
    "required": ["schema", "id", "version", "title", "forms", "dimensions"],
    "properties": {
        "schema": {"const": 1},
        "id": _ID,
        "version": {"type": "integer", "minimum": 1},
        "title": _WORDS,
        "note": _WORDS,
        "checked": {"type": "boolean"},
        "forms": {
            "type": "array", "minItems": 1, "items": {"enum": ["acceptance", "special", "support", "routine"]},
        },
        "looks_back_days": {"type": "integer", "minimum": 1, "maximum": 1100},
        "partly": {"type": "number", "minimum": 0, "maximum": 1},
        "dimensions": {
            "type": "array", "minItems": 1,
            "items": {
                "type": "object", "additionalProperties": False, "required": ["id", "title", "items"],
                "properties": {
                    "id": _ID,
                    "title": _WORDS,
                    "items": {
                        "type": "array", "minItems": 1,
                        "items": {
                            "type": "object", "additionalProperties": False, "required": ["id", "title", "full"],
                            "properties": {**_LOOKED_AT, "full": {"type": "number", "exclusiveMinimum": 0, "maximum": 1000}},
                        },
                    },
                },
            },
        },
        "vetoes": {
            "type": "array",
            "items": {
                "type": "object", "additionalProperties": False, "required": ["id", "title"], "properties": _LOOKED_AT,
            },
        },
        "grades": {
            "type": "object", "additionalProperties": False, "required": ["bands"],
            "properties": {
                "rises_at_most": {"type": "integer", "minimum": 1},
                "bands": {
                    "type": "array", "minItems": 2,
                    "items": {
                        "type": "object", "additionalProperties": False, "required": ["id", "title"],
                        "properties": {"id": _ID, "title": _WORDS, "least": {"type": "number", "minimum": 0, "maximum": 100}},
                    },
                },
            },
        },
    },
}  # fmt: skip
