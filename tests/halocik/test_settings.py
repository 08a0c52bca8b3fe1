"""The whole settings file under one environment or another, each in a process of its own."""

import os
import subprocess
import sys

import pytest

from tests.engines import ROOT

KEY = "a-key-of-its-own-that-is-long-enough-0123456789-0123456789"
PRODUCTION = {
    "PRODUCTION": "1",
    "SECRET_KEY": KEY,
    "TRUSTED_PROXIES": "1",
    "PUBLIC_BASE_URL": "https://helpdesk.example/halocik/",
    "ALLOWED_HOSTS": "helpdesk.example",
}


def run(code: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "DATABASE_URL", "REDIS_URL") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=kept | environment, capture_output=True, text=True, check=False
    )


def show(expression: str, environment: dict[str, str]) -> str:
    done = run(f"from halocik import settings; print({expression})", environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"DEMO": "1"}, "PRODUCTION=1 refuses to start beside DEMO=1"),
        ({"DEBUG": "1"}, "PRODUCTION=1 refuses to start beside DEMO=1 or DEBUG=1"),
        ({"SECRET_KEY": ""}, "needs a SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "needs a SECRET_KEY"),
        ({"TRUSTED_PROXIES": "0"}, "HTTPS=1 needs TRUSTED_PROXIES=1"),
        ({"PUBLIC_BASE_URL": "http://helpdesk.example/"}, "PUBLIC_BASE_URL must start with https://"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"EMAIL_USE_TLS": "1", "EMAIL_USE_SSL": "1"}, "exclude each other"),
        ({"EMAIL_PORT": "70000"}, "EMAIL_PORT must be between 1 and 65535"),
        ({"EMAIL_HOST_PASSWORD": "x"}, "EMAIL_HOST_USER and EMAIL_HOST_PASSWORD go together"),
        ({"EMAIL_HOST": "smtp://mail.example"}, "EMAIL_HOST must be a host name"),
        ({"DEFAULT_FROM_EMAIL": "HaloCIK"}, "DEFAULT_FROM_EMAIL must be a mail address"),
        ({"TRUSTED_PROXIES": "two"}, "TRUSTED_PROXIES must be a whole number"),
        ({"ADDRESS_COOLING_DAYS": "a week"}, "ADDRESS_COOLING_DAYS must be a whole number, 0 to 3650"),
        ({"ADDRESS_COOLING_DAYS": "99999"}, "ADDRESS_COOLING_DAYS must be a whole number, 0 to 3650"),
        ({"DATABASE_URL": "sqlite:///x"}, "DATABASE_URL must be a PostgreSQL address"),
        ({"REDIS_URL": "amqp://x"}, "REDIS_URL must be a Redis address"),
        ({"LOG_LEVEL": "chatty"}, "LOG_LEVEL must be one of"),
        ({"BASE_PATH": "a//b c"}, "BASE_PATH must be a path"),
    ],
)
def test_production_settings_that_contradict_stop_the_start_with_a_sentence(
    changed: dict[str, str], sentence: str
) -> None:
    done = run("import halocik.settings", PRODUCTION | changed)
    assert done.returncode != 0
    assert sentence in done.stderr.splitlines()[-1]


def test_production_settings_that_fit_start() -> None:
    assert show("settings.SECURE_SSL_REDIRECT, settings.SESSION_COOKIE_SECURE", PRODUCTION) == "True True"


def test_cookies_have_the_secure_prefix_and_the_application_path_over_https() -> None:
    names = show("settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME", PRODUCTION)
    assert names.count("__Secure-") == 3
    assert show("settings.SESSION_COOKIE_PATH", PRODUCTION | {"BASE_PATH": "bantuan"}) == "/bantuan/"


def test_the_host_root_is_a_path_too() -> None:
    got = show("settings.STATIC_URL, settings.SESSION_COOKIE_PATH", {"BASE_PATH": "/"})
    assert got == "/static/ /"


def test_engines_default_to_the_project_folder_without_being_started() -> None:
    done = run("from halocik import settings; print(settings.DATABASES['default']['HOST'])", {"DATABASE_URL": ""})
    assert done.stdout.strip().endswith("/run")


def test_a_task_ends_before_the_broker_hands_it_to_another_worker() -> None:
    got = show("settings.CELERY_TASK_TIME_LIMIT, settings.CELERY_BROKER_TRANSPORT_OPTIONS['visibility_timeout']", {})
    limit, visibility = (int(part) for part in got.split())
    assert limit < visibility
