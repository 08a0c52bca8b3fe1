"""All addresses, under the path that the reverse proxy serves the application at."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from halocik import views

_rooms: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
for _prefix, _room in (("", "accounts"), ("", "tickets"), ("", "network"), ("", "dashboard")):
    if find_spec(f"{_room}.urls"):  # until every room has its pages
        _rooms.append(path(_prefix, include(f"{_room}.urls")))

urlpatterns = [path(settings.BASE_PATH, include(_rooms))]
handler500 = "halocik.views.server_error"
