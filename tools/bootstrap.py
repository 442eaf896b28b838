"""Build `.venv` at the root of the project from `uv.lock`; nothing but the standard library is needed to start.

A Debian python3 may lack pip, venv and ensurepip, so the installer (uv, one file) is taken from the package index
itself. `PIP_INDEX_URL`, `UV_DEFAULT_INDEX`, `PIP_CERT` and the proxy variables are respected.
Written so that an old Python can still read it far enough to say that it is too old.
"""

import base64
import hashlib
import io
import json
import os
import platform
import re
import shutil
import ssl
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from urllib.error import URLError
from urllib.parse import unquote, urldefrag, urljoin, urlsplit, urlunsplit
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / ".ronghe-setup"
TOOLS = ROOT / ".tools"
UV_VERSION = "0.13.9"
PYPI = "https://pypi.org/simple"
OLDEST = (3, 11)


class Stopped(Exception):
    """Something the reader has to put right; the sentence says what."""


def main():
    if sys.version_info < OLDEST:
        found = "%d.%d" % sys.version_info[:2]
        raise Stopped(
            "需要 Python 3.11 或更新的版本，现在是 %s。请安装后用 make PYTHON=python3.11 再试。\n"
            "Python 3.11 or newer is needed, this is %s. Install one, then run make PYTHON=python3.11." % (found, found)
        )
    wanted = stamp()
    if STAMP.exists() and STAMP.read_text() == wanted and (scripts() / executable("ronghe")).exists():
        say("运行环境已是最新 (.venv is up to date)")
        if "engines" in sys.argv[1:]:
            install_engines(installer())
        return
    started = time.monotonic()
    uv = installer()
    say("安装依赖到 .venv，首次约需一两分钟 (installing the locked packages into .venv)")
    install(uv)
    STAMP.write_text(wanted)
    if "engines" in sys.argv[1:]:
        install_engines(uv)
    say("运行环境已就绪，用时 %.0f 秒 (.venv is ready)" % (time.monotonic() - started))


def say(sentence):
    print("· " + sentence, flush=True)


def stamp():
    """Return what decides whether the environment is up to date: the lock, the project file, the Python."""
    content = (ROOT / "uv.lock").read_bytes() + (ROOT / "pyproject.toml").read_bytes()
    return hashlib.sha256(content + sys.version.encode() + str(ROOT).encode()).hexdigest()


def scripts():
    return VENV / ("Scripts" if os.name == "nt" else "bin")


def executable(name):
    return name + ".exe" if os.name == "nt" else name


def installer():
    """Return the path of uv: the one on the path, the one fetched before, or a fresh one from the index."""
    on_path = shutil.which("uv")
    if on_path:
        return on_path
    kept = TOOLS / UV_VERSION / executable("uv")
    if not kept.exists():
        say("取得安装工具 uv (fetching the installer)")
        kept.parent.mkdir(parents=True, exist_ok=True)
        fresh = kept.with_name(kept.name + ".part")
        fresh.write_bytes(uv_from_wheel())
        fresh.chmod(0o755)
        fresh.replace(kept)
    return str(kept)


def uv_from_wheel():
    """Return the program file inside the wheel that fits this machine."""
    index = index_url() or PYPI
    files = listed(index)
    name = choose(files)
    address, digest = files[name]
    content = fetch(address)
    if digest and hashlib.sha256(content).hexdigest() != digest:
        raise Stopped("下载的 %s 校验不符，请重试。(The downloaded installer does not match its digest.)" % name)
    with zipfile.ZipFile(io.BytesIO(content)) as wheel:
        inside = [n for n in wheel.namelist() if n.endswith("/scripts/" + executable("uv"))]
        return wheel.read(inside[0])


def listed(index):
    """Return {file name: (address, sha256 or None)} of every uv wheel on the index, whichever form it answers in."""
    page = index.rstrip("/") + "/uv/"
    text = fetch(page, accept="application/vnd.pypi.simple.v1+json, text/html;q=0.5").decode()
    if text.lstrip().startswith("{"):
        entries = [(f["filename"], f["url"], f.get("hashes", {}).get("sha256")) for f in json.loads(text)["files"]]
    else:
        entries = []
        for link, name in re.findall(r'<a[^>]*href="([^"]+)"[^>]*>\s*([^<\s]+)', text):
            address, fragment = urldefrag(link.replace("&amp;", "&"))
            entries.append((name, address, fragment[7:] if fragment.startswith("sha256=") else None))
    return {name: (urljoin(page, address), digest) for name, address, digest in entries if name.endswith(".whl")}


def choose(names):
    """Return the wheel for this system, of the version we know, else the newest there is."""
    fitting = [name for name in names if re.search(platform_pattern(), name)]
    if not fitting:
        raise Stopped(
            "没有适合本机（%s %s）的 uv，请自行安装 uv 后再试。(No uv for this machine; install uv yourself.)"
            % (platform.system(), platform.machine())
        )
    known = [name for name in fitting if name.split("-")[1] == UV_VERSION]
    return (known or sorted(fitting, key=lambda name: [int(n) for n in re.findall(r"\d+", name.split("-")[1])]))[-1]


def platform_pattern():
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    system = platform.system()
    if system == "Darwin":
        return r"macosx_.*_%s\.whl$" % {"aarch64": "arm64"}.get(machine, machine)
    if system == "Windows":
        return r"win_%s\.whl$" % {"x86_64": "amd64", "aarch64": "arm64"}.get(machine, machine)
    is_musl = platform.libc_ver()[0] != "glibc"
    return (r"musllinux_.*%s\.whl$" if is_musl else r"manylinux.*%s\.whl$") % machine


def fetch(address, accept="*/*"):
    """Return what lies at `address`; a name and password in it go into a header, as pip does."""
    parts = urlsplit(address)
    if parts.scheme not in ("https", "http", "file"):
        raise Stopped("索引地址不对：%s (not an index address)" % address)
    headers = {"Accept": accept, "User-Agent": "ronghe-bootstrap"}
    if parts.username:
        pair = "%s:%s" % (unquote(parts.username), unquote(parts.password or ""))
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        address = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    try:
        with urlopen(Request(address, headers=headers), timeout=120, context=trust()) as answer:
            return answer.read()
    except (URLError, OSError) as error:
        shown = urlunsplit(urlsplit(address)._replace(query=""))
        raise Stopped(
            "下载不了 %s：%s。请检查网络、代理或 PIP_INDEX_URL。(Cannot be fetched; check network, proxy, index.)"
            % (shown, error)
        ) from error


def trust():
    bundle = os.environ.get("PIP_CERT") or os.environ.get("SSL_CERT_FILE") or os.environ.get("REQUESTS_CA_BUNDLE")
    return ssl.create_default_context(cafile=bundle if bundle and os.path.isfile(bundle) else None)


def index_url():
    """Return the index that the reader chose, `None` for the public one."""
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"):
        if os.environ.get(name, "").strip():
            return os.environ[name].strip()
    return None


GROUPS = ("--all-groups", "--no-group", "engines")  # Spark is large and wants Java: `make engines` adds it


def install(uv):
    """Install exactly what the lock names, with its digests.

    The lock carries the public index's addresses. Behind another index the same versions and digests are asked for
    there instead.
    """
    index = index_url()
    environment = dict(os.environ, UV_PROJECT_ENVIRONMENT=str(VENV), UV_PYTHON_DOWNLOADS="never")
    environment.pop("VIRTUAL_ENV", None)
    if os.environ.get("PIP_CERT") and not environment.get("SSL_CERT_FILE"):
        environment["SSL_CERT_FILE"] = os.environ["PIP_CERT"]
    if index is None or urlsplit(index).hostname == "pypi.org":
        run([uv, "sync", "--frozen", *GROUPS, "--python", sys.executable], environment)
        return
    environment["UV_DEFAULT_INDEX"] = index
    if not scripts().exists():
        run([uv, "venv", "--python", sys.executable, str(VENV)], environment)
    TOOLS.mkdir(exist_ok=True)
    locked = TOOLS / "requirements.txt"
    run([uv, "export", "--frozen", *GROUPS, "--no-emit-project", "--quiet", "-o", str(locked)], environment)
    python = str(scripts() / executable("python"))
    run([uv, "pip", "sync", "--python", python, "--require-hashes", str(locked)], environment)
    run([uv, "pip", "install", "--python", python, "--no-deps", "--editable", str(ROOT)], environment)


def install_engines(uv):
    """Add what only the comparison of engines needs, with its digests, to an environment that stands."""
    environment = dict(os.environ, UV_PYTHON_DOWNLOADS="never")
    if index_url() is not None:
        environment["UV_DEFAULT_INDEX"] = index_url()
    TOOLS.mkdir(exist_ok=True)
    locked = TOOLS / "engines.txt"
    run([uv, "export", "--frozen", "--only-group", "engines", "--quiet", "-o", str(locked)], environment)
    python = str(scripts() / executable("python"))
    run([uv, "pip", "install", "--python", python, "--require-hashes", "-r", str(locked)], environment)


def run(command, environment):
    if subprocess.call(command, cwd=str(ROOT), env=environment) != 0:
        raise Stopped("安装没有完成，原因见上。(The installation did not finish; the reason is above.)")


if __name__ == "__main__":
    try:
        main()
    except Stopped as stopped:
        sys.exit(str(stopped))
    except KeyboardInterrupt:
        sys.exit(130)
