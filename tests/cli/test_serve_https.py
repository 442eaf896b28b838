"""`ronghe serve --https`: a real server, asked by a client that trusts its authority and nothing else."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from ronghe.cli.https import CertificateIncomplete, CertificateUnreadable, prepared


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@pytest.mark.slow
def test_pages_come_over_https_and_remember_nothing(tmp_path):
    port = free_port()
    environment = {
        **os.environ, "RONGHE_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "ronghe.config.settings.base",
    }  # fmt: skip
    for name in ("RONGHE_HTTPS", "RONGHE_HSTS", "RONGHE_HOSTS", "RONGHE_DATABASE_URL"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "ronghe", "serve", "--https", "--port", str(port), "--no-jobs", "--workers", "1"]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        answer = _asked(f"https://127.0.0.1:{port}/offline/", tmp_path / "tls" / "ca.crt")
        authority = _asked(f"https://localhost:{port}/offline/ronghe-ca.crt", tmp_path / "tls" / "ca.crt")
    finally:
        server.send_signal(signal.SIGTERM)
        said = server.communicate(timeout=120)[0].decode()

    assert (answer.status, authority.status) == (200, 200)
    assert "Strict-Transport-Security" not in answer.headers
    assert authority.read() == (tmp_path / "tls" / "ca.crt").read_bytes()
    assert f"https://127.0.0.1:{port}" in said


def _asked(address: str, authority):
    for _attempt in range(120):
        try:
            return urllib.request.urlopen(
                address, context=ssl.create_default_context(cafile=str(authority)), timeout=60
            )
        except (urllib.error.URLError, ConnectionError, FileNotFoundError) as error:
            if isinstance(error, urllib.error.HTTPError):
                raise
            time.sleep(0.5)
    raise AssertionError("the server did not answer")


def test_certificate_of_the_unit_wants_both_files(tmp_path):
    path = tmp_path / "unit.pem"
    path.write_text("nothing")

    with pytest.raises(CertificateIncomplete):
        prepared((), path, None)
    with pytest.raises(CertificateUnreadable):
        prepared((), path, path)
