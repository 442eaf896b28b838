"""The JSON Schema of a sheet, put together from what each word knows about itself."""

from __future__ import annotations

from typing import Any

from ronghe.scoring import conditions
from ronghe.scoring.fragments import ID, NAME, TEXT, Fragment, one_or_more, ref
from ronghe.scoring.measures import MEASURES
from ronghe.scoring.nodes import NODES
from ronghe.scoring.nodes.base import COMMON
from ronghe.scoring.period import MONTHS_IN
from ronghe.scoring.records import KEY_OF_LEVEL
from ronghe.scoring.sheets import duty, grades, vetoes

SCHEMA_ID = "urn:ronghe:sheet:1"


def sheet_schema() -> dict[str, Any]:
    """Return the schema of one sheet (2020-12). It carries an `$id`, so it may be nested in another schema as it is."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "type": "object",
        "properties": {
            "id": ID,
            "title": TEXT,
            "note": TEXT,
            "level": {"enum": list(KEY_OF_LEVEL)},
            "period": one_or_more({"enum": list(MONTHS_IN)}),
            "rank": {"enum": [*grades.WITHIN, "off"]},
            "only": {"type": "array", "items": NAME, "minItems": 1},
            "left_out": {"type": "array", "items": NAME, "minItems": 1},
            "peer_sizes": {"type": "array", "items": {"type": "integer", "minimum": 1}, "uniqueItems": True},
            "root": ref("node"),
            "vetoes": {"type": "array", "items": vetoes.SCHEMA},
            "grades": grades.SCHEMA,
            **duty.SCHEMA,
        },
        "required": ["id", "title", "level", "root"],
        "additionalProperties": False,
        "$defs": {"node": _node(), "measure": _measure(), "condition": conditions.SCHEMA},
    }


def _node() -> Fragment:
    """Chosen by `kind`, so that a mistake is reported against the kind that was meant."""
    return {
        "type": "object",
        "properties": {"id": ID, "title": TEXT, "kind": {"enum": list(NODES)}},
        "required": ["id", "title", "kind"],
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
                "then": {
                    "properties": {"kind": True, **COMMON, **node.keys},
                    "required": list(node.required),
                    "additionalProperties": False,
                },
            }
            for kind, node in NODES.items()
        ],
    }


def _measure() -> Fragment:
    """Chosen by the key that names it."""
    return {
        "type": "object",
        "oneOf": [{"required": [word]} for word in MEASURES],
        "allOf": [
            {
                "if": {"required": [word]},
                "then": {
                    "properties": measure.keys,
                    "required": list(measure.required),
                    "additionalProperties": False,
                },
            }
            for word, measure in MEASURES.items()
        ],
    }
