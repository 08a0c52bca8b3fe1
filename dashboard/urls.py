"""Home, SOP, dashboards (namespace `dashboard`)."""

from django.urls import path

from dashboard import board, displays, home, revisions, satisfaction_page, sop, wall

app_name = "dashboard"

urlpatterns = [
    path("", home.home, name="home"),
    path("dasbor/papan/", board.board, name="board"),
    path("dasbor/layar/", displays.displays, name="displays"),
    path("dasbor/layar/<int:pk>/cabut/", displays.revoke, name="display-revoke"),
    path("dasbor/layar/<slug:token>/", wall.wall, name="wall"),
    path("dasbor/kepuasan/", satisfaction_page.satisfaction, name="satisfaction"),
    path("sop/", sop.sop, name="sop"),
    path("sop/revisi/baru/", revisions.new, name="sop-revision-new"),
    path("sop/revisi/<int:revision_id>/", sop.sop, name="sop-revision"),
]
