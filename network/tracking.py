"""Every change of a registry row, by whatever way it came, leaves a row beside it that nobody can change."""

import pghistory


def tracked() -> tuple[pghistory.Tracker, ...]:
    return pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent()
