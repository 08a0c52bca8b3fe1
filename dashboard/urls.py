"""Home, SOP, dashboards (namespace `dashboard`)."""

from django.urls import path

from dashboard import home, revisions, sop

app_name = "dashboard"

urlpatterns = [
    path("", home.home, name="home"),
    path("sop/", sop.sop, name="sop"),
    path("sop/revisi/baru/", revisions.new, name="sop-revision-new"),
    path("sop/revisi/<int:revision_id>/", sop.sop, name="sop-revision"),
]
