"""Pieces of a playbook that the editor inserts: complete, so that the text checks clean with them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ronghe.kernel.words import N_, _

PIECES = Path(__file__).parent / "pieces"


@dataclass(frozen=True)
class Snippet:
    """One piece, and the list of the file below which it belongs; its text is a file of its name."""

    id: str
    name: str
    below: str

    @property
    def title(self) -> str:
        return _(self.name)

    @cached_property
    def text(self) -> str:
        return (PIECES / f"{self.id}.yaml").read_text(encoding="utf-8")


SNIPPETS = (
    Snippet("mechanism", N_("一项制度"), "mechanisms"),
    Snippet("checks", N_("制度的检查表"), "mechanisms[].form"),
    Snippet("sheet_item", N_("评分表的一项"), "sheets[].root.items"),
    Snippet("goal", N_("合作协议的一个目标"), "agreement.goals"),
    Snippet("document", N_("一份依据文件"), "documents"),
    Snippet("role", N_("一个角色"), "roles"),
)
