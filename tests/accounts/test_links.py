"""Addresses of many pages of a kind are what `reverse` gives for each."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import NoReverseMatch, reverse

from accounts.links import Address
from network.models import Device
from tickets.models import Ticket
from tickets.page import LEDGER
from tickets.workflow import Action


@pytest.mark.parametrize(
    ("address", "name", "values"),
    [
        (Address("tickets:detail", "HC-2026-000001"), "tickets:detail", ["HC-2026-123456"]),
        (Address("tickets:detail", "HC-2026-000001"), "tickets:detail", ["HC-2031-1234567"]),
        (Address("network:device-detail", 987654321), "network:device-detail", [7]),
        (LEDGER, "tickets:ledger", ["HC-2026-000123", 123]),
    ],
)
def test_an_address_is_the_one_that_django_gives(address: Address, name: str, values: list[Any]) -> None:
    assert address(*values) == reverse(name, args=values)


@pytest.mark.parametrize("action", [action for action in Action if action != Action.SUBMIT])
def test_each_action_has_its_address(action: Action) -> None:
    assert Address(f"tickets:{action.value}", "HC-2026-000001")("HC-2026-000777") == reverse(
        f"tickets:{action.value}", args=["HC-2026-000777"]
    )


def test_tickets_and_devices_know_theirs() -> None:
    assert Ticket(number="HC-2026-000042").get_absolute_url() == reverse("tickets:detail", args=["HC-2026-000042"])
    assert Device(pk=42).get_absolute_url() == reverse("network:device-detail", args=[42])


def test_a_page_that_is_not_there_has_no_address() -> None:
    with pytest.raises(NoReverseMatch):
        Address("tickets:nowhere", 1)(2)
