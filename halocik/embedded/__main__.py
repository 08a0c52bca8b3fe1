"""`python -m halocik.embedded`: run, exec, where."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType

from halocik.embedded.engines import SERVERS, running
from halocik.embedded.errors import EngineError
from halocik.embedded.places import database_url, place, redis_url, temporary_place
from halocik.embedded.processes import end_with_parent


def _run() -> int:
    """Supervises until a signal asks it to end, or until a server ends by itself (then 1).

    What DATABASE_URL or REDIS_URL names already is not run.
    """
    end_with_parent()
    wanted = False

    def ask(signal_number: int, frame: FrameType | None) -> None:
        nonlocal wanted
        wanted = True

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    given = {"postgres": os.environ.get("DATABASE_URL"), "redis": os.environ.get("REDIS_URL")}
    servers = [name for name in SERVERS if not given[name]]
    if not servers:
        raise EngineError("DATABASE_URL and REDIS_URL are set: there is no engine to run.")
    with running(place(), servers) as engines:
        print(f"{' and '.join(servers)} ready in {engines.place.home}", flush=True)
        while not wanted:
            if name := engines.ended():
                print(f"{name} ended by itself.", file=sys.stderr, flush=True)
                return 1
            time.sleep(0.2)
    return 0


def _exec(command: list[str], *, temporary: bool) -> int:
    """Runs the command beside the engines; they are gone when it has ended, temporary ones with their data."""
    end_with_parent()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    where = temporary_place() if temporary else place()
    try:
        with running(where):
            environment = os.environ | {"DATABASE_URL": where.database_url, "REDIS_URL": where.redis_url}
            return subprocess.run(command, env=environment, check=False).returncode
    finally:
        if temporary:
            shutil.rmtree(where.home, ignore_errors=True)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m halocik.embedded", description="PostgreSQL 18 and Redis from their wheels, in the foreground"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="run both engines until Ctrl-C")
    commands.add_parser("where", help="print the two addresses")
    execute = commands.add_parser("exec", help="run a command beside the engines")
    execute.add_argument("--temporary", action="store_true", help="with engines and data of its own, thrown away after")
    execute.add_argument("words", nargs=argparse.REMAINDER, metavar="-- COMMAND …")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "run":
            return _run()
        if chosen.command == "exec":
            words = chosen.words[1:] if chosen.words[:1] == ["--"] else chosen.words
            return _exec(words, temporary=chosen.temporary)
    except EngineError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(f"DATABASE_URL={database_url()}\nREDIS_URL={redis_url()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
