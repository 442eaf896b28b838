"""The words of a sheet as it is published, and what differs from the version before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TaskWords:
    """What a task says on the sheet: the four fixes but for the person, who claims it later, and the three duties."""

    number: int
    title: str
    goal: str
    due_at: datetime | None
    values: Mapping[str, object]
    point: int | None


def words_of(title: str, tasks: Sequence[TaskWords]) -> str:
    """Return the text that a version is, in one form."""
    lines = [
        {
            "number": task.number, "title": task.title, "goal": task.goal, "point": task.point,
            "due_at": task.due_at.isoformat() if task.due_at is not None else None,
            "values": {name: task.values[name] for name in sorted(task.values) if name != "score"},
        }
        for task in sorted(tasks, key=lambda task: task.number)
    ]  # fmt: skip
    return json.dumps({"title": title, "tasks": lines}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def changed_since(before: str | None, now: str) -> int:
    """Return how many tasks are new, gone, or read otherwise than in the version before; all of them in the first."""
    old = {line["number"]: line for line in json.loads(before)["tasks"]} if before else {}
    new = {line["number"]: line for line in json.loads(now)["tasks"]}
    return sum(old.get(number) != new.get(number) for number in old.keys() | new.keys())
