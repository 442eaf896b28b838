"""Components: template tags with a Python signature, a docstring with one example and a template of the same name.

A family module writes a function from arguments to the values of its template::

    @component(register, family="marks", block=True)
    def badge(content: SafeString, *, state: State | None = None) -> Props:
        \"\"\"A small label: {% badge state="done" %}已办{% endbadge %}\"\"\"
        return {"state": state}

What is written wrongly in a template fails when that template compiles: an argument the function does not have
(Django), and a word that is not among the choices of a `Literal` argument (here).
"""

from __future__ import annotations

import functools
import inspect
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.conf import settings
from django.template import Context, Library, TemplateSyntaxError
from django.template.base import FilterExpression, Node, Parser, Token
from django.template.loader import get_template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

Props = Mapping[str, Any]
"""The values a component's template sees; `content` is added for block tags."""

ATTRIBUTE_PREFIXES = ("hx_", "data_", "aria_")
"""Further attributes a component with `**attributes` hands through to its element: `hx_post=url` becomes `hx-post`."""


@dataclass(frozen=True, slots=True)
class Component:
    """What the gallery and the tests know about one component."""

    name: str
    family: str
    block: bool
    doc: str
    signature: str
    choices: Mapping[str, tuple[Any, ...]]


_GIVEN_BY_DJANGO = frozenset({"content", "context"})

REGISTRY: dict[str, Component] = {}
"""All components by name, filled when the families are imported."""


def component(
    register: Library, *, family: str, block: bool = False, context: bool = False, cached: bool = False
) -> Callable[[Callable[..., Props]], Callable[..., Props]]:
    """Register a function as a template tag that renders `ui/<name>.html` with what the function returns.

    `block` components receive their rendered content first, `context` ones the template's context before it.
    `cached` is for small pieces whose markup depends on the arguments alone: the last few thousand are kept per
    language, so that a list of a hundred rows does not render the same badge a hundred times.
    """

    def decorate(function: Callable[..., Props]) -> Callable[..., Props]:
        name = function.__name__
        choices = _choices(function)
        positional = _positional(function)
        skipped = int(block) + int(context)

        @functools.wraps(function)
        def tag(*args: Any, **kwargs: Any) -> SafeString:
            for argument, value in (*zip(positional, args[skipped:], strict=False), *kwargs.items()):
                if argument in choices:
                    _check_choice(name, argument, value, choices[argument])
            if cached:
                return _render_cached(name, function, block, args, kwargs)
            props = dict(function(*args, **kwargs))
            if block:
                props.setdefault("content", args[skipped - 1])
            return _render(name, props)

        if block:
            register.simple_block_tag(tag, takes_context=context, name=name)
        else:
            register.simple_tag(tag, takes_context=context, name=name)
        register.tags[name] = _checking_compiler(name, register.tags[name], choices, _named(function), positional)
        REGISTRY[name] = Component(
            name=name,
            family=family,
            block=block,
            doc=(function.__doc__ or "").strip(),
            signature=_written(function),
            choices=choices,
        )
        return function

    return decorate


def attributes(values: Mapping[str, Any]) -> SafeString:
    """Render handed-through attributes: `{"hx_post": "/x/", "data_busy": True}` → ` hx-post="/x/" data-busy`."""
    pairs = [
        (key.replace("_", "-"), value) for key, value in values.items() if value is not None and value is not False
    ]
    return format_html_join(
        "",
        "{}",
        ((format_html(" {}", key) if value is True else format_html(' {}="{}"', key, value),) for key, value in pairs),
    )


def _render(name: str, props: Mapping[str, Any]) -> SafeString:
    # The engine's template is rendered directly: components see their props only, so no context processor runs.
    template = get_template(f"ui/{name}.html")
    return SafeString(template.template.render(Context(dict(props))).strip())  # type: ignore[attr-defined]


_kept: dict[tuple[Any, ...], SafeString] = {}
_KEEP_AT_MOST = 4096


def _render_cached(
    name: str, function: Callable[..., Props], block: bool, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> SafeString:
    # Types belong to the key: a safe string and an equal unsafe one are escaped differently. Addresses of static
    # files do not: they are fixed for the life of the process.
    key = (
        name,
        get_language(),
        *((type(value), value) for value in args),
        *((word, type(value), value) for word, value in kwargs.items()),
    )
    found = _kept.get(key)
    if found is None:
        props = dict(function(*args, **kwargs))
        if block:
            props.setdefault("content", args[0])
        found = _render(name, props)
        if settings.DEBUG:
            return found
        if len(_kept) >= _KEEP_AT_MOST:
            _kept.clear()
        _kept[key] = found
    return found


def _choices(function: Callable[..., Props]) -> dict[str, tuple[Any, ...]]:
    found = {}
    for argument, hint in typing.get_type_hints(function).items():
        options = _literal_options(hint)
        if options and argument != "return":
            found[argument] = options
    return found


def _literal_options(hint: Any) -> tuple[Any, ...]:
    origin = typing.get_origin(hint)
    if origin is Literal:
        return typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        parts = typing.get_args(hint)
        literal = [option for part in parts for option in _literal_options(part)]
        others = [part for part in parts if typing.get_origin(part) is not Literal and part is not type(None)]
        if literal and not others:
            return (*literal, None, "")
    return ()


def _check_choice(name: str, argument: str, value: Any, allowed: tuple[Any, ...]) -> None:
    if value not in allowed:
        words = ", ".join(str(option) for option in allowed if option)
        message = f"{{% {name} %}}: {argument}={value!r} is not one of: {words}"
        raise TemplateSyntaxError(message)


def _checking_compiler(
    name: str,
    compile_tag: Callable[[Parser, Token], Node],
    choices: dict[str, tuple[Any, ...]],
    named: frozenset[str],
    positional: tuple[str, ...],
) -> Callable[[Parser, Token], Node]:
    @functools.wraps(compile_tag)
    def compile_checked(parser: Parser, token: Token) -> Node:
        node = compile_tag(parser, token)
        by_word: dict[str, FilterExpression] = node.kwargs  # type: ignore[attr-defined]
        by_place: list[FilterExpression] = node.args  # type: ignore[attr-defined]
        for argument in by_word:
            if argument not in named and not argument.startswith(ATTRIBUTE_PREFIXES):
                message = f"{{% {name} %}} has no argument {argument!r}"
                raise TemplateSyntaxError(message)
        for argument, expression in (*zip(positional, by_place, strict=False), *by_word.items()):
            constant = isinstance(expression.var, str) and not expression.filters
            if constant and argument in choices:
                _check_choice(name, argument, str(expression.var), choices[argument])
        return node

    return compile_checked


def _named(function: Callable[..., Props]) -> frozenset[str]:
    parameters = inspect.signature(function).parameters.values()
    return frozenset(p.name for p in parameters if p.kind is not inspect.Parameter.VAR_KEYWORD)


def _positional(function: Callable[..., Props]) -> tuple[str, ...]:
    """Names a template may give by position: those before the `*`, without what Django passes itself."""
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    parameters = inspect.signature(function).parameters.values()
    return tuple(p.name for p in parameters if p.kind in kinds and p.name not in _GIVEN_BY_DJANGO)


def _written(function: Callable[..., Props]) -> str:
    """The signature as a template author reads it: `(name: str, *, tone: Tone = "plain")`."""
    words: list[str] = []
    starred = False
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name in _GIVEN_BY_DJANGO:
            continue
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            words.append(f"**{parameter.name}")
            continue
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY and not starred:
            words.append("*")
            starred = True
        default = "" if parameter.default is inspect.Parameter.empty else f" = {parameter.default!r}"
        words.append(f"{parameter.name}: {parameter.annotation}{default}".replace("'", '"'))
    return f"({', '.join(words)})"
