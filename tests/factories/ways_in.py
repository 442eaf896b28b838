"""One person acting through the API or on the command line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from click.testing import CliRunner
from django.test import Client

from ronghe.cli.main import cli
from ronghe.domain.org.models import Person
from tests.factories.org import make_account


@dataclass(frozen=True)
class Api:
    """Calls below `/api/v1` + `root` as `person`: `api.post("/7/close", reason="…")`."""

    person: Person
    root: str

    def _call(self, method: str, path: str, body: dict[str, Any]) -> Any:
        client = Client()
        client.force_login(getattr(self.person, "account", None) or make_account(self.person))
        return getattr(client, method)(f"/api/v1{self.root}{path}", body or None, content_type="application/json")

    def get(self, path: str = "") -> Any:
        client = Client()
        client.force_login(getattr(self.person, "account", None) or make_account(self.person))
        return client.get(f"/api/v1{self.root}{path}")

    def post(self, path: str = "", **body: Any) -> Any:
        return self._call("post", path, body)

    def put(self, path: str, **body: Any) -> Any:
        return self._call("put", path, body)

    def patch(self, path: str = "", **body: Any) -> Any:
        return self._call("patch", path, body)

    def delete(self, path: str, **body: Any) -> Any:
        return self._call("delete", path, body)

    def upload(self, path: str, **files: Any) -> Any:
        client = Client()
        client.force_login(getattr(self.person, "account", None) or make_account(self.person))
        return client.post(f"/api/v1{self.root}{path}", files)


class Shell:
    """`ronghe --as … GROUP …` as one person; a refusal is raised as it is."""

    def __init__(self, person: Person, group: str) -> None:
        self.account = getattr(person, "account", None) or make_account(person)
        self.group = group.split()

    def run(self, *arguments: object) -> str:
        given = ["--as", self.account.login, *self.group, *(str(argument) for argument in arguments)]
        done = CliRunner().invoke(cli, given, standalone_mode=False)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.output

    def told(self, *arguments: object) -> Any:
        return json.loads(self.run(*arguments, "--json"))
