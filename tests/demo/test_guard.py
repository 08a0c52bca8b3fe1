"""Demo data beside production settings."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from pytest_django import Settings

from demo.guard import MAIL_DOMAIN, refuse_demo_data
from tests.engines import ROOT
from tests.factories import UserFactory


@pytest.mark.django_db
def test_demo_people_are_refused_beside_production_settings_alone(settings: Settings) -> None:
    UserFactory(email=f"pegawai{MAIL_DOMAIN}")
    settings.PRODUCTION = False
    refuse_demo_data()
    settings.PRODUCTION = True
    with pytest.raises(ImproperlyConfigured, match="refuses to start on a database with demo data"):
        refuse_demo_data()


@pytest.mark.django_db
def test_an_office_of_real_people_starts(settings: Settings) -> None:
    UserFactory(email="rini@bps.go.id")
    settings.PRODUCTION = True
    refuse_demo_data()


def load_as_gunicorn_does(database: str) -> subprocess.CompletedProcess[str]:
    production = {
        "PRODUCTION": "1", "TRUSTED_PROXIES": "1", "ALLOWED_HOSTS": "helpdesk.example",
        "PUBLIC_BASE_URL": "https://helpdesk.example/halocik/", "SECRET_KEY": "x1" * 30, "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "halocik.settings",
    }  # fmt: skip
    command = [sys.executable, "-W", "ignore", "-c", "import halocik.wsgi"]
    environment = os.environ | production
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.usefixtures("committed_db")
def test_the_server_does_not_start_on_demo_data_and_says_why_in_a_sentence() -> None:
    address = connection.settings_dict
    place = f"host={address['HOST']}&port={address['PORT']}"
    database = f"postgres://{address['USER']}:{address['PASSWORD']}@/{address['NAME']}?{place}"
    started = load_as_gunicorn_does(database)
    assert (started.returncode, started.stderr) == (0, "")
    UserFactory(email=f"pegawai{MAIL_DOMAIN}")
    refused = load_as_gunicorn_does(database)
    assert refused.returncode == 1
    assert "refuses to start on a database with demo data" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_database_that_is_away_keeps_no_server_from_starting() -> None:
    started = load_as_gunicorn_does("postgres://nobody@/nothing?host=/nowhere&port=1")
    assert started.returncode == 0
