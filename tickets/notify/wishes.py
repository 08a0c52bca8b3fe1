"""What each person wants to be told, and where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.models import Channel, ChatAddress, Mute, Topic
from tickets.notify import gateways

MOST_ADDRESSES: Final = 5


def topics_of(user: User) -> list[Topic]:
    """The topics under which `user` may be told anything at all."""
    works, manages = user.has_perm("tickets.work_ticket"), user.has_perm("tickets.manage_tickets")
    concerns = {
        Topic.OWN: True,
        Topic.TASKS: works,
        Topic.APPROVALS: manages,
        Topic.DEADLINES: works or manages or user.has_perm("tickets.view_figures"),
        Topic.COMMENTS: True,
    }
    return [topic for topic in Topic if concerns[topic]]


def channels_of(user: User) -> list[Channel]:
    """The ways by which `user` can be reached now."""
    reachable = {
        Channel.BELL: True, Channel.EMAIL: bool(user.email), Channel.CHAT: user.chat_addresses.exists(),
    }  # fmt: skip
    return [channel for channel in Channel if reachable[channel]]


def muted(user: User) -> set[tuple[str, str]]:
    return set(user.mutes.values_list("topic", "channel"))


@transaction.atomic
def switch(user: User, switches: Mapping[tuple[Topic, Channel], bool]) -> None:
    for (topic, channel), is_on in switches.items():
        if is_on:
            Mute.objects.filter(user=user, topic=topic, channel=channel).delete()
        else:
            Mute.objects.bulk_create([Mute(user=user, topic=topic, channel=channel)], ignore_conflicts=True)


def add_address(user: User, name: str, url: str) -> ChatAddress:
    return ChatAddress.objects.create(user=user, name=name, url=url, created_at=Now())


def try_address(address: ChatAddress) -> None:
    """Sends a message to see whether it comes. Raises NotSent."""
    gateways.send(
        address.url,
        "HaloCIK",
        _("Uji coba: pemberitahuan HaloCIK sampai di sini.") + f"\n\n{settings.PUBLIC_BASE_URL}",
    )
