"""The whole settings file, read under one environment or another."""

import os
import re
import runpy
import subprocess
import sys
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.engines import ROOT

KEY = "a-key-of-its-own-that-is-long-enough-0123456789-0123456789"
PRODUCTION = {
    "PRODUCTION": "1",
    "SECRET_KEY": KEY,
    "TRUSTED_PROXIES": "1",
    "PUBLIC_BASE_URL": "https://helpdesk.example/halocik/",
    "ALLOWED_HOSTS": "helpdesk.example",
}


def read(environment: dict[str, str]) -> SimpleNamespace:
    """What the file sets when it is read under this environment alone."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "DATABASE_URL", "REDIS_URL") if name in os.environ}
    with patch.dict(os.environ, kept | environment, clear=True):
        return SimpleNamespace(**runpy.run_path(str(ROOT / "halocik" / "settings.py")))


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
    with pytest.raises(ImproperlyConfigured, match=re.escape(sentence)):
        read(PRODUCTION | changed)


def test_the_sentence_is_the_last_word_of_a_process_that_does_not_start() -> None:
    environment = os.environ | PRODUCTION | {"DEMO": "1"}
    command = [sys.executable, "-c", "import halocik.settings"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "PRODUCTION=1 refuses to start beside DEMO=1" in done.stderr.splitlines()[-1]


def test_production_settings_that_fit_start() -> None:
    settings = read(PRODUCTION)
    assert (settings.SECURE_SSL_REDIRECT, settings.SESSION_COOKIE_SECURE) == (True, True)


def test_cookies_have_the_secure_prefix_and_the_application_path_over_https() -> None:
    settings = read(PRODUCTION)
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME):
        assert name.startswith("__Secure-")
    assert read(PRODUCTION | {"BASE_PATH": "bantuan"}).SESSION_COOKIE_PATH == "/bantuan/"


def test_the_host_root_is_a_path_too() -> None:
    settings = read({"BASE_PATH": "/"})
    assert (settings.STATIC_URL, settings.SESSION_COOKIE_PATH) == ("/static/", "/")


def test_engines_default_to_the_project_folder_without_being_started() -> None:
    assert read({"DATABASE_URL": ""}).DATABASES["default"]["HOST"].endswith("/run")


def test_a_task_ends_before_the_broker_hands_it_to_another_worker() -> None:
    settings = read({})
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"] > settings.CELERY_TASK_TIME_LIMIT
