"""YAML text to plain data that remembers where everything stood.

Only what a clerk can see is understood: mappings, lists, texts, whole and decimal numbers, true, false and null.
Dates, clock times and `yes`/`no` stay texts, so that `07:40` does not turn into 460; decimals stay exact; anchors,
tags and repeated keys are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

import yaml
from yaml.composer import Composer
from yaml.resolver import BaseResolver

from ronghe.domain.playbooks.calc.problems import Place, Problem
from ronghe.kernel.words import N_, _

LARGEST_FILE = 2_000_000
"""Characters; the longest shipped playbook has about 45,000."""

DEEPEST = 60
"""Levels of nesting; a deep score sheet has about 12."""

Path = tuple[str | int, ...]


@dataclass(slots=True)
class Reading:
    """Plain data, where each key and value of it stood, and what could not be read."""

    data: Any = None
    places: dict[Path, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def place_of(self, path: Path) -> Place:
        """Return where `path` stood; of something absent, where its nearest parent stood."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place())


class _PlainLoader(yaml.SafeLoader):
    """The core schema of YAML 1.2, without the surprises of 1.1."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(~|null|)$"), ["~", "n", ""])
_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(true|false)$"), ["t", "f"])
_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"-?(0|[1-9]\d*)$"), list("-0123456789"))
_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"-?(0|[1-9]\d*)\.\d+$"), list("-0123456789"))


class _Replay(Composer, BaseResolver):
    """Builds nodes from events that were read already: reading a text is what takes the time."""

    yaml_implicit_resolvers = _PlainLoader.yaml_implicit_resolvers

    def __init__(self, events: Sequence[yaml.Event]) -> None:
        Composer.__init__(self)
        BaseResolver.__init__(self)
        self._events = events
        self._next = 0

    def check_event(self, *choices: type[yaml.Event]) -> bool:
        return self._next < len(self._events) and (not choices or isinstance(self._events[self._next], choices))

    def peek_event(self) -> yaml.Event:
        return self._events[self._next]

    def get_event(self) -> yaml.Event:
        self._next += 1
        return self._events[self._next - 1]


_SCALARS: dict[str, Callable[[str], Any]] = {
    "tag:yaml.org,2002:null": lambda _text: None,
    "tag:yaml.org,2002:bool": lambda text: text == "true",
    "tag:yaml.org,2002:int": int,
    "tag:yaml.org,2002:float": Decimal,
    "tag:yaml.org,2002:str": str,
}


def read_yaml(text: str) -> Reading:
    """Return the plain data of `text`, numbers with a point as `Decimal`; never raises for a bad file."""
    reading = Reading()
    if len(text) > LARGEST_FILE:
        reading.problems.append(
            Problem("too_large", N_("文件超过 %(limit)s 个字符，请拆成几份。"), details={"limit": LARGEST_FILE})
        )
        return reading
    try:
        events = _what_clerks_write(text, reading)
        if not reading.problems:
            node = _Replay(events).get_single_node()
            reading.data = None if node is None else _plain(node, (), reading)
    except yaml.YAMLError as error:
        reading.problems.append(_syntax_problem(error))
    return reading


@lru_cache(maxsize=16)
def read_known_yaml(text: str) -> Reading:
    """Return what `read_yaml` does of a text that is read again and again, such as a base; not to be changed."""
    return read_yaml(text)


def _what_clerks_write(text: str, reading: Reading) -> list[yaml.Event]:
    """Return the events of the text up to what is refused.

    They are looked at before anything is built: anchors could unfold without bound, deep nesting would exhaust the
    stack.
    """
    depth = documents = 0
    events: list[yaml.Event] = []
    for event in yaml.parse(text, Loader=_PlainLoader):
        events.append(event)
        place = _place(event.start_mark)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            reading.problems.append(
                Problem("anchor", N_("不支持 YAML 的锚点和引用（& 和 *），请写出全文。"), place=place)
            )
            return events
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
        if depth > DEEPEST:
            reading.problems.append(Problem("too_deep", N_("层次太深，请检查括号和缩进。"), place=place))
            return events
        if documents > 1:
            reading.problems.append(
                Problem("two_documents", N_("一份文件只能写一个范本，请去掉“---”后面的部分。"), place=place)
            )
            return events
    return events


def _plain(node: yaml.Node, path: Path, reading: Reading) -> Any:
    reading.places.setdefault(path, _place(node.start_mark))
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, reading)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, number), reading) for number, item in enumerate(node.value)]
    construct = _SCALARS.get(node.tag)
    if construct is None:
        reading.problems.append(
            Problem("tag", N_("不支持 YAML 标签“%(tag)s”，请去掉。"), path, _place(node.start_mark), {"tag": node.tag})
        )
        return None
    return construct(node.value)


def _mapping(node: yaml.MappingNode, path: Path, reading: Reading) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            reading.problems.append(
                Problem("key_not_text", N_("冒号左边只能是一个词。"), path, _place(key_node.start_mark))
            )
            continue
        key = str(key_node.value)
        if key in data:
            reading.problems.append(
                Problem(
                    "duplicate_key",
                    N_("“%(key)s”写了两次，只能留一个。"),
                    (*path, key),
                    _place(key_node.start_mark),
                    {"key": key},
                )
            )
            continue
        reading.places[(*path, key)] = _place(key_node.start_mark)
        data[key] = _plain(value_node, (*path, key), reading)
    return data


def _syntax_problem(error: yaml.YAMLError) -> Problem:
    """Say it in the clerk's words where the cause is one of the usual ones; the parser's own words stay in `detail`."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    said = str(getattr(error, "problem", None) or error)
    reason = next((_(words) for sign, words in _USUAL_CAUSES if sign in said), said)
    return Problem("yaml_syntax", N_("YAML 写法有误：%(reason)s"), (), _place(mark), {"reason": reason, "detail": said})


_USUAL_CAUSES = (
    ("'\\t'", N_("缩进里有制表符，请全部改用空格。")),
    ("mapping values are not allowed here", N_("这里不能再有冒号；内容里含冒号的要加引号。")),
    ("could not find expected ':'", N_("缺少冒号，冒号要用英文半角，后面留一个空格。")),
    ("expected <block end>", N_("缩进与上文没有对齐，或者括号、引号没有配对。")),
    ("expected ',' or", N_("花括号或方括号里缺少逗号，或者没有配对。")),
    ("found unexpected end of stream", N_("引号没有配对。")),
    ("special characters are not allowed", N_("含有不可见的控制字符，请用纯文本重新保存。")),
    ("cannot start any token", N_("这个符号不能放在词的开头，请给整个词加引号。")),
)


def _place(mark: Any) -> Place:
    return Place() if mark is None else Place(mark.line + 1, mark.column + 1)
