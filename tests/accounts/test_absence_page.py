"""The page where absences are entered and ended."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Absence, User
from tests.factories import Cast

pytestmark = pytest.mark.django_db

PAGE = reverse("accounts:availability")


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def in_days(number: int) -> date:
    return timezone.localdate() + timedelta(days=number)


def typed(**changes: Any) -> dict[str, Any]:
    return {"first_on": in_days(1).isoformat(), "last_on": in_days(2).isoformat(), "reason": "Cuti tahunan"} | changes


def away(person: User, first: int, last: int) -> Absence:
    return Absence.objects.create(
        user=person, first_on=in_days(first), last_on=in_days(last), reason="Dinas luar", recorded_by=person
    )


def end(by: User, absence: Absence) -> int:
    return as_(by).post(reverse("accounts:absence-end", args=[absence.pk])).status_code


def test_a_technician_enters_their_own_absence(cast: Cast) -> None:
    client = as_(cast.technician)
    assert client.post(PAGE, typed(user=cast.other_technician.pk)).status_code == 302
    absence = Absence.objects.get()
    assert (absence.user, absence.recorded_by) == (cast.technician, cast.technician)
    assert (absence.first_on, absence.last_on, absence.reason) == (in_days(1), in_days(2), "Cuti tahunan")
    assert "Cuti tahunan" in client.get(PAGE).content.decode()


def test_an_admin_enters_it_for_a_technician_or_another_admin(cast: Cast) -> None:
    assert as_(cast.admin).post(PAGE, typed(user=cast.technician.pk)).status_code == 302
    assert as_(cast.admin).post(PAGE, typed(user=cast.admin.pk)).status_code == 302
    assert set(Absence.objects.values_list("user", "recorded_by")) == {
        (cast.technician.pk, cast.admin.pk),
        (cast.admin.pk, cast.admin.pk),
    }


def test_an_admin_can_choose_nobody_else(cast: Cast) -> None:
    assert as_(cast.admin).post(PAGE, typed(user=cast.requester.pk)).status_code == 422
    assert not Absence.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"last_on": in_days(0).isoformat()}, "Tanggal terakhir tidak boleh sebelum tanggal pertama."),
        ({"first_on": in_days(-3).isoformat(), "last_on": in_days(-1).isoformat()}, "Tanggal ini sudah lewat."),
        ({"last_on": "3000-01-01"}, "Tanggal ini tidak mungkin."),
        ({"first_on": "kapan-kapan"}, "is-invalid"),
        ({"reason": " "}, "is-invalid"),
        ({"reason": "x" * 81}, "is-invalid"),
    ],
)
def test_what_cannot_be_meant_is_said_and_what_was_typed_stays(cast: Cast, changes: dict[str, str], said: str) -> None:
    answer = as_(cast.technician).post(PAGE, typed(**changes))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Absence.objects.exists()


def test_a_day_that_is_taken_is_said(cast: Cast) -> None:
    away(cast.technician, 2, 3)
    answer = as_(cast.technician).post(PAGE, typed())
    assert answer.status_code == 422
    assert "Pada tanggal itu sudah tercatat ketidakhadiran." in answer.content.decode()


@pytest.mark.parametrize("role", ["requester", "supervisor"])
def test_the_page_is_for_those_whose_work_can_be_asked_for(cast: Cast, role: str) -> None:
    client = as_(getattr(cast, role))
    assert client.get(PAGE).status_code == client.post(PAGE, typed()).status_code == 403
    assert PAGE not in client.get(reverse("accounts:profile")).content.decode()


def test_a_technician_sees_their_own_days_alone_an_admin_all(cast: Cast) -> None:
    away(cast.technician, 0, 0)
    away(cast.other_technician, 1, 1)
    assert [absence.user for absence in as_(cast.technician).get(PAGE).context["ahead"]] == [cast.technician]
    assert len(as_(cast.admin).get(PAGE).context["ahead"]) == 2


def test_past_days_stand_apart_and_cannot_be_ended(cast: Cast) -> None:
    past = away(cast.technician, -5, -4)
    page = as_(cast.technician).get(PAGE)
    assert (list(page.context["ahead"]), list(page.context["past"])) == ([], [past])
    assert reverse("accounts:absence-end", args=[past.pk]) not in page.content.decode()
    assert end(cast.technician, past) == 302
    past.refresh_from_db()
    assert past.last_on == in_days(-4)


def test_a_coming_absence_is_called_off_a_running_one_ends_yesterday(cast: Cast) -> None:
    coming, running = away(cast.technician, 3, 4), away(cast.technician, -1, 1)
    assert end(cast.technician, coming) == end(cast.admin, running) == 302
    assert list(Absence.objects.values_list("first_on", "last_on")) == [(in_days(-1), in_days(-1))]


def test_a_colleagues_absence_is_not_found(cast: Cast) -> None:
    absence = away(cast.other_technician, 1, 1)
    assert end(cast.technician, absence) == 404
    assert Absence.objects.filter(pk=absence.pk).exists()


def test_nothing_is_ended_by_following_a_link(cast: Cast) -> None:
    absence = away(cast.technician, 1, 1)
    assert as_(cast.technician).get(reverse("accounts:absence-end", args=[absence.pk])).status_code == 405
