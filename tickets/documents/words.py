"""How the papers say things. They are the office's own: Indonesian, whatever language the reader has chosen."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import User
from network.models import Device
from tickets import sla
from tickets.models import StepRun

VERDICTS = {sla.Verdict.ON_TIME: "tepat waktu", sla.Verdict.LATE: "terlambat", sla.Verdict.CUT_OFF: "dialihkan"}
TONES = {sla.Verdict.ON_TIME: "good", sla.Verdict.LATE: "late", sla.Verdict.CUT_OFF: "hold"}


def day(value: date) -> str:
    """22 November 2026."""
    return date_format(value, "j F Y")


def moment(at: datetime) -> str:
    """22 November 2026 pukul 08.12 WIB."""
    local = timezone.localtime(at)
    return f"{day(local)} pukul {date_format(local, 'H.i')} {local.tzname()}"


def short_moment(at: datetime) -> str:
    """22 Nov 2026, the clock below it."""
    local = timezone.localtime(at)
    return f"{date_format(local, 'j M Y')}\n{date_format(local, 'H.i')}"


def span(seconds: int) -> str:
    hours, minutes = divmod(seconds // 60, 60)
    words = [f"{hours} jam"] if hours else []
    words += [f"{minutes} menit"] if minutes else []
    return " ".join(words) or "kurang dari 1 menit"


def standard(run: StepRun) -> str:
    return f"{run.minimum}–{run.maximum} menit" if run.minimum < run.maximum else f"{run.maximum} menit"


def person(user: User | None) -> str:
    """With the number that tells two people of one name apart."""
    if user is None:
        return ""
    return f"{user} (NIP {user.nip})" if user.nip else str(user)


def device(row: Device) -> str:
    number = f"NUP {row.asset_number}" if row.asset_number else ""
    return " · ".join(filter(None, [row.get_kind_display(), row.brand_model, number, row.mac]))
