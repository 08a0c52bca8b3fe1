"""A calendar as JSON, the way a CalendarRevision keeps it.

    {"normal":   {"name": "Normal", "days": [[["07:30", "12:00"], ["13:00", "16:00"]], …]},      seven days from Monday
     "dated":    [{"name": "Ramadan", "first": "2027-02-08", "last": "2027-03-09", "days": […]}],
     "holidays": {"2027-01-01": {"name": "Tahun Baru Masehi", "kind": "public", "confirmed": true}}}

A dated profile whose dates are both null is a template: checked like the others, in force on no day. A holiday's kind
is "public" (a national day) or "leave" (cuti bersama); one that is not confirmed counts all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from worktime.clock import Calendar, CalendarError, Profile, Window, gettext_noop

HOLIDAY_KINDS = ("public", "leave")


def calendar_from(zone: str, data: Mapping[str, Any]) -> Calendar:
    """The calendar that the document describes; CalendarError for any document that is not exactly of this shape."""
    try:
        _only(data, "normal", "dated", "holidays")
        dated = tuple(_profile(profile) for profile in data["dated"])
        return Calendar(
            zone=zone,
            normal=_profile(data["normal"]),
            dated=tuple(profile for profile in dated if profile.first),
            holidays={date.fromisoformat(day): _holiday(holiday) for day, holiday in data["holidays"].items()},
        )
    except CalendarError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CalendarError(
            gettext_noop("Data kalender tidak sesuai bentuknya: %(detail)s."), detail=str(error)
        ) from error


def _profile(data: Mapping[str, Any]) -> Profile:
    _only(data, "name", "first", "last", "days")
    week = data["days"]
    if len(week) != 7:
        raise CalendarError(gettext_noop("Profil %(profile)s harus memuat tujuh hari."), profile=data["name"])
    name = data["name"]
    if not (isinstance(name, str) and name.strip()):
        raise ValueError("name")
    return Profile(
        name=name,
        days={number: tuple(_window(*window) for window in windows) for number, windows in enumerate(week)},
        first=_date(data.get("first")),
        last=_date(data.get("last")),
    )


def _window(start: str, end: str) -> Window:
    return Window(time.fromisoformat(start), time.fromisoformat(end))


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _holiday(data: Mapping[str, Any]) -> str:
    """The holiday's name; ValueError unless name, kind and confirmed are all as they should be."""
    _only(data, "name", "kind", "confirmed")
    name = data["name"]
    if not (isinstance(name, str) and name.strip()):
        raise ValueError("name")
    if data["kind"] not in HOLIDAY_KINDS or not isinstance(data["confirmed"], bool):
        raise ValueError(name)
    return name


def _only(data: Mapping[str, Any], *known: str) -> None:
    unknown = set(data) - set(known)
    if unknown:
        raise ValueError(", ".join(sorted(unknown)))
