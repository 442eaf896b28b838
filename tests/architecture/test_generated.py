"""Committed files that the code writes: the API's contract and the catalogue of words."""

from __future__ import annotations

import re
from collections import Counter

from tools import messages, openapi

from tests.architecture.sources import modules


def test_the_committed_contract_of_the_api_is_what_the_code_says():
    assert openapi.is_current(), "run `make openapi` and commit docs/api/openapi.json"


def test_the_english_catalogue_is_complete_and_compiled():
    """Fuzzy counts as missing; placeholders agree; no Chinese in English; `make messages` writes it."""
    assert messages.faults() == []


def test_a_name_stands_for_one_shape_in_the_contract():
    """Two shapes of one name in two files would overwrite each other there."""
    named = Counter(
        name
        for path in modules("api")
        for name in re.findall(r"^class (\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE)
    )

    assert [name for name, count in named.items() if count > 1] == []
