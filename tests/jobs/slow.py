"""A kind of long work for tests in which workers die: twenty steps of a tenth of a second, in one transaction."""

from __future__ import annotations

import time
from typing import Final

from accounts.models import Unit
from jobs.work import Job, Progress, kind

STEPS: Final = 20


@kind("test.slow", label="Uji", atomic=True)
def slowly(job: Job, progress: Progress) -> None:
    Unit.objects.create(code=f"9{job.pk:03}", name="Kantor")
    for step in range(STEPS):
        progress(step, STEPS)
        time.sleep(0.1)
