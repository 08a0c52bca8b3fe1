"""Tickets by what happened to them in a stretch of days: what each figure of a dashboard opens.

The fields belong to the ticket list's form. A figure that counts steps, holds or reopenings may count one ticket more
than once; `occurrences` are what it counts, the list shows their tickets.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db.models import F, Q, QuerySet, Sum, TextChoices
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from jobs.paging import COUNT_CAP, ListForm, capped_count
from tickets.models import Hold, HoldReason, SopRevision, StepRun, TicketEvent
from tickets.queries import TicketQuerySet
from tickets.sla import Verdict
from tickets.workflow import Action, Status, Step


class Happening(TextChoices):
    SUBMITTED = "submitted", _("Diajukan")
    DONE = "done", _("Selesai")
    REJECTED = "rejected", _("Ditolak")
    CANCELLED = "cancelled", _("Dibatalkan")
    STEP = "step", _("Langkah berakhir")
    HELD = "held", _("Ditunda")
    REOPENED = "reopened", _("Dibuka lagi")


#: As the database keeps times; what lies beyond has no day after it, or none in another zone.
_KNOWN: Final = (MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2099, 12, 31)))

_COUNTS: Final = ~Q(verdict=Verdict.CUT_OFF)
_TESTED: Final = Q(outcome__in=[Action.PASS_TEST, Action.FAIL_TEST])

#: Runs of a step, as figures count them.
RUNS: Final[Mapping[str, tuple[str | Promise, Q]]] = {
    "counted": (_("dihitung dalam ketepatan waktu"), _COUNTS),
    "on_time": (_("tepat waktu"), Q(verdict=Verdict.ON_TIME)),
    "late": (_("terlambat"), Q(verdict=Verdict.LATE)),
    "too_fast": (_("lebih cepat dari standar"), Q(too_fast=True)),
    "ranged": (_("berstandar rentang waktu"), _COUNTS & Q(minimum__lt=F("maximum"))),
    "again": (_("percobaan kedua atau lebih"), _COUNTS & Q(attempt__gt=1)),
    "tested": (_("diuji"), _TESTED),
    "passed": (_("lulus uji"), Q(outcome=Action.PASS_TEST)),
    "failed": (_("gagal uji"), Q(outcome=Action.FAIL_TEST)),
    "first_tested": (_("diuji pertama kali"), _TESTED & Q(attempt=1)),
    "first_passed": (_("lulus pada uji pertama"), Q(outcome=Action.PASS_TEST, attempt=1)),
    "declined": (_("dikembalikan teknisi"), Q(outcome=Action.DECLINE)),
    "reassigned": (_("dialihkan"), Q(outcome=Action.REASSIGN)),
    "cut_off": (_("terpotong"), Q(verdict=Verdict.CUT_OFF)),
}

_ON_TICKET: Final = {
    Happening.DONE: Status.DONE,
    Happening.REJECTED: Status.REJECTED,
    Happening.CANCELLED: Status.CANCELLED,
}


class HappeningForm(ListForm):
    """`since` and `until` are days of the office, both counted; `worker` had the step then; `standard` is "10-60"."""

    HAPPENING: Final = (
        "happened", "since", "until", "of_step", "run", "standard", "worker", "reason", "lasting", "weekday", "hour",
    )  # fmt: skip

    happened = forms.ChoiceField(required=False, label=_("Kejadian"), choices=Happening.choices)
    since = forms.DateField(required=False, label=_("Sejak"), validators=_KNOWN)
    until = forms.DateField(required=False, label=_("Sampai"), validators=_KNOWN)
    of_step = forms.TypedChoiceField(required=False, label=_("Langkah yang berakhir"), coerce=int, choices=Step.choices)
    run = forms.ChoiceField(
        required=False, label=_("Hasil langkah"), choices=[(name, label) for name, (label, _is) in RUNS.items()]
    )
    standard = forms.CharField(
        required=False, label=_("Standar (menit)"), validators=[RegexValidator(r"^[0-9]{1,4}-[0-9]{1,4}\Z")]
    )
    worker = forms.ModelChoiceField(User.objects.all(), required=False, label=_("Pelaksana langkah"))
    reason = forms.ModelChoiceField(HoldReason.objects.all(), required=False, label=_("Alasan penundaan"))
    lasting = forms.ChoiceField(required=False, label=_("Penundaan"), choices=[("1", _("masih berlangsung"))])
    weekday = forms.ChoiceField(
        required=False, label=_("Hari"), choices=[(str(day + 1), name) for day, name in WEEKDAYS.items()]
    )
    hour = forms.ChoiceField(
        required=False, label=_("Jam"), choices=[(str(hour), f"{hour:02d}.00") for hour in range(24)]
    )

    @cached_property
    def happenings(self) -> list[str]:
        """Names of those fields that are set."""
        return [name for name in self.HAPPENING if self.chosen(name)]

    @cached_property
    def happening(self) -> str:
        """What happened; where only its circumstances are named, what they are about."""
        if not self.happenings or not set(self.HAPPENING) <= set(self.fields):
            return ""
        if kind := self.chosen("happened"):
            return str(kind)
        if any(self.chosen(name) for name in ("of_step", "run", "standard", "worker")):
            return Happening.STEP
        return Happening.HELD if self.chosen("reason") or self.chosen("lasting") else Happening.SUBMITTED

    def to_which_it_happened(self, tickets: TicketQuerySet) -> TicketQuerySet:
        kind = self.happening
        if kind == "":
            return tickets
        if (occurred := self._occurrences()) is not None:
            path = "run__ticket" if kind == Happening.HELD else "ticket"
            return tickets.filter(pk__in=occurred.values(path))
        if kind == Happening.SUBMITTED:
            return tickets.filter(self._within("submitted_at"), *self._at_hours())
        standard = {"sop__in": self._revisions()} if self.chosen("standard") else {}
        return tickets.filter(self._within("closed_at"), status=_ON_TICKET[Happening(kind)], **standard)

    def occurrence_words(self, tickets: TicketQuerySet) -> str:
        """How often it happened to `tickets`, where that is not simply how many they are."""
        if (occurred := self._occurrences()) is None:
            return ""
        path = "run__ticket__in" if self.happening == Happening.HELD else "ticket__in"
        n = capped_count(occurred.filter(**{path: tickets.order_by().values("pk")}))
        if n > COUNT_CAP:
            return ""
        match self.happening:
            case Happening.HELD:
                return ngettext("%(n)d penundaan", "%(n)d penundaan", n) % {"n": n}
            case Happening.REOPENED:
                return ngettext("%(n)d kali dibuka lagi", "%(n)d kali dibuka lagi", n) % {"n": n}
        return ngettext("%(n)d pelaksanaan langkah", "%(n)d pelaksanaan langkah", n) % {"n": n}

    def _occurrences(self) -> QuerySet[Any, Any] | None:
        match self.happening:
            case Happening.STEP:
                return StepRun.objects.filter(
                    self._within("ended_at"), ended_at__isnull=False, **self._of_run()
                ).filter(RUNS[self.chosen("run")][1] if self.chosen("run") else Q())
            case Happening.HELD:
                worker = {f"run__{name}": value for name, value in self._of_run().items()}
                reason = {"reason": self.chosen("reason")} if self.chosen("reason") else {}
                lasting = {"ended_at": None} if self.chosen("lasting") else {}
                return Hold.objects.filter(self._within("started_at"), **reason, **lasting, **worker).order_by()
            case Happening.REOPENED:
                worker = {"run__technician": self.chosen("worker")} if self.chosen("worker") else {}
                return TicketEvent.objects.filter(self._within("at"), kind=Action.REOPEN, **worker).order_by()
        return None

    def _revisions(self) -> Any:
        """Those whose steps together take `standard`."""
        low, high = self.chosen("standard").split("-")
        revisions = SopRevision.objects.annotate(low=Sum("steps__minimum"), high=Sum("steps__maximum"))
        return revisions.filter(low=int(low), high=int(high)).values("pk")

    def _of_run(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if step := self.chosen("of_step"):
            found["step"] = step
        if worker := self.chosen("worker"):
            found["technician"] = worker
        if standard := self.chosen("standard"):
            found["minimum"], found["maximum"] = (int(part) for part in standard.split("-"))
        return found

    def _within(self, field: str) -> Q:
        found = Q()
        if since := self.chosen("since"):
            found &= Q(**{f"{field}__gte": timezone.make_aware(datetime.combine(since, time()))})
        if until := self.chosen("until"):
            found &= Q(**{f"{field}__lt": timezone.make_aware(datetime.combine(until + timedelta(days=1), time()))})
        return found

    def _at_hours(self) -> list[Q]:
        weekday, hour = self.chosen("weekday"), self.chosen("hour")
        at_weekday = Q(submitted_at__iso_week_day=int(weekday)) if weekday else Q()
        return [at_weekday, Q(submitted_at__hour=int(hour)) if hour else Q()]
