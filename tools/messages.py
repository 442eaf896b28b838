"""The catalogue of interface words: `extract` them from all that is shown, `compile` it, `check` that it is complete.

Words are found where code and templates mark them, in the help of the command line and in the API's contract.

Chinese is the source text and needs no catalogue; English lies in src/ronghe/locale/en/LC_MESSAGES/django.po.
`extract` keeps what is translated, adds what is new and drops what is gone; it never guesses a translation.
"""

from __future__ import annotations

import ast
import io
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "ronghe"
PO = SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...]] = {
    "_": (1,),
    "counted": (1,),
    "N_": (1,),
    "spoken": (1,),
    "gettext": (1,),
    "gettext_lazy": (1,),
    "gettext_noop": (1,),
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
NO_DAY = datetime(2000, 1, 1, tzinfo=UTC)
IDLE = re.compile(r'^"(?:POT-|PO-Rev|Last-|Generated-|Report-|Language-Team).*\n', re.MULTILINE)
"""Header lines that would change with every run, or say nothing."""
HEADER = "# English of the interface words. The source text is Simplified Chinese; see CONTRIBUTING.md."

_TEXT = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"\b(npgettext|ngettext|pgettext|gettext|_)\(\s*{_TEXT}(?:\s*,\s*{_TEXT})?(?:\s*,\s*{_TEXT})?")
CJK = re.compile(r"[\u3000-\u3011\u3400-\u9fff\uff00-\uffef]")
"""Chinese characters and full stops, commas, brackets as wide as they."""
_PLACE = re.compile(r"%\((\w+)\)[sdif]|%[sd]|\{(\w*)\}")


@dataclass(frozen=True, slots=True)
class Found:
    """One text in the source: its context, its singular, its plural where it has one, and the file."""

    text: str
    plural: str | None
    context: str | None
    where: str


def every_text() -> Iterator[Found]:
    """Yield every text that code and templates mark, in the order of files."""
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield from _in_python(path)
    for path in sorted(SOURCE.rglob("templates/**/*")):
        if path.is_file():
            yield from _in_template(path)
    yield from _in_help()
    yield from _in_contract()


def _in_help() -> Iterator[Found]:
    """The help of the command line: docstrings and options, found by walking the commands."""
    from ronghe.cli.main import cli
    from ronghe.cli.speaking import help_texts

    for text in help_texts(cli):
        if CJK.search(text):
            yield Found(text, None, None, "src/ronghe/cli")


def _in_contract() -> Iterator[Found]:
    """Summaries and descriptions of the API, found by walking its contract."""
    from ronghe.api.api import api
    from ronghe.api.speaking import spoken

    texts: list[str] = []

    def note(text: str) -> str:
        texts.append(text)
        return text

    spoken(api.get_openapi_schema(path_prefix="/api/v1/"), note)
    for text in texts:
        if CJK.search(text):
            yield Found(text, None, None, "src/ronghe/api")


def _in_python(path: Path) -> Iterator[Found]:
    with path.open("rb") as file:
        for _line, function, texts, _comments in extract_python(file, list(KEYWORDS), [], {}):
            parts = [texts] if isinstance(texts, str) else [text for text in texts or () if isinstance(text, str)]
            # A call on a variable marks nothing; the variable's own text is marked where it is written.
            if parts and CJK.search(parts[-1]):
                yield _found(function, parts, path)


def _in_template(path: Path) -> Iterator[Found]:
    from django.utils.translation.template import templatize

    code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for function, *literals in _CALL.findall(code):
        parts = [ast.literal_eval(literal) for literal in literals if literal]
        if CJK.search(parts[-1]):
            yield _found(function, parts, path)


def _found(function: str, parts: list[str], path: Path) -> Found:
    where = path.relative_to(ROOT).as_posix()
    context = parts.pop(0) if "pgettext" in function else None
    plural = parts[0] if function == "counted" else parts[1] if "ngettext" in function else None
    return Found(parts[0], plural, context, where)


def template() -> Catalog:
    """Return the catalogue without translations: every text once, with the files it stands in."""
    catalog = Catalog(project="ronghe", version="1", charset="utf-8", fuzzy=False)
    for found in every_text():
        text: str | tuple[str, str] = (found.text, found.plural) if found.plural is not None else found.text
        catalog.add(text, context=found.context, locations=[(found.where, 1)])
    return catalog


def kept() -> Catalog:
    """Return the catalogue as committed; an empty English one where there is none."""
    if not PO.exists():
        return Catalog(locale="en", project="ronghe", version="1", charset="utf-8", fuzzy=False)
    with PO.open("rb") as file:
        return read_po(file, locale="en", charset="utf-8")


def extract() -> int:
    catalog = kept()
    catalog.update(template(), no_fuzzy_matching=True)
    catalog.fuzzy = False
    catalog.header_comment = HEADER
    written = io.BytesIO()
    write_po(written, catalog, width=120, sort_output=True, ignore_obsolete=True, include_lineno=False)
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_text(IDLE.sub("", written.getvalue().decode()), encoding="utf-8")
    missing = sum(1 for message in catalog if message.id and not _is_translated(message))
    print(f"{len(catalog)} texts, {missing} without English: {PO.relative_to(ROOT)}")
    return 0


def compiled() -> bytes:
    """Return the compiled catalogue; the same bytes at any time, so that it can be compared with what is committed."""
    catalog = kept()
    catalog.creation_date = catalog.revision_date = NO_DAY
    written = io.BytesIO()
    write_mo(written, catalog)
    return written.getvalue()


def compile_() -> int:
    MO.write_bytes(compiled())
    print(f"{MO.relative_to(ROOT)}: {MO.stat().st_size:,} bytes")
    return 0


def faults() -> list[str]:
    """Return what is wrong with the committed catalogue, a sentence each; empty where it is complete and compiled."""
    catalog, wanted = kept(), template()
    by_key = {_key(message): message for message in catalog if message.id}
    needed = {_key(message): message for message in wanted if message.id}
    found = [f"not in the catalogue: {_shown(needed[key])}" for key in needed.keys() - by_key.keys()]
    found += [f"no longer in the source: {_shown(by_key[key])}" for key in by_key.keys() - needed.keys()]
    for key in needed.keys() & by_key.keys():
        found += _faults_of(by_key[key])
    if not MO.exists() or MO.read_bytes() != compiled():
        found.append("django.mo is not what django.po says; run `make messages`")
    return sorted(found)


def _faults_of(message: Message) -> list[str]:
    if message.fuzzy:
        return [f"fuzzy: {_shown(message)}"]
    if not _is_translated(message):
        return [f"no English: {_shown(message)}"]
    sources = message.id if isinstance(message.id, tuple) else (message.id,)
    targets = message.string if isinstance(message.string, tuple) else (message.string,)
    places = [_places(text) for text in sources]
    found = []
    for target in targets:
        if CJK.search(target):
            found.append(f"Chinese in the English of {_shown(message)}: {target}")
        # An English singular may leave out the number ("one task"); nothing may name a place that is not filled.
        short = len(targets) > 1 and _places(target) <= places[-1]
        if not short and _places(target) not in places:
            found.append(f"other placeholders in the English of {_shown(message)}: {target}")
    return found


def _places(text: str) -> set[str]:
    return {match.group(0) for match in _PLACE.finditer(text.replace("%%", ""))}


def _is_translated(message: Message) -> bool:
    texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return bool(texts) and all(texts) and not message.fuzzy


def _key(message: Message) -> tuple[str | None, str]:
    return message.context, message.id[0] if isinstance(message.id, tuple | list) else message.id


def _shown(message: Message) -> str:
    context, text = _key(message)
    where = ", ".join(file for file, _line in message.locations[:2])
    return f"{text!r}{f' ({context})' if context else ''}{f' in {where}' if where else ''}"


def check() -> int:
    found = faults()
    for fault in found[:40]:
        print(fault)
    if found:
        print(f"{len(found)} faults in the catalogue")
    return 1 if found else 0


def main(arguments: list[str]) -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ronghe.config.settings.test")
    django.setup()
    acts = {"extract": extract, "compile": compile_, "check": check}
    if len(arguments) != 1 or arguments[0] not in acts:
        print("usage: tools/messages.py extract|compile|check")
        return 2
    return acts[arguments[0]]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
