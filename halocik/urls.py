"""All addresses, under the path that the reverse proxy serves the application at."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from halocik import views

rooms: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("", include("accounts.urls")),
    path("", include("jobs.urls")),
    path("", include("tickets.urls")),
    path("", include("network.urls")),
    path("", include("worktime.urls")),
    path("", include("dashboard.urls")),
]

urlpatterns = [path(settings.BASE_PATH, include(rooms))]
handler500 = "halocik.views.server_error"
