"""The two servers as children of this process."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import IO

from halocik.embedded.errors import EngineError
from halocik.embedded.folders import is_server_of, own_folder, read_pid, take_lock
from halocik.embedded.places import DATABASE, PORT, ROLE, SOCKET, Place
from halocik.embedded.processes import become
from halocik.embedded.wheels import MAJOR, Binaries, binaries

SERVERS = ("postgres", "redis")


class Engines:
    """The servers as children of this process: `start()`, then `stop()`; used by one thread."""

    def __init__(self, place: Place, servers: Collection[str] = SERVERS) -> None:
        self.place = place
        self.servers = frozenset(servers)
        self._lock: IO[str] | None = None
        self._postgres: subprocess.Popen[bytes] | None = None
        self._redis: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Raises EngineError with a sentence; leaves nothing running then."""
        try:
            self._prepare()
            if "postgres" in self.servers:
                self._start_postgres()
            if "redis" in self.servers:
                self._start_redis()
            self._await_ready()
        except BaseException:
            self.stop()
            raise

    def stop(self, patience: float = 3.0) -> None:
        """Lets clients finish for `patience` seconds, then disconnects them; both servers end cleanly."""
        for process, gentle, firm in (
            (self._postgres, signal.SIGTERM, signal.SIGINT),
            (self._redis, signal.SIGTERM, signal.SIGKILL),
        ):
            if process is None:
                continue
            for signal_number, seconds in ((gentle, patience), (firm, 10.0), (signal.SIGKILL, 10.0)):
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.send_signal(signal_number)
                    process.wait(seconds)
                    break
        self._postgres = self._redis = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def ended(self) -> str | None:
        """The name of a server that is no longer running."""
        for name, process in (("PostgreSQL", self._postgres), ("Redis", self._redis)):
            if process is not None and process.poll() is not None:
                return name
        return None

    # Folders

    def _prepare(self) -> None:
        try:
            own_folder(self.place.home, self.place.uid)
            own_folder(self.place.sockets.parent, self.place.uid)
            own_folder(self.place.sockets, self.place.uid)
            own_folder(self.place.home / "redis", self.place.uid)
            self._lock = take_lock(self.place.home / "lock")
        except PermissionError as error:
            raise EngineError(
                f"This user may not write to {error.filename}. Another user (root?) has started HaloCIK in this folder "
                f"before: start it as that user, or remove {self.place.home} (this deletes its data)."
            ) from error
        self._clear_leftovers()

    def _clear_leftovers(self) -> None:
        """What a killed server left: waits for one that is still ending, removes files that would refuse the start."""
        pid_file = self.place.data / "postmaster.pid"
        deadline = time.monotonic() + 15
        while (pid := read_pid(pid_file)) and is_server_of(pid, self.place.data):
            if time.monotonic() > deadline:
                raise EngineError(f"PostgreSQL is already running on {self.place.data} (process {pid}).")
            time.sleep(0.1)
        for leftover in (
            pid_file,
            self.place.sockets / SOCKET,
            self.place.sockets / f"{SOCKET}.lock",
            self.place.redis_socket,
        ):
            leftover.unlink(missing_ok=True)

    # PostgreSQL

    def _start_postgres(self) -> None:
        wheels = binaries(self.place)
        if not self.place.data.exists():
            self._initialise(wheels)
        found = (self.place.data / "PG_VERSION").read_text().strip()
        if found != str(MAJOR):
            raise EngineError(
                f"The data in {self.place.data} are of PostgreSQL {found}, this version brings {MAJOR}: "
                "move that folder away, or dump and restore it with the old version."
            )
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.place.sockets),
            "unix_socket_permissions": "0700",
            "shared_buffers": "128MB",
            "max_connections": "100",
            "io_method": "sync",
            "max_wal_senders": "0",
            "wal_level": "minimal",
            "log_min_messages": "fatal",  # below it stand LOG and ERROR: refused rows are the application's business
            "log_line_prefix": "",
            "log_checkpoints": "off",
        }
        if not self.place.durable:
            settings |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "autovacuum": "off"}
        command = [str(wheels.postgres), "-D", str(self.place.data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        self._postgres = self._spawn(command)

    def _initialise(self, wheels: Binaries) -> None:
        """Makes the cluster beside its place and renames it: a start that is killed here leaves no half one."""
        unfinished = self.place.home / "postgres.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        command = [str(wheels.initdb), "-D", str(unfinished), "--username=postgres", "--auth=trust"]
        command += ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        command += ["--no-instructions"] + ([] if self.place.durable else ["--no-sync"])
        process = self._spawn(command, stdout=subprocess.PIPE)
        output = process.communicate()[0]
        if process.returncode:
            raise EngineError(f"PostgreSQL could not make its data folder:\n{output.decode(errors='replace').strip()}")
        self._create_role_and_database(wheels, unfinished)
        unfinished.rename(self.place.data)

    def _create_role_and_database(self, wheels: Binaries, data: Path) -> None:
        """In single-user mode, so that nobody can connect before they are there."""
        command = [str(wheels.postgres), "--single", "-D", str(data), "-c", "log_min_messages=fatal", "postgres"]
        process = self._spawn(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        statements = (
            f"CREATE ROLE {ROLE} LOGIN CREATEDB NOSUPERUSER;",
            f"CREATE DATABASE {DATABASE} OWNER {ROLE};",
        )
        output = process.communicate("\n".join(statements).encode() + b"\n")[0]
        if process.returncode or b"ERROR" in output:
            raise EngineError(f"PostgreSQL could not make its database:\n{output.decode(errors='replace').strip()}")

    # Redis: a doorbell only, so nothing of it is kept on disk.

    def _start_redis(self) -> None:
        command = [str(binaries(self.place).redis), "--port", "0", "--unixsocket", str(self.place.redis_socket)]
        command += ["--unixsocketperm", "700", "--dir", str(self.place.home / "redis"), "--save", ""]
        command += [
            "--appendonly",
            "no",
            "--daemonize",
            "no",
            "--loglevel",
            "warning",
            "--logfile",
            str(self.redis_log),
        ]
        self._redis = self._spawn(command)

    @property
    def redis_log(self) -> Path:
        return self.place.home / "redis" / "log"

    # Processes

    def _spawn(
        self, command: Sequence[str], stdin: int = subprocess.DEVNULL, stdout: int | None = None
    ) -> subprocess.Popen[bytes]:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        return subprocess.Popen(
            command,
            cwd=self.place.home,
            env=environment | {"LC_ALL": "C.UTF-8", "TZ": "UTC"},
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.STDOUT if stdout else None,
            umask=0o077,
            preexec_fn=become(self.place.uid),
        )

    def _ask(self) -> None:
        """Raises what the drivers raise while a server does not answer yet."""
        import psycopg2
        import redis

        if "postgres" in self.servers:
            psycopg2.connect(host=str(self.place.sockets), port=PORT, user="postgres", dbname="postgres").close()
        if "redis" in self.servers:
            with contextlib.closing(
                redis.Redis(unix_socket_path=str(self.place.redis_socket), socket_timeout=2)
            ) as client:
                client.ping()

    def _await_ready(self, seconds: float = 60.0) -> None:
        import psycopg2
        import redis

        deadline = time.monotonic() + seconds
        while True:
            if name := self.ended():
                raise EngineError(f"{name} did not start; its words stand above or in {self.redis_log}.")
            try:
                self._ask()
            except (psycopg2.OperationalError, redis.RedisError) as error:
                if time.monotonic() > deadline:
                    raise EngineError(f"The engines are not ready after {seconds:.0f} s: {error}") from error
                time.sleep(0.05)
            else:
                return


@contextlib.contextmanager
def running(place: Place, servers: Collection[str] = SERVERS) -> Iterator[Engines]:
    """The engines for the length of a `with` block."""
    engines = Engines(place, servers)
    engines.start()
    try:
        yield engines
    finally:
        engines.stop()
