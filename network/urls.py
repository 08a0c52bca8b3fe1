from django.urls import path

from network import views

app_name = "network"

urlpatterns = [
    path("perangkat/", views.device_list, name="device-list"),
    path("perangkat/baru/", views.device_create, name="device-create"),
    path("perangkat/<int:pk>/", views.device_detail, name="device-detail"),
    path("perangkat/<int:pk>/ubah/", views.device_edit, name="device-edit"),
    path("perangkat/<int:pk>/hapus-dari-layanan/", views.device_decommission, name="device-decommission"),
    path("jaringan/", views.subnet_list, name="subnet-list"),
    path("jaringan/baru/", views.subnet_create, name="subnet-create"),
    path("jaringan/<int:pk>/", views.subnet_detail, name="subnet-detail"),
    path("jaringan/<int:pk>/ubah/", views.subnet_edit, name="subnet-edit"),
    path("jaringan/grup/", views.workgroup_list, name="workgroup-list"),
    path("jaringan/grup/baru/", views.workgroup_create, name="workgroup-create"),
]
