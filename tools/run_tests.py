"""Run the tests as `make test` does: find a browser, say plainly what is left out, pass everything else to pytest.

In CI (`CI=true`) a missing browser is a failure instead of a sentence.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
NOTHING_COLLECTED = 5
JOURNEYS = "tests/browser"  # its conftest marks them; whoever names no test has each half look only where its own lie
IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}


def main(arguments: list[str]) -> int:
    browser = find_browser()
    options = ["-n", os.environ.get("RONGHE_TEST_WORKERS", "2"), "--dist", "worksteal"]
    if browser is None:
        if IN_CI:
            print("没有可用的 Chromium，浏览器测试不能略过。(No working Chromium; CI does not leave journeys out.)")
            return 1
    else:
        os.environ["RONGHE_CHROMIUM"] = browser
        print(f"· 浏览器 (browser): {browser}", flush=True)
    homes = [[], []] if any(Path(one).exists() for one in arguments) else [[f"--ignore={JOURNEYS}"], [JOURNEYS]]
    done = run([*options, "-m", "not browser", *homes[0], *arguments])
    if browser is not None:
        # Apart from the rest: while a browser's driver runs, its loop makes Django take the thread for asynchronous.
        done = run([*options, "-m", "browser", *homes[1], *arguments]) or done
    else:
        print("· 没有找到 Chromium，浏览器里的测试没有跑；装好后设 RONGHE_CHROMIUM 再试。")
        print("  (No Chromium was found: the journeys in a browser were left out. Everything else ran.)")
    return done


def run(options: list[str]) -> int:
    """Run pytest; a half in which no test was asked for is no failure."""
    done = subprocess.call([sys.executable, "-m", "pytest", *options])
    return 0 if done == NOTHING_COLLECTED else done


def find_browser() -> str | None:
    """Return a browser that really starts: named, installed, fetched before, or fetched now where that is possible."""
    named = os.environ.get("RONGHE_CHROMIUM")
    if named:
        return named if starts(named) else None
    for candidate in installed():
        if starts(candidate):
            return candidate
    return None if IN_CI else fetched()


def installed() -> Iterator[str]:
    for name in NAMES:
        found = shutil.which(name)
        if found:
            yield found
    yield from (path for path in APPLICATIONS if Path(path).exists())
    kept = playwright_browser()
    if kept is not None and Path(kept).exists():
        yield kept


def fetched() -> str | None:
    """Ask Playwright for its Chromium, once; without network or system libraries this quietly yields nothing."""
    tried = Path(sys.prefix) / ".browser-tried"
    if tried.exists():
        return None
    print("· 没有找到 Chromium，试着下载一个，约 150 MB (fetching a browser for the journeys)", flush=True)
    tried.touch()
    try:
        command = [sys.executable, "-m", "playwright", "install", "chromium"]
        subprocess.run(command, check=True, timeout=300, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except (subprocess.SubprocessError, OSError):
        return None
    kept = playwright_browser()
    return kept if kept is not None and starts(kept) else None


def playwright_browser() -> str | None:
    from playwright.sync_api import sync_playwright

    try:
        with sync_playwright() as driver:
            return driver.chromium.executable_path
    except Exception:
        return None


def starts(path: str) -> bool:
    """Tell whether the program runs at all; a browser without its libraries is none."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
