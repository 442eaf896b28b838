"""The JSON Schema of a playbook file, built from the same lists that the program reads by.

It is committed as `schema/playbook-1.json` for editors and other programs; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from typing import Any

from ronghe.domain.playbooks.calc.keys import FEWEST_GRADES, KEYS, MOST_GRADES, Key, KeyType
from ronghe.domain.playbooks.calc.sheets import schema_of_sheets
from ronghe.domain.playbooks.calc.vocabulary import (
    SCHEMA_NUMBER,
    WINDOWS,
    AttendanceWay,
    Better,
    BodyKind,
    Evidence,
    Expected,
    GoalHead,
    Layout,
    PartialWindow,
    Reschedule,
    Signs,
    Ungraded,
    WorkingDayRule,
)
from ronghe.kernel.calendar.calendars import CalendarKind
from ronghe.kernel.calendar.workdays import DayUnit

ID = "^[a-z][a-z0-9_]*$"
FACT_KIND = "^[a-z][a-z0-9_]*\\.[a-z][a-z0-9_]*$"
BASE = "^[a-z][a-z0-9_]*(>=[1-9][0-9]*)?$"
DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
CLOCK = "^([01][0-9]|2[0-3]):[0-5][0-9]$"
SHARE = "^([0-9]+/[1-9][0-9]*|[0-9]+(\\.[0-9]+)?)$"
NUMBER = "^-?[0-9]+(\\.[0-9]+)?$"
RULE_NUMBER = "^[A-Z]{2}-[0-9]{2,3}$"

Schema = dict[str, Any]


@cache
def playbook_schema() -> Schema:
    """Return the schema of a playbook file, draft 2020-12, score sheets included."""
    return frame_schema(schema_of_sheets())


def frame_schema(sheet: Schema) -> Schema:
    """Return the schema of all but the sheets, which are left to the schema `sheet`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://ronghe.dev/schema/playbook-{SCHEMA_NUMBER}.json",
        "title": "Ronghe playbook",
        "description": "An integration model as a versioned data file; how to write one: docs/playbook.md",
        **_object(
            {
                "schema": {"const": SCHEMA_NUMBER},
                "id": _ref("id"),
                "version": {"type": "integer", "minimum": 1},
                "title": _ref("words"),
                "extends": _list({"type": "string", "pattern": BASE}),
                "documents": _list(_ref("document")),
                "dimensions": _list(_ref("entry")),
                "groups": _list(_ref("entry")),
                "roles": _list(_ref("entry")),
                "mechanisms": _list(_ref("mechanism")),
                "sheets": _list(_ref("sheet")),
                "templates": _list(_ref("template")),
                "agreement": _ref("agreement"),
                "campaign": _ref("campaign"),
                "keys": _object({key.name: _key(key) for key in KEYS.values()}),
            },
            required=("schema", "id", "version", "title"),
        ),
        "$defs": {**_definitions(), "sheet": sheet},
    }


def _definitions() -> Schema:
    return {
        "id": {"type": "string", "pattern": ID, "maxLength": 60},
        "words": _object({"zh": _text(), "en": _text()}, required=("zh", "en")),
        "day": {"type": "string", "pattern": DAY},
        "clock": {"type": "string", "pattern": CLOCK},
        "share": {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": SHARE}]},
        "entry": _object({"id": _ref("id"), "title": _ref("words")}, required=("id", "title")),
        "document": _object(
            {
                "id": _ref("id"),
                "title": _ref("words"),
                "number": _text(),
                "version": _text(),
                "effective_from": _ref("day"),
            },
            required=("id", "title"),
        ),
        "cite": _object(
            {
                "document": _ref("id"),
                "clause": _ref("words"),
                "rule": {"type": "string", "pattern": RULE_NUMBER},
            },
            required=("document",),
        ),
        "time": _object({"from": _ref("clock"), "until": _ref("clock")}, required=("from", "until")),
        "cadence": _object(
            {
                "rrule": _text(),
                "window": _choice(WINDOWS),
                "working_day": _choice(WorkingDayRule),
                "partial_window": _choice(PartialWindow),
            },
            required=("rrule", "window"),
        ),
        "condition": {
            "anyOf": [
                {"type": ["string", "integer", "boolean"]},
                _list({"type": ["string", "integer"]}, at_least=1),
                _object(
                    {
                        "at_least": _ref("share"),
                        "at_most": _ref("share"),
                        "more_than": _ref("share"),
                        "of": _ref("id"),
                    },
                    at_least=1,
                ),
            ]
        },
        "satisfaction": _object(
            {
                "kind": {"type": "string", "pattern": FACT_KIND},
                "where": {
                    "type": "object",
                    "propertyNames": {"pattern": ID},
                    "additionalProperties": _ref("condition"),
                },
            },
            required=("kind",),
        ),
        "sitting": _object(
            {
                "id": _ref("id"),
                "title": _ref("words"),
                "time": _ref("time"),
                "satisfied_by": _list(_ref("satisfaction"), at_least=1),
            },
            required=("id", "title"),
        ),
        "mechanism": _object(
            {
                "id": _ref("id"),
                "title": _ref("words"),
                "dimension": _ref("id"),
                "cites": _list(_ref("cite")),
                "for": _list(_choice(BodyKind), at_least=1),
                "for_grade": _object(
                    {
                        "sheet": _ref("id"),
                        "grades": _list(_ref("id"), at_least=1),
                        "ungraded": _choice(Ungraded),
                    },
                    required=("sheet", "grades"),
                ),
                "cadence": _ref("cadence"),
                "calendar": _choice(CalendarKind),
                "grace": _object(
                    {"days": {"type": "integer", "minimum": 0, "maximum": 366}, "unit": _choice(DayUnit)},
                    required=("days",),
                ),
                "time": _ref("time"),
                "sittings": _list(_ref("sitting"), at_least=2),
                "answers": _ref("id"),
                "expected": _list(_choice(Expected), at_least=1),
                "form": _object(
                    {
                        "agenda": _list(_ref("words"), at_least=1),
                        "checks": _list(_ref("entry"), at_least=1),
                        "figures": _list(_ref("figure"), at_least=1),
                        "signs": _choice(Signs),
                    },
                    at_least=1,
                ),
                "reschedule": _choice(Reschedule),
                "from_on": _ref("day"),
                "until_on": _ref("day"),
                "sequence": _object({"after": _list(_ref("id"), at_least=1)}, required=("after",)),
                "satisfied_by": _list(_ref("satisfaction"), at_least=1),
                "not_with": _list(_ref("id")),
                "evidence": _object({"required": _list(_choice(Evidence)), "optional": _list(_choice(Evidence))}),
                "attendance": _object(
                    {
                        "ways": _list(_choice(AttendanceWay), at_least=1),
                        "is_signature": {"type": "boolean"},
                    }
                ),
                "counts_for": _list(_ref("id")),
            },
            required=("id", "title", "dimension", "for", "answers"),
        ),
        "figure": _object(
            {"id": _ref("id"), "title": _ref("words"), "unit": _ref("words"), "whole": {"type": "boolean"}},
            required=("id", "title", "unit"),
        ),
        "agreement": _object(
            {
                "title": _ref("words"),
                "preamble": _ref("words"),
                "sections": _list(
                    _object(
                        {"id": _ref("id"), "title": _ref("words"), "text": _ref("words")},
                        required=("id", "title", "text"),
                    ),
                    at_least=1,
                ),
                "goals": _list(_ref("goal"), at_least=1),
            },
            required=("title", "preamble", "sections"),
        ),
        "goal": _object(
            {
                "id": _ref("id"),
                "head": _choice(GoalHead),
                "title": _ref("words"),
                "unit": _ref("words"),
                "better": _choice(Better),
                "baseline": _ref("number"),
                "target": _ref("number"),
            },
            required=("id", "head", "title", "unit"),
        ),
        "number": {"anyOf": [{"type": "number"}, {"type": "string", "pattern": NUMBER}]},
        "campaign": _object(
            {
                "starts": _ref("day"),
                "ends": _ref("day"),
                "stages": _list(
                    _object(
                        {
                            "id": _ref("id"),
                            "title": _ref("words"),
                            "from_on": _ref("day"),
                            "until_on": _ref("day"),
                            "mechanisms": _list(_ref("id")),
                        },
                        required=("id", "title", "from_on", "until_on"),
                    ),
                    at_least=1,
                ),
                "report": _list(_ref("entry"), at_least=1),
            },
            required=("starts", "ends", "stages"),
        ),
        "template": _object(
            {
                "id": _ref("id"),
                "title": _ref("words"),
                "layout": _choice(Layout),
                "mechanisms": _list(_ref("id")),
            },
            required=("id", "title", "layout"),
        ),
    }


def _key(key: Key) -> Schema:
    match key.type:
        case KeyType.WHOLE:
            return {"type": "integer", "minimum": key.least, "maximum": key.most}
        case KeyType.SHARE:
            return _ref("share")
        case KeyType.GRADES:
            return {**_list(_ref("entry"), at_least=FEWEST_GRADES), "maxItems": MOST_GRADES}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _text() -> Schema:
    return {"type": "string", "minLength": 1}


def _choice(values: Iterable[StrEnum]) -> Schema:
    return {"enum": [value.value for value in values]}


def _list(items: Schema, at_least: int = 0) -> Schema:
    schema: Schema = {"type": "array", "items": items}
    return {**schema, "minItems": at_least} if at_least else schema


def _object(properties: Schema, required: tuple[str, ...] = (), at_least: int = 0) -> Schema:
    schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    if required:
        schema["required"] = list(required)
    if at_least:
        schema["minProperties"] = at_least
    return schema
