"""Addresses below `tiket/`, `verifikasi/`, `uji/`, `perlengkapan/` and `pemberitahuan/`: one per intention."""

from typing import Final

from django.urls import include, path, register_converter

from tickets.views import (
    actions,
    attachments,
    bulk,
    calendars,
    documents,
    equipment,
    ledger,
    links,
    lists,
    measuring,
    notice_settings,
    notices,
    rating,
    records,
    saved,
    submission,
    ticket,
)
from tickets.workflow import Action


class NumberConverter:
    """A ticket number, as HC-2026-000123."""

    regex = r"HC-[0-9]{4}-[0-9]{6,9}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(NumberConverter, "number")

SLUGS: Final = {
    Action.APPROVE: "setujui",
    Action.REJECT: "tolak",
    Action.CANCEL: "batalkan",
    Action.ACCEPT: "terima",
    Action.DECLINE: "kembalikan",
    Action.REASSIGN: "alihkan",
    Action.IDENTIFY: "identifikasi",
    Action.COMPLETE_WORK: "selesaikan-pekerjaan",
    Action.PASS_TEST: "lulus-uji",
    Action.FAIL_TEST: "gagal-uji",
    Action.FINISH: "selesai",
    Action.REOPEN: "buka-lagi",
    Action.HOLD: "tunda",
    Action.RESUME: "lanjutkan",
    Action.CHANGE_PRIORITY: "prioritas",
    Action.COMMENT: "komentar",
}

app_name = "tickets"
_patterns = [
    path("", lists.ticket_list, name="list"),
    path("massal/", bulk.bulk, name="bulk"),
    path("massal/<uuid:act>/", bulk.result, name="bulk-result"),
    path("tampilan/", saved.views, name="views"),
    path("tampilan/simpan/", saved.save, name="view-save"),
    path("tampilan/<int:pk>/ubah/", saved.change, name="view-change"),
    path("tampilan/<int:pk>/hapus/", saved.delete, name="view-delete"),
    path("tampilan/<int:pk>/utama/", saved.make_default, name="view-default"),
    path("kolom/", saved.choose_columns, name="columns"),
    path("unduh.csv", saved.as_csv, name="csv"),
    path("baru/", submission.create, name="create"),
    path("perangkat/<int:device_id>/", lists.of_device, name="of-device"),
    path("catatan-jaringan/", records.of_records, name="of-records"),
    path("kalender-lama/", calendars.older, name="older-calendars"),
    path("kalender-lama/ringkas/", calendars.effect, name="calendar-effect"),
    path("<number:number>/", ticket.detail, name="detail"),
    path("<number:number>/bagian/", ticket.fragment, name="fragment"),
    path("<number:number>/catatan-jaringan/", ticket.record, name="record"),
    path("<number:number>/perhitungan/<int:run>/", ledger.detail, name="ledger"),
    path("<number:number>/lampiran/<uuid:name>/", attachments.download, name="attachment"),
    path("<number:number>/penilaian/", rating.rating, name="rating"),
    path("<number:number>/penilaian/survei/", rating.survey, name="survey"),
    path("<number:number>/tautan-uji/", links.renew, name="measuring-link"),
    path("<number:number>/tautan-uji/cabut/", links.revoke, name="measuring-link-revoke"),
    path("<number:number>/dokumen/", documents.document_list, name="documents"),
    path("<number:number>/dokumen/<uuid:name>/", documents.download, name="document"),
    *(path(f"<number:number>/{slug}/", actions.view_of(action), name=action.value) for action, slug in SLUGS.items()),
]
_measuring = [
    path("", measuring.find, name="measure-any"),
    path("<slug:token>/", measuring.page, name="measure"),
    path("<slug:token>/jawab/", measuring.answer, name="measure-answer"),
    path("<slug:token>/unduh/", measuring.download, name="measure-download"),
    path("<slug:token>/unggah/", measuring.upload, name="measure-upload"),
    path("<slug:token>/hasil/", measuring.keep, name="measure-keep"),
]
_notices = [
    path("", notices.notices, name="notices"),
    path("lonceng/", notices.bell, name="bell"),
    path("dibaca/", notices.read_all, name="notices-read"),
    path("<int:pk>/buka/", notices.open_notice, name="notice-open"),
    path("tidak-terkirim/", notices.undelivered, name="undelivered"),
    path("tidak-terkirim/kirim-lagi/", notices.send_again, name="undelivered-again"),
]
_equipment = [
    path("", equipment.equipment_list, name="equipment-list"),
    path("<int:pk>/", equipment.equipment, name="equipment"),
    path("<int:pk>/terima/", equipment.receive, name="stock-receive"),
    path("<int:pk>/koreksi/", equipment.correct, name="stock-correct"),
]
_wishes = [
    path("", notice_settings.preferences, name="notice-preferences"),
    path("obrolan/", notice_settings.add_address, name="chat-add"),
    path("obrolan/<int:pk>/hapus/", notice_settings.remove_address, name="chat-remove"),
    path("obrolan/<int:pk>/coba/", notice_settings.try_address, name="chat-test"),
]
urlpatterns = [
    path("tiket/", include(_patterns)),
    path("verifikasi/", documents.verify_any, name="verify-any"),
    path("verifikasi/<slug:code>/", documents.verify, name="verify"),
    path("uji/", include(_measuring)),
    path("perlengkapan/", include(_equipment)),
    path("pemberitahuan/", include(_notices)),
    path("akun/pemberitahuan/", include(_wishes)),
]
