"""Home, SOP, dashboards (namespace `dashboard`)."""

from django.urls import path

from dashboard import home, sop

app_name = "dashboard"

urlpatterns = [
    path("", home.home, name="home"),
    path("sop/", sop.sop, name="sop"),
]
