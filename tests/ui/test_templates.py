"""What no template may hold, and what every page must."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import ronghe
from ronghe.ui.icons import ICONS, STATES

SOURCE = Path(ronghe.__file__).parent
TEMPLATES = sorted(SOURCE.glob("*/templates/**/*.html"))
SPRITE = (SOURCE / "ui" / "static" / "ui" / "icons.svg").read_text(encoding="utf-8")
SCRIPTS = sorted((SOURCE / "ui" / "static" / "ui" / "js").glob("*.js"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template_has_no_inline_style_or_script(path):
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"\sstyle=", text) == []
    assert re.findall(r"\son[a-z]+=", text) == []
    assert re.findall(r"hx-on", text) == []
    assert re.findall(r"<style", text) == []
    assert re.findall(r"<script(?![^>]*\bsrc=)", text) == []


def test_sprite_holds_exactly_the_named_icons_and_states():
    assert set(re.findall(r'id="i-([\w-]+)"', SPRITE)) == set(ICONS)
    assert set(re.findall(r'id="s-([\w-]+)"', SPRITE)) == set(STATES)


def test_icons_written_into_templates_exist():
    used = {name for path in TEMPLATES for name in re.findall(r"#i-([\w-]+)", path.read_text(encoding="utf-8"))}
    states = {name for path in TEMPLATES for name in re.findall(r"#s-([\w-]+)", path.read_text(encoding="utf-8"))}
    assert used - set(ICONS) == set()
    assert states - set(STATES) == set()


def test_scripts_and_sheets_named_in_templates_exist():
    named = {
        name
        for path in TEMPLATES
        for name in re.findall(r"\{% static '(ui/[^']+)' %\}", path.read_text(encoding="utf-8"))
    }
    assert sorted(name for name in named if not (SOURCE / "ui" / "static" / name).exists()) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_script_imports_nothing_and_runs_no_text(path):
    """Each behaviour is a module of its own, so hashed names need no rewriting; the policy forbids eval."""
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"^import ", text, re.MULTILINE) == []
    assert re.findall(r"\beval\(|new Function\(|innerHTML", text) == []
    assert re.findall(r"\.at\(|structuredClone|replaceAll\(|\.findLast\(|crypto\.randomUUID", text) == []


def test_templates_pass_the_linter():
    ui_templates = SOURCE / "ui" / "templates"
    found = subprocess.run(
        [
            sys.executable,
            "-m",
            "djlint",
            "--lint",
            "--profile=django",
            "--ignore=H006,H023,H030,H031,T003,T028",
            str(ui_templates),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout
