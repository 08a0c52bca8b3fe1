"""A real worker of long work, killed in the middle and told to stop: what it does happens once or not at all."""

from __future__ import annotations

import pytest

from accounts.models import Unit, User
from jobs import work
from jobs.models import Job
from tests import processes
from tests.faults.test_clock_faults import empty_the_broker
from tests.jobs.test_work import went_silent
from tests.tickets.factories import Office

pytestmark = pytest.mark.race

_WORKER = (
    "worker", "--queues", "long", "--concurrency", "1", "--without-gossip", "--without-mingle",
    "--include", "tests.jobs.slow",
)  # fmt: skip


def begun(job: Job) -> bool:
    job.refresh_from_db()
    return job.done > 0


def over(job: Job) -> bool:
    job.refresh_from_db()
    return job.is_over


def test_a_job_whose_worker_is_killed_is_done_once_by_another_and_a_cancelled_one_undone(office: Office) -> None:
    from tests.jobs import slow  # noqa: F401  # the kind, here as well

    empty_the_broker()
    with processes.running(*_WORKER):
        job = start(office.admin)
        processes.until(lambda: begun(job), seconds=40)
        assert not Unit.objects.filter(code=f"9{job.pk:03}").exists(), "its transaction is still open"
    assert (job.state, job.attempts) == (Job.State.RUNNING, 1)
    went_silent(job)
    with processes.running(*_WORKER):
        second = start(office.admin)  # its ring is what finds the first one
        processes.until(lambda: over(job), seconds=40)
        assert (job.state, job.attempts) == (Job.State.DONE, 2)
        assert Unit.objects.filter(code=f"9{job.pk:03}").count() == 1
        processes.until(lambda: begun(second))
        assert work.cancel(second)
        third = start(office.admin)
        assert processes.until(lambda: begun(third)) < 5, "the cancelled one held the worker"
        assert not Unit.objects.filter(code=f"9{second.pk:03}").exists()
        work.cancel(third)


def start(by: User) -> Job:
    return work.start("test.slow", by=by)
