"""A playbook's text with other numbers in one of its sheets: only the numbers change, everything else stays as written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from ronghe.scoring.problems import Path


def with_numbers(text: str, sheet_id: str, changes: Mapping[Path, str]) -> str:
    """Return `text` with the numbers at these paths of a sheet set; a number that was not written is put first.

    :raises LookupError: the text has no such sheet or no such place
    """
    tree = yaml.compose(text, Loader=yaml.SafeLoader)
    sheet = _sheet(tree, sheet_id)
    edits: list[tuple[int, int, str]] = []
    for path, value in changes.items():
        holder = _at(sheet, path[:-1])
        found = _child(holder, path[-1])
        if found is not None:
            edits.append((found.start_mark.index, found.end_mark.index, value))
            continue
        first = holder.value[0][0].start_mark
        between = ", " if holder.flow_style else "\n" + " " * first.column
        edits.append((first.index, first.index, f"{path[-1]}: {value}{between}"))
    for start, end, said in sorted(edits, reverse=True):
        text = text[:start] + said + text[end:]
    return text


def as_text(content: Mapping[str, Any]) -> str:
    """Return plain data as YAML that people can go on writing."""
    said: str = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120)
    return said


def _sheet(tree: Any, sheet_id: str) -> Any:
    sheets = _child(tree, "sheets")
    for sheet in sheets.value if sheets is not None else ():
        name = _child(sheet, "id")
        if name is not None and name.value == sheet_id:
            return sheet
    raise LookupError(sheet_id)


def _at(node: Any, path: Path) -> Any:
    for step in path:
        node = _child(node, step)
        if node is None:
            raise LookupError("/".join(map(str, path)))
    return node


def _child(node: Any, step: str | int) -> Any:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        return node.value[step] if step < len(node.value) else None
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    return None
