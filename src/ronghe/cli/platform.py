"""Running the platform: database, pages, jobs, seals."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

import click

from ronghe.cli.acting import start_django
from ronghe.cli.https import prepared, tell_addresses
from ronghe.kernel.certificates import ServerCertificate
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, _


class DemoStaysHome(DomainError):
    code = "demo_stays_home"
    sentence = N_("演示数据的密码是公开的，只能在 127.0.0.1 上打开。")


@click.command(short_help=_("建立或升级数据库"))
def migrate() -> None:
    """建立或升级数据库，并补上防改触发器。"""
    start_django()
    from django.conf import settings

    from ronghe.kernel.db.fresh import bring_up_to_date

    settings.HOME.root.mkdir(parents=True, exist_ok=True)
    bring_up_to_date()
    click.echo(_("数据库已就绪。"))


@click.command(short_help=_("打开网页服务"))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True, help=_("网页进程数"))
@click.option("--with-jobs/--no-jobs", default=True, show_default=True, help=_("同时运行后台任务"))
@click.option("--https", is_flag=True, envvar="RONGHE_SERVE_HTTPS", help=_("用 HTTPS；没有自带证书时自动签发"))
@click.option("--name", "names", multiple=True, metavar="NAME", help=_("证书里的主机名或 IP，可多次；不写时自动找"))
@click.option("--certificate", type=click.Path(exists=True, dir_okay=False, path_type=Path), help=_("自带的证书，PEM"))
@click.option("--key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help=_("自带证书的私钥，PKCS#8"))
def serve(
    host: str, port: int, workers: int, with_jobs: bool, https: bool = False, names: tuple[str, ...] = (),
    certificate: Path | None = None, key: Path | None = None,
) -> None:  # fmt: skip
    """打开网页服务，并在旁边运行一个后台任务进程。

    \b
    例：ronghe serve --port 8080
        ronghe serve --https --host 0.0.0.0 --port 8443 --name 10.8.3.20
    """
    tls = prepared(names, certificate, key) if https or certificate is not None else None
    start_django()
    from django.conf import settings

    if settings.HOME.is_demo and host != "127.0.0.1":
        raise DemoStaysHome
    collect_static()
    jobs = subprocess.Popen([sys.executable, "-m", "ronghe", "work"]) if with_jobs else None
    web = subprocess.Popen(_granian(host, port, workers, tls))
    if tls is not None:
        tell_addresses(tls, host, port)
    else:
        click.echo(_("请打开 http://%(host)s:%(port)s ，按 Ctrl+C 停止。") % {"host": host, "port": port})

    def stop(_number: int, _frame: FrameType | None) -> None:
        web.terminate()

    signal.signal(signal.SIGTERM, stop)
    try:
        web.wait()
    except KeyboardInterrupt:
        web.terminate()
        web.wait()
    finally:
        if jobs is not None:
            jobs.terminate()
            jobs.wait()


def collect_static() -> None:
    """Collect style sheets and scripts under hashed names; nothing to do where none of them is newer."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    root: Path = settings.STATIC_ROOT
    sources = [Path(store.path(name)) for finder in get_finders() for name, store in finder.list(None)]
    stamp = hashlib.sha256(repr(sorted((str(p), p.stat().st_mtime_ns) for p in sources)).encode()).hexdigest()
    mark = root / ".collected"
    if mark.exists() and mark.read_text() == stamp:
        return
    root.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    mark.write_text(stamp)


def _granian(host: str, port: int, workers: int, tls: ServerCertificate | None = None) -> list[str]:
    options = ["--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers)]
    quiet = ["--blocking-threads", "2", "--log-level", "warning", "--no-ws"]
    secure = [] if tls is None else ["--ssl-certificate", str(tls.certificate), "--ssl-keyfile", str(tls.key)]
    # Phones with an explosion-proof shell are old; TLS 1.2 is what the oldest of them speak.
    secure += [] if tls is None else ["--ssl-protocol-min", "tls1.2"]
    return [sys.executable, "-m", "granian", *options, *quiet, *secure, "ronghe.config.wsgi:application"]


@click.command(short_help=_("运行后台任务"))
@click.option("--once", is_flag=True, help=_("办完眼前的就停"))
def work(once: bool) -> None:
    """运行后台任务：到点的、排队的、上次没办完的。"""
    start_django()
    from ronghe.kernel.jobs import worker

    if once:
        worker.work_once()
        return
    stopping: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _frame: stopping.append(received))
    parent = os.getppid()
    worker.work(should_stop=lambda: bool(stopping) or os.getppid() != parent)


@click.command(short_help=_("封存新事实"))
@click.option("--json", "as_json", is_flag=True)
def seal(as_json: bool) -> None:
    """把尚未封存的事实编号、签名、接到封存链上。"""
    start_django()
    from django.utils import timezone

    from ronghe.kernel.facts.seal import seal_facts

    done = seal_facts(at=timezone.now())
    if as_json:
        click.echo(json.dumps({"sealed": done.sealed, "batches": done.batches, "refused": list(done.refused)}))
    else:
        click.echo(_("封存 %(sealed)s 条，共 %(batches)s 批。") % {"sealed": done.sealed, "batches": done.batches})
        for fact_id in done.refused:
            click.echo(_("第 %(id)s 号不是本系统写入的，没有封存。") % {"id": fact_id}, err=True)
    if done.refused:
        sys.exit(1)


@click.command(short_help=_("核对事实有没有被改过"))
@click.option("--json", "as_json", is_flag=True)
def verify(as_json: bool) -> None:
    """逐条核对事实、封存链、签名和触发器；有问题时说明是哪一条，退出码 1。

    \b
    例：ronghe verify --json
    """
    start_django()
    from ronghe.kernel.facts.verify import verify as verify_facts

    found = verify_facts()
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False))
    else:
        summary = _("共 %(facts)s 条事实，其中 %(unsealed)s 条待封存。")
        click.echo(summary % {"facts": found.facts, "unsealed": found.unsealed})
        for fault in found.faults:
            click.echo(fault.sentence)
        click.echo(_("校验通过。") if found.ok else _("校验没有通过，见上。"))
    if not found.ok:
        sys.exit(1)
