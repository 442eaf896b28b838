"""A certificate of our own for field networks without a public name: a local authority, and what it signs for this server.

The authority is made once and lasts ten years; phones are told to trust it once. The server's certificate is made anew
when it nears its end or when a name is missing, and phones notice nothing. Both keys lie in `RONGHE_HOME/tls`, readable by
this user only.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from ronghe.kernel.home import replace_private, write_private

AUTHORITY_LASTS = timedelta(days=3650)
SERVER_LASTS = timedelta(days=397)
"""Phones refuse certificates of more than 825 days, some of more than 398."""
RENEWED_BEFORE = timedelta(days=30)
BACKDATED = timedelta(days=1)
"""A phone's clock may be behind ours."""
LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class ServerCertificate:
    """Where the files lie, who may trust them, and until when. `authority` is None for a certificate given by the unit."""

    certificate: Path
    key: Path
    authority: Path | None
    names: tuple[str, ...]
    expires_at: datetime
    is_new: bool = False

    @property
    def fingerprint(self) -> str:
        """The authority's SHA-256, as phones show it before they trust it."""
        assert self.authority is not None
        found = x509.load_pem_x509_certificate(self.authority.read_bytes()).fingerprint(SHA256())
        return ":".join(f"{byte:02X}" for byte in found)


def ensure_certificate(folder: Path, names: Sequence[str], *, at: datetime) -> ServerCertificate:
    """Return a server certificate for `names` (hosts and IP addresses) that is good for a while from `at`.

    Names of the certificate before it are kept, so that a cable pulled out does not take an address away.
    """
    authority, authority_key = _authority(folder, at)
    path, key_path = folder / "server.crt", folder / "server.key"
    known = _read(path)
    if known is not None and key_path.exists() and _is_by(known, authority):
        before = _names_in(known)
        if set(names) <= set(before) and known.not_valid_after_utc - at > RENEWED_BEFORE:
            return ServerCertificate(path, key_path, folder / "ca.crt", before, known.not_valid_after_utc)
        names = [*names, *(name for name in before if name not in names)]
    wanted = tuple(dict.fromkeys(names))
    key = ec.generate_private_key(ec.SECP256R1())
    made = _server(wanted, key, authority, authority_key, at)
    replace_private(key_path, _private(key))
    replace_private(path, made.public_bytes(Encoding.PEM) + authority.public_bytes(Encoding.PEM))
    return ServerCertificate(path, key_path, folder / "ca.crt", wanted, made.not_valid_after_utc, is_new=True)


def given_certificate(certificate: Path, key: Path) -> ServerCertificate:
    """Return a certificate that the unit brings along.

    :raises ValueError: not a certificate in PEM
    """
    found = x509.load_pem_x509_certificate(certificate.read_bytes())
    return ServerCertificate(certificate, key, None, _names_in(found), found.not_valid_after_utc)


def own_names() -> list[str]:
    """Return by what this machine may be called in its networks: host names and addresses, the local ones last."""
    host = socket.gethostname()
    found = [host, *_addresses(host)]
    return list(dict.fromkeys([name for name in found if name and name not in LOCAL] + list(LOCAL)))


def _addresses(host: str) -> list[str]:
    found: list[str] = []
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # nothing is sent; it only picks the address that a packet would leave from
        found.append(probe.getsockname()[0])
    with suppress(OSError):
        found += socket.gethostbyname_ex(host)[2]
    return [address for address in found if not ip_address(address).is_loopback]


def _authority(folder: Path, at: datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    path, key_path = folder / "ca.crt", folder / "ca.key"
    if not key_path.exists():
        write_private(key_path, _private(ec.generate_private_key(ec.SECP256R1())))
    key = load_pem_private_key(key_path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        message = f"{key_path} is not a key of an elliptic curve"
        raise TypeError(message)
    known = _read(path)
    if known is None or known.not_valid_after_utc - at < SERVER_LASTS:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Ronghe {socket.gethostname()[:40]} {at:%Y}")])
        made = (
            _began(name, name, key.public_key(), at, AUTHORITY_LASTS)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, SHA256())
        )
        replace_private(path, made.public_bytes(Encoding.PEM))
        known = made
    return known, key


def _server(
    names: tuple[str, ...], key: ec.EllipticCurvePrivateKey, authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey, at: datetime,
) -> x509.Certificate:  # fmt: skip
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:60])])
    lasts = min(SERVER_LASTS, authority.not_valid_after_utc - at)
    public = key.public_key()
    return (
        _began(subject, authority.subject, public, at, lasts)
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False
        )
        .sign(authority_key, SHA256())
    )  # fmt: skip


def _began(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, at: datetime, lasts: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - BACKDATED)
        .not_valid_after(at + lasts)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=signs_certificates, crl_sign=signs_certificates,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name.encode("idna").decode())


def _names_in(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    return tuple(str(name.value) for name in found)


def _is_by(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _read(path: Path) -> x509.Certificate | None:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return None


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
