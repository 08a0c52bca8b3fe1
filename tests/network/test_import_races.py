"""An import beside somebody who writes at the same moment: the constraint first, then another look."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from network import actions
from network.imports import writing
from network.imports.writing import BadRows
from network.models import Device, Workgroup
from tests.factories import UserFactory
from tests.network.factories import make_device, make_subnet, make_workgroup
from tests.network.test_imports import of, row
from tests.processes import until

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("committed_db")]


def beside(act: Callable[[], object], importing: Callable[[], object]) -> None:
    """Acts in a transaction that is committed once the import waits for it."""
    acted, other = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                act()
                acted.set()
                other.wait(10)
        finally:
            connection.close()

    def commit_when_waited_for() -> None:
        try:
            until(somebody_waits, seconds=5)
        finally:
            other.set()
            connection.close()

    threads = [threading.Thread(target=hold)]
    threads[0].start()
    assert acted.wait(10)
    threads.append(threading.Thread(target=commit_when_waited_for))
    threads[1].start()
    try:
        importing()
    finally:
        other.set()
        for thread in threads:
            thread.join()


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock')"
        )
        return bool(cursor.fetchone()[0])


def test_an_address_taken_at_the_same_moment_is_a_bad_row_and_nothing_is_stored() -> None:
    make_subnet()
    group, device, by = make_workgroup(), make_device(), UserFactory()

    def importing() -> None:
        with pytest.raises(BadRows) as bad:
            writing.write(
                [(2, row()), (3, row(nama_pc="PC-3", alamat_ip="10.17.0.21", mac="", nup="c"))], skip=False, by=by
            )
        assert [set(one.errors) for one in bad.value.rows] == [{"alamat ip"}, set()]

    beside(lambda: take(device, group), importing)
    assert list(Device.objects.values_list("pc_name", flat=True)) == ["PC-T"]


def test_a_device_that_is_worked_on_is_waited_for_and_looked_at_again() -> None:
    make_subnet()
    group, device, by = make_workgroup(), make_device(), UserFactory()

    def importing() -> None:
        (one,) = writing.write([(2, of(device, ruang="Gudang"))], skip=True, by=by)
        assert set(one.errors) == {"ruang"}, "a plan rests on it by now"

    record: dict[str, Any] = {"address": "10.17.0.5", "pc_name": "PC-5", "workgroup": group, "plan": "X", "by": None}
    beside(lambda: actions.reserve(device, **record), importing)


def take(device: Device, group: Workgroup) -> None:
    actions.activate(device, address="10.17.0.20", pc_name="PC-T", workgroup=group, by=None)
