"""Folders, locks and process ids of engines that may have been killed, or belong to somebody else."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pwd
import stat
import subprocess
from pathlib import Path
from typing import IO

from halocik.embedded.errors import EngineError


def own_folder(folder: Path, uid: int) -> None:
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


def take_lock(path: Path) -> IO[str]:
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


def read_pid(path: Path) -> int | None:
    try:
        return int(path.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def is_server_of(pid: int, data: Path) -> bool:
    """Whether the process lives and is the server of this data folder: a process id alone may have been given anew."""
    command_line = Path(f"/proc/{pid}/cmdline")
    if Path("/proc/self").exists():
        with contextlib.suppress(OSError):
            return os.fsencode(data) in command_line.read_bytes().split(b"\0")
        return False
    listing = subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, check=False).stdout
    return os.fsencode(data) in listing
