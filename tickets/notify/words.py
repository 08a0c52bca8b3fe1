"""What a message says. One row for each kind of event and each role: a headline, what happened, what is expected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_noop

from tickets.models import Role
from tickets.workflow import Action, Notice

DECIDE: Final = gettext_noop("Setujui dengan prioritas dan teknisi, atau tolak dengan alasan.")
_TAKE: Final = gettext_noop("Terima tugas ini, atau kembalikan dengan alasan.")
_LEAVE: Final = gettext_noop("Anda tidak perlu mengerjakannya lagi.")
_HURRY: Final = gettext_noop("Selesaikan langkah ini, atau tunda dengan alasan.")
_HELP: Final = gettext_noop("Tanyakan kepada teknisi apa yang menghambat, atau alihkan.")
_LOOK: Final = gettext_noop("Lanjutkan bila sudah bisa.")
_REPLY: Final = gettext_noop("Balas di halaman tiket bila perlu.")
_WAIT: Final = gettext_noop("Anda tidak perlu berbuat apa-apa; kami mengabari Anda bila ada perkembangan.")

_AGAIN: Final = (
    gettext_noop("Waktunya melihat lagi penundaan"),
    gettext_noop("Penundaan ini sudah sampai waktunya dilihat lagi: %(reason)s."),
    _LOOK,
)
_TWICE: Final = (
    gettext_noop("Terlambat dua kali waktu standar"),
    gettext_noop("Dua kali waktu standar langkah %(step)s sudah terpakai."),
)
_ENDED: Final = gettext_noop("Waktu standar langkah %(step)s sudah habis.")
_SOON: Final = (
    gettext_noop("Hampir jatuh tempo"),
    gettext_noop("80 persen waktu standar langkah %(step)s sudah terpakai."),
)
_REOPENED: Final = (gettext_noop("Tiket dibuka lagi"), gettext_noop("%(who)s membuka lagi tiket %(requester)s."))

#: Asked once a ticket, with one link for each answer.
RATE: Final = gettext_noop("Bagaimana layanan kami? Pilih satu; sesudah itu satu tekanan lagi untuk mengirimnya.")

#: (kind, role) → headline, what happened, what is expected of the reader.
WORDS: Final[Mapping[tuple[str, Role], tuple[str, str, str]]] = {
    (Action.SUBMIT, Role.REQUESTER): (
        gettext_noop("Tiket Anda kami terima"),
        gettext_noop("Permintaan Anda sudah tercatat dan menunggu persetujuan admin."),
        _WAIT,
    ),
    (Action.SUBMIT, Role.ADMIN): (
        gettext_noop("Tiket baru menunggu persetujuan"),
        gettext_noop("%(requester)s mengajukan permintaan."),
        DECIDE,
    ),
    (Action.APPROVE, Role.REQUESTER): (
        gettext_noop("Tiket Anda disetujui"),
        gettext_noop("%(chosen)s yang mengerjakannya. Perkiraan selesai: %(finish)s."),
        "",
    ),
    (Action.APPROVE, Role.TECHNICIAN): (
        gettext_noop("Tugas baru untuk Anda"),
        gettext_noop("%(who)s mengalokasikan tiket %(requester)s kepada Anda, prioritas %(priority)s."),
        _TAKE,
    ),
    (Action.REASSIGN, Role.REQUESTER): (
        gettext_noop("Teknisi tiket Anda diganti"),
        gettext_noop("Tiket Anda kini dikerjakan %(chosen)s."),
        "",
    ),
    (Action.REASSIGN, Role.TECHNICIAN): (
        gettext_noop("Tugas dialihkan kepada Anda"),
        gettext_noop("%(who)s mengalihkan tiket %(requester)s kepada Anda."),
        _TAKE,
    ),
    (Action.REASSIGN, Role.FORMER): (
        gettext_noop("Tugas Anda dialihkan"),
        gettext_noop("%(who)s mengalihkan tiket ini kepada %(chosen)s."),
        _LEAVE,
    ),
    (Action.REJECT, Role.REQUESTER): (
        gettext_noop("Tiket Anda ditolak"),
        gettext_noop("%(who)s menolak permintaan ini."),
        gettext_noop("Bila keadaannya berubah, silakan ajukan tiket baru."),
    ),
    (Action.REJECT, Role.TECHNICIAN): (
        gettext_noop("Tugas Anda ditolak"),
        gettext_noop("%(who)s menolak permintaan ini."),
        _LEAVE,
    ),
    (Action.CANCEL, Role.REQUESTER): (
        gettext_noop("Tiket Anda dibatalkan"),
        gettext_noop("%(who)s membatalkan tiket ini."),
        "",
    ),
    (Action.CANCEL, Role.TECHNICIAN): (
        gettext_noop("Tugas Anda dibatalkan"),
        gettext_noop("%(who)s membatalkan tiket ini."),
        _LEAVE,
    ),
    (Action.CANCEL, Role.ADMIN): (
        gettext_noop("Tiket dibatalkan"),
        gettext_noop("%(who)s membatalkan tiket ini."),
        "",
    ),
    (Action.ACCEPT, Role.REQUESTER): (
        gettext_noop("Teknisi menerima tiket Anda"),
        gettext_noop("%(who)s mulai mengerjakannya."),
        "",
    ),
    (Action.HOLD, Role.REQUESTER): (
        gettext_noop("Tiket Anda ditunda"),
        gettext_noop("%(who)s menundanya: %(reason)s. Dilihat lagi %(look_again)s."),
        "",
    ),
    (Action.RESUME, Role.REQUESTER): (
        gettext_noop("Tiket Anda dilanjutkan"),
        gettext_noop("%(who)s melanjutkan pekerjaannya."),
        "",
    ),
    (Action.DECLINE, Role.ADMIN): (
        gettext_noop("Tugas dikembalikan"),
        gettext_noop("%(who)s mengembalikan tiket %(requester)s."),
        gettext_noop("Pilih teknisi lain, atau tolak dengan alasan."),
    ),
    (Action.CHANGE_PRIORITY, Role.TECHNICIAN): (
        gettext_noop("Prioritas tugas Anda berubah"),
        gettext_noop("%(who)s mengubah prioritasnya menjadi %(priority)s."),
        "",
    ),
    (Action.FAIL_TEST, Role.REQUESTER): (
        gettext_noop("Uji koneksi belum berhasil"),
        gettext_noop("%(who)s memperbaikinya, lalu menguji lagi."),
        "",
    ),
    (Action.FINISH, Role.REQUESTER): (
        gettext_noop("Tiket Anda selesai"),
        gettext_noop("%(who)s menyelesaikan tiket ini."),
        gettext_noop("Bila masih ada masalah, buka lagi sampai %(until)s."),
    ),
    (Action.REOPEN, Role.TECHNICIAN): (
        *_REOPENED,
        gettext_noop("Lanjutkan dari langkah 4, Pelaksanaan."),
    ),
    (Action.REOPEN, Role.ADMIN): (*_REOPENED, ""),
    (Action.COMMENT, Role.REQUESTER): (
        gettext_noop("Komentar baru pada tiket Anda"),
        gettext_noop("%(who)s berkomentar."),
        _REPLY,
    ),
    (Action.COMMENT, Role.TECHNICIAN): (
        gettext_noop("Komentar baru pada tugas Anda"),
        gettext_noop("%(who)s berkomentar."),
        _REPLY,
    ),
    (Notice.WARNED, Role.TECHNICIAN): (*_SOON, _HURRY),
    (Notice.WARNED, Role.ADMIN): (*_SOON, DECIDE),
    (Notice.OVERDUE, Role.TECHNICIAN): (gettext_noop("Tugas Anda terlambat"), _ENDED, _HURRY),
    (Notice.OVERDUE, Role.ADMIN): (gettext_noop("Tiket terlambat"), _ENDED, _HELP),
    (Notice.ESCALATED, Role.ADMIN): (*_TWICE, _HELP),
    (Notice.ESCALATED, Role.SUPERVISOR): (*_TWICE, ""),
    (Notice.LOOK_AGAIN, Role.TECHNICIAN): _AGAIN,
    (Notice.LOOK_AGAIN, Role.HOLDER): _AGAIN,
}
