"""Home, SOP, dashboards (namespace `dashboard`)."""

from django.urls import path

from dashboard import board, displays, home, mine, report_views, revisions, satisfaction_page, sla, sop, wall

app_name = "dashboard"

urlpatterns = [
    path("", home.home, name="home"),
    path("dasbor/", sla.sla, name="sla"),
    path("dasbor/saya/", mine.mine, name="mine"),
    path("dasbor/papan/", board.board, name="board"),
    path("dasbor/layar/", displays.displays, name="displays"),
    path("dasbor/layar/<int:pk>/cabut/", displays.revoke, name="display-revoke"),
    path("dasbor/layar/<slug:token>/", wall.wall, name="wall"),
    path("dasbor/kepuasan/", satisfaction_page.satisfaction, name="satisfaction"),
    path("sop/", sop.sop, name="sop"),
    path("sop/revisi/baru/", revisions.new, name="sop-revision-new"),
    path("sop/revisi/<int:revision_id>/", sop.sop, name="sop-revision"),
    path("laporan/", report_views.report_list, name="reports"),
    path("laporan/ekspor/", report_views.export, name="export"),
    path("laporan/buat/", report_views.make, name="report-make"),
    path("laporan/<str:month>.<str:format>", report_views.download, name="report-file"),
]
