"""The shape of the file against the schema, each difference said in the clerk's words and at its line."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from ronghe.domain.playbooks.calc.problems import Problem
from ronghe.domain.playbooks.calc.schema import (
    BASE,
    CLOCK,
    DAY,
    FACT_KIND,
    ID,
    NUMBER,
    RULE_NUMBER,
    SHARE,
    frame_schema,
)
from ronghe.domain.playbooks.calc.yaml_text import Path, Reading
from ronghe.kernel.words import N_, _, listed

LANGUAGES = {"zh": N_("中文"), "en": N_("英文")}

TYPES = {
    "object": N_("一组“名称: 内容”"),
    "array": N_("一个列表（每行以“- ”开头）"),
    "string": N_("文字"),
    "integer": N_("整数"),
    "number": N_("数字"),
    "boolean": N_("true 或 false"),
    "null": N_("空"),
}

PATTERNS = {
    ID: N_("只能用小写英文字母、数字和下划线，并以字母开头"),
    BASE: N_("写范本的 id，或者 id>=版本，例：branch_base>=1"),
    FACT_KIND: N_("写事实种类，例：rhythm.activity_closed"),
    DAY: N_("写日期，例：2026-07-01"),
    CLOCK: N_("写 24 小时制的时刻，例：07:40"),
    SHARE: N_("写数字或分数，例：1/2"),
    NUMBER: N_("写数字，例：12.5"),
    RULE_NUMBER: N_("写规则书的编号，例：PM-05"),
}


@cache
def _validator() -> Draft202012Validator:
    """Sheets are only mappings here: the scoring part explains their inside better than a schema can."""
    return Draft202012Validator(frame_schema({"type": "object"}))


def shape_problems(reading: Reading) -> list[Problem]:
    """Return every difference between the file and the schema, in the order of the file."""
    found: dict[tuple[Path, str, str], Problem] = {}
    for error in _validator().iter_errors(reading.data):
        for problem in _said(error, reading):
            found.setdefault((problem.path, problem.code, str(problem.details)), problem)
    return sorted(found.values(), key=lambda problem: (problem.place.line, problem.place.column, problem.code))


def _said(error: ValidationError, reading: Reading) -> Iterator[Problem]:
    path: Path = tuple(error.absolute_path)
    value: Any = error.instance
    wanted: Any = error.validator_value
    match error.validator:
        case "required":
            for key in wanted:
                if key not in value:
                    yield _missing(key, path, reading)
        case "additionalProperties" if isinstance(error.schema, dict):
            known = list(error.schema.get("properties", {}))
            for key in value:
                if key not in known:
                    yield _unknown(key, known, path, reading)
        case "type":
            words = listed(_(TYPES[name]) for name in ([wanted] if isinstance(wanted, str) else wanted))
            yield _problem("wrong_type", N_("这里应填%(wanted)s。"), path, reading, wanted=words)
        case "enum":
            choices = listed(wanted)
            yield _problem(
                "not_a_choice",
                N_("“%(value)s”不在可选之列：%(choices)s。"),
                path,
                reading,
                value=value,
                choices=choices,
            )
        case "pattern":
            form = _(PATTERNS.get(wanted, N_("写法不合要求")))
            yield _problem(
                "malformed", N_("“%(value)s”写法不对：%(wanted)s。"), path, reading, value=value, wanted=form
            )
        case "const":
            yield _problem("not_a_choice", N_("这里只能填 %(choices)s。"), path, reading, choices=wanted)
        case "minLength" | "minItems" | "minProperties":
            yield _problem("too_short", N_("这里至少要有 %(least)s 项内容。"), path, reading, least=wanted)
        case "maxItems":
            yield _problem("too_long", N_("这里最多写 %(most)s 项。"), path, reading, most=wanted)
        case "minimum" | "maximum":
            yield _problem(
                "out_of_range", N_("“%(value)s”超出范围（界限 %(limit)s）。"), path, reading,
                value=value, limit=wanted,
            )  # fmt: skip
        case "anyOf" if isinstance(value, dict):
            deeper = [sub for sub in error.context or () if sub.validator != "type" or len(sub.path) > 0]
            for sub in deeper or [error]:
                yield from _said(sub, reading) if sub is not error else [_any_form(path, reading)]
        case "anyOf" if isinstance(value, str):
            patterns = [sub for sub in error.context or () if sub.validator == "pattern"]
            yield from _said(patterns[0], reading) if len(patterns) == 1 else [_any_form(path, reading)]
        case _:
            yield _any_form(path, reading)


def _any_form(path: Path, reading: Reading) -> Problem:
    return _problem("malformed", N_("这里的写法不对，请对照手册 docs/playbook.md。"), path, reading)


def _missing(key: str, path: Path, reading: Reading) -> Problem:
    if key in LANGUAGES:
        return _problem(
            "missing_words", N_("缺少%(language)s：请补 %(key)s。"), path, reading, language=_(LANGUAGES[key]), key=key
        )
    return _problem("missing", N_("缺少“%(key)s”。"), path, reading, key=key)


def _unknown(key: str, known: list[str], path: Path, reading: Reading) -> Problem:
    near = get_close_matches(key, known, n=1)
    if near:
        return _problem(
            "unknown_key", N_("不认识“%(key)s”，是不是“%(near)s”？"), (*path, key), reading, key=key, near=near[0]
        )
    return _problem(
        "unknown_key", N_("不认识“%(key)s”。这里可以写：%(known)s。"), (*path, key), reading,
        key=key, known=listed(known),
    )  # fmt: skip


def _problem(code: str, sentence: str, path: Path, reading: Reading, **details: Any) -> Problem:
    return Problem(code, sentence, path, reading.place_of(path), details)
