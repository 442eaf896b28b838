"""Several who act at the same moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from ronghe.kernel.errors import DomainError


def at_once(acts: Sequence[Callable[[], Any]]) -> int:
    """Run `acts`, each in a thread of its own and let go together; return how many were done and not refused."""
    gate = Barrier(len(acts))

    def once(act: Callable[[], Any]) -> int:
        try:
            gate.wait()
            act()
        except DomainError:
            return 0
        finally:
            connection.close()
        return 1

    with ThreadPoolExecutor(len(acts)) as pool:
        return sum(pool.map(once, acts))
