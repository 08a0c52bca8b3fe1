"""What the address of a ticket list says: search, filters, sort, page. Nothing in it can break the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.http import urlencode
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import CALLED, Unit, User
from accounts.prepared import prepared
from jobs.paging import COUNT_CAP, Page, Sort, capped_count, first_page, paged
from network.models import Device
from tickets import finding
from tickets.forms.fields import NamedField, units
from tickets.forms.happenings import HappeningForm
from tickets.forms.polls import PollForm
from tickets.kept import open_queue
from tickets.models import Category, Priority
from tickets.polls import Glance
from tickets.queries import QUEUE_KEY, TicketQuerySet
from tickets.sla import Verdict
from tickets.workflow import Step


@dataclass(frozen=True)
class State:
    """A group of statuses, as people ask for it. Those that are open are few, and can be sorted by anything."""

    label: str | Promise
    choose: Callable[[TicketQuerySet, datetime], TicketQuerySet]
    is_open: bool = True


STATES: Final[dict[str, State]] = {
    "open": State(_("Terbuka"), lambda tickets, now: tickets.open()),
    "approval": State(_("Menunggu persetujuan"), lambda tickets, now: tickets.awaiting_approval()),
    "acceptance": State(_("Menunggu diterima"), lambda tickets, now: tickets.awaiting_acceptance()),
    "working": State(_("Diproses"), lambda tickets, now: tickets.in_hands_of_technician()),
    "overdue": State(_("Terlambat"), lambda tickets, now: tickets.overdue(now)),
    "held": State(_("Ditunda"), lambda tickets, now: tickets.on_hold()),
    "done": State(_("Selesai"), lambda tickets, now: tickets.done(), False),
    "dropped": State(_("Tidak dilanjutkan"), lambda tickets, now: tickets.rejected_or_cancelled(), False),
    "all": State(_("Semua"), lambda tickets, now: tickets, False),
}

# Calendar days in the office's zone, today counted.
PERIODS: Final[dict[str, tuple[str | Promise, int]]] = {
    "today": (_("Hari ini"), 1),
    "7d": (_("7 hari terakhir"), 7),
    "30d": (_("30 hari terakhir"), 30),
    "90d": (_("90 hari terakhir"), 90),
    "1y": (_("Setahun terakhir"), 365),
}

_PERIODS: Final = [("", _("Kapan saja")), *((key, label) for key, (label, _days) in PERIODS.items())]

MINE: Final = "mine"
ALLOCATED: Final = "allocated"


def period_start(period: str, now: datetime) -> datetime:
    """Midnight, in the office's zone, at which the period begins."""
    first = timezone.localdate(now) - timedelta(days=PERIODS[period][1] - 1)
    return timezone.make_aware(datetime(first.year, first.month, first.day))  # noqa: DTZ001  (made aware here)


@prepared
def _technicians(named: int | None) -> QuerySet[User, tuple[int, str]]:
    """Those of today with their names, and the one with the key `named`."""
    able = User.objects.holding("tickets.work_ticket")
    listed = able if named is None else User.objects.filter(Q(pk__in=able.values("pk")) | Q(pk=named))
    return listed.order_by("full_name", "pk").values_list("pk", CALLED)


class TicketFilter(PollForm, HappeningForm):
    """What `viewer` may ask; for those who see only their own tickets, nothing about other people."""

    SORTS = {
        "queue": Sort(_("Urutan antrean"), QUEUE_KEY),
        "newest": Sort(_("Terbaru diajukan"), ("-submitted_at", "-pk")),
        "oldest": Sort(_("Terlama diajukan"), ("submitted_at", "pk")),
        "due": Sort(_("Jatuh tempo terdekat"), ("queue_due", "pk")),
        "priority": Sort(_("Prioritas tertinggi"), ("queue_priority", "queue_due", "pk")),
    }
    #: Sorts that an index of all tickets keeps.
    INDEXED = ("newest", "oldest")
    #: Fields of the panel, each an exact filter of the column of the same name.
    COLUMNS = ("category", "priority", "technician", "unit", "device", "verdict")
    PERIOD_FIELDS = ("submitted", "closed")
    CHANGED = frozenset({"technician", "unit", "device"})
    #: What only those need who see the tickets of others.
    FOR_STAFF = ("whose", "technician", "unit", *HappeningForm.HAPPENING)

    q = forms.CharField(required=False, max_length=200, label=_("Cari tiket"))
    state = forms.ChoiceField(
        required=False, label=_("Keadaan"), choices=[(name, state.label) for name, state in STATES.items()]
    )
    whose = forms.ChoiceField(
        required=False, label=_("Milik"), choices=[(MINE, _("Permintaan saya")), (ALLOCATED, _("Tugas saya"))]
    )
    in_step = forms.TypedChoiceField(
        required=False,
        label=_("Langkah"),
        coerce=int,
        choices=[
            ("", _("Semua langkah")),
            *((step.value, format_lazy("{} {}", step.value, step.label)) for step in Step),
        ],
    )
    category = forms.ChoiceField(
        required=False, label=_("Kategori"), choices=[("", _("Semua kategori")), *Category.choices]
    )
    priority = forms.TypedChoiceField(
        required=False,
        label=_("Prioritas"),
        coerce=int,
        choices=[("", _("Semua prioritas")), *Priority.choices],
    )
    technician = NamedField(
        User.objects.none(), named=list, required=False, label=_("Teknisi"), empty_label=_("Semua teknisi")
    )
    unit = NamedField(
        Unit.objects.order_by("code"),
        named=units,
        required=False,
        label=_("Unit kerja"),
        empty_label=_("Semua unit"),
    )
    submitted = forms.ChoiceField(required=False, label=_("Diajukan"), choices=_PERIODS)
    closed = forms.ChoiceField(required=False, label=_("Ditutup"), choices=_PERIODS)
    verdict = forms.ChoiceField(
        required=False,
        label=_("Ketepatan waktu"),
        choices=[
            ("", _("Semua")),
            (Verdict.ON_TIME, _("Selesai tepat waktu")),
            (Verdict.LATE, _("Selesai terlambat")),
        ],
    )
    device = forms.ModelChoiceField(Device.objects.none(), required=False, label=_("Perangkat"))
    cols = forms.CharField(required=False, max_length=200, label=_("Kolom"))

    def __init__(self, *args: Any, viewer: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        self.sees_all = viewer.has_perm("tickets.view_all_tickets")
        if self.sees_all:
            self._offer_technicians()
        if self.data.get("device"):
            device = self.fields["device"]
            assert isinstance(device, forms.ModelChoiceField)
            device.queryset = Device.objects.visible_to(viewer)
        if not self.sees_all:
            for name in self.FOR_STAFF:
                del self.fields[name]

    def _offer_technicians(self) -> None:
        """Those of today, and whom the address names, who may be none any more."""
        asked = str(self.data.get("technician", ""))
        named = int(asked) if re.fullmatch(r"[0-9]{1,9}", asked) else None
        field = self.fields["technician"]
        assert isinstance(field, NamedField)
        field.named = lambda: _technicians(named)
        if named is not None:
            field.queryset = User.objects.filter(pk__in=[pk for pk, _name in _technicians(named)])

    def chosen(self, name: str) -> Any:
        return super().chosen(name) if name in self.fields else ""

    @cached_property
    def group(self) -> str:
        """The group that is shown: who searches looks everywhere, everybody else at what is open."""
        return self.chosen("state") or ("all" if self.chosen("q") or self._is_about_closed else "open")

    @property
    def _is_about_closed(self) -> bool:
        return bool(self.chosen("closed") or self.chosen("verdict") or self.chosen("device") or self.happening)

    @property
    def sort_name(self) -> str:
        chosen = self.chosen("sort")
        return chosen if chosen in self._sorts else self._own_sort

    @property
    def _sorts(self) -> dict[str, Sort]:
        """Those of the group. Closed tickets stand in no queue; of a million, only an index gives the first."""
        is_open = STATES[self.group].is_open
        return {name: sort for name, sort in self.SORTS.items() if is_open or name in self.INDEXED}

    @property
    def _own_sort(self) -> str:
        return "queue" if STATES[self.group].is_open else "newest"

    @cached_property
    def values(self) -> dict[str, str]:
        """The address's valid parameters without those that say nothing, the page and the versions."""
        self.is_valid()
        values = {
            name: self.cleaned_data.get(name) for name in self.fields if name not in ("after", "before", "v", "b")
        }
        return {name: str(getattr(value, "pk", value)) for name, value in values.items() if value not in (None, "")}

    def address(self, **changes: str) -> str:
        """The query string of this list with some parameters changed; "" takes one out. The first page of it."""
        values = {name: value for name, value in (self.values | changes).items() if value}
        return f"?{urlencode(values)}"

    def here(self, **more: str) -> str:
        """The query string of this very page of the list; empty where it says nothing."""
        return self.address(**{name: self.chosen(name) for name in ("after", "before")}, **more).removesuffix("?")

    @property
    def panel(self) -> list[forms.BoundField]:
        """The fields of the panel, drawn in this order."""
        names = ("in_step", "category", "priority", "technician", "unit", "submitted", "closed", "verdict")
        return [self[name] for name in names if name in self.fields]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the chips have chosen, a device's page and a figure's: hidden beside the search box."""
        return [
            (name, value)
            for name, value in self.values.items()
            if name in ("state", "whose", "device", "cols", *self.HAPPENING)
        ]

    @property
    def sort_choices(self) -> list[tuple[str, str | Promise]]:
        """The group's own order stands under "", so that it goes when the group does."""
        return [("" if name == self._own_sort else name, sort.label) for name, sort in self._sorts.items()]

    @property
    def sort_shown(self) -> str:
        return "" if self.sort_name == self._own_sort else self.sort_name

    @property
    def all_address(self) -> str:
        return "?state=all"

    @property
    def in_panel(self) -> list[str]:
        """Names of the panel's filters that are set."""
        return [name for name in ("in_step", *self.COLUMNS, *self.PERIOD_FIELDS) if self.chosen(name)]

    @property
    def narrows(self) -> bool:
        """Whether any tickets are left out but those of other groups."""
        return bool(self.values.keys() - {"state", "sort", "cols"})

    @property
    def narrowing(self) -> tuple[tuple[str, str], ...]:
        """What leaves tickets out, but for the group; the same for everybody, or with whom it is about."""
        values = {name: value for name, value in self.values.items() if name not in ("state", "sort", "cols")}
        return (*sorted(values.items()), *([("viewer", str(self.viewer.pk))] if "whose" in values else []))

    @property
    def is_about_tickets_alone(self) -> bool:
        """Whether nothing but tickets' own columns leaves any out, for somebody who sees all of them: then only events
        and the day change what fits."""
        return self.sees_all and not self.chosen("q") and not self.happening

    @property
    def searches_everything(self) -> bool:
        """Whether nothing but words leaves any tickets out."""
        return self.sees_all and self.values.keys() - {"state", "sort", "cols"} == {"q"}

    @property
    def narrowed_by(self) -> list[str]:
        """Names of all filters that are set."""
        return [*self.in_panel, *self.happenings]

    def narrowed(self, tickets: TicketQuerySet, now: datetime) -> TicketQuerySet:
        """Everything but the state."""
        return self.filtered(tickets, now).search(self.chosen("q"))

    def filtered(self, tickets: TicketQuerySet, now: datetime) -> TicketQuerySet:
        """Everything but the state and the words that are searched for."""
        exact = {name: value for name in self.COLUMNS if (value := self.chosen(name))}
        tickets = self.to_which_it_happened(tickets.filter(**exact))
        if step := self.chosen("in_step"):
            tickets = tickets.in_step(step)
        if self.chosen("whose") == MINE:
            tickets = tickets.requested_by(self.viewer)
        if self.chosen("whose") == ALLOCATED:
            tickets = tickets.allocated_to(self.viewer)
        if period := self.chosen("submitted"):
            tickets = tickets.submitted_since(period_start(period, now))
        if period := self.chosen("closed"):
            tickets = tickets.closed_since(period_start(period, now))
        return tickets

    @property
    def column_names(self) -> list[str]:
        """Those that the address names."""
        return [name for name in self.chosen("cols").split(",") if name]

    def ordered(self, tickets: TicketQuerySet, now: datetime) -> TicketQuerySet:
        """All that the list shows (`tickets` are narrowed already), on however many pages."""
        return self.of_group(tickets, now).with_queue_key(now).order_by(*self.SORTS[self.sort_name].key)

    def of_group(self, tickets: TicketQuerySet, now: datetime) -> TicketQuerySet:
        return STATES[self.group].choose(tickets, now)

    def chosen_page(self, tickets: TicketQuerySet, seen: Glance, size: int, count: int | None = None) -> Page[Any]:
        """The page of `tickets` (already filtered) that the address asks for; of each its `pk`. What fits a search is
        shown as far as it is counted, the newest first found. `count` is how many there are, if it is known.
        """
        after, before = self.chosen("after"), self.chosen("before")
        name, is_first = self.sort_name, not (after or before)
        key = self.SORTS[name].key
        if is_first and count is not None and not self.narrows and (self.group, name) == ("open", "queue"):
            return first_page(open_queue(seen, self.viewer)[: size + 1], name, key, size, count)
        if is_first and self.searches_everything and (self.group, name) == ("all", "newest"):
            newest, fit = finding.newest(self.chosen("q"), size + 1, COUNT_CAP + 1)
            return first_page(newest, name, key, size, fit)
        few = any(self.chosen(name) for name in ("whose", "technician", "unit", "device"))
        fitting = self.of_group(tickets, seen.now).search(self.chosen("q"), newest=None if few else COUNT_CAP + 1)
        keyed = fitting if name in self.INDEXED else fitting.with_queue_key(seen.now)
        rows = keyed.order_by(*key).values_list(*(part.removeprefix("-") for part in key), named=True)
        if is_first and self.chosen("q"):  # found once, not once to be counted and once to be shown
            found = list(rows[: COUNT_CAP + 1])
            return first_page(found, name, key, size, len(found))
        count = capped_count(fitting) if count is None else min(count, COUNT_CAP + 1)
        return paged(rows, name, key, after, before, size, count)
