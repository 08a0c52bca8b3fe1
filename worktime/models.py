"""Calendar revisions: written once, never changed. A new calendar is a new row; open runs keep theirs.

Beside them, what the yearly update proposes: days that the library of holidays knows otherwise than the calendar.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.prepared import prepared
from worktime.clock import Calendar, CalendarError
from worktime.document import calendar_from

# Rows never change, so neither do these. Key and time of publication together name a row also where, as in tests, a
# database is made anew and counts from the start again.
_calendars: dict[tuple[int, datetime], Calendar] = {}


@prepared
def _newest() -> models.QuerySet[CalendarRevision]:
    return CalendarRevision.objects.defer("data").order_by("-number")[:1]


class CalendarRevisionQuerySet(models.QuerySet["CalendarRevision"]):
    def current(self) -> CalendarRevision:
        """The newest revision: what every run started now is measured by. Its document is read on first use only."""
        for revision in _newest():
            return revision
        raise CalendarRevision.DoesNotExist

    def locked(self) -> CalendarRevision:
        """The newest revision, after everybody else who publishes; inside a transaction, until its end.

        Rows never change, so the lock is that of the one which was newest before the wait; it is read again after.
        """
        self.order_by("-number").select_for_update(no_key=True)[:1].get()
        return self.order_by("-number")[:1].get()


class CalendarRevision(models.Model):
    """All working windows and holidays, valid from its publication until the next one is published."""

    number = models.PositiveIntegerField(gettext_lazy("nomor"), unique=True)
    name = models.CharField(gettext_lazy("nama"), max_length=200)
    published_at = models.DateTimeField(gettext_lazy("diterbitkan"), default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=gettext_lazy("diterbitkan oleh"),
        related_name="+",
        null=True,
        blank=True,
    )
    zone = models.CharField(gettext_lazy("zona waktu"), max_length=64, default="Asia/Jakarta")
    data = models.JSONField(gettext_lazy("jam kerja dan hari libur"))

    objects: ClassVar[models.Manager[CalendarRevision]] = CalendarRevisionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        verbose_name = gettext_lazy("revisi kalender")
        verbose_name_plural = pgettext_lazy("jamak", "revisi kalender")
        constraints = [
            models.CheckConstraint(name="calendarrevision_number_from_1", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="calendarrevision_published_in_range",
                condition=Q(published_at__gte="2000-01-01T00:00:00Z", published_at__lt="2100-01-01T00:00:00Z"),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="written_once", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="never_emptied",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                func="RAISE EXCEPTION 'Cannot truncate %', TG_TABLE_NAME;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse, with ValidationError, a calendar that cannot be meant: no path may leave one in the table."""
        self.clean()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        try:
            calendar_from(self.zone, self.data)
        except CalendarError as error:
            raise ValidationError({"data": _(error.message) % error.values}) from error

    @property
    def calendar(self) -> Calendar:
        """What the clock reckons with; made once per process, so `data` may be deferred where many rows are read."""
        if self._state.adding:
            return calendar_from(self.zone, self.data)
        key = (self.pk, self.published_at)
        if key not in _calendars:
            _calendars[key] = calendar_from(self.zone, self.data)
        return _calendars[key]

    @classmethod
    def kept(cls, pk: int, published_at: datetime) -> Calendar:
        """The `calendar` of a revision of which only this is read."""
        found = _calendars.get((pk, published_at))
        return found if found is not None else cls.objects.get(pk=pk).calendar

    def unconfirmed(self) -> dict[str, str]:
        """ISO date → name of the holidays that are estimates so far (perkiraan)."""
        return {day: holiday["name"] for day, holiday in self.data["holidays"].items() if not holiday["confirmed"]}


class CalendarProposal(models.Model):
    """Changes of holidays that an admin looks at, corrects and publishes, or dismisses. At most one is open."""

    class State(models.TextChoices):
        OPEN = "open", gettext_lazy("menunggu keputusan")
        PUBLISHED = "published", gettext_lazy("diterbitkan")
        DISMISSED = "dismissed", gettext_lazy("diabaikan")
        REPLACED = "replaced", gettext_lazy("diganti usulan lain")

    base = models.ForeignKey(
        CalendarRevision, models.PROTECT, verbose_name=gettext_lazy("dibandingkan dengan"), related_name="+"
    )
    #: ISO date → the holiday as worktime.document keeps it, or null where the day is no longer one.
    data = models.JSONField(gettext_lazy("perubahan hari libur"))
    note = models.CharField(gettext_lazy("sumber"), max_length=200)
    made_at = models.DateTimeField(gettext_lazy("dibuat"), default=timezone.now)
    state = models.CharField(gettext_lazy("keadaan"), max_length=10, choices=State.choices, default=State.OPEN)
    decided_at = models.DateTimeField(gettext_lazy("diputuskan"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=gettext_lazy("diputuskan oleh"),
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = gettext_lazy("usulan hari libur")
        verbose_name_plural = pgettext_lazy("jamak", "usulan hari libur")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="open"), name="calendarproposal_one_is_open"),
            models.CheckConstraint(
                name="calendarproposal_state_known",
                condition=Q(state__in=["open", "published", "dismissed", "replaced"]),
            ),
            models.CheckConstraint(
                name="calendarproposal_decided_when_closed",
                condition=Q(state="open", decided_at=None) | (~Q(state="open") & Q(decided_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.note}: {', '.join(self.data)}"

    def years(self) -> list[int]:
        return sorted({int(day[:4]) for day in self.data})

    def unconfirmed(self) -> int:
        """How many of the proposed days are estimates (perkiraan)."""
        return sum(holiday is not None and not holiday["confirmed"] for holiday in self.data.values())

    def rows(self) -> list[dict[str, Any]]:
        """For reading, in order: day, and holiday (None: no longer one)."""
        return [{"day": date.fromisoformat(day), "holiday": holiday} for day, holiday in sorted(self.data.items())]

    def applied_to(self, data: dict[str, Any]) -> dict[str, Any]:
        """A calendar's document with these changes made."""
        holidays = {day: holiday for day, holiday in (data["holidays"] | self.data).items() if holiday is not None}
        return data | {"holidays": dict(sorted(holidays.items()))}
