"""Chinese that reaches a reader stands in the catalogue: nothing is shown that no other language can say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tools import messages

from tests.architecture.sources import SRC, modules, shown, tree

CJK = re.compile(r"[\u3001\u3002\u3400-\u9fff\uff01-\uff60]")
ROSTER_WORDS = ("checks", "cleaning", "days", "gathering", "heads", "names", "nodes", "reading", "text", "vocabulary")
"""Readers of rosters look for Chinese words and signs; what they say of them stands in `problems`."""

DATA = (
    "demo/",
    "kernel/documents/",  # printed Chinese records, whatever the reader's language (DL-01)
    "domain/agreements/calc/forms.py",
    "domain/agreements/documents.py",
    "domain/alliances/documents.py",
    "domain/campaigns/calc/themes.py",
    "domain/campaigns/documents.py",
    "domain/carriers/documents.py",
    "domain/claims/documents.py",
    "domain/decisions/documents.py",
    "domain/duties/documents.py",
    "domain/elections/documents.py",
    "domain/exchange/documents.py",
    "domain/floating/documents.py",
    "domain/benefits/documents.py",
    "domain/today/documents.py",
    "domain/schedule/calc/links.py",
    "domain/inspections/documents.py",
    "domain/lookbacks/documents.py",
    "domain/hearings/documents.py",
    "domain/honours/calc/shipped.py",
    "domain/honours/documents.py",
    "domain/shows/documents.py",
    "domain/needs/documents.py",
    "domain/orglife/documents.py",
    "domain/planning/documents.py",
    "domain/partylife/calc/oath.py",
    "domain/partylife/documents.py",
    "domain/permits/documents.py",
    "domain/papers/calc/wording.py",
    "domain/papers/documents.py",
    "domain/regrouping/documents.py",
    "domain/rhythm/documents.py",
    "domain/schedule/calc/table.py",
    "domain/schedule/documents.py",
    "domain/sitemeetings/documents.py",
    "domain/surveys/calc/templates.py",
    "domain/surveys/documents.py",
    *(f"domain/org/calc/roster/{name}.py" for name in ROSTER_WORDS),
    "ui/gallery.py",
    "ui/reference.py",
)
"""Rooms whose Chinese is material and not the interface's."""

WORDS_AS_DATA = {
    "config/settings/base.py": {"简体中文"},
    "domain/org/services/roster_writing.py": {"党支部", "联合党支部", "党总支", "党委"},
    "domain/hearings/services/marking.py": {"（", "）"},
    "domain/orglife/services/grading.py": {"、"},
    "domain/items/calc/doubles.py": {"㐀"},
    "domain/planning/selectors/evidence.py": {"（", "）", "，"},
    "domain/planning/selectors/sides.py": {"（", "）"},
    "domain/playbooks/calc/keys.py": {"好", "较好", "差"},
    "domain/structure/selectors/plans.py": {"党小组", "党支部", "团小组", "团支部", "支部", "小组", "（", "）"},
    "domain/zones/services/founding.py": {"共建党支部", "区域党支部", "联合项目部"},
    "web/permits/forms.py": {"｜"},
    "kernel/tabular/delimited.py": {",\t;|，"},
    "kernel/tabular/markup.py": {"表"},
    "kernel/words.py": {"、"},
    "web/calendars/asked.py": {"星期"},
    "web/clinic/forms.py": {"（", "）"},
    "web/control/forms.py": {"（", "）"},
    "ui/formats.py": {"一二三四五六日", "年", "月", "日", " 周"},
    "web/rhythm/forms.py": {r"[^〔〕\d]+〔\d{4}〕[1-9]\d*号"},
}
"""Single words that names, files and dates are made of; `formats` and `words` speak each language by themselves."""


def test_chinese_literals_are_marked():
    said = {part for found in messages.every_text() for part in (found.text, found.plural) if part}

    unmarked = [
        f"{shown(path, literal)} {literal.value!r}"
        for path in modules()
        if not path.relative_to(SRC).as_posix().startswith(DATA)
        for literal in bare_literals(path)
        if not paragraphs(literal.value) <= said
        and literal.value not in WORDS_AS_DATA.get(path.relative_to(SRC).as_posix(), ())
    ]

    assert unmarked == []


def test_scripts_speak_through_the_page():
    """A script takes its words from the page that loads it."""
    scripts = [path for path in SRC.rglob("static/**/*.js") if "vendor" not in path.parts]

    found = [shown(path) for path in scripts if CJK.search(without_comments(path.read_text(encoding="utf-8")))]

    assert found == []


def bare_literals(path) -> Iterator[ast.Constant]:
    """Yield Chinese text that is neither a docstring nor inside a marking call."""
    marked: set[int] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            marked.add(id(node.value))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in messages.KEYWORDS:
            marked |= {id(inner) for inner in ast.walk(node)}
    for node in ast.walk(tree(path)):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in marked and CJK.search(node.value):
            yield node


def paragraphs(text: str) -> set[str]:
    """Return the Chinese paragraphs of a help text as the catalogue holds them; of any other text the text itself."""
    parts = {part.removeprefix("\b\n").strip("\n") for part in text.split("\n\n")}
    return {part for part in parts if CJK.search(part)}


def without_comments(script: str) -> str:
    return re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", script, flags=re.DOTALL)
