"""A measured line in the reader's words: what was found, and where it failed what to try."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tickets.measuring import checks


@dataclass(frozen=True)
class Told:
    """As templates/tickets/partials/measured.html takes it."""

    name: str
    outcome: str
    required: bool
    found: str
    advice: str

    @property
    def keeps_from_passing(self) -> bool:
        return self.required and self.outcome != "ok"


def told(lines: Iterable[Mapping[str, Any]]) -> list[Told]:
    """Those of `lines` that were measured; the technician's own have no figures."""
    return [_told(line) for line in lines if "figures" in line]


def _told(line: Mapping[str, Any]) -> Told:
    english = get_language() == "en"
    return Told(
        name=line["name_en" if english else "name"] or line["name"],
        outcome=line["outcome"],
        required=line["required"],
        found=_found(line["code"], line["figures"]),
        advice=_advice(line["code"], line["outcome"], line["figures"]),
    )


def _found(code: str, figures: Mapping[str, Any]) -> str:
    if code == checks.ADDRESS:
        return _address(figures["seen"], figures["planned"])
    if code == checks.ANSWERS:
        return _("%(answered)d dari %(asked)d permintaan terjawab") % figures
    if code == checks.TRIP:
        return _("%(median)s ms, naik turun %(jitter)s ms") % {
            name: number_format(figures[name], 1) for name in ("median", "jitter")
        }
    if code in (checks.DOWNLOAD, checks.UPLOAD):
        return f"{number_format(figures['mbps'], 1)} Mbps" if figures["mbps"] else _("tidak selesai")
    return urlsplit(str(figures["url"])).netloc


def _address(seen: str, planned: str) -> str:
    if not seen:
        return _("tidak diketahui")
    if not planned or seen == planned:
        return seen
    return _("%(seen)s; rencananya %(planned)s") % {"seen": seen, "planned": planned}


def _advice(code: str, outcome: str, figures: Mapping[str, Any]) -> str:
    if code == checks.ADDRESS and outcome == "skipped":
        return _(
            "Hanya informasi: server tidak melihat subnet ini secara langsung, jadi alamat yang tampak bisa milik "
            "router."
        )
    if outcome != "failed":
        return ""
    if code == checks.ADDRESS:
        return _(
            "Pastikan halaman ini dibuka di PC yang diatur, alamat IP-nya sesuai rencana, dan PC tidak memakai Wi-Fi, "
            "VPN, atau proksi lain; lalu uji lagi."
        )
    if code == checks.ANSWERS:
        return _("Periksa kabel, konektor, dan port di switch: jawaban yang hilang biasanya berarti sambungan buruk.")
    if code == checks.TRIP:
        return _("Tutup unduhan yang sedang berjalan, pakai kabel dan bukan Wi-Fi, lalu uji lagi.")
    if code in (checks.DOWNLOAD, checks.UPLOAD):
        return _("Periksa kecepatan link (100 Mbps atau lebih) dan kabelnya; uji lagi saat jaringan tidak sibuk.")
    return _("Buka situs ini di peramban; bila tidak terbuka, periksa gateway, DNS, dan pengaturan proksi PC ini.")
