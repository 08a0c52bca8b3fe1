"""Home, SOP, dashboards (namespace `dashboard`)."""

from django.urls import path

from dashboard import sop

app_name = "dashboard"

urlpatterns = [
    path("sop/", sop.sop, name="sop"),
]
