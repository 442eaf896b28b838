"""NUL is left out of whatever comes in, everything else stays as it is."""

from __future__ import annotations

import pytest

from ronghe.kernel.clean import without_nul


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("三号\x00泵", "三号泵"),
        ({"na\x00me": ["a\x00", {"b": "\x00"}]}, {"name": ["a", {"b": ""}]}),
        ([1, None, True, "c"], [1, None, True, "c"]),
    ],
)
def test_texts_lose_nul_wherever_they_stand(given, kept):
    assert without_nul(given) == kept
