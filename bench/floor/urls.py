"""The floor's addresses."""

from django.contrib.auth.views import LoginView
from django.urls import path

from bench.floor import views

urlpatterns = [
    path("", views.constant, name="constant"),
    path("login/", LoginView.as_view(template_name="floor/note.html"), name="login"),
    path("things/", views.things, name="list"),
    path("things/<int:state>/", views.things, name="of-state"),
    path("note/", views.note, name="note"),
]
