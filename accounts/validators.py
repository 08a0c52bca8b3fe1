"""What a NIP, a user name, a telephone number and a unit's code look like."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_OLDEST_BIRTH_YEAR = 1930
_YOUNGEST_AGE = 15

# No "@": a user name never looks like somebody else's e-mail address, for both log in through the same field.
validate_username = RegexValidator(
    r"\A[A-Za-z0-9_][A-Za-z0-9._+-]*\Z",
    gettext_lazy("Nama pengguna hanya memakai huruf, angka, titik, garis bawah, tanda hubung, atau tanda tambah."),
)
validate_phone = RegexValidator(
    r"\A\+?[0-9][0-9 ()./-]{3,23}\Z",
    gettext_lazy("Tulis nomor telepon dengan angka, misalnya 0812 3456 7890."),
)
validate_unit_code = RegexValidator(
    r"\A[0-9A-Za-z][0-9A-Za-z.-]{0,9}\Z",
    gettext_lazy("Kode unit terdiri dari 1 sampai 10 huruf atau angka, misalnya 1700."),
)


def validate_nip(value: str) -> None:
    """A NIP has 18 digits and begins with the birth date (YYYYMMDD); later parts differ between PNS and PPPK."""
    if len(value) != 18 or not (value.isascii() and value.isdigit()):
        raise ValidationError(_("NIP terdiri dari 18 angka tanpa spasi."), code="nip")
    try:
        born = date(int(value[:4]), int(value[4:6]), int(value[6:8]))
    except ValueError:
        born = date.min
    if not _OLDEST_BIRTH_YEAR <= born.year <= timezone.localdate().year - _YOUNGEST_AGE:
        raise ValidationError(
            _("Delapan angka pertama NIP adalah tanggal lahir (tahun, bulan, tanggal); periksa lagi angkanya."),
            code="nip",
        )
