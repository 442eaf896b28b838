"""Our own files, as the tests of architecture read them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "ronghe"


def modules(*folders: str) -> list[Path]:
    """Return the modules below the given folders of the package, migrations left out."""
    found = [path for folder in folders or (".",) for path in (SRC / folder).rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.parts)


def templates() -> list[Path]:
    return sorted(path for path in SRC.rglob("templates/**/*.html") if path.is_file())


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def shown(path: Path, node: ast.AST | None = None) -> str:
    """Return `src/ronghe/web/home.py:12`, as an editor opens it."""
    place = path.relative_to(ROOT).as_posix()
    return f"{place}:{node.lineno}" if isinstance(node, ast.expr | ast.stmt) else place


def imports(path: Path) -> Iterator[tuple[str, ast.stmt]]:
    """Yield every imported module, those inside functions and under TYPE_CHECKING too."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((f"{node.module}.{alias.name}", node) for alias in node.names)


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Yield every call of a method, as `owner.method`, with the owner's source text."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield f"{ast.unparse(node.func.value)}.{node.func.attr}", node
