"""The key that signs seals. It lies outside the database and belongs to the audit administrator."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings

from ronghe.kernel.home import write_private


def sign(content: bytes) -> tuple[bytes, str]:
    """Return the signature and the id of the key that made it."""
    key = _private_key()
    return key.sign(content), key_id(key.public_key())


def is_signed(content: bytes, signature: bytes, by: str) -> bool:
    """Tell whether `signature` over `content` was made by the key with id `by`; retired keys count as well."""
    public = public_keys().get(by)
    if public is None:
        return False
    try:
        public.verify(signature, content)
    except InvalidSignature:
        return False
    return True


def key_id(public: Ed25519PublicKey) -> str:
    return hashlib.sha256(public.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]


def public_keys() -> dict[str, Ed25519PublicKey]:
    """Return the current key and every `seal-*.pub` kept beside it, by id."""
    keys = [_private_key().public_key()]
    keys += [Ed25519PublicKey.from_public_bytes(path.read_bytes()) for path in sorted(_folder().glob("seal-*.pub"))]
    return {key_id(key): key for key in keys}


@cache
def _private_key() -> Ed25519PrivateKey:
    path = _folder() / "seal.pem"
    if not path.exists():
        made = Ed25519PrivateKey.generate()
        write_private(path, made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        message = f"{path} is not an Ed25519 key"
        raise TypeError(message)
    return key


def _folder() -> Path:
    folder: Path = settings.HOME.keys
    return folder
