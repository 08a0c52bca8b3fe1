from django.urls import path

from worktime import views

app_name = "worktime"

urlpatterns = [
    path("kalender/", views.calendar, name="calendar"),
    path("kalender/ubah/", views.edit, name="edit"),
    path("kalender/terbitkan/", views.publish, name="publish"),
    path("kalender/usulan/<int:pk>/abaikan/", views.dismiss, name="dismiss"),
]
