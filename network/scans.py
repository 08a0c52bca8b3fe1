"""Asking whole subnets, which takes a worker from seconds to minutes."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from jobs import work
from jobs.work import Job, Progress
from network.actions import reality
from network.models import Subnet

_KIND = "network.scan"


@transaction.atomic
def begin(subnet: Subnet, *, by: User) -> Job:
    """Starts a scan; one of this subnet that this person has begun and that is not over is that scan."""
    Subnet.objects.select_for_update(no_key=True).filter(pk=subnet.pk).first()  # one at a time
    going_on = Job.objects.of(by).unfinished().filter(kind=_KIND, params__subnet=subnet.pk).first()
    return going_on or work.start(_KIND, by=by, params={"subnet": subnet.pk})


def _drift(job: Job) -> str:
    return f"{reverse('network:drift')}?subnet={job.params['subnet']}"


@work.kind(_KIND, label=gettext_lazy("Pemeriksaan subnet"), link=_drift)
def scan(job: Job, progress: Progress) -> None:
    """Harmless when begun anew: what is found again is the same row."""
    subnet = Subnet.objects.filter(pk=job.params["subnet"]).first()
    if subnet is None:
        raise ValidationError(_("Subnet ini tidak ada lagi."))
    told = reality.scan(subnet, tell=progress)
    job.result = {"asked": told.asked, "answered": told.answered}
    words = ngettext(
        "%(answered)s dari %(asked)s alamat di %(subnet)s menjawab.",
        "%(answered)s dari %(asked)s alamat di %(subnet)s menjawab.",
        told.answered,
    )
    job.message = words % {"answered": told.answered, "asked": told.asked, "subnet": subnet.cidr}
