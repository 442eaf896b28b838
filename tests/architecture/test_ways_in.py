"""Ways in: what a page does, the API and the command line do too."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.sources import SRC, modules, tree

Act = tuple[str, str]
"""A public function of services: its module below `domain`, and its name."""

WORDS = "it words a value for a reader; programs get the value"
OFFERS = "it fills a form with what may be chosen; the act itself refuses anything else"
CAMERA = "a code on paper or on a screen, which a camera opens in the browser"
NOBODY_YET = "whoever comes by the address has no account yet, so there is nobody to act as"
BROWSER = "the browser's queue asks whether it makes sense to try again"
ONE_STEP = "`roster import` reads, previews and accepts in one go, and keeps no upload between"
OPERATOR = "accounts are opened and unlocked at the page or at the machine, never by a token"
FILE = "a file prepared for a page; the rows themselves are told"

BOTH_WITHOUT = {
    "alliances.services.invitations.accept_invitation": NOBODY_YET,
    "alliances.services.invitations.invitation_of": NOBODY_YET,
    "benefits.services.reckoning.people_of": OFFERS,
    "calendars.services.feeds.feed_behind": "the address is read by calendar programs, without an account",
    "calendars.services.feeds.note_read": "the address is read by calendar programs, without an account",
    "campaigns.services.reports.changes_as_data": "the report's own service keeps what is made of it",
    "items.services.filling.said": WORDS,
    "offline.services.settling.can_redo": BROWSER,
    "org.services.roster_comparisons.difference_rows": FILE,
    "org.services.rosters.report_on": FILE,
    "orglife.services.marking.present_people": "a number on the page of the meeting that is going on",
    "reminders.services.sending.channels": OFFERS,
    "contractors.services.workers.worker_of_pass": CAMERA,
    "permits.services.codes.pass_for": CAMERA,
    "permits.services.codes.permit_of_code": CAMERA,
    "rhythm.services.codes.activity_of_code": CAMERA,
    "rhythm.services.codes.person_of_card": CAMERA,
    "rhythm.services.codes.read_code": CAMERA,
    "rhythm.services.codes.station_code": CAMERA,
    "rhythm.services.codes.station_of_code": CAMERA,
    "rhythm.services.visits.kind_of": OFFERS,
    "sitemeetings.services.codes.chain_code": CAMERA,
    "sitemeetings.services.codes.chain_of_code": CAMERA,
    "sitemeetings.services.codes.pass_for": CAMERA,
    "structure.services.units.what_is_left": WORDS,
}
WITHOUT = {
    "api": BOTH_WITHOUT
    | {
        "clinic.services.proposing.draft_of": OFFERS,
        "items.services.filling.in_words": WORDS,
        "org.services.people.open_account": OPERATOR,
        "org.services.people.unlock_account": OPERATOR,
        "org.services.roster_comparisons.field_title": WORDS,
        "sitemeetings.services.signing.briefed_in_words": WORDS,
        "taskforces.services.proposing.sides_of": OFFERS,
    },
    "cli": BOTH_WITHOUT
    | {
        "obligations.services.waiving.waive": "`obligation waive` takes one or several",
        "org.services.rosters.accept_roster": ONE_STEP,
        "org.services.rosters.discard_roster": ONE_STEP,
        "org.services.rosters.kept_preview": ONE_STEP,
        "org.services.rosters.upload_roster": ONE_STEP,
        "permits.services.codes.permit_code": CAMERA,
        "rhythm.services.codes.member_card": CAMERA,
        "work.services.files.path_of": "it opens a file for a browser; commands say its digest",
    },
}
"""Way → act → why that way is without it. Whoever gives it its way takes the line out."""


@cache
def module_file(dotted: str) -> Path | None:
    """Return the file of a module of services, or nothing where the name is no such module."""
    if not dotted.startswith("ronghe.domain.") or ".services" not in dotted:
        return None
    inner = SRC.joinpath(*dotted.split(".")[1:])
    return next((path for path in (inner.with_suffix(".py"), inner / "__init__.py") if path.is_file()), None)


@cache
def defined(dotted: str) -> dict[str, Act]:
    """Return the public functions that can be had from a module: its own, and those it hands on."""
    path = module_file(dotted)
    if path is None:
        return {}
    short = dotted.removeprefix("ronghe.domain.")
    own = {
        node.name: (short, node.name)
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }
    handed = {
        alias.asname or alias.name: defined(node.module)[alias.name]
        for node in tree(path).body
        if isinstance(node, ast.ImportFrom) and node.module and module_file(node.module)
        for alias in node.names
        if alias.name in defined(node.module)
    }
    return handed | own


def imported(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    """Yield the names that a scope imports from a domain, as `(name, dotted)`; inner functions have their own scope."""
    for node in within(body):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("ronghe.domain."):
            yield from ((alias.asname or alias.name, f"{node.module}.{alias.name}") for alias in node.names)


def within(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """Yield the nodes of one scope."""
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef):
            waiting.extend(ast.iter_child_nodes(node))


def used_in(body: list[ast.stmt], known: dict[str, str]) -> Iterator[Act]:
    """Yield the acts that a scope names: imported by name, or as an attribute of an imported module of services."""
    here = known | dict(imported(body))
    for _name, dotted in imported(body):
        module, _dot, function = dotted.rpartition(".")
        if function in defined(module):
            yield defined(module)[function]
    for node in within(body):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in here:
            found = defined(here[node.value.id]).get(node.attr)
            if found:
                yield found
        elif isinstance(node, ast.FunctionDef):
            yield from used_in([*node.decorator_list, *node.body], here)


def used_by(way: str) -> set[Act]:
    return {act for path in modules(way) for act in used_in(tree(path).body, {})}


@pytest.mark.parametrize("way", sorted(WITHOUT))
def test_what_a_page_does_the_other_ways_do_too(way):
    missing = {f"{module}.{name}" for module, name in used_by("web") - used_by(way)}

    assert sorted(missing - WITHOUT[way].keys()) == []


@pytest.mark.parametrize("way", sorted(WITHOUT))
def test_what_is_excused_is_missing_indeed(way):
    missing = {f"{module}.{name}" for module, name in used_by("web") - used_by(way)}

    assert sorted(WITHOUT[way].keys() - missing) == []


def test_names_of_functions_are_found_wherever_they_stand():
    """Imported by name, or in a table through a module; a name of another scope does not count."""
    source = """
from ronghe.domain.carriers.services.shifts import drop_shift

def acts():
    from ronghe.domain.carriers.services import proposing
    return {"approve": proposing.approve_carrier}

def other():
    proposing = object()
    return proposing.submit_carrier
"""

    assert set(used_in(ast.parse(source).body, {})) == {
        ("carriers.services.shifts", "drop_shift"),
        ("carriers.services.proposing", "approve_carrier"),
    }
