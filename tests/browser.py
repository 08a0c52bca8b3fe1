"""Finds a Chromium for the browser tests, or installs one: `python -m tests.browser`.

On the machine; else by apt-get when root on Debian; else Playwright's own.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Processes are what a test's browser mostly spends its time on: none in advance, one for each context.
    "--renderer-process-limit=1",
    "--disable-features=SpareRendererForSitePerProcess",
]


def on_machine() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def find() -> str | None:
    return os.environ.get("CHROMIUM") or on_machine() or playwrights_own()


def _install() -> None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        command = ["apt-get", "install", "-qq", "--yes", "--no-install-recommends", "chromium"]
        if subprocess.run(command, check=False, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"}).returncode == 0:
            return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def main() -> int:
    if find():
        return 0
    print("Installing Chromium for the browser tests …", flush=True)
    _install()
    if find():
        return 0
    print("No Chromium was found or could be installed: the browser tests cannot run.", file=sys.stderr)
    return 1 if os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main())
