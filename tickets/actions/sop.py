"""A new revision of the SOP. It holds for tickets submitted from its date on; those that are there keep theirs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from jobs.instants import database_now
from tickets.models import SopRevision, SopStep
from tickets.workflow import Step

#: What a revision may change of a step. Who acts and where a failed test leads is the state machine's, not a date's.
STEP_FACTS: Final = ("activity", "requirements", "minimum", "maximum", "output")


Row = TypeVar("Row", SopRevision, SopStep)


class SopChanged(Exception):
    """Another revision has been published since the draft was begun; `newest` is that revision."""

    def __init__(self, newest: SopRevision) -> None:
        super().__init__(str(newest))
        self.newest = newest


@transaction.atomic
def publish_revision(
    *, base: SopRevision, facts: Mapping[str, Any], steps: Mapping[Step, Mapping[str, Any]], by: User | None
) -> SopRevision:
    """The next revision, made from `base`: `facts` replace its columns, `steps` some of STEP_FACTS of its six steps.

    Raises SopChanged when `base` is no longer the newest, ValidationError by field for one that cannot be meant.
    """
    newest = SopRevision.objects.locked()
    if newest.pk != base.pk:
        raise SopChanged(newest)
    now = database_now()
    revision = _copy(newest, {**facts, "published_at": now, "published_by": by})
    _check_dates(revision, newest, timezone.localdate(now))
    if SopRevision.objects.filter(number=revision.number, revised_on=revision.revised_on).exists():
        raise ValidationError({"revised_on": _("Nomor SOP dengan tanggal revisi ini sudah terbit.")})
    rows = [_copy(step, {"revision": revision, **steps.get(number, {})}) for number, step in newest.standards.items()]
    for row in rows:
        _check_standard(row)
    revision.save(force_insert=True)
    SopStep.objects.bulk_create(rows)
    return revision


def _copy(row: Row, changes: Mapping[str, Any]) -> Row:
    fields = (field for field in row._meta.concrete_fields if not field.primary_key)
    return type(row)(**{field.name: getattr(row, field.name) for field in fields} | dict(changes))


def _check_dates(revision: SopRevision, newest: SopRevision, today: date) -> None:
    """In force from today at the earliest, and not before what it replaces: no past day changes its SOP."""
    if revision.effective_on < max(today, newest.effective_on):
        raise ValidationError(
            {"effective_on": _("Paling awal %(day)s: hari yang sudah lewat tetap memakai SOP yang berlaku saat itu.")
            % {"day": f"{max(today, newest.effective_on):%d-%m-%Y}"}}
        )  # fmt: skip
    if revision.revised_on > revision.effective_on:
        raise ValidationError({"revised_on": _("Tanggal revisi tidak boleh sesudah tanggal efektif.")})


def _check_standard(step: SopStep) -> None:
    if not 1 <= step.minimum <= step.maximum <= 10_000:
        raise ValidationError(
            {
                f"step_{step.number}": _(
                    "Waktu paling singkat paling sedikit 1 menit dan tidak melebihi yang paling lama."
                )
            }
        )
