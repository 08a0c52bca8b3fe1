"""Where the engines of a project's folder live, and as whom they run."""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

PROJECT = Path(__file__).resolve().parent.parent.parent
OUTSIDE = Path("/var/tmp")  # noqa: S108 - only <OUTSIDE>/halocik-<hash>, whose owner and mode are checked
ROLE = DATABASE = "halocik"
# Named in every address: a client that is told none takes PGPORT from its environment.
PORT = 5432
SOCKET = f".s.PGSQL.{PORT}"
_LONGEST_SOCKET = 100  # bytes; the kernel's limit is 108 on Linux, 104 on macOS


@dataclass(frozen=True)
class Place:
    """Where one pair of engines lives. `uid` is the user they run as when root starts them."""

    home: Path
    sockets: Path
    uid: int
    durable: bool = True

    @property
    def database_url(self) -> str:
        return f"postgres://{ROLE}@/{DATABASE}?host={quote(str(self.sockets), safe='')}&port={PORT}"

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
    home = inside if can_enter(uid, project) else outside
    fits = len(os.fsencode(home / "run" / SOCKET)) < _LONGEST_SOCKET
    return Place(home=home, sockets=(home if fits else outside) / "run", uid=uid)


def temporary_place(parent: Path = OUTSIDE) -> Place:
    """A private folder for engines that are thrown away; the caller removes `home`."""
    home = Path(tempfile.mkdtemp(prefix="halocik-", dir=parent))
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


def can_enter(uid: int, folder: Path) -> bool:
    """By the mode bits of the folder and all above it; access lists are not looked at."""
    for part in (folder, *folder.parents):
        status = part.stat()
        bit = stat.S_IXUSR if status.st_uid == uid else stat.S_IXOTH
        if not status.st_mode & bit:
            return False
    return True
