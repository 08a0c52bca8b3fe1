"""What each figure of the dashboard means, in one sentence or two; docs/figures.md names what computes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Definition:
    title: str | Promise
    text: str | Promise


DEFINITIONS: Final[dict[str, Definition]] = {
    "on_time": Definition(
        _("Tiket tepat waktu"),
        _(
            "Dari tiket yang selesai, bagian yang waktu kerja bersihnya, dijumlahkan dari semua langkah, tidak melebihi"
            " jumlah standar terlama SOP. Persen dibulatkan ke bawah, jadi 100% berarti semuanya."
        ),
    ),
    "change": Definition(
        _("Perubahan"),
        _("Selisih persen tepat waktu dengan periode sebelumnya yang utuh, dalam poin."),
    ),
    "submitted": Definition(
        _("Diajukan"), _("Tiket yang diajukan dalam periode ini, apa pun kelanjutannya.")
    ),
    "done": Definition(
        _("Selesai"),
        _(
            "Tiket yang terakhir kali diselesaikan dalam periode ini dan masih berstatus selesai. Tiket yang dibuka"
            " lagi dihitung ketika selesai lagi."
        ),
    ),
    "dropped": Definition(
        _("Ditolak dan dibatalkan"), _("Tiket yang ditutup dalam periode ini tanpa diselesaikan.")
    ),
    "reopened": Definition(
        _("Dibuka lagi"), _("Berapa kali tiket yang sudah selesai dibuka lagi dalam periode ini.")
    ),
    "net": Definition(
        _("Waktu kerja bersih"),
        _("Waktu dalam jam kerja, tanpa istirahat, malam, akhir pekan, hari libur, dan tanpa penundaan."),
    ),
    "gross": Definition(
        _("Waktu seluruhnya"),
        _("Dari pengajuan sampai selesai menurut jam dinding: malam, hari libur, dan penundaan ikut dihitung."),
    ),
    "median": Definition(
        _("Median"),
        _("Setengah dari semuanya tidak lebih lama dari ini. Nilai yang benar-benar terjadi, bukan rata-rata."),
    ),
    "p90": Definition(_("Persentil 90"), _("Sembilan dari sepuluh tidak lebih lama dari ini.")),
    "step_on_time": Definition(
        _("Langkah tepat waktu"),
        _(
            "Dari pelaksanaan langkah yang berakhir dalam periode ini, bagian yang waktu kerja bersihnya tidak melebihi"
            " standar terlama. Langkah yang diulang dihitung setiap kali; yang terpotong tidak dihitung."
        ),
    ),
    "standard": Definition(
        _("Standar"),
        _(
            "Waktu kerja tersingkat dan terlama menurut SOP yang berlaku saat tiket diajukan. Bila SOP berganti, setiap"
            " standar punya baris sendiri."
        ),
    ),
    "too_fast": Definition(
        _("Lebih cepat dari standar"),
        _(
            "Pelaksanaan pertama yang selesai lebih cepat dari standar tersingkat, hanya pada langkah yang punya"
            " rentang. Ini keterangan, bukan kesalahan."
        ),
    ),
    "again": Definition(
        _("Diulang"), _("Pelaksanaan kedua atau lebih dari langkah yang sama pada satu tiket.")
    ),
    "spent": Definition(
        _("Ke mana waktu pergi"),
        _(
            "Rata-rata tiap pelaksanaan langkah dari mulai sampai berakhir: dikerjakan, ditunda dalam jam kerja, dan di"
            " luar jam kerja. Ketiganya berjumlah waktu seluruhnya."
        ),
    ),
    "first_tests": Definition(
        _("Lulus pada uji pertama"),
        _("Dari tiket yang diuji untuk pertama kali (percobaan pertama langkah 5), bagian yang langsung lulus."),
    ),
    "tests": Definition(_("Uji"), _("Semua tes langkah 5 yang berakhir dalam periode ini, lulus maupun gagal.")),
    "declined": Definition(
        _("Dikembalikan"), _("Berapa kali teknisi mengembalikan tugas kepada admin.")
    ),
    "cut_off": Definition(
        _("Terpotong"),
        _("Pelaksanaan langkah yang diakhiri pembatalan atau pengalihan. Tidak dihitung dalam ketepatan waktu."),
    ),
    "holds": Definition(
        _("Penundaan"),
        _("Penundaan yang dimulai dalam periode ini, menurut alasannya; lamanya menurut jam dinding."),
    ),
    "hours": Definition(
        _("Hari dan jam"), _("Tiket yang diajukan dalam periode ini, menurut hari dan jam pengajuannya.")
    ),
    "busiest": Definition(
        _("Teknisi dan unit"),
        _("Tiket selesai menurut teknisi terakhirnya dan menurut unit kerja pemohonnya."),
    ),
    "small": Definition(
        _("Sedikit data"), _("Kurang dari 20 yang dihitung: satu saja sudah mengubah persennya banyak.")
    ),
}  # fmt: skip
