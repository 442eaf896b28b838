"""What a permit profile file may say: its JSON Schema, draft 2020-12."""

from __future__ import annotations

from typing import Any

_ID = "^[a-z][a-z0-9_]*$"
_KEY = "^[a-z][a-z0-9_]*(\\.[a-z0-9_]+)+$"
_RULE = "^(PW|PC)-[0-9]{2}$"
_TEXT = {"type": "string", "minLength": 1, "maxLength": 120}
_BARE_UNIT = {"type": "string", "pattern": "^[ -~³]*$"}


def _object(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {
        "type": "object", "properties": properties, "required": list(required), "additionalProperties": False
    }  # fmt: skip


def _mapping(value: Any, pattern: str = _ID) -> dict[str, Any]:
    return {"type": "object", "patternProperties": {pattern: value}, "additionalProperties": False}


_WORDS = _object({"zh": _TEXT, "en": _TEXT}, "zh", "en")
"""What readers see, in both languages."""
_NAME, _NUMBER_KEY = {"type": "string", "pattern": _ID}, {"type": "string", "pattern": _KEY}
_NAMES, _FLAG = {"type": "array", "items": _NAME}, {"type": "boolean"}

_NUMBER = _object(
    {
        "value": {"type": "number", "minimum": 0}, "unit": {"anyOf": [_BARE_UNIT, _WORDS]}, "rule": {"type": "string", "pattern": _RULE},
        "clause": {"type": "string"}, "checked": _FLAG, "stricter": {"enum": ["lower", "higher"]},
        "title": _WORDS,
    },
    "value", "unit", "rule", "clause", "checked", "stricter", "title",
)  # fmt: skip
_SUBSTANCE = _object(
    {
        "title": _WORDS, "unit": _TEXT, "lel": {"type": "number", "exclusiveMinimum": 0}, "least": _NUMBER_KEY,
        "most": _NUMBER_KEY, "most_enriched": _NUMBER_KEY, "checked": _FLAG,
    },
    "title", "unit", "checked",
)  # fmt: skip
_FIELD = _object(
    {
        "id": _NAME, "title": _WORDS, "type": {"enum": ["number", "choice", "flag", "text"]}, "unit": {"type": "string"},
        "required": _FLAG, "choices": _mapping(_WORDS),
    },
    "id", "title", "type",
)  # fmt: skip
_BANDS = _object(
    {
        "fact": _NAME, "from": _NUMBER_KEY, "above": _NUMBER_KEY,
        "steps": {"type": "array", "minItems": 1,
                  "items": _object({"upto": _NUMBER_KEY, "under": _NUMBER_KEY, "grade": _NAME}, "grade")},
    },
    "fact", "steps",
)  # fmt: skip
_GAS = _object(
    {
        "any_of": _NAMES, "all_of": _NAMES, "gap_min": _mapping(_NUMBER_KEY), "every_min": _mapping(_NUMBER_KEY),
        "is_daily": _FLAG,
    },
    "gap_min",
)  # fmt: skip
_OPERATION = _object(
    {
        "title": _WORDS,
        "kind": {"enum": ["main", "start", "special"]},
        "grades": _NAMES,
        "facts": {"type": "array", "items": _FIELD},
        "grading": _object({"choice": _object({"fact": _NAME, "grades": _mapping(_NAME)}, "fact", "grades"),
                            "bands": _BANDS, "upgrades": _NAMES}),
        "approver": _mapping(_NAME),
        "co_signers": _NAMES,
        "checker": _NAME,
        "valid_h": _mapping(_NUMBER_KEY),
        "valid_special_h": _NUMBER_KEY,
        "ends_with": _NAMES,
        "gas": _GAS,
        "wind": _object({"level": _NUMBER_KEY, "when": _NAME, "unless": _NAME}, "level"),
        "needs_isolation": _FLAG,
        "needs_space": _FLAG,
        "needs_pipe": _FLAG,
        "needs_film": _NAMES, "reconfirm": _FLAG,
        "needs_plan": _NAMES,
        "needs_links": {"type": "array",
                        "items": _object({"fact": _NAME, "above": _NUMBER_KEY, "operation": _NAME},
                                         "fact", "above", "operation")},
        "measures": {"type": "array", "items": _object({"id": _NAME, "text": _WORDS}, "id", "text")},
    },
)  # fmt: skip

PROFILE_SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Ronghe permit profile",
    **_object(
        {
            "id": _NAME, "version": {"type": "integer", "minimum": 1}, "extends": _NAME, "title": _TEXT, "english": _TEXT, "standard": _TEXT,
            "extension": _FLAG, "needs_main": _FLAG, "numbers": _mapping(_NUMBER, _KEY), "substances": _mapping(_SUBSTANCE),
            "offices": _mapping(_WORDS), "operations": _mapping(_OPERATION),
        },
        "id", "version", "title", "standard", "extension",
    ),
}  # fmt: skip
