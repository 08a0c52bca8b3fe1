"""The calendar page, its edit page, the preview and publishing, as people meet them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from accounts import roles
from accounts.models import User
from tests.factories import UserFactory
from tests.halocik.test_pages_in_both_languages import wrong
from tests.worktime.web import client, fields_of, get, post, text_of
from worktime import actions
from worktime.clock import CalendarError
from worktime.draft import checked
from worktime.models import CalendarProposal, CalendarRevision

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(db: None) -> User:
    return UserFactory(roles.ADMIN)


@pytest.fixture
def employee(db: None) -> User:
    return UserFactory()


@pytest.fixture
def proposal(db: None) -> CalendarProposal:
    changes = {
        "2028-01-01": {"name": "Tahun Baru Masehi", "kind": "public", "confirmed": True},
        "2028-02-27": {"name": "Hari Raya Idul Fitri", "kind": "public", "confirmed": False},
    }
    return CalendarProposal.objects.create(base=CalendarRevision.objects.current(), data=changes, note="uji")


def newest() -> CalendarRevision:
    return CalendarRevision.objects.order_by("-number")[0]


# The month


def test_everybody_sees_the_office_s_hours(employee: User) -> None:
    page = text_of(get(employee, year=2026, month=11))

    assert "November 2026" in page
    assert "21 hari kerja, 157,5 jam" in page
    assert "07.30–12.00" in page
    assert "istirahat</span> 12.00–13.00" in page


def test_only_those_who_publish_are_led_to_the_edit_page(employee: User, admin: User) -> None:
    link = reverse("worktime:edit")

    assert link not in text_of(get(employee))
    assert link in text_of(get(admin))


def test_holidays_are_called_by_name_and_kind(employee: User) -> None:
    page = text_of(get(employee, year=2027, month=5))

    assert "Hari Raya Idul Adha" in page
    assert "Cuti Bersama Hari Raya Waisak" in page
    assert "perkiraan" in page


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"year": "x", "month": "13"},
        {"year": "99999"},
        {"revision": "77"},
        {"revision": "9" * 40},
        {"revision": "\x00"},
        {"revision": "-1", "year": "\x00"},
    ],
)
def test_an_address_that_makes_no_sense_shows_this_month(employee: User, query: dict[str, str]) -> None:
    with time_machine.travel("2026-11-22T05:00:00Z", tick=False):
        response = get(employee, **query)

    assert response.status_code == 200
    assert "November 2026" in text_of(response)


@pytest.mark.parametrize(("year", "month"), [(2001, 1), (2098, 12), (2028, 2)])
def test_the_first_and_the_last_month_open_too(employee: User, year: int, month: int) -> None:
    assert get(employee, year=year, month=month).status_code == 200


def test_today_is_marked(employee: User) -> None:
    with time_machine.travel("2026-11-23T05:00:00Z", tick=False):
        assert 'aria-current="date"' in text_of(get(employee))
        assert 'aria-current="date"' not in text_of(get(employee, year=2026, month=9))


def test_an_older_revision_can_be_looked_at_and_says_so(employee: User, admin: User, data: dict[str, Any]) -> None:
    data["normal"]["days"][0] = [["06:00", "10:00"]]
    actions.publish(base=1, data=data, name="Senin pendek", by=admin)

    now, then = (text_of(get(employee, year=2026, month=11, **query)) for query in ({}, {"revision": 1}))

    assert "06.00–10.00" in now and "Ini revisi lama" not in now
    assert "06.00–10.00" not in then and "Ini revisi lama: 1" in then
    assert "Senin pendek" in then


def test_a_note_stands_while_coming_holidays_are_estimates(employee: User) -> None:
    with time_machine.travel("2026-11-22T05:00:00Z", tick=False):
        assert "3 hari libur 2027 masih perkiraan." in text_of(get(employee))


def test_a_note_stands_while_next_years_holidays_are_missing(employee: User) -> None:
    with time_machine.travel("2027-11-22T05:00:00Z", tick=False):
        assert "Hari libur 2028 belum ada dalam kalender." in text_of(get(employee))


# Editing


def test_nobody_else_opens_the_edit_page_or_publishes(employee: User) -> None:
    for response in (get(employee, "edit"), post(employee, "edit", {}), post(employee, "publish", {})):
        assert response.status_code == 403


def test_what_is_sent_back_untouched_changes_nothing(admin: User) -> None:
    preview = post(admin, "edit", fields_of(get(admin, "edit")), step="preview")

    assert preview.status_code == 200
    assert "Belum ada yang berubah" in text_of(preview)


def publish_through_the_pages(admin: User, changes: dict[str, str], *, year: int = 2027, name: str = "Uji") -> Any:
    edit = get(admin, "edit", year=year)
    preview = post(admin, "edit", fields_of(edit), step="preview", **changes)
    assert preview.status_code == 200, text_of(preview)
    return preview, post(admin, "publish", fields_of(preview), name=name)


def test_ramadan_takes_two_dates_and_its_pattern_stays_for_the_next_year(admin: User) -> None:
    preview, answer = publish_through_the_pages(
        admin, {"dated-0-first": "2027-02-08", "dated-0-last": "2027-03-09"}, name="Ramadan 1448 H"
    )

    assert "08.00–12.00, 12.30–15.00" in text_of(preview)
    assert answer.status_code == 302
    revision = newest()
    assert (revision.number, revision.name, revision.published_by) == (2, "Ramadan 1448 H", admin)
    assert [(p["name"], p["first"], p["last"]) for p in revision.data["dated"]] == [
        ("Ramadan", None, None),
        ("Ramadan", "2027-02-08", "2027-03-09"),
    ]
    assert "Ramadan" in text_of(get(admin, year=2027, month=2))


def test_hours_of_a_day_are_changed_with_several_windows(admin: User) -> None:
    publish_through_the_pages(admin, {"normal-day5": "8-10, 10.15-12:00 dan 13.00 s.d. 14.00"})

    assert newest().data["normal"]["days"][5] == [["08:00", "10:00"], ["10:15", "12:00"], ["13:00", "14:00"]]


def test_a_holiday_is_added_renamed_confirmed_and_removed_in_one_go(admin: User) -> None:
    fields = fields_of(get(admin, "edit", year=2027))
    place = {value: name.rsplit("-", 1)[0] for name, value in fields.items() if name.endswith("-day")}
    last = f"holidays-{int(fields['holidays-TOTAL_FORMS']) - 1}"
    changes = {
        f"{place['2027-12-24']}-DELETE": "on",
        f"{place['2027-12-25']}-name": "Natal",
        f"{place['2027-03-10']}-confirmed": "on",
        f"{last}-day": "2027-11-18",
        f"{last}-name": "HUT Provinsi Bengkulu",
    }
    before = newest().data["holidays"]
    publish_through_the_pages(admin, changes)
    after = newest().data["holidays"]

    assert "2027-12-24" not in after
    assert after["2027-12-25"]["name"] == "Natal"
    assert after["2027-03-10"]["confirmed"]
    assert after["2027-11-18"] == {"name": "HUT Provinsi Bengkulu", "kind": "public", "confirmed": True}
    assert len(after) == len(before)
    assert after["2026-12-25"] == before["2026-12-25"]


def test_changes_of_two_years_go_into_one_revision(admin: User) -> None:
    fields = fields_of(get(admin, "edit", year=2026))
    last = f"holidays-{int(fields['holidays-TOTAL_FORMS']) - 1}"
    other = post(
        admin, "edit", fields, step="year", go_year="2028", **{f"{last}-day": "2026-12-30", f"{last}-name": "Satu"}
    )
    assert "Hari libur 2028" in text_of(other)
    preview = post(
        admin, "edit", fields_of(other), step="preview", **{"holidays-0-day": "2028-01-03", "holidays-0-name": "Dua"}
    )
    post(admin, "publish", fields_of(preview), name="Dua tahun")

    assert {newest().data["holidays"][day]["name"] for day in ("2026-12-30", "2028-01-03")} == {"Satu", "Dua"}


def test_the_library_s_holidays_of_a_year_are_taken_over_and_can_be_corrected(admin: User) -> None:
    page = post(admin, "edit", fields_of(get(admin, "edit", year=2028)), step="library")

    assert "ditambahkan dari pustaka" in text_of(page)
    assert "2028-02-27" in fields_of(page).values()
    preview = post(admin, "edit", fields_of(page), step="preview")
    post(admin, "publish", fields_of(preview), name="Libur 2028")
    assert newest().data["holidays"]["2028-02-27"] == {
        "name": "Hari Raya Idul Fitri",
        "kind": "public",
        "confirmed": False,
    }


def test_more_rows_lose_nothing_that_was_typed(admin: User) -> None:
    fields = fields_of(get(admin, "edit", year=2028))
    more = post(admin, "edit", fields, step="rows", **{"holidays-0-day": "2028-05-05", "holidays-0-name": "Uji"})

    again = fields_of(more)
    assert (again["holidays-0-day"], again["holidays-0-name"]) == ("2028-05-05", "Uji")
    assert int(again["holidays-TOTAL_FORMS"]) == int(fields["holidays-TOTAL_FORMS"]) + 1


IMPOSSIBLE = {
    "from after to": ({"normal-day0": "12.00–07.30"}, "jam mulai harus sebelum jam selesai"),
    "from equal to": ({"normal-day0": "12.00–12.00"}, "jam mulai harus sebelum jam selesai"),
    "an overlap": ({"normal-day0": "07.30–12.00, 11.00–13.00"}, "bertumpuk"),
    "no hours at all": ({f"normal-day{day}": "" for day in range(7)}, "paling sedikit satu hari"),
    "no hours in a profile": ({f"dated-0-day{day}": "" for day in range(7)}, "paling sedikit satu hari"),
    "words instead of hours": ({"normal-day0": "pagi sampai sore"}, "bukan jam kerja"),
    "an hour that is none": ({"normal-day0": "07.30–25.00"}, "bukan jam kerja"),
    "half a profile's dates": ({"dated-0-first": "2027-02-08"}, "tanggal terakhir profil"),
    "dates the wrong way round": (
        {"dated-0-first": "2027-03-09", "dated-0-last": "2027-02-08"},
        "tidak boleh sebelum tanggal pertama",
    ),
    "two profiles on one day": (
        {
            "dated-0-first": "2027-02-08",
            "dated-0-last": "2027-03-09",
            "dated-1-name": "Lain",
            "dated-1-first": "2027-03-09",
            "dated-1-last": "2027-03-12",
            "dated-1-day0": "08.00–12.00",
        },
        "bertumpuk dengan profil lain",
    ),
    "a profile without a name": ({"dated-1-first": "2027-04-01", "dated-1-day0": "08.00–12.00"}, "Beri nama"),
    "a profile of the year 9999": (
        {"dated-0-first": "2027-02-08", "dated-0-last": "9999-12-31"},
        "antara tahun 2001 dan 2098",
    ),
    "a holiday of another year": (
        {"holidays-26-day": "2026-07-01", "holidays-26-name": "Salah tahun"},
        "bukan tahun 2027",
    ),
    "a holiday twice": ({"holidays-26-day": "2027-12-25", "holidays-26-name": "Natal lagi"}, "sudah ada di daftar"),
    "a holiday without a name": ({"holidays-26-day": "2027-07-01"}, "Isilah bagian ini"),
}


@pytest.mark.parametrize(("changes", "sentence"), IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
def test_an_impossible_calendar_is_refused_at_its_field_and_nothing_typed_is_lost(
    admin: User, changes: dict[str, str], sentence: str
) -> None:
    answer = post(admin, "edit", fields_of(get(admin, "edit", year=2027)), step="preview", **changes)

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    sent = fields_of(answer)
    assert {name: sent[name] for name in changes} == changes
    assert newest().number == 1


def test_a_year_without_any_working_time_is_refused() -> None:
    data = CalendarRevision.objects.current().data
    everyday = (date(2027, 1, 1) + timedelta(days=number) for number in range(365))
    holiday = {"name": "Libur panjang", "kind": "public", "confirmed": True}
    data["holidays"] = {day.isoformat(): holiday for day in everyday}

    with time_machine.travel("2026-11-22T05:00:00Z", tick=False), pytest.raises(CalendarError, match="Sepanjang tahun"):
        checked("Asia/Jakarta", data)


def test_the_preview_can_be_left_to_edit_again_with_everything_kept(admin: User) -> None:
    edit = get(admin, "edit", year=2027)
    preview = post(admin, "edit", fields_of(edit), step="preview", **{"normal-day5": "08.00–10.00"})
    again = post(admin, "edit", fields_of(preview), step="again")

    assert fields_of(again)["normal-day5"] == "08.00–10.00"
    assert "Hari libur 2027" in text_of(again)


def test_a_revision_needs_a_name(admin: User) -> None:
    _preview, answer = publish_through_the_pages(admin, {"normal-day5": "08.00–10.00"}, name="")

    assert answer.status_code == 422
    assert newest().number == 1


def test_the_preview_shows_hours_months_and_a_due_time_before_and_after(admin: User) -> None:
    fields = fields_of(get(admin, "edit", year=2027))
    with time_machine.travel("2026-11-22T05:00:00Z", tick=False):
        preview = text_of(post(admin, "edit", fields, step="preview", **{"normal-day4": "07.30–11.00"}))

    assert "07.30–11.30, 13.00–16.30" in preview
    assert "07.30–11.00" in preview
    assert "Desember 2026" in preview
    assert "Contoh jatuh tempo" in preview


@pytest.mark.parametrize("token", ["", "x", "eyJhIjoxfQ:1abc:def"])
def test_a_draft_that_was_tampered_with_begins_again(admin: User, token: str) -> None:
    for name in ("edit", "publish"):
        answer = post(admin, name, {"draft": token, "name": "Uji"}, step="preview")
        assert (answer.status_code, answer["Location"]) == (302, reverse("worktime:edit"))
    assert newest().number == 1


def test_a_draft_belongs_to_the_person_who_began_it(admin: User) -> None:
    fields = fields_of(get(admin, "edit"))

    assert post(UserFactory(roles.ADMIN), "edit", fields, step="preview").status_code == 302


# Two admins at once


def test_the_second_of_two_admins_is_told_and_loses_nothing(admin: User) -> None:
    second = UserFactory(roles.ADMIN)
    mine = post(second, "edit", fields_of(get(second, "edit", year=2027)), step="preview", **{"normal-day5": "08–10"})
    publish_through_the_pages(admin, {"dated-0-first": "2027-02-08", "dated-0-last": "2027-03-09"}, name="Lebih dahulu")

    answer = post(second, "publish", fields_of(mine), name="Sabtu")

    assert answer.status_code == 409
    assert "Kalender sudah berubah" in text_of(answer)
    assert fields_of(answer)["name"] == "Sabtu"
    assert newest().name == "Lebih dahulu"
    merged = post(second, "edit", fields_of(answer), step="merge")
    assert fields_of(merged)["name"] == "Sabtu"
    assert post(second, "publish", fields_of(merged)).status_code == 302
    final = newest()
    assert (final.number, final.data["normal"]["days"][5], len(final.data["dated"])) == (3, [["08:00", "10:00"]], 2)


# Proposals


def test_a_proposal_is_shown_to_those_who_decide(admin: User, employee: User, proposal: CalendarProposal) -> None:
    assert "Usulan: hari libur 2028" in text_of(get(admin))
    assert "1 hari masih perkiraan." in text_of(get(admin))
    assert "Usulan" not in text_of(get(employee))


def test_a_proposal_is_corrected_and_published(admin: User, proposal: CalendarProposal) -> None:
    edit = get(admin, "edit", proposal=1)
    fields = fields_of(edit)
    assert fields["year"] == "2028"
    assert fields["holidays-1-name"] == "Hari Raya Idul Fitri"
    preview = post(admin, "edit", fields, step="preview", **{"holidays-1-day": "2028-02-26"})
    post(admin, "publish", fields_of(preview), name="Libur 2028")

    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by) == (CalendarProposal.State.PUBLISHED, admin)
    assert {"2028-01-01", "2028-02-26"} <= set(newest().data["holidays"])
    assert "2028-02-27" not in newest().data["holidays"]


def test_a_proposal_is_dismissed(admin: User, employee: User, proposal: CalendarProposal) -> None:
    address = reverse("worktime:dismiss", args=[proposal.pk])
    assert client(employee).post(address).status_code == 403
    assert client(admin).get(address).status_code == 405

    assert client(admin).post(address).status_code == 302
    proposal.refresh_from_db()
    assert proposal.state == CalendarProposal.State.DISMISSED
    assert client(admin).post(address).status_code == 302  # told, not failed


@pytest.mark.parametrize("query", [{"proposal": "1"}, {"proposal": "x"}])
def test_without_an_open_proposal_the_current_calendar_is_edited(admin: User, query: dict[str, str]) -> None:
    assert get(admin, "edit", **query).status_code == 200


def test_what_was_refused_is_corrected_on_the_same_page(admin: User) -> None:
    refused = post(admin, "edit", fields_of(get(admin, "edit", year=2027)), step="preview", **{"normal-day0": "x"})
    assert refused.status_code == 422

    preview = post(admin, "edit", fields_of(refused), step="preview", **{"normal-day0": "08.00–12.00"})

    assert preview.status_code == 200, text_of(preview)
    assert "Contoh jatuh tempo" in text_of(preview)


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_page_speaks_one_language(admin: User, proposal: CalendarProposal, language: str) -> None:
    User.objects.filter(pk=admin.pk).update(language=language)
    admin.refresh_from_db()
    edit = fields_of(get(admin, "edit", year=2027))
    refused = post(admin, "edit", edit, step="preview", **{"normal-day0": "12.00–07.30", "dated-0-first": "2027-02-08"})
    dates = {"dated-0-first": "2027-02-08", "dated-0-last": "2027-03-09"}
    preview = post(admin, "edit", edit, step="preview", **dates)
    data = newest().data
    data["holidays"]["2027-11-18"] = {"name": "Hari uji", "kind": "public", "confirmed": True}
    actions.publish(base=1, data=data, name="Lebih dahulu", by=UserFactory(roles.ADMIN, full_name="Xyz"))
    conflict = post(admin, "publish", fields_of(preview), name="x")

    assert [page.status_code for page in (refused, preview, conflict)] == [422, 200, 409]
    assert [wrong(page.content.decode(), language) for page in (refused, preview, conflict)] == [[], [], []]
    for page in (
        get(admin, year=2027, month=3, revision=1),
        get(admin, "edit", year=2027),
        get(admin, "edit", proposal=1),
    ):
        assert wrong(page.content.decode(), language) == []
