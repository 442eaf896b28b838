"""Signatures made elsewhere, by a person's key on a phone. Here only the public half is known and only checked.

The algorithm is a word kept beside every key (`ES256`: ECDSA on P-256 with SHA-256, what every browser's WebCrypto has), so
that another one, SM2 with SM3 for one, is a new entry of `_CHECKS` and old keys stay what they are.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

_HALF = 32
"""Bytes of each of the two numbers of a P-256 signature, as WebCrypto gives them (IEEE P1363)."""


class KeyUnreadable(DomainError):
    code = "key_unreadable"
    sentence = N_("这把密钥读不出来，请在手机上重新登记。")
    status = 422


def key_digest(algorithm: str, public_key: str) -> str:
    """Return the digest by which a public key is known, once it was read and fits its algorithm.

    :raises KeyUnreadable: another algorithm, not base64, not a key, or a key on another curve
    """
    if algorithm not in _CHECKS:
        raise KeyUnreadable
    _es256_key(public_key)
    return hashlib.sha256(_bytes_of(public_key)).hexdigest()


def is_signed_by(public_key: str, algorithm: str, content: bytes, signature: str) -> bool:
    """Tell whether `signature` (base64) over `content` was made by the private half of `public_key`."""
    check = _CHECKS.get(algorithm)
    try:
        return check is not None and check(public_key, content, b64decode(signature, validate=True))
    except (NotBase64, ValueError):
        return False


def _es256(public_key: str, content: bytes, signature: bytes) -> bool:
    if len(signature) != 2 * _HALF:
        return False
    r, s = int.from_bytes(signature[:_HALF], "big"), int.from_bytes(signature[_HALF:], "big")
    try:
        _es256_key(public_key).verify(encode_dss_signature(r, s), content, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _es256_key(public_key: str) -> ec.EllipticCurvePublicKey:
    try:
        key = load_der_public_key(_bytes_of(public_key))
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyUnreadable from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise KeyUnreadable
    return key


def _bytes_of(public_key: str) -> bytes:
    try:
        return b64decode(public_key, validate=True)
    except (NotBase64, ValueError) as error:
        raise KeyUnreadable from error


_CHECKS: dict[str, Callable[[str, bytes, bytes], bool]] = {"ES256": _es256}


class SigningKey:
    """The private half, for the demonstration's phones and for tests; a real phone makes its own and keeps it."""

    def __init__(self, seed: str | None = None) -> None:
        if seed is None:
            self._private = ec.generate_private_key(ec.SECP256R1())
        else:
            number = int.from_bytes(hashlib.sha256(seed.encode()).digest(), "big") >> 1
            self._private = ec.derive_private_key(number or 1, ec.SECP256R1())
        spki = self._private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.public_key = b64encode(spki).decode()
        self.digest = hashlib.sha256(spki).hexdigest()

    def sign(self, text: str) -> str:
        """Return the signature over `text` as WebCrypto gives it, in base64."""
        r, s = decode_dss_signature(self._private.sign(text.encode(), ec.ECDSA(SHA256())))
        return b64encode(r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")).decode()
