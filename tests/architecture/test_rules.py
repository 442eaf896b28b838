"""Numbers of the rule book: what the code names exists there, and is tested or listed as open."""

from __future__ import annotations

import re

from tests.architecture.sources import ROOT, SRC

NUMBER = re.compile(r"\b(?:PO|PE|PM|PD|PT|PF|PX|PS|RT|PP|AP|PW|PC|IN|PJ|CA|AL|SE|PI|DL|ID|XC|SD)[-_]\d\d\b")
BOOK = ROOT / "docs" / "domain" / "rules.md"
OPEN = ROOT / "docs" / "domain" / "untested.md"


def numbers(text: str) -> set[str]:
    """Return the rule numbers in a text; a test's own name writes them `se_01`."""
    return {number.replace("_", "-") for number in NUMBER.findall(text)}


def named_in(*folders, suffixes) -> set[str]:
    files = [path for folder in folders for path in folder.rglob("*") if path.suffix in suffixes and path.is_file()]
    return set().union(*(numbers(path.read_text(encoding="utf-8")) for path in files))


def in_code() -> set[str]:
    return named_in(SRC, ROOT / "playbooks", suffixes={".py", ".html", ".yaml", ".typ"})


def in_tests() -> set[str]:
    spelled = re.compile(r"(?<![a-z])([a-z]{2})_(\d\d)(?!\d)")
    found = named_in(ROOT / "tests", suffixes={".py"})
    for path in (ROOT / "tests").rglob("test_*.py"):
        found |= numbers(" ".join(f"{a.upper()}-{b}" for a, b in spelled.findall(path.read_text(encoding="utf-8"))))
    return found


def test_every_rule_that_the_code_names_is_in_the_book():
    assert sorted(in_code() - numbers(BOOK.read_text(encoding="utf-8"))) == []


def test_every_rule_that_the_code_names_is_tested_or_listed_as_open():
    listed = numbers(OPEN.read_text(encoding="utf-8"))

    assert sorted(in_code() - in_tests() - listed) == []


def test_the_list_of_open_rules_names_rules_of_the_book():
    assert sorted(numbers(OPEN.read_text(encoding="utf-8")) - numbers(BOOK.read_text(encoding="utf-8"))) == []


def test_a_rule_that_is_tested_is_not_listed_as_open():
    listed = numbers(OPEN.read_text(encoding="utf-8"))

    assert sorted(listed & in_tests()) == []
