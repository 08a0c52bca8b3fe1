"""The engines from the wheels: where they live, and that they start and end whatever happened before."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg2
import pytest
import redis

from halocik import embedded
from tests.engines import ROOT

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can play other users")


@pytest.fixture
def where() -> Iterator[embedded.Place]:
    place = embedded.temporary_place()
    yield place
    shutil.rmtree(place.home, ignore_errors=True)


def ask(place: embedded.Place, statement: str, user: str = embedded.ROLE) -> object:
    connection = psycopg2.connect(host=str(place.sockets), port=embedded.PORT, user=user, dbname=embedded.DATABASE)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def wait_until_gone(pid: int, seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not Path(f"/proc/{pid}").exists() or "State:\tZ" in Path(f"/proc/{pid}/status").read_text():
            return True
        time.sleep(0.05)
    return False


# Where


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter."""
    place = embedded.temporary_place()
    place.home.chmod(0o755)
    if os.geteuid() == 0:
        os.chown(place.home, 0, 0)
    yield place.home
    shutil.rmtree(place.home, ignore_errors=True)


def test_the_addresses_are_functions_of_the_folder_and_start_nothing(open_folder: Path) -> None:
    assert embedded.database_url(open_folder) == embedded.database_url(open_folder)
    assert embedded.redis_url(open_folder) == embedded.redis_url(open_folder)
    assert list(open_folder.iterdir()) == []


def test_two_clones_have_different_addresses(open_folder: Path) -> None:
    one, two = open_folder / "one", open_folder / "two"
    one.mkdir()
    two.mkdir()
    assert embedded.database_url(one) != embedded.database_url(two)
    assert embedded.redis_url(one) != embedded.redis_url(two)


def test_engines_live_in_the_project_where_their_user_may_enter_it(open_folder: Path) -> None:
    place = embedded.place(open_folder)
    assert place.home == open_folder / "var" / "engines"
    assert place.sockets == place.home / "run"


def test_a_long_path_gets_a_short_folder_for_its_sockets(open_folder: Path) -> None:
    deep = open_folder / ("a" * 60) / ("b" * 60)
    deep.mkdir(parents=True)
    place = embedded.place(deep)
    assert place.home == deep / "var" / "engines"
    assert len(os.fsencode(place.sockets / ".s.PGSQL.5432")) < 100
    assert embedded.OUTSIDE in place.sockets.parents


@as_root
def test_a_project_that_the_engines_user_cannot_enter_has_them_outside(open_folder: Path) -> None:
    closed = open_folder / "closed"
    project = closed / "halocik"
    project.mkdir(parents=True)
    closed.chmod(0o700)
    place = embedded.place(project)
    assert place.home.parent == embedded.OUTSIDE
    assert place.uid == pwd.getpwnam("nobody").pw_uid


@as_root
def test_root_in_somebodys_folder_runs_the_engines_as_that_somebody(open_folder: Path) -> None:
    somebody = pwd.getpwnam("daemon").pw_uid
    os.chown(open_folder, somebody, -1)
    open_folder.chmod(0o700)
    place = embedded.place(open_folder)
    assert place.uid == somebody
    assert place.home == open_folder / "var" / "engines"


def test_an_address_with_odd_characters_survives_its_way_through_the_settings() -> None:
    place = embedded.Place(home=Path("/a"), sockets=Path("/with space/ü&%/run"), uid=1)
    query = parse_qs(urlsplit(place.database_url).query)
    assert query["host"] == ["/with space/ü&%/run"]


def test_the_address_names_its_port_or_a_client_would_take_that_of_its_environment() -> None:
    place = embedded.Place(home=Path("/a"), sockets=Path("/a/run"), uid=1)
    assert parse_qs(urlsplit(place.database_url).query)["port"] == ["5432"]


@pytest.fixture(scope="module")
def started() -> Iterator[embedded.Engines]:
    """For tests that look at engines and leave them. The environment speaks of other servers."""
    place = embedded.temporary_place()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PGPORT", "1")
        patch.setenv("PGHOST", "nowhere.invalid")
        engines = embedded.Engines(place)
        engines.start()
    yield engines
    engines.stop()
    shutil.rmtree(place.home, ignore_errors=True)


def test_engines_are_found_ready_whatever_the_environment_says_of_other_servers(
    started: embedded.Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("PGHOST", "nowhere.invalid")
    connection = psycopg2.connect(started.place.database_url)
    connection.close()


# Start, stop, start again


def test_engines_start_keep_their_data_and_leave_no_process(where: embedded.Place) -> None:
    with embedded.running(where) as engines:
        pids = [process.pid for process in (engines._postgres, engines._redis) if process]
        ask(where, "CREATE TABLE kept AS SELECT 42 AS answer")
        assert ask(where, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        assert ask(where, "SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user") is True
        assert ask(where, "SHOW listen_addresses") == ""
        with redis.Redis.from_url(where.redis_url) as client:
            assert client.ping()
    assert all(wait_until_gone(pid) for pid in pids)
    with embedded.running(where):
        assert ask(where, "SELECT answer FROM kept") == 42


@as_root
def test_root_gives_its_rights_up(started: embedded.Engines) -> None:
    for process in (started._postgres, started._redis):
        assert process is not None
        assert f"Uid:\t{started.place.uid}\t{started.place.uid}" in Path(f"/proc/{process.pid}/status").read_text()


def test_a_second_start_beside_the_first_is_refused_with_a_sentence(started: embedded.Engines) -> None:
    with pytest.raises(embedded.EngineError, match="already running"):
        embedded.Engines(started.place).start()


def test_what_a_killed_server_left_does_not_prevent_the_next_start(where: embedded.Place) -> None:
    where = replace(where, durable=True)
    engines = embedded.Engines(where)
    engines.start()
    assert engines._postgres is not None
    assert engines._redis is not None
    ask(where, "CREATE TABLE kept AS SELECT 42 AS answer")
    engines._postgres.kill()
    engines._redis.kill()
    engines._postgres.wait()
    assert engines.ended() == "PostgreSQL"
    engines.stop()
    assert (where.data / "postmaster.pid").exists()
    # The kernel may have given that process id to somebody else by now: to this very process, at the worst.
    pid_file = where.data / "postmaster.pid"
    pid_file.write_text("\n".join([str(os.getpid()), *pid_file.read_text().split("\n")[1:]]))
    with embedded.running(where):
        assert ask(where, "SELECT answer FROM kept") == 42


def test_an_initialisation_that_was_killed_is_begun_anew(where: embedded.Place) -> None:
    half = where.home / "postgres.unfinished"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with embedded.running(where, ["postgres"]):
        assert ask(where, "SELECT 1") == 1


def test_data_of_another_version_are_refused_with_a_sentence(where: embedded.Place) -> None:
    where.data.mkdir()
    (where.data / "PG_VERSION").write_text("15\n")
    with pytest.raises(embedded.EngineError, match="are of PostgreSQL 15, this version brings 18"):
        embedded.Engines(where).start()


@as_root
def test_a_folder_of_another_user_is_refused_with_a_sentence(where: embedded.Place) -> None:
    os.chown(where.home, pwd.getpwnam("daemon").pw_uid, -1)
    with pytest.raises(embedded.EngineError, match="belongs to daemon, but the engines run as nobody"):
        embedded.Engines(where).start()


def test_a_file_in_the_way_is_refused_with_a_sentence(where: embedded.Place) -> None:
    where.home.rmdir()
    where.home.write_text("")
    try:
        with pytest.raises(embedded.EngineError, match="is not a folder"):
            embedded.Engines(where).start()
    finally:
        where.home.unlink()


# As a command


EXEC = [sys.executable, "-m", "halocik.embedded", "exec", "--temporary", "--"]


def test_a_command_beside_temporary_engines_gets_their_addresses_and_its_status_is_kept() -> None:
    code = "import os, sys; print(os.environ['DATABASE_URL'], os.environ['REDIS_URL']); sys.exit(7)"
    done = subprocess.run([*EXEC, sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 7
    database, redis_address = done.stdout.split()
    assert database.startswith("postgres://halocik@/halocik?host=")
    home = Path(urlsplit(redis_address).path).parent.parent
    assert not home.exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs prctl")
def test_the_engines_end_when_their_parent_is_killed() -> None:
    code = "import os, time; print(os.getppid(), os.environ['REDIS_URL'], flush=True); time.sleep(60)"
    parent = subprocess.Popen([*EXEC, sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    with parent.stdout as output:
        words = output.readline().split()
    home = Path(urlsplit(words[1]).path).parent.parent
    postgres = int((home / "postgres" / "postmaster.pid").read_text().split()[0])
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert wait_until_gone(postgres)
    shutil.rmtree(home, ignore_errors=True)
