"""Scripts keep to what Chromium 86 knows: 360, 奇安信 and explosion-proof phones run it (docs/ui.md)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import ronghe.ui

SCRIPTS = sorted((Path(ronghe.ui.__file__).parent / "static" / "ui").rglob("*.js"))
TOO_NEW = {
    "Array.at 92": r"\.at\(-?\d",
    "findLast 97": r"\.findLast(Index)?\(",
    "copying array methods 110": r"\.to(Sorted|Reversed|Spliced)\(",
    "structuredClone 98": r"\bstructuredClone\b",
    "Object.hasOwn 93": r"\bObject\.hasOwn\(",
    "Object.groupBy 117": r"\b(Object|Map)\.groupBy\(",
    "crypto.randomUUID 92": r"\brandomUUID\b",
    "Error cause 93": r"new \w*Error\([^)]*,\s*\{\s*cause",
    "top-level await 89": r"^(?!\s)(?![^\n]*\b(async|function)\b)[^\n]*\bawait\s",
    "class static block 94": r"\bstatic\s*\{",
    "private in 91": r"#\w+\s+in\s",
    "regular expression flags d, v 90": r"/[gimsuy]*[dv][gimsuy]*[.,;)]",
    "look at AbortSignal 103": r"\bAbortSignal\.(timeout|any|abort)\(",
    "Promise.withResolvers 119": r"\bPromise\.(withResolvers|try)\(",
    "import maps and assertions 89": r"\b(assert|with)\s*\{\s*type:",
    "inert 102": r"\.inert\b|[\"']inert[\"']",
    "popover 114": r"\b(show|hide|toggle)Popover\(",
    "replaceChildren is 86, setHTML is not": r"\.setHTML(Unsafe)?\(",
    "scheduler 94": r"\bscheduler\.",
    "view transitions 111": r"\bstartViewTransition\(",
    "Intl.Segmenter 87": r"\bIntl\.(Segmenter|supportedValuesOf|DurationFormat)\b",
    "Response.json 105": r"\bResponse\.json\(",
    "URL.canParse 120": r"\bURL\.(canParse|parse)\(",
    "checkVisibility 105": r"\bcheckVisibility\(",
    ":has() in selectors 105": r"[\"'`][^\"'`\n]*:has\(",
    ":is() in selectors 88": r"[\"'`][^\"'`\n]*:(is|where)\(",
    "Array.fromAsync 121": r"\bArray\.fromAsync\(",
    "hex and base64 of bytes 140": r"\.(toHex|toBase64|setFromHex)\(|\b(fromHex|fromBase64)\(",
    "set methods 122": r"\.(isSubsetOf|isSupersetOf|symmetricDifference)\(",
    "String.isWellFormed 111": r"\.(isWellFormed|toWellFormed)\(",
    "numeric separators are 75, decorators never": r"^\s*@\w+",
}
"""Feature and the first Chromium that has it → how its use looks."""


def code_of(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"(^|\s)//[^\n]*", "", text)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_script_uses_nothing_newer_than_the_oldest_browser(path):
    text = code_of(path)
    assert [name for name, pattern in TOO_NEW.items() if re.search(pattern, text, re.MULTILINE)] == []


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Array.at 92", "const last = rows.at(-1);"), ("top-level await 89", "const page = await fetch(address);"),
        ("class static block 94", "class A { static { run(); } }"), ("Error cause 93", 'throw new Error("x", { cause: y });'),
        (":has() in selectors 105", 'document.querySelector("li:has(input)")'), ("inert 102", "panel.inert = true;"),
    ],
)  # fmt: skip
def test_the_patterns_find_what_they_are_for(name, line):
    assert re.search(TOO_NEW[name], line, re.MULTILINE)
