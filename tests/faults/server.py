"""The platform as `ronghe serve` runs it, on a home of its own: started, asked over HTTP, killed without warning."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]
_CSRF = "c" * 32


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a server on SQLite in `home`, whatever database the tests run on."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RONGHE_")}
    return {**kept, "RONGHE_HOME": str(home), "DJANGO_SETTINGS_MODULE": "ronghe.config.settings.base"}


def gather(home: Path, people: int) -> dict[str, Any]:
    """Make a home with an open huddle and `people` who are logged in."""
    command = [sys.executable, "-m", "tests.faults.crowd", str(people)]
    done = subprocess.run(command, env=environment(home), cwd=ROOT, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


class Server:
    """Granian with the options of `ronghe serve`, in a process group of its own."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, _free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *_details: object) -> None:
        self.kill()

    def start(self) -> None:
        command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port),
            "--workers", "2", "--blocking-threads", "2", "--log-level", "warning", "--no-ws",
            "ronghe.config.wsgi:application",
        ]  # fmt: skip
        self.process = subprocess.Popen(command, env=environment(self.home), cwd=ROOT, start_new_session=True)
        for _attempt in range(300):
            time.sleep(0.1)
            try:
                status, answer = self._ask("GET", "/api/v1/me")
            except OSError:
                continue
            if status != 401:
                raise RuntimeError(answer)
            return
        raise TimeoutError

    def kill(self) -> None:
        """kill -9 of the server and its workers, all at once."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def get(self, path: str, session: str) -> tuple[int, Any]:
        return self._ask("GET", f"/api/v1{path}", session=session)

    def post(self, path: str, session: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
        return self._ask("POST", f"/api/v1{path}", session=session, body=body or {})

    def code(self, huddle: int, lead: str) -> str:
        """Return the sign-in code that the lead's screen shows now."""
        return str(self.get(f"/rhythm/activities/{huddle}/code", lead)[1]["code"])

    def _ask(self, method: str, path: str, *, session: str = "", body: dict[str, Any] | None = None) -> tuple[int, Any]:
        """Ask over a connection of its own, as a phone does.

        :raises OSError: nobody answered
        """
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {
            "Cookie": f"sessionid={session}; csrftoken={_CSRF}", "X-CSRFToken": _CSRF, "Connection": "close",
            "Content-Type": "application/json",
        }  # fmt: skip
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = connection.getresponse()
            content = answer.read()
        except http.client.HTTPException as error:
            raise ConnectionError from error
        finally:
            connection.close()
        is_json = answer.headers.get_content_type() == "application/json"
        return answer.status, json.loads(content) if is_json else content


def _free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])
