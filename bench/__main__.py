"""Runs every `bench_*.py` beside this file, or those named, on the database of DATABASE_URL, which must be empty."""

import importlib
import os
import sys
import time
from pathlib import Path

import django
from django.core.management import call_command

HERE = Path(__file__).parent


def main(wanted: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "halocik.settings")
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    names = wanted or sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    kept = True
    for name in names:
        started = time.monotonic()
        print(f"== {name}", flush=True)
        for line in importlib.import_module(f"bench.bench_{name}").bench():
            print(f"   {line}", flush=True)
            kept = kept and line.kept
        print(f"   ({time.monotonic() - started:.0f} s)", flush=True)
    return 0 if kept else 1


sys.exit(main(sys.argv[1:]))
