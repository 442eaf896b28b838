"""Mistakes of shape, said in plain words: what the schema refuses, one sentence each."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from ronghe.kernel.words import N_, _, listed
from ronghe.scoring.problems import Problem

TYPES = {
    "object": N_("键和值"),
    "array": N_("列表"),
    "string": N_("文字"),
    "number": N_("数"),
    "integer": N_("整数"),
    "boolean": N_("true 或 false"),
}


def shape_problems(doc: Any, schema: dict[str, Any]) -> Iterator[Problem]:
    """Yield what the schema refuses, in the order of the document's paths."""
    from jsonschema import Draft202012Validator

    errors = sorted(Draft202012Validator(schema).iter_errors(doc), key=lambda error: [str(key) for key in error.path])
    for error in errors:
        yield from _said(error)


def _said(error: Any) -> Iterator[Problem]:
    path = tuple(error.absolute_path)
    value, wanted, rule = error.instance, error.validator_value, error.validator
    if rule == "required":
        missing = next(key for key in wanted if f"'{key}'" in error.message and key not in value)
        yield Problem(path, "key_missing", _("缺少“%(key)s”。") % {"key": missing})
    elif rule == "additionalProperties":
        known = list(error.schema.get("properties", {}))
        for key in [key for key in value if key not in known]:
            close = get_close_matches(str(key), known, n=1)
            hint = (
                _("是不是“%(close)s”？") % {"close": close[0]}
                if close
                else _("这里可以写：%(known)s。") % {"known": listed(known)}
            )
            yield Problem((*path, key), "key_unknown", _("不认识“%(key)s”，%(hint)s") % {"key": key, "hint": hint})
    elif rule == "enum":
        choices = listed(wanted)
        yield Problem(
            path, "value_unknown", _("不认识“%(value)s”，可以写：%(choices)s。") % {"value": value, "choices": choices}
        )
    elif rule == "type":
        names: list[str] = wanted if isinstance(wanted, list) else [wanted]
        types = " / ".join(_(TYPES[name]) for name in names)
        yield Problem(path, "type_wrong", _("“%(value)s”应当写成%(types)s。") % {"value": value, "types": types})
    elif rule == "pattern":
        yield Problem(
            path, "text_wrong", _("“%(value)s”写法不对，应符合 %(pattern)s。") % {"value": value, "pattern": wanted}
        )
    elif rule in {"minItems", "minLength", "minProperties"}:
        yield Problem(path, "empty", _("这里不能空着。"))
    elif rule in {"minimum", "const", "uniqueItems"}:
        yield Problem(path, "value_wrong", _("“%(value)s”不能用在这里。") % {"value": value})
    elif rule == "oneOf":
        choices = listed(choice["required"][0] for choice in wanted if "required" in choice)
        yield Problem(path, "one_needed", _("这里要写且只写一个：%(choices)s。") % {"choices": choices})
    elif rule == "anyOf":
        yield Problem(path, "type_wrong", _("“%(value)s”写法不对，应是一项，或几项的列表。") % {"value": value})
    else:
        yield Problem(path, "shape_wrong", _("“%(value)s”写法不对。") % {"value": value})
