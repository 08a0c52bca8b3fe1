"""The ticket page: what each person sees of it, at each moment."""

import re
from datetime import timedelta
from typing import Final

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from network import actions as network
from tests.tickets.factories import Office, wib
from tests.tickets.web import HTMX, office, page_of, send, sound_input, text_of
from tickets import actions
from tickets.models import Ticket
from tickets.workflow import Action, Status

__all__ = ["office"]

# status → what the person who has to act finds as the one next action
NEXT: Final = {
    "submitted": ("admin", "Setujui dan alokasikan"),
    "assigned": ("technician", "Terima tugas ini"),
    "identifying": ("technician", "Catat kebutuhan dan rencana jaringan"),
    "working": ("technician", "Catat pekerjaan yang sudah selesai"),
    "testing": ("technician", "Uji koneksi perangkat"),
    "finishing": ("technician", "Cocokkan, catat, dan selesaikan"),
}
AWAITED: Final = {
    "submitted": "Menunggu persetujuan Admin/PJK TIP",
    "assigned": "Menunggu Teknisi menerima tugas ini",
    "identifying": "Teknisi memeriksa kebutuhan",
    "working": "Teknisi sedang mengerjakan",
    "testing": "Teknisi menguji koneksi",
    "finishing": "Teknisi mencatat dan menyelesaikan",
    "done": "Perangkat siap digunakan dalam jaringan",
    "rejected": "Permintaan ini ditolak",
    "cancelled": "Tiket ini dibatalkan",
}
SECRET: Final = "Hanya untuk petugas."


def words_of(html: str) -> str:
    """The page's text, with single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


def forms_on(html: str) -> list[str]:
    return re.findall(r'<form class="act" id="form-([a-z_]+)"', html)


@pytest.mark.parametrize("status", Status.values)
def test_everybody_who_may_see_a_ticket_sees_it_in_every_state(office: Office, status: str) -> None:
    ticket = office.ticket_in(status)
    for user in (office.requester, office.admin, office.technician, office.supervisor):
        response = page_of(user, ticket)
        assert response.status_code == 200, user
        assert ticket.number in text_of(response), user


@pytest.mark.parametrize("name", ["detail", "fragment"])
@pytest.mark.parametrize("who", ["colleague", "stranger"])
def test_who_may_not_see_a_ticket_learns_nothing(office: Office, who: str, name: str) -> None:
    ticket = office.ticket_in("submitted")
    missing = Ticket(number="HC-2026-999999")
    user = getattr(office, who)
    hidden, absent = page_of(user, ticket, name), page_of(user, missing, name)
    assert hidden.status_code == absent.status_code == 404
    of_each_answer = r'HC-[0-9-]+|nonce-[^\']+|FToken": "\w+|name="csrfmiddlewaretoken" value="\w+'
    assert re.sub(of_each_answer, "", text_of(hidden)) == re.sub(of_each_answer, "", text_of(absent))


@pytest.mark.parametrize("status", NEXT)
def test_the_person_to_act_finds_one_next_action_as_an_open_form(office: Office, status: str) -> None:
    who, title = NEXT[status]
    page = text_of(page_of(getattr(office, who), office.ticket_in(status)))
    assert page.count("card-next") == 1
    assert title in page


@pytest.mark.parametrize("status", AWAITED)
def test_who_cannot_act_sees_what_is_awaited(office: Office, status: str) -> None:
    page = text_of(page_of(office.supervisor, office.ticket_in(status)))
    assert AWAITED[status] in words_of(page)
    assert forms_on(page) == ["comment"]


def test_the_requester_sees_until_when(office: Office) -> None:
    late, ahead = wib("2026-10-12 09:00"), actions.database_now() + timedelta(days=3)
    assert "Seharusnya selesai Sen, 12 Okt 2026 09.10 WIB." in words_of(
        text_of(page_of(office.requester, office.submit(now=late)))
    )
    assert "Paling lambat" in words_of(text_of(page_of(office.requester, office.submit(now=ahead))))


@pytest.mark.parametrize("who", ["technician", "admin"])
def test_on_hold_the_next_action_is_to_resume(office: Office, who: str) -> None:
    page = text_of(page_of(getattr(office, who), office.ticket_in("working", on_hold=True)))
    assert "Lanjutkan tiket ini" in page
    assert "ditunda sejak" in page
    assert "complete_work" not in forms_on(page)


def test_the_rest_is_folded_away(office: Office) -> None:
    page = text_of(page_of(office.admin, office.ticket_in("working")))
    assert forms_on(page) == ["hold", "reassign", "change_priority", "cancel", "comment"]
    assert "reject" in forms_on(text_of(page_of(office.admin, office.ticket_in("submitted"))))
    assert '<details class="fold side no-print">' in page


def reassigning(page: str) -> str:
    """The form of reassigning, with what folds it out around it."""
    return page[: page.index("</form>", page.index('id="form-reassign"'))].rpartition('<details class="confirm')[2]


def test_technicians_are_read_and_sent_when_somebody_wants_to_reassign(office: Office) -> None:
    ticket = office.ticket_in("working")
    with CaptureQueriesContext(connection) as captured:
        folded = reassigning(text_of(page_of(office.admin, ticket)))
    assert not any("plain_present" in asked["sql"] for asked in captured)
    assert not folded.partition(">")[0].endswith("open")
    assert 'name="technician"' not in folded
    assert f'href="{ticket.get_reassign_url()}#form-reassign"' in folded
    assert 'name="reason"' in folded

    client = Client()
    client.force_login(office.admin)
    page = text_of(client.get(ticket.get_reassign_url()))
    assert '<details class="fold side no-print" open>' in page
    unfolded = reassigning(page)
    assert unfolded.partition(">")[0].endswith("open")
    assert f'value="{office.other_technician.pk}"' in unfolded
    assert ticket.get_reassign_url() not in unfolded


def test_reassigning_without_a_technician_shows_them_with_what_was_typed(office: Office) -> None:
    response = send(office.admin, Action.REASSIGN, office.ticket_in("working"), {"reason": "Tono cuti."})
    assert response.status_code == 422
    form = reassigning(response.content.decode())
    assert f'value="{office.other_technician.pk}"' in form
    assert "Tono cuti." in form


@pytest.mark.parametrize(("who", "wish"), [("admin", "batalkan"), ("admin", "\0"), ("requester", "alihkan")])
def test_what_cannot_be_unfolded_is_not(office: Office, who: str, wish: str) -> None:
    client = Client()
    client.force_login(getattr(office, who))
    page = text_of(client.get(office.ticket_in("working").get_absolute_url(), {"buka": wish}))
    assert 'name="technician"' not in page


def test_what_fell_short_on_one_page_is_not_marked_on_the_next(office: Office) -> None:
    """Forms that are alike for all tickets share their fields until somebody has typed something."""
    ticket = office.ticket_in("working")
    for _ in range(2):
        for action, typed in ((Action.CANCEL, {"reason": ""}), (Action.CHANGE_PRIORITY, {"priority": "9"})):
            assert "is-invalid" in send(office.admin, action, ticket, typed).content.decode()
        assert "is-invalid" not in text_of(page_of(office.admin, ticket))


def test_a_technician_acts_on_their_own_tickets_alone(office: Office) -> None:
    assert forms_on(text_of(page_of(office.other_technician, office.ticket_in("working")))) == ["comment"]


def test_opening_again_is_offered_to_the_requester_while_it_lasts(office: Office) -> None:
    ticket = office.ticket_in("done")
    assert "reopen" in forms_on(text_of(page_of(office.requester, ticket)))
    office.now -= timedelta(days=30)
    old = office.ticket_in("done")
    assert "reopen" not in forms_on(text_of(page_of(office.requester, old)))
    assert "reopen" in forms_on(text_of(page_of(office.admin, old)))


def test_every_form_carries_the_run_it_is_drawn_for(office: Office) -> None:
    ticket = office.ticket_in("working")
    page = text_of(page_of(office.admin, ticket))
    runs = set(re.findall(r'name="run" value="(\d*)"', page))
    assert runs == {str(actions.claim(ticket))}


def test_technicians_stand_beside_what_they_have_to_do(office: Office) -> None:
    office.ticket_in("assigned")
    page = text_of(page_of(office.admin, office.ticket_in("submitted")))
    assert page.index("Teknisi Lain · luang") < page.index("Teknisi · 1 tiket terbuka")


def test_the_tracker_shows_time_used_against_the_standard(office: Office) -> None:
    office.at("2026-10-12 09:00")
    page = words_of(text_of(page_of(office.requester, office.ticket_in("identifying"))))
    assert "Pengajuan, selesai tepat waktu 1 menit standar 10 menit" in page
    assert "Pelaksanaan, belum dimulai standar 10–60 menit" in page


def test_the_tracker_marks_a_late_step_and_a_repeated_one(office: Office) -> None:
    office.at("2026-10-12 09:00")
    ticket = office.ticket_in("testing")
    office.wait(minutes=11)
    ticket = office.do(Action.FAIL_TEST, ticket)
    page = words_of(text_of(page_of(office.requester, ticket)))
    assert "Tes dan uji coba, akan diulang terlambat 11 menit" in page
    assert "standar 10–60 menit · kali ke-2" in page


def test_the_plan_and_the_record_stand_side_by_side(office: Office) -> None:
    ticket = office.ticket_in("finishing")
    ticket = office.do(Action.FINISH, ticket, record=office.record(1200))
    page = words_of(text_of(page_of(office.requester, ticket)))
    plan = actions.planned(ticket)
    assert plan is not None
    assert f"Alamat IP {plan.address} 10.17.4.202" in page


def test_after_another_allocation_the_plan_fills_the_form(office: Office) -> None:
    ticket = office.ticket_in("working")
    plan = office.planned_or_new(ticket)
    ticket = office.do(Action.REASSIGN, ticket)
    ticket = office.do(Action.ACCEPT, ticket, by=office.other_technician)
    page = text_of(page_of(office.other_technician, ticket))
    assert f'value="{plan.address}"' in page
    assert f'value="{plan.pc_name}"' in page
    assert 'value="Kabel UTP"' in page


def test_a_known_device_brings_its_record_along(office: Office) -> None:
    done = office.ticket_in("done")
    record = actions.recorded(done)
    assert record is not None
    ticket = office.ticket_in("identifying", device=done.device, device_text="")
    assert f'value="{record.address}"' in text_of(page_of(office.technician, ticket))


def test_the_history_tells_in_words_what_happened(office: Office) -> None:
    ticket = office.ticket_in("submitted")
    for action in (Action.APPROVE, Action.DECLINE, Action.APPROVE, Action.REASSIGN):
        ticket = office.do(action, ticket)
    ticket = office.do(Action.CHANGE_PRIORITY, ticket)
    page = words_of(text_of(page_of(office.requester, ticket)))
    for sentence in (
        "Pemohon mengajukan tiket “Pasang baru”",
        "Admin Tip menyetujui; prioritas biasa, teknisi Teknisi",
        "Teknisi mengembalikan tugas kepada admin",
        "Admin Tip mengalihkan tugas dari Teknisi kepada Teknisi Lain",
        "Admin Tip mengubah prioritas dari biasa menjadi tinggi",
    ):
        assert sentence in page


def test_the_history_of_the_work_names_what_was_planned_failed_and_recorded(office: Office) -> None:
    ticket = office.ticket_in("testing", on_hold=True)
    for action in (
        Action.RESUME, Action.FAIL_TEST, Action.COMPLETE_WORK, Action.PASS_TEST, Action.FINISH, Action.REOPEN,
    ):  # fmt: skip
        ticket = office.do(action, ticket)
    page = words_of(text_of(page_of(office.requester, ticket)))
    plan = office.planned_or_new(ticket)
    for sentence in (
        f"menyelesaikan identifikasi; direncanakan {plan.address} · {plan.pc_name} · BPS1700; 1 kebutuhan",
        "menunda tiket: menunggu perangkat/material; dilihat lagi",
        "menyatakan uji koneksi gagal pada “Ping ke gateway berhasil”",
        "Gateway diam.",
        f"menyelesaikan tiket; tercatat {plan.address} · {plan.pc_name} · BPS1700",
        "membuka lagi tiket",
    ):
        assert sentence in page


def test_a_request_on_behalf_of_somebody_says_so(office: Office) -> None:
    ticket = office.submit(by=office.admin, requester=office.requester)
    assert "mengajukan tiket “Pasang baru” untuk Pemohon" in words_of(text_of(page_of(office.requester, ticket)))


def test_a_users_words_are_never_markup(office: Office) -> None:
    ticket = office.submit(title="<script>alert(1)</script>", description="<img src=x>", room="<b>R</b>")
    ticket = office.do(Action.COMMENT, ticket, text="<i>miring</i>")
    page = text_of(page_of(office.requester, ticket))
    for markup in ("<script>alert", "<img src=x", "<b>R</b>", "<i>miring"):
        assert markup not in page


def test_an_internal_note_is_hidden_from_the_requester_everywhere(office: Office) -> None:
    ticket = office.do(Action.COMMENT, office.ticket_in("working"), by=office.technician, text=SECRET, internal=True)
    for name in ("detail", "fragment"):
        page = text_of(page_of(office.requester, ticket, name))
        assert SECRET not in page
        assert "Catatan internal" not in page
    for user in (office.admin, office.technician, office.supervisor):
        assert SECRET in text_of(page_of(user, ticket))


def test_a_technician_sees_no_internal_notes_on_a_request_of_their_own(office: Office) -> None:
    ticket = office.submit(by=office.technician, requester=office.technician)
    ticket = office.do(Action.COMMENT, ticket, by=office.admin, text=SECRET, internal=True)
    assert SECRET not in text_of(page_of(office.technician, ticket))


def version_on(html: str) -> str:
    found = re.search(r'data-version="([0-9]+-[a-z][^"]+)"', html)
    assert found
    return found[1]


def test_a_poll_without_news_costs_nothing(office: Office) -> None:
    ticket = office.ticket_in("working")
    version = version_on(text_of(page_of(office.requester, ticket)))
    response = page_of(office.requester, ticket, "fragment", v=version)
    assert (response.status_code, response.content) == (204, b"")


def test_a_poll_brings_what_happened_since(office: Office) -> None:
    ticket = office.ticket_in("working")
    version = version_on(text_of(page_of(office.requester, ticket)))
    office.do(Action.COMMENT, ticket, by=office.technician, text="Sudah sampai.")
    assert "Sudah sampai." in text_of(page_of(office.requester, ticket, "fragment", v=version))


def test_an_internal_note_does_not_stir_the_requesters_poll(office: Office) -> None:
    ticket = office.ticket_in("working")
    version = version_on(text_of(page_of(office.requester, ticket)))
    office.do(Action.COMMENT, ticket, by=office.technician, text=SECRET, internal=True)
    assert page_of(office.requester, ticket, "fragment", v=version).status_code == 204
    assert page_of(office.technician, ticket, "fragment", v=version).status_code == 200


@pytest.mark.parametrize("version", ["", "\x00", "x" * 500, "-1", "9999-runs"])
def test_a_poll_with_a_strange_version_gets_the_page(office: Office, version: str) -> None:
    assert page_of(office.requester, office.ticket_in("submitted"), "fragment", v=version).status_code == 200


def test_the_region_is_the_same_file_on_the_page_and_for_htmx(office: Office) -> None:
    client = Client()
    client.force_login(office.requester)
    ticket = office.ticket_in("done")
    region = text_of(client.get(reverse("tickets:detail", args=[ticket.number]), headers=HTMX))
    assert region.lstrip().startswith('<article id="ticket"')


def test_the_page_works_in_english(office: Office) -> None:
    office.technician.language = "en"
    office.technician.save(update_fields=["language"])
    assert page_of(office.technician, office.ticket_in("testing")).status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_history(office: Office) -> None:
    short, long = (
        office.do(Action.FAIL_TEST, office.do(Action.COMPLETE_WORK, office.ticket_in("working"))) for _ in range(2)
    )
    short = office.do(Action.COMMENT, short, text="Komentar")
    short = office.do(Action.RESUME, office.do(Action.HOLD, short))
    for number in range(5):
        office.wait(minutes=1)
        long = office.do(Action.COMMENT, long, text=f"Komentar {number}")
        long = office.do(Action.HOLD, long)
        long = office.do(Action.RESUME, long)
        long = office.do(Action.COMPLETE_WORK, long)
        long = office.do(Action.FAIL_TEST, long)
    for user in (office.requester, office.technician, office.admin):
        assert len(queries_of(user, short)) == len(queries_of(user, long))


def test_the_page_needs_few_queries(office: Office) -> None:
    assert len(queries_of(office.requester, office.ticket_in("done"))) <= 15
    for status in ("assigned", "identifying", "working", "testing", "finishing", "done"):
        assert len(queries_of(office.technician, office.ticket_in(status))) <= 15, status
    for status in ("submitted", "working"):
        assert len(queries_of(office.admin, office.ticket_in(status))) <= 15


def test_what_the_registry_says_of_the_device_costs_one_query(office: Office) -> None:
    device = office.device()
    assert len(queries_of(office.technician, office.ticket_in("identifying", device=device))) <= 15


# The registry's record


def test_the_page_shows_the_devices_present_record_until_there_is_a_plan(office: Office) -> None:
    device, record = office.device(), office.record(5)
    network.activate(
        device, address=record.address, pc_name=record.pc_name, workgroup=office.workgroup, by=None, now=office.now
    )
    ticket = office.ticket_in("assigned", device=device)
    panel = text_of(page_of(office.requester, ticket)).split('class="records"')[1]
    for fact in ("Saat ini", record.address, record.pc_name, str(office.workgroup)):
        assert fact in panel
    ticket = office.do("identify", office.do("accept", ticket), device=device, record=office.record(6))
    panel = text_of(page_of(office.requester, ticket)).split('class="records"')[1]
    assert "Saat ini" not in panel
    assert office.record(6).address in panel


def test_a_ticket_without_a_registered_device_shows_no_present_record(office: Office) -> None:
    assert "Saat ini" not in text_of(page_of(office.requester, office.ticket_in("assigned")))


# The network fields of step 3, drawn for a device


def test_the_fields_come_anew_for_the_device_that_was_chosen(office: Office) -> None:
    device, record = office.device(), office.record(5)
    network.activate(
        device, address=record.address, pc_name=record.pc_name, workgroup=office.workgroup, by=None, now=office.now
    )
    ticket = office.ticket_in("identifying")
    answer = page_of(
        office.technician, ticket, "record", drawn_for="new", device=str(device.pk), address="", pc_name=""
    )
    assert answer.status_code == 200
    assert text_of(answer).count("<fieldset") == 1
    assert f'value="{record.address}"' in text_of(answer)
    assert f'value="{device.pk}"' in text_of(answer)


def test_the_fields_are_there_for_who_may_fill_them_in_and_while_they_are_asked(office: Office) -> None:
    ticket = office.ticket_in("identifying")
    assert page_of(office.technician, ticket, "record").status_code == 200
    assert page_of(office.technician, ticket, "record", device="\0", drawn_for="x" * 99).status_code == 200
    assert page_of(office.admin, ticket, "record").status_code == 404
    assert page_of(office.technician, office.ticket_in("working"), "record").status_code == 404


def test_a_poll_without_news_needs_hardly_any_query(office: Office) -> None:
    ticket = office.ticket_in("working")
    version = version_on(text_of(page_of(office.requester, ticket)))
    assert len(queries_of(office.requester, ticket, "fragment", v=version)) == 3  # session, person, ticket


def queries_of(user: User, ticket: Ticket, name: str = "detail", **query: str) -> list[str]:
    page_of(user, ticket)  # what a process keeps for ever is read now
    client = Client()
    client.force_login(user)
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse(f"tickets:{name}", args=[ticket.number]), query)
    return [entry["sql"] for entry in captured.captured_queries]


def test_without_scripts_the_page_comes_back_with_the_record_of_the_device_that_was_chosen(office: Office) -> None:
    device, record = office.device(), office.record(5)
    network.activate(
        device, address=record.address, pc_name=record.pc_name, workgroup=office.workgroup, by=None, now=office.now
    )
    first = office.device()
    ticket = office.ticket_in("identifying", device=first)
    data = sound_input(office, Action.IDENTIFY, ticket) | {"address": "", "pc_name": ""}
    answer = send(office.technician, Action.IDENTIFY, ticket, data | {"drawn_for": first.pk, "device": device.pk})
    assert answer.status_code == 422
    assert "Perangkatnya diganti" in text_of(answer)
    assert f'value="{record.address}"' in text_of(answer)
    data |= {"address": record.address, "pc_name": record.pc_name, "drawn_for": device.pk, "device": device.pk}
    assert send(office.technician, Action.IDENTIFY, ticket, data).status_code == 302
