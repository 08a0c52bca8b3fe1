"""Who is away and until when: entering an absence and calling it off. The only writers of `Absence`."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Absence, User

OWN = "accounts.enter_own_absence"
ALL = "accounts.manage_absences"


def may_enter_for(by: User, person: User) -> bool:
    """Oneself, or for an admin anybody whose work can be asked for."""
    if not by.is_active or not person.has_perm(OWN):
        return False
    return by.has_perm(ALL) or by.pk == person.pk


def enter(
    person: User, *, first_on: date, last_on: date, reason: str, by: User, now: datetime | None = None
) -> Absence:
    """Local days, both included. Raises PermissionDenied, ValidationError."""
    if not may_enter_for(by, person):
        raise PermissionDenied(_("Anda tidak dapat mencatat ketidakhadiran orang ini."))
    now = now or timezone.now()
    if last_on < first_on:
        raise ValidationError({"last_on": _("Tanggal terakhir tidak boleh sebelum tanggal pertama.")})
    if last_on < timezone.localdate(now):
        raise ValidationError({"last_on": _("Tanggal ini sudah lewat.")})
    absence = Absence(
        user=person, first_on=first_on, last_on=last_on, reason=reason.strip(), recorded_by=by, recorded_at=now
    )
    absence.full_clean()
    try:
        with transaction.atomic():
            absence.save(force_insert=True)
    except IntegrityError as error:  # somebody else was faster by a moment
        absence.validate_constraints()
        raise ValidationError(_("Ketidakhadiran ini tidak dapat dicatat.")) from error
    return absence


@transaction.atomic
def end(absence: Absence, *, by: User, now: datetime | None = None) -> None:
    """Calls off what has not begun; what runs ended yesterday: the person is back. What is over stays as it was.

    Raises PermissionDenied, ValidationError.
    """
    if not may_enter_for(by, absence.user):
        raise PermissionDenied(_("Anda tidak dapat mengubah ketidakhadiran orang ini."))
    today = timezone.localdate(now or timezone.now())
    locked = Absence.objects.select_for_update().filter(pk=absence.pk).first()
    if locked is None:
        return
    if locked.last_on < today:
        raise ValidationError(_("Ketidakhadiran ini sudah lewat, jadi tidak dapat diubah lagi."))
    if locked.first_on >= today:
        locked.delete()
        return
    locked.last_on = today - timedelta(days=1)
    locked.save(update_fields=["last_on"])
