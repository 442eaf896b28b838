"""Values that the database must not be able to tell: identity numbers, health, letters.

Stored as cipher text plus a keyed digest. The digest carries the unique constraint and answers a search by the whole
value; nothing else can be searched. It protects a stolen database or backup; it does not protect against somebody who
holds both the database and the key files. Algorithm: AES-256-GCM and HMAC-SHA-256 (docs/decisions/0007).
"""

from __future__ import annotations

import hmac
import json
import secrets
from base64 import b64decode, b64encode
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from ronghe.kernel.home import replace_private, write_private

_NONCE = 12


def seal_text(text: str) -> str:
    """Return `key-id:base64` cipher text of `text`."""
    key_id, key = _current()
    nonce = secrets.token_bytes(_NONCE)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), key_id.encode())
    return f"{key_id}:{b64encode(nonce + sealed).decode()}"


def open_text(sealed: str) -> str:
    """Return the text. Callers record the look (`kernel.access.looks`) before they show it."""
    key_id, _sep, body = sealed.partition(":")
    raw = b64decode(body)
    if key_id not in _ring():
        _ring.cache_clear()  # another process has rotated the key since this one read it
    return AESGCM(_ring()[key_id]).decrypt(raw[:_NONCE], raw[_NONCE:], key_id.encode()).decode()


def keyed_digest(text: str) -> str:
    """Return the digest by which equal values find each other."""
    return hmac.digest(_digest_key(), text.strip().upper().encode(), "sha256").hex()


@cache
def _digest_key() -> bytes:
    return settings.HOME.secret("digest_key").encode()


def masked(text: str) -> str:
    """Return the value with its first three and last four signs only (PI-09)."""
    return f"{text[:3]}{'*' * (len(text) - 7)}{text[-4:]}" if len(text) > 7 else "*" * len(text)


def rotate_key() -> str:
    """Make a new current key and return its id; values sealed under older keys still open."""
    ring = _read()
    key_id = secrets.token_hex(4)
    ring["keys"][key_id] = b64encode(secrets.token_bytes(32)).decode()
    ring["current"] = key_id
    replace_private(_path(), json.dumps(ring).encode())
    _ring.cache_clear()
    return key_id


def reseal(sealed: str) -> str:
    """Return the same value sealed under the current key; for the job that follows a rotation."""
    return sealed if sealed.startswith(f"{_current()[0]}:") else seal_text(open_text(sealed))


def _current() -> tuple[str, bytes]:
    ring = _ring()
    return list(ring.items())[-1]


@cache
def _ring() -> dict[str, bytes]:
    stored = _read()
    order = [*[k for k in stored["keys"] if k != stored["current"]], stored["current"]]
    return {key_id: b64decode(stored["keys"][key_id]) for key_id in order}


def _read() -> dict[str, Any]:
    if not _path().exists():
        key_id = secrets.token_hex(4)
        made = {"current": key_id, "keys": {key_id: b64encode(secrets.token_bytes(32)).decode()}}
        write_private(_path(), json.dumps(made).encode())
    return json.loads(_path().read_text())  # type: ignore[no-any-return]


def _path() -> Path:
    keys: Path = settings.HOME.keys
    return keys / "sealed.json"
