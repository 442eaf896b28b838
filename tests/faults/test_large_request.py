"""A film of two gigabytes is sent to the real server: it is answered before it is read, and memory stays where it was."""

from __future__ import annotations

import re
import socket
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.server import Server, gather

DECLARED = 2 << 30
SENT = 64 << 20
MOST_GROWTH = 16 << 20


def peak(server: Server) -> int:
    """Return the largest memory that any of the server's processes ever took, in bytes."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            fields = (status.parent / "stat").read_text().rpartition(")")[2].split()
            if int(fields[2]) == server.process.pid:  # process group
                found.append(int(re.search(r"VmHWM:\s+(\d+)", status.read_text())[1]) << 10)
    return max(found)


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
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_two_gigabytes_are_refused_unread_and_memory_stays_flat(tmp_path):
    gather(tmp_path, 1)
    with Server(tmp_path) as server:
        send(server, "/work/tasks/1/submit/")  # the first answer reads its template
        before = peak(server)
        for path in ("/work/tasks/1/submit/", "/api/v1/work/tasks/1/submit"):
            for _again in range(3):
                answer, sent = send(server, path)
                assert answer.startswith(b"HTTP/1.1 413")
                assert sent < SENT
        assert peak(server) - before < MOST_GROWTH
        assert server.post("/work/tasks/1/submit", "nobody")[0] == 401
