"""A film of two gigabytes is sent to the real server: it is answered before it is read, and memory stays where it was."""

from __future__ import annotations

import re
import socket
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.server import Server, gather

DECLARED = 2 << 30
SENT = 64 << 20
MOST_GROWTH = 16 << 20


def taken(server: Server) -> int:
    """Return the largest memory of the server's processes, in bytes: their peak where `/proc` tells it, else as `ps` sees it now."""
    told = subprocess.run(["ps", "-Ao", "pid=,pgid=,rss="], capture_output=True, text=True, check=True).stdout
    rows = [tuple(map(int, line.split())) for line in told.splitlines()]
    return max(peak_of(pid) or rss << 10 for pid, group, rss in rows if group == server.process.pid)


def peak_of(pid: int) -> int:
    with suppress(OSError):
        if found := re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text()):
            return int(found[1]) << 10
    return 0


def send(server: Server, path: str) -> tuple[bytes, int]:
    """Declare two gigabytes and send as long as the server takes it; return its answer and how many bytes it took."""
    part = b'--xx\r\nContent-Disposition: form-data; name="photo"; filename="a.mp4"\r\n\r\n'
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Length: {DECLARED}\r\n"
        "Content-Type: multipart/form-data; boundary=xx\r\n\r\n"
    )
    sent = 0
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as line:
        line.sendall(head.encode() + part)
        with suppress(OSError):
            while sent < SENT:
                line.sendall(b"\0" * (1 << 20))
                sent += 1 << 20
        return line.recv(4096), sent


@pytest.mark.slow
def test_two_gigabytes_are_refused_unread_and_memory_stays_flat(tmp_path):
    gather(tmp_path, 1)
    with Server(tmp_path) as server:
        send(server, "/work/tasks/1/submit/")  # the first answer reads its template
        before = taken(server)
        for path in ("/work/tasks/1/submit/", "/api/v1/work/tasks/1/submit"):
            for _again in range(3):
                answer, sent = send(server, path)
                assert answer.startswith(b"HTTP/1.1 413")
                assert sent < SENT
        assert taken(server) - before < MOST_GROWTH
        assert server.post("/work/tasks/1/submit", "nobody")[0] == 401
