"""Committed files that the code writes: the API's contract and the catalogue of words."""

from __future__ import annotations

from tools import messages, openapi


def test_the_committed_contract_of_the_api_is_what_the_code_says():
    assert openapi.is_current(), "run `make openapi` and commit docs/api/openapi.json"


def test_the_english_catalogue_is_complete_and_compiled():
    """Fuzzy counts as missing; placeholders agree; no Chinese in English; `make messages` writes it."""
    assert messages.faults() == []
