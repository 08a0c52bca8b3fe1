"""How many notices a person has not read. Asked on every page, so it reads one small partial index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.prepared import prepared
from tickets.models import Delivery

#: Beyond it, nobody wants to know how many exactly.
MOST: Final = 99


@dataclass(frozen=True)
class Bell:
    """`unread` counts no further than one beyond MOST; `newest` is the key of the newest unread one."""

    unread: int
    newest: int

    @classmethod
    def of(cls, keys: list[int]) -> Bell:
        return cls(unread=len(keys), newest=max(keys, default=0))

    @property
    def version(self) -> str:
        return f"{self.newest}-{self.unread}"

    @property
    def figure(self) -> str:
        return f"{MOST}+" if self.unread > MOST else str(self.unread or "")

    @property
    def words(self) -> str:
        if not self.unread:
            return _("Pemberitahuan, tidak ada yang baru")
        sentence = ngettext(
            "%(n)s pemberitahuan belum dibaca", "%(n)s pemberitahuan belum dibaca", min(self.unread, MOST)
        )
        return sentence % {"n": self.figure}


def bell_of(user: User) -> Bell:
    return Bell.of(_keys(user.pk, sees_all=user.has_perm("tickets.view_all_tickets")))


def unread_keys(person: int, *, sees_all: bool) -> ArraySubquery:
    """For `Bell.of`, within a query that asks for more."""
    return ArraySubquery(_unread(person, sees_all=sees_all))


def _unread(person: int, *, sees_all: bool) -> Any:
    unread = Delivery.objects.in_bell(person, Now(), sees_all=sees_all).unread().order_by("-due_at", "-pk")
    return unread.values_list("pk", flat=True)[: MOST + 1]


_keys: Final = prepared(_unread)
