"""`ronghe serve --https`: the certificate, the settings that go with it, and what to tell the people with phones."""

from __future__ import annotations

import io
import os
from datetime import UTC, datetime
from pathlib import Path

import click

from ronghe.kernel.certificates import LOCAL, ServerCertificate, ensure_certificate, given_certificate, own_names
from ronghe.kernel.errors import DomainError
from ronghe.kernel.home import Home
from ronghe.kernel.words import N_, _


class CertificateIncomplete(DomainError):
    code = "certificate_incomplete"
    sentence = N_("自带证书要同时给出 --certificate 和 --key。")
    status = 422


class CertificateUnreadable(DomainError):
    code = "certificate_unreadable"
    sentence = N_("证书 %(path)s 读不出来，要 PEM 格式。")
    status = 422


def prepared(names: tuple[str, ...], certificate: Path | None, key: Path | None) -> ServerCertificate:
    """Return the certificate to serve with, and set what the settings of every process must know before they are read.

    :raises CertificateIncomplete: one file of two
    :raises CertificateUnreadable: no PEM
    """
    if (certificate is None) != (key is None):
        raise CertificateIncomplete
    if certificate is not None and key is not None:
        try:
            found = given_certificate(certificate, key)
        except ValueError as error:
            raise CertificateUnreadable(path=certificate) from error
    else:
        wanted = list(dict.fromkeys([*names, *LOCAL])) if names else own_names()
        found = ensure_certificate(Home.from_environment().tls, wanted, at=datetime.now(UTC))
        os.environ.setdefault("RONGHE_HSTS", "0")
    os.environ["RONGHE_HTTPS"] = "1"
    hosts = [_in_address(name) for name in dict.fromkeys([*found.names, *LOCAL])]
    os.environ.setdefault("RONGHE_HOSTS", ",".join(hosts))
    return found


def tell_addresses(tls: ServerCertificate, host: str, port: int) -> None:
    """Say where to open the platform, how phones come to trust it, and until when the certificate holds."""
    reached = [name for name in tls.names if name not in LOCAL] if host in {"0.0.0.0", "::"} else [host]  # noqa: S104
    shown = reached or [host]
    for name in shown:
        click.echo(_("请打开 %(address)s ，按 Ctrl+C 停止。") % {"address": _address(name, port)})
    if tls.authority is None:
        return
    click.echo(_("证书由本机签发，%(day)s 前有效，到期前自动换。") % {"day": f"{tls.expires_at:%Y-%m-%d}"})
    click.echo(
        _("每部手机和电脑信任一次：把 %(path)s 装为受信任的根证书，或在手机上打开下面的地址下载。")
        % {"path": tls.authority}
    )
    click.echo(_("核对指纹：%(fingerprint)s") % {"fingerprint": tls.fingerprint})
    click.echo(f"{_address(shown[0], port)}/offline/ronghe-ca.crt")
    click.echo(_qr(f"{_address(shown[0], port)}/offline/"))


def _address(name: str, port: int) -> str:
    return f"https://{_in_address(name)}" + (f":{port}" if port != 443 else "")


def _in_address(name: str) -> str:
    return f"[{name}]" if ":" in name else name


def _qr(text: str) -> str:
    import segno

    out = io.StringIO()
    segno.make(text, error="l").terminal(out, compact=True)
    return out.getvalue()
