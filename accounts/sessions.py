"""Sessions as Django keeps them in the database; the one question of every request is a prepared one."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from accounts.prepared import prepared


@prepared
def _running(key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


class SessionStore(DatabaseStore):
    def _get_session_from_db(self) -> Session | None:
        """None, and no key any more, for one that is over or was never given out."""
        if found := _running(self.session_key or "", timezone.now()):
            return found[0]
        self._session_key = None
        return None
