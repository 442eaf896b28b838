"""The certificate for networks without a public name: a client that trusts the authority trusts the server."""

from __future__ import annotations

import http.client
import socket
import ssl
import stat
import threading
from datetime import UTC, datetime, timedelta

import pytest

from ronghe.kernel.certificates import RENEWED_BEFORE, SERVER_LASTS, ensure_certificate, given_certificate, own_names

NOW = datetime.now(UTC)
NAMES = ["localhost", "127.0.0.1", "nanyi.local"]


def answer_over(certificate, host: str) -> bytes:
    """Ask a server with this certificate as `host`, trusting nothing but the authority."""
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate.certificate, certificate.key)
    listening = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        raw, _address = listening.accept()
        try:
            with serving.wrap_socket(raw, server_side=True) as stream:
                stream.recv(4096)
                stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        except (ssl.SSLError, OSError):
            raw.close()

    threading.Thread(target=answer, daemon=True).start()
    asking = ssl.create_default_context(cafile=str(certificate.authority))
    raw = socket.create_connection(listening.getsockname(), timeout=10)
    try:
        with asking.wrap_socket(raw, server_hostname=host) as stream:
            stream.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            found = http.client.HTTPResponse(stream)
            found.begin()
            return found.read()
    finally:
        raw.close()
        listening.close()


@pytest.mark.parametrize("host", NAMES)
def test_client_that_trusts_the_authority_trusts_the_server(tmp_path, host):
    assert answer_over(ensure_certificate(tmp_path, NAMES, at=NOW), host) == b"ok"


def test_name_that_is_not_in_it_is_refused_by_the_client(tmp_path):
    with pytest.raises(ssl.SSLCertVerificationError):
        answer_over(ensure_certificate(tmp_path, NAMES, at=NOW), "elsewhere.local")


def test_it_stays_until_it_nears_its_end(tmp_path):
    first = ensure_certificate(tmp_path, NAMES, at=NOW)
    end = first.expires_at
    just_good = ensure_certificate(tmp_path, NAMES, at=end - RENEWED_BEFORE - timedelta(seconds=1))
    renewed = ensure_certificate(tmp_path, NAMES, at=end - RENEWED_BEFORE)

    assert (first.is_new, just_good.is_new, renewed.is_new) == (True, False, True)
    assert renewed.expires_at - end > SERVER_LASTS - RENEWED_BEFORE - timedelta(days=1)
    assert renewed.fingerprint == first.fingerprint


def test_renewed_one_is_trusted_by_phones_that_trusted_the_old(tmp_path):
    trusted = (ensure_certificate(tmp_path, NAMES, at=NOW - SERVER_LASTS).authority).read_bytes()
    renewed = ensure_certificate(tmp_path, NAMES, at=NOW)

    assert renewed.is_new
    assert renewed.authority.read_bytes() == trusted
    assert answer_over(renewed, "localhost") == b"ok"


def test_no_certificate_lasts_longer_than_phones_accept(tmp_path):
    found = ensure_certificate(tmp_path, NAMES, at=NOW)

    assert found.expires_at - NOW <= timedelta(days=397)


def test_new_name_makes_a_new_one_that_keeps_the_old_names(tmp_path):
    ensure_certificate(tmp_path, ["localhost", "10.8.3.20"], at=NOW)
    found = ensure_certificate(tmp_path, ["localhost", "10.8.3.21"], at=NOW)

    assert found.names == ("localhost", "10.8.3.21", "10.8.3.20")


@pytest.mark.parametrize("damage", ["server.crt", "server.key"])
def test_lost_or_damaged_file_is_made_anew(tmp_path, damage):
    ensure_certificate(tmp_path, NAMES, at=NOW)
    path = tmp_path / damage
    path.write_text("nothing") if damage == "server.crt" else path.unlink()

    assert answer_over(ensure_certificate(tmp_path, NAMES, at=NOW), "localhost") == b"ok"


def test_keys_are_for_this_user_only(tmp_path):
    ensure_certificate(tmp_path, NAMES, at=NOW)

    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("ca.key", "server.key")} == {0o600}


def test_certificate_of_the_unit_is_read_as_it_is(tmp_path):
    made = ensure_certificate(tmp_path, NAMES, at=NOW)

    found = given_certificate(made.certificate, made.key)

    assert (found.authority, found.names, found.expires_at) == (None, tuple(NAMES), made.expires_at)
    with pytest.raises(ValueError, match="PEM"):
        given_certificate(made.key, made.key)


def test_own_names_end_with_the_local_ones():
    assert own_names()[-3:] == ["localhost", "127.0.0.1", "::1"]
