"""Settings and addresses of the server that `pages.py` measures: the platform, and its reference beside it.

A request with the header `Bare: 1` goes to the reference: one view behind the same middleware, which loads session and
user and renders the same template from constants. The constants are those of the real view, taken when that address is
first asked for by that person; nothing in them reads the database any more.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from unittest import mock

sys.path.insert(0, str(Path(__file__).parent))

from ronghe.config.settings import base
from ronghe.config.settings.base import *  # noqa: F403

ROOT_URLCONF = "ronghe.config.urls"
MIDDLEWARE = ["pages_server.counting", "pages_server.forked", *base.MIDDLEWARE]
TEMPLATES = [
    {
        **base.TEMPLATES[0],
        "OPTIONS": {
            **base.TEMPLATES[0]["OPTIONS"],
            "context_processors": [
                name if name != "ronghe.web.context.shell" else "pages_server.shell"
                for name in base.TEMPLATES[0]["OPTIONS"]["context_processors"]
            ],
        },
    }
]

Answer = Callable[[Any], Any]


def counting(get_response: Answer) -> Answer:
    """Answer with the number of SQL statements where the client asks for it."""

    def counted(request: Any) -> Any:
        if "Count" not in request.headers:
            return get_response(request)
        from django.db import connection

        said: list[str] = []

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            said.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            answer = get_response(request)
        answer["Statements"] = str(len(said))
        if request.headers["Count"] == "show":
            answer["Said"] = " ;; ".join(sql.replace("\n", " ") for sql in said).encode("ascii", "replace").decode()
        return answer

    return counted


def forked(get_response: Answer) -> Answer:
    """Send the requests of the reference to its own addresses."""

    def fork(request: Any) -> Any:
        if "Bare" in request.headers:
            request.urlconf = "pages_bare"
        return get_response(request)

    return fork


def shell(request: Any) -> Mapping[str, Any]:
    """What the shell needs: the real values, or for the reference those that were kept."""
    from ronghe.web.context import shell as real

    kept = getattr(request, "kept_shell", None)
    return real(request) if kept is None else {**kept, "user": request.user}


def taken(request: Any, run: Callable[[Any], Any], view: Any) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Run the real view once; return its template, its context and the shell's, all of them constants."""
    from django import shortcuts

    from ronghe.web.context import shell as real

    rendered: list[tuple[str, dict[str, Any]]] = []
    render = shortcuts.render

    def keep(asked: Any, template: str, context: dict[str, Any], **rest: Any) -> Any:
        rendered.append((template, context))
        return render(asked, template, context, **rest)

    with mock.patch(f"{view.__module__}.render", keep):
        run(request)
    template, context = rendered[-1]
    return template, {name: _constant(value) for name, value in context.items()}, _values(real(request))


def _values(context: Mapping[str, Any]) -> dict[str, Any]:
    """Work out what is lazy."""
    lazy = {"actor_post": str, "owed": dict, "unread": lambda value: value + 0}
    return {name: lazy[name](value) if name in lazy else value for name, value in context.items() if name != "user"}


def _constant(value: Any) -> Any:
    """Return what the value is once worked out; a form keeps its choices."""
    from django.db.models import QuerySet
    from django.forms import Form

    if callable(value):
        return value()
    if isinstance(value, QuerySet):
        return list(value)
    if isinstance(value, Form):
        for field in value.fields.values():
            if hasattr(field, "queryset"):
                field.choices = list(field.choices)
    return value
