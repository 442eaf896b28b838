"""The contract in the reader's language: summaries and descriptions are Chinese source text like every other word.

Types read descriptions once, when they are made, so the words are translated where the finished contract is handed
out; the catalogue's extraction walks it in the same way.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser

from ronghe.kernel.clean import without_nul
from ronghe.kernel.words import _

SPOKEN = frozenset({"title", "summary", "description"})
"""The keys of OpenAPI whose text is for people."""


class CleanParser(Parser):
    """Reads bodies and forms without the character NUL, as pages do (`web/middleware.py`)."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        found = json.loads(request.body)
        return without_nul(found) if b"\\u0000" in request.body else found  # type: ignore[no-any-return]

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        return without_nul(super().parse_querydict(data, list_fields, request))  # type: ignore[no-any-return]


class SpokenAPI(NinjaAPI):
    """An API whose contract speaks the language of whoever asks for it."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        contract = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        spoken(contract, _)
        return contract


def spoken(node: Any, say: Callable[[str], str]) -> None:
    """Put what `say` makes of them in place of the words for people, all through the contract."""
    steps = list(node.items()) if isinstance(node, dict) else list(enumerate(node)) if isinstance(node, list) else []
    for step, inner in steps:
        if step in SPOKEN and isinstance(inner, str) and inner:
            node[step] = say(inner)
        else:
            spoken(inner, say)
