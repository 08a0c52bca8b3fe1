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

from halocik.embedded.engines import SERVERS, Engines, running
from halocik.embedded.errors import EngineError
from halocik.embedded.places import (
    DATABASE,
    OUTSIDE,
    PORT,
    PROJECT,
    ROLE,
    Place,
    database_url,
    place,
    redis_url,
    temporary_place,
)
from halocik.embedded.processes import end_with_parent
from halocik.embedded.wheels import MAJOR

__all__ = [
    "DATABASE",
    "MAJOR",
    "OUTSIDE",
    "PORT",
    "PROJECT",
    "ROLE",
    "SERVERS",
    "EngineError",
    "Engines",
    "Place",
    "database_url",
    "end_with_parent",
    "place",
    "redis_url",
    "running",
    "temporary_place",
]
