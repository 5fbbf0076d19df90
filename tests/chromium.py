"""A Chromium for the browser tests: the one on the machine, else apt's when root, else playwright's own.

The headless shell comes first where there is one. It draws the same pages with the same engine and leaves out the
windows of a desktop, which took half of what the browser spent on opening a page.

`python -m tests.chromium` makes sure that there is one. $CHROME names another.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    candidates = [os.environ.get("CHROME"), *map(shutil.which, NAMES)]
    return next((path for path in candidates if path and _starts(path)), None) or _of_playwright()


def _starts(path: str) -> bool:
    """Some systems keep a stub in this place that only says how to install the real thing."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _of_playwright() -> str | None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - starts a process, needed only without another

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> None:
    if os.getuid() == 0 and shutil.which("apt-get"):
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        take = ["install", "-y", "--no-install-recommends", "fonts-noto-cjk"]
        for command in (["update"], [*take, "chromium-headless-shell"], [*take, "chromium"]):
            subprocess.run(["apt-get", "-qq", *command], env=quiet, stdin=subprocess.DEVNULL, check=False)
            if find():
                return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


if __name__ == "__main__":
    if not find():
        sys.stderr.write("Chromium を入れています…\n")
        install()
        if not find():
            sys.stderr.write(
                "Chromium を用意できません。入れてから、CHROME=/path/to/chromium で場所を指定してください。\n"
            )
            sys.stderr.write("画面のテストは失敗します。\n")
