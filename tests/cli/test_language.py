"""The command line in English: `RONGHE_LANGUAGE=en`, help and answers alike, with and without Django."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import click
import pytest
from django.utils import translation

from ronghe.cli.main import COMMANDS, cli
from ronghe.cli.speaking import help_texts, spoken

CJK = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


def helps(command: click.Command, context: click.Context):
    """Yield what `--help` prints for a command and for all below it."""
    yield command.get_help(context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            yield from helps(inner, click.Context(inner, info_name=name, parent=context))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_help_speaks_one_language_throughout(language):
    """Paragraphs stay paragraphs and examples stay on their own lines in both."""
    with translation.override(language):
        told = spoken(cli)
        pages = list(helps(told, click.Context(told, info_name="ronghe")))

    assert len(pages) > len(COMMANDS)
    assert [page for page in pages if bool(CJK.search(page)) != (language == "zh-hans")] == []
    assert any("\n    ronghe roster import" in page for page in pages)


def test_the_catalogue_is_offered_every_help_text():
    texts = list(help_texts(cli))

    assert "按评分表计分，不用数据库。" in texts
    assert "范本文件（YAML）。" in texts


def test_speaking_leaves_the_command_itself_alone():
    with translation.override("en"):
        told = spoken(cli)

    assert (told.help, cli.help) != (cli.help, told.help)
    assert CJK.search(cli.help or "")


def run_in_english(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "RONGHE_LANGUAGE": "en"}
    return subprocess.run(
        [sys.executable, "-m", "ronghe", *arguments], capture_output=True, text=True, env=environment, check=False
    )


def test_a_command_without_django_answers_in_english(tmp_path):
    broken = tmp_path / "mine.yaml"
    broken.write_text("schema: 1\nid: mine\nversion: 1\ntitle: {zh: A, en: A}\nmechanism: []\n", encoding="utf-8")

    answer = run_in_english("playbook", "check", str(broken))

    assert answer.returncode == 1
    assert not CJK.search(answer.stdout + answer.stderr)


def test_a_command_with_django_refuses_in_english():
    answer = run_in_english("obligation", "list")

    assert (answer.returncode, answer.stderr) == (1, "Say with --as ACCOUNT in whose name this is done.\n")


def test_codes_and_keys_stay_the_same_in_every_language(tmp_path):
    """Programs read codes; only the sentence follows the reader."""
    missing = str(tmp_path / "missing.yaml")

    answer = json.loads(run_in_english("playbook", "check", missing, "--json").stdout)

    assert (answer["files"][0]["code"], answer["files"][0]["ok"]) == ("unreadable", False)
    assert not CJK.search(answer["files"][0]["detail"])
