"""What gunicorn serves."""

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_HEADERS: Final = [
    ("Content-Type", "text/plain"),
    ("Cache-Control", "no-store, private"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("X-Content-Type-Options", "nosniff"),
]


def is_legible(content_type: str) -> bool:
    """Whether the body is said to be UTF-8, if the charset is named at all.

    Django decodes by any codec that Python knows: "hex" fails, before any middleware could answer, and
    "unicode_escape" makes halves of surrogate pairs. No browser sends anything but UTF-8 to a page in UTF-8.
    """
    try:
        _kind, parameters = parse_header_parameters(content_type)
    except (ValueError, LookupError):
        return False
    return parameters.get("charset", "utf-8").lower() in {"utf-8", "utf8"}


def guarded(inner: "WSGIApplication") -> "WSGIApplication":
    """`inner`, asked for nothing but what `is_legible`."""

    def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if is_legible(environ.get("CONTENT_TYPE", "")):
            return inner(environ, start_response)
        start_response("400 Bad Request", _HEADERS)
        return [b"Only UTF-8 is read here.\n"]

    return application


def refuse_demo_data() -> None:
    """Ends the process with a sentence; a database that does not answer, or is not migrated yet, holds no demo data."""
    from django.db import Error, connection

    from demo import guard

    try:
        guard.refuse_demo_data()
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    except Error:
        return
    finally:
        connection.close()  # a connection must not be inherited by gunicorn's workers


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "halocik.settings")
application = guarded(get_wsgi_application())
refuse_demo_data()
