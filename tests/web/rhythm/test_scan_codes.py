"""The camera of the bottom bar knows whose code it reads."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("read", "leads_to"),
    [
        ("https://ronghe.example/s/abc/", "/s/abc/"),
        ("https://ronghe.example/v/abc/", "/v/abc/"),
        ("https://ronghe.example/rhythm/site-meetings/enter/abc/", "/rhythm/site-meetings/enter/abc/"),
    ],
)
def test_a_code_leads_to_its_page(lead, read, leads_to):
    assert lead.post("/scan/", {"code": read})["Location"] == leads_to
