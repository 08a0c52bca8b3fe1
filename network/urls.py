from django.urls import path

from network.views import devices, imports, labels, reality, subnets, trails

app_name = "network"

urlpatterns = [
    path("perangkat/", devices.device_list, name="device-list"),
    path("perangkat/baru/", devices.device_create, name="device-create"),
    path("perangkat/label/", labels.device_labels, name="device-labels"),
    path("perangkat/<int:pk>/", devices.device_detail, name="device-detail"),
    path("perangkat/<int:pk>/label/", labels.device_label, name="device-label"),
    path("perangkat/<int:pk>/ubah/", devices.device_edit, name="device-edit"),
    path("perangkat/<int:pk>/catatan/", devices.device_record, name="device-record"),
    path("perangkat/<int:pk>/catatan/usulan/", devices.device_proposal, name="device-proposal"),
    path("perangkat/<int:pk>/jejak/", trails.device_trail, name="device-trail"),
    path("perangkat/<int:pk>/periksa/", reality.device_check, name="device-check"),
    path("perangkat/<int:pk>/hapus-dari-layanan/", devices.device_decommission, name="device-decommission"),
    path("jaringan/", subnets.subnet_list, name="subnet-list"),
    path("jaringan/cari/", subnets.lookup, name="lookup"),
    path("jaringan/selisih/", reality.drift_list, name="drift"),
    path("jaringan/selisih/<int:pk>/periksa/", reality.observation_check, name="observation-check"),
    path("jaringan/baru/", subnets.subnet_create, name="subnet-create"),
    path("jaringan/impor/", imports.upload, name="import"),
    path("jaringan/impor/<int:pk>/", imports.preview, name="import-preview"),
    path("jaringan/impor/<int:pk>/simpan/", imports.commit, name="import-commit"),
    path("jaringan/impor/contoh.<str:form>", imports.example, name="import-example"),
    path("jaringan/ekspor/", imports.export, name="export"),
    path("jaringan/<int:pk>/", subnets.subnet_detail, name="subnet-detail"),
    path("jaringan/<int:pk>/ubah/", subnets.subnet_edit, name="subnet-edit"),
    path("jaringan/<int:pk>/periksa/", reality.subnet_check, name="subnet-check"),
    path("jaringan/<int:pk>/jejak/", trails.subnet_trail, name="subnet-trail"),
    path("jaringan/grup/", subnets.workgroup_list, name="workgroup-list"),
    path("jaringan/grup/baru/", subnets.workgroup_create, name="workgroup-create"),
]
