"""Who may import whom, and what may be read or written where."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.architecture.sources import ROOT, calls, imports, modules, shown, tree

HTTP = ("django.http", "django.shortcuts", "django.template", "django.urls", "django.views", "django.contrib.messages")
WRITES = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete"}
ENVIRONMENT_READERS = ("config/", "cli/", "kernel/home.py", "kernel/words.py", "kernel/language.py", "demo/")


def test_the_import_contracts_hold():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout


def test_there_are_at_least_eight_contracts_and_one_that_leaves_nothing_out():
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]

    assert len(linter["contracts"]) >= 8
    assert [contract["containers"] for contract in linter["contracts"] if contract.get("exhaustive")] == [
        ["ronghe.domain.*"]
    ]


def test_the_domain_speaks_no_http():
    """The contracts see external packages whole; which part of Django a subject takes is looked up here."""
    found = [shown(path, node) for path in modules("domain") for name, node in imports(path) if name.startswith(HTTP)]

    assert found == []


def test_the_environment_is_read_in_few_places():
    found = [
        shown(path, node)
        for path in modules()
        if not path.relative_to(ROOT / "src" / "ronghe").as_posix().startswith(ENVIRONMENT_READERS)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and node.attr in {"environ", "getenv"}
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
    ]

    assert found == []


def test_settings_are_reached_through_django_alone():
    found = [
        shown(path, node)
        for path in modules()
        for name, node in imports(path)
        if name.startswith("ronghe.config.settings") and "config/settings" not in path.as_posix()
    ]

    assert found == []


def test_pages_and_api_write_through_services_only():
    found = [
        f"{shown(path, node)} {name}"
        for path in modules("web", "api")
        for name, node in calls(path)
        if name.rpartition(".")[2] in WRITES and not re.match(r"request\.session\.|(\w+_)?router\.", name)
    ]

    assert found == []


def test_services_never_ask_the_clock():
    """`at` is given, so that a test, an import or a phone that was offline can say "yesterday"."""
    found = [
        shown(path, node)
        for path in modules("domain")
        if "services" in path.relative_to(ROOT / "src").as_posix()
        for name, node in calls(path)
        if name in {"timezone.now", "datetime.now", "date.today", "datetime.today"}
    ]

    assert found == []


def test_arithmetic_and_scoring_never_ask_the_clock_or_chance():
    found = [
        f"{shown(path, node)} {name}"
        for path in modules()
        if "/calc/" in path.as_posix() or "/scoring/" in path.as_posix()
        for name, node in calls(path)
        if re.fullmatch(r"(timezone|datetime|date|time|random|secrets)\.(now|today|time|random|choice|token_\w+)", name)
    ]

    assert found == []


def test_no_drawers_for_odds_and_ends():
    names = {"utils", "helpers", "common", "manager", "misc"}

    assert [shown(path) for path in modules() if path.stem in names or path.parent.name in names] == []


def test_what_is_left_to_do_is_an_issue_and_not_a_comment():
    left = re.compile(r"#.*\b(TODO|FIXME|XXX|HACK)\b(?!.*#\d+)")

    assert [shown(path) for path in modules() if left.search(path.read_text(encoding="utf-8"))] == []


def test_jobs_of_a_subject_are_known_to_every_process():
    """A nightly job that only the pages import is never run where the jobs are."""
    subjects = [path for path in modules("domain") if path.name == "tasks.py" and (path.parent / "apps.py").exists()]

    forgotten = [
        shown(path)
        for path in subjects
        if not re.search(r"import [^#\n]*\btasks\b", (path.parent / "apps.py").read_text(encoding="utf-8"))
    ]

    assert len(subjects) > 3
    assert forgotten == []
