"""The demonstration log-ins, one a role. Their password is public, which is why a demonstration home stays on 127.0.0.1."""

from __future__ import annotations

import json
from datetime import datetime

from ronghe.domain.org.models import Person
from ronghe.domain.org.services.people import open_account
from ronghe.kernel.access.models import Administrator
from ronghe.kernel.home import Home

PASSWORD = "Ronghe-2026"  # noqa: S105 - public by purpose


class DemoAccounts:
    """Opens accounts and remembers them for the log-in page and the closing words of `ronghe demo`."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.opened: list[dict[str, str]] = []

    def open(self, person: Person, login: str, title: str, *, administrator: Administrator | None = None) -> None:
        open_account(
            person=person, login=login, password=PASSWORD, actor=None, at=self.at, administrator=administrator,
            must_change_password=False,
        )  # fmt: skip
        self.opened.append({"title": title, "name": person.name, "login": login, "password": PASSWORD})

    def mark(self, home: Home) -> None:
        """Mark the home as a demonstration; written last, so that a half-made one is made again."""
        home.demo_mark.write_text(json.dumps(self.opened, ensure_ascii=False, indent=1), encoding="utf-8")


def marked_accounts(home: Home) -> list[dict[str, str]]:
    """Return the log-ins of a finished demonstration home, empty where it is none."""
    if not home.is_demo:
        return []
    found: list[dict[str, str]] = json.loads(home.demo_mark.read_text(encoding="utf-8"))
    return found
