"""A message in hand that no task belongs to makes the worker connect again; see tests/faults/test_message_faults.py."""

from types import SimpleNamespace
from typing import Any

import pytest
from celery.worker import state

from halocik.unstick import Unstick


class Task:
    """Stands for a request that a worker has in hand."""


def worker(*delivered: str, acknowledged: tuple[str, ...] = ()) -> Any:
    qos = SimpleNamespace(_delivered=dict.fromkeys(delivered), _dirty=set(acknowledged))
    return SimpleNamespace(consumer=SimpleNamespace(task_consumer=SimpleNamespace(channel=SimpleNamespace(qos=qos))))


@pytest.fixture
def step() -> Unstick:
    return Unstick(None)


def test_a_message_without_a_task_for_two_looks_ends_the_connection(step: Unstick) -> None:
    step.look(worker("a"))
    with pytest.raises(ConnectionResetError):
        step.look(worker("a"))
    step.look(worker("a"))  # begins to count anew


def test_messages_that_come_and_go_are_no_sign_of_anything(step: Unstick) -> None:
    for found in (worker("a"), worker("b"), worker("c"), worker("c", acknowledged=("c",)), worker()):
        step.look(found)


def test_a_task_at_work_holds_its_message_as_long_as_it_takes(step: Unstick) -> None:
    request = Task()
    state.reserved_requests.add(request)
    try:
        for _look in range(3):
            step.look(worker("a"))
    finally:
        state.reserved_requests.discard(request)


def test_a_worker_that_is_not_connected_has_nothing_in_hand(step: Unstick) -> None:
    for _look in range(3):
        step.look(SimpleNamespace(consumer=SimpleNamespace()))
        step.look(SimpleNamespace(consumer=None))
