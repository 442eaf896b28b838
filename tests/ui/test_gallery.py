"""The gallery shows every component."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import translation

import ronghe.ui
from ronghe.ui import gallery
from ronghe.ui.component import REGISTRY

TEMPLATES = Path(ronghe.ui.__file__).parent / "templates"


def test_gallery_shows_every_registered_component():
    shown = {name for specimen in gallery.SPECIMENS for name in specimen.components}
    assert shown == set(REGISTRY)


# Written once in the frame that every page shares, the gallery included.
IN_THE_FRAME = {"toasts", "toast_list"}


@pytest.mark.parametrize("specimen", gallery.SPECIMENS, ids=lambda specimen: specimen.id)
def test_specimen_uses_the_components_it_names(specimen):
    text = (TEMPLATES / specimen.template).read_text(encoding="utf-8")
    used = set(re.findall(r"\{% (\w+)", text))
    assert set(specimen.components) - IN_THE_FRAME - used == set()


@pytest.mark.parametrize("specimen", gallery.SPECIMENS, ids=lambda specimen: specimen.id)
def test_specimen_renders_in_both_themes_without_repeating_an_id(specimen):
    request = RequestFactory().get("/gallery/")
    context = {"sample": gallery.sample(), "actor": None, "is_demo": False, "request": request}
    html = "".join(get_template(specimen.template).render({**context, "side": side}) for side in ("light", "dark"))
    ids = re.findall(r'\sid="([^"]+)"', html)
    repeated = {name for name in ids if ids.count(name) > 1 and not name.startswith(("nav-", "hatch"))}
    assert repeated == set()


def test_gallery_page_answers_with_the_frame():
    with translation.override("zh-hans"):
        html = gallery.page(RequestFactory().get("/gallery/?only=buttons")).content.decode()
    assert html.count('class="specimen"') == 1
    assert 'id="toasts"' in html
    assert 'href="#main"' in html
