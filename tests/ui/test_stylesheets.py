"""Style sheets keep to tokens and to what Chromium 86 knows (docs/decisions/0005)."""

from __future__ import annotations

import re

import pytest

from tests.ui.colours import CSS

SHEETS = sorted(CSS.rglob("*.css"))
TOO_NEW = {
    "@layer": r"@layer",
    "@container": r"@container",
    ":has()": r":has\(",
    ":is()": r":is\(",
    ":where()": r":where\(",
    "inset": r"[\s;{]inset(-\w+)?:",
    "logical shorthands": r"(padding|margin)-(block|inline):",
    "aspect-ratio": r"aspect-ratio:",
    "color-mix": r"color-mix\(",
    "nesting": r"&[\s.:>]",
    "dynamic viewport": r"\d[dsl]v[hw]",
}


def rules_of(path) -> str:
    return re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_stylesheet_uses_nothing_newer_than_the_oldest_browser(path):
    text = rules_of(path)
    assert [name for name, pattern in TOO_NEW.items() if re.search(pattern, text)] == []


@pytest.mark.parametrize(
    "path", [path for path in SHEETS if path.name not in {"tokens.css", "print.css"}], ids=lambda p: p.name
)
def test_stylesheet_names_roles_and_not_colours(path):
    # A QR code is read by machines: black on white in every theme. Veils and bar shadows are translucent ink.
    text = re.sub(r"\.qr-code \{[^}]*\}", "", rules_of(path))
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", text) == []
    assert re.findall(r"var\(--n-\d+\)", text) == []


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_stylesheet_uses_only_defined_tokens(path):
    defined = set(re.findall(r"--([\w-]+):", rules_of(CSS / "tokens.css")))
    assert set(re.findall(r"var\(--([\w-]+)", rules_of(path))) - defined == set()


def test_dark_theme_gives_every_role_of_the_light_one():
    text = rules_of(CSS / "tokens.css")
    blocks = dict(re.findall(r"([^{}]+)\{([^{}]*)\}", text))
    light = next(body for selector, body in blocks.items() if "light" in selector)
    dark = next(body for selector, body in blocks.items() if "dark" in selector)
    roles = {name for name in re.findall(r"--([\w-]+):", light) if not re.match(r"n-\d", name)}
    assert roles - set(re.findall(r"--([\w-]+):", dark)) == set()


def test_important_is_kept_for_hiding_and_motion():
    counted = {path.name: rules_of(path).count("!important") for path in SHEETS}
    assert {name for name, count in counted.items() if count} == {"reset.css", "base.css", "print.css"}
