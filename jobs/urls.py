from django.urls import path

from jobs import views

app_name = "jobs"

urlpatterns = [
    path("pekerjaan/", views.job_list, name="list"),
    path("pekerjaan/<int:pk>/", views.detail, name="detail"),
    path("pekerjaan/<int:pk>/kemajuan/", views.progress, name="progress"),
    path("pekerjaan/<int:pk>/batal/", views.cancel, name="cancel"),
    path("pekerjaan/<int:pk>/berkas/<uuid:name>/", views.file, name="file"),
]
