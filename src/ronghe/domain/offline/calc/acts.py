"""The text that a phone signs, read strictly: every field known, of its type, within its length."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from ronghe.domain.offline.calc.times import LATEST_MS, Clocks

VERSION = 1
MOST_BYTES = 16_384
FIRST = "0" * 64
"""What the first act of a queue names as the one before it."""
MOST_NUMBER = 1_000_000
MOST_ID = 2**62

_HEX32, _HEX64 = re.compile(r"[0-9a-f]{32}"), re.compile(r"[0-9a-f]{64}")
_HEAD = {"v", "id", "key", "n", "before", "kind", "device_ms", "skew_ms", "steady_ms", "what"}


class ActMisshapen(ValueError):
    """What came is not an act; a fault of a program, never of a person."""


@dataclass(frozen=True, slots=True)
class Ref:
    """A thing of the server's by its number, or one made on this phone by the act that made it."""

    number: int | None = None
    act: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """Words: `most` signs at most; an optional one may be missing, an empty one is empty."""

    most: int
    required: bool = False


REF, NUMBER, CODE, HEX64, MINUTES, READINGS = "ref", "number", "code", "hex64", "minutes", "readings"
MOST_MINUTES = 1440
MOST_READINGS = 12
READING = {"substance": Text(32, required=True), "value": Text(24, required=True), "unit": Text(12)}
"""A number of an instrument is said as it was typed: floats have no place in what is signed."""

FIELDS: dict[str, dict[str, Any]] = {
    "open_huddle": {"body": NUMBER, "activity_type": CODE},
    "open_activity": {"activity": REF},
    "sign_in": {"activity": REF, "code": Text(200)},
    "sign_in_card": {"activity": REF, "card": Text(200, required=True)},
    "tick": {"activity": REF, "person": NUMBER},
    "untick": {"activity": REF, "person": NUMBER},
    "leave": {"activity": REF, "person": NUMBER, "leave_kind": CODE, "reason": Text(120)},
    "agenda_add": {"activity": REF, "topic": Text(120, required=True), "notes": Text(2000), "decision": Text(400)},
    "agenda_edit": {
        "activity": REF, "item": REF, "base": HEX64, "topic": Text(120, required=True), "notes": Text(2000),
        "decision": Text(400),
    },
    "close": {"activity": REF},
    "permit_sign": {
        "permit": NUMBER, "digest": HEX64, "role": CODE, "office": Text(32), "code": Text(400), "place": Text(80),
        "way": CODE,
    },
    "permit_gas": {
        "permit": NUMBER, "readings": READINGS, "place": Text(80), "instrument": Text(40), "minutes": MINUTES,
    },
    "permit_measure": {"permit": NUMBER, "measure": NUMBER, "state": CODE, "note": Text(120)},
    "permit_leave": {"permit": NUMBER, "note": Text(120)},
    "permit_stop": {"permit": NUMBER, "reason": CODE, "note": Text(120)},
    "void": {"was": HEX64, "was_kind": CODE},
}  # fmt: skip
"""What each kind of act says. `base` is the digest of the item that the writer had before the eyes, `digest` that of the
permit's text; `minutes` is how long before the act a sample was taken."""

WORDS = {
    "agenda_add": ("topic", "notes", "decision"),
    "agenda_edit": ("topic", "notes", "decision"),
    "leave": ("reason",),
    "permit_measure": ("note",),
}
"""The words of an act that its author may put differently when it is reported again."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act as a phone signed it. `digest` is SHA-256 of the very bytes."""

    id: str
    key: str
    number: int
    before: str
    kind: str
    clocks: Clocks
    what: dict[str, Any]
    digest: str


def read_act(text: str) -> Act:
    """Return the act that `text` says.

    :raises ActMisshapen: not JSON, another version, an unknown or missing field, a value out of its bounds
    """
    content = text.encode("utf-8", "surrogatepass")
    if len(content) > MOST_BYTES:
        raise ActMisshapen("size")
    try:
        said = json.loads(text, parse_float=_no_float, parse_constant=_no_float)
    except (ValueError, RecursionError) as error:
        raise ActMisshapen("json") from error
    if not isinstance(said, dict) or set(said) != _HEAD or said["v"] != VERSION:
        raise ActMisshapen("head")
    kind = said["kind"]
    if not isinstance(kind, str) or kind not in FIELDS:
        raise ActMisshapen("kind")
    return Act(
        id=_matched(said["id"], _HEX32, "id"),
        key=_matched(said["key"], _HEX64, "key"),
        number=_whole(said["n"], 1, MOST_NUMBER, "n"),
        before=_matched(said["before"], _HEX64, "before"),
        kind=kind,
        clocks=Clocks(
            device=_whole(said["device_ms"], 0, LATEST_MS, "device_ms"),
            skew=_whole(said["skew_ms"], -LATEST_MS, LATEST_MS, "skew_ms"),
            steady=None if said["steady_ms"] is None else _whole(said["steady_ms"], 0, LATEST_MS, "steady_ms"),
        ),
        what=read_what(kind, said["what"]),
        digest=hashlib.sha256(content).hexdigest(),
    )


def is_act_id(text: str) -> bool:
    """Tell whether `text` can be the id of an act at all; anything else is not worth asking the database for."""
    return _HEX32.fullmatch(text) is not None


def read_what(kind: str, said: Any) -> dict[str, Any]:
    """Return what an act says, its optional words filled in as empty.

    :raises ActMisshapen: an unknown or missing field, or a value out of its bounds
    """
    fields = FIELDS[kind]
    if not isinstance(said, dict) or not set(said) <= set(fields):
        raise ActMisshapen("what")
    return {name: _value(said.get(name), wanted, name) for name, wanted in fields.items()}


def ref_of(value: int | str) -> Ref:
    """Return the reference that a field says: a number of ours, or the id of the act that made it."""
    return Ref(number=value) if isinstance(value, int) else Ref(act=value)


def item_digest(topic: str, notes: str, decision: str | None) -> str:
    """Return the digest by which a phone says which text of an item it changes."""
    said = json.dumps([topic, notes, decision or ""], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def _value(value: Any, wanted: Any, name: str) -> Any:
    if isinstance(wanted, Text):
        return _words("" if value is None else value, wanted, name)
    if wanted == REF:
        return _matched(value, _HEX32, name) if isinstance(value, str) else _whole(value, 1, MOST_ID, name)
    if wanted == NUMBER:
        return _whole(value, 1, MOST_ID, name)
    if wanted == HEX64:
        return _matched(value, _HEX64, name)
    if wanted == MINUTES:
        return _whole(0 if value is None else value, 0, MOST_MINUTES, name)
    if wanted == READINGS:
        return _readings(value, name)
    return _matched(value, re.compile(r"[a-z_]{1,32}"), name)


def _readings(value: Any, name: str) -> list[dict[str, str]]:
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_READINGS:
        raise ActMisshapen(name)
    found = []
    for one in value:
        if not isinstance(one, dict) or not set(one) <= set(READING):
            raise ActMisshapen(name)
        found.append({field: _value(one.get(field), wanted, field) for field, wanted in READING.items()})
    return found


def _words(value: Any, wanted: Text, name: str) -> str:
    if not isinstance(value, str) or len(value) > wanted.most or "\x00" in value:
        raise ActMisshapen(name)
    if any("\ud800" <= sign <= "\udfff" for sign in value):
        raise ActMisshapen(name)
    if wanted.required and not value.strip():
        raise ActMisshapen(name)
    return value


def _whole(value: Any, least: int, most: int, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ActMisshapen(name)
    return value


def _matched(value: Any, pattern: re.Pattern[str], name: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ActMisshapen(name)
    return value


def _no_float(_said: str) -> Any:
    raise ActMisshapen("float")
