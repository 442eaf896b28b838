"""The contract in the reader's language: summaries and descriptions are Chinese source text like every other word.

Types read descriptions once, when they are made, so the words are translated where the finished contract is handed
out; the catalogue's extraction walks it in the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from ronghe.kernel.words import _

SPOKEN = frozenset({"title", "summary", "description"})
"""The keys of OpenAPI whose text is for people."""


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
