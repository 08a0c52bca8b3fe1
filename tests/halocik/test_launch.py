"""What stands before `make run`'s processes."""

import socket

import pytest

from halocik import launch


def test_a_taken_port_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        assert launch.main(["run"]) == 1
    assert f"Port {port} is taken" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["eighty", "-1", "70000"])
def test_a_port_that_is_none_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], port: str
) -> None:
    monkeypatch.setenv("PORT", port)
    assert launch.main(["run"]) == 1
    assert "port" in capsys.readouterr().err.lower()


def test_given_addresses_replace_the_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://x@y/z")
    monkeypatch.setenv("REDIS_URL", "redis://y")
    assert "engines" not in launch._processes()
    monkeypatch.delenv("REDIS_URL")
    assert "engines" in launch._processes()


def test_the_procfile_has_a_worker_for_each_queue() -> None:
    from halocik.heartbeat import queues

    assert set(queues()) <= set(launch._processes())


def test_the_address_follows_port_and_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "8123")
    monkeypatch.setenv("BASE_PATH", "/")
    assert launch._address() == "http://127.0.0.1:8123/"
