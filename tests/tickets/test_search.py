"""Every way to find a ticket, each by its own index, and nobody finds what is not theirs."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.prepared import Statement
from tests.tickets.factories import Office
from tickets import actions, finding, words
from tickets.models import Ticket
from tickets.workflow import Action, Status


def found(text: str, viewer: User | None = None) -> set[str]:
    tickets = Ticket.objects.visible_to(viewer) if viewer else Ticket.objects.all()
    return set(tickets.search(text).values_list("title", flat=True))


@pytest.fixture
def cabinet(office: Office) -> Office:
    """Three tickets that have nothing in common."""
    office.requester.full_name = "Siti Nurhaliza"
    office.requester.save(update_fields=["full_name"])
    office.colleague.full_name = "Bambang Irawan"
    office.colleague.save(update_fields=["full_name"])
    office.submit(title="Pencetakan gagal terus", description="Tinta sudah diganti.")
    office.submit(title="Internet lambat", by=office.colleague, category="fault")
    office.submit(title="Minta akses folder", by=office.stranger)
    return office


def number_of(title: str) -> str:
    return Ticket.objects.get(title=title).number


def test_words_of_title_are_found_by_their_stem(cabinet: Office) -> None:
    assert found("mencetak") == {"Pencetakan gagal terus"}


def test_words_of_description_are_found_by_their_beginning(cabinet: Office) -> None:
    assert found("tint") == {"Pencetakan gagal terus"}


def test_all_words_must_fit(cabinet: Office) -> None:
    assert found("internet lambat") == {"Internet lambat"}
    assert found("internet gagal") == set()


def test_whole_number_is_found(cabinet: Office) -> None:
    assert found(number_of("Internet lambat")) == {"Internet lambat"}


def test_number_is_found_in_small_letters(cabinet: Office) -> None:
    assert found(number_of("Internet lambat").lower()) == {"Internet lambat"}


def test_last_digits_of_number_are_found(cabinet: Office) -> None:
    assert found(number_of("Internet lambat")[-3:]) == {"Internet lambat"}


def test_short_form_of_number_is_found(cabinet: Office) -> None:
    _hc, year, digits = number_of("Internet lambat").split("-")
    assert found(f"{year}-{int(digits)}") == {"Internet lambat"}
    assert found(f"hc-{year}-{int(digits)}") == {"Internet lambat"}


def test_digits_from_the_middle_of_a_number_find_nothing(cabinet: Office) -> None:
    assert found("000") == set()


def test_requester_is_found_by_first_name(cabinet: Office) -> None:
    assert found("siti") == {"Pencetakan gagal terus"}


def test_requester_is_found_by_last_name(cabinet: Office) -> None:
    assert found("Irawan") == {"Internet lambat"}


def test_requester_is_not_found_by_the_inside_of_a_name(cabinet: Office) -> None:
    assert found("hali") == set()


@pytest.fixture
def device_ticket(office: Office) -> Ticket:
    """A ticket whose device holds PC-77 and 10.17.3.44 in the registry."""
    ticket = office.ticket_in(Status.FINISHING, title="PC baru")
    record = actions.NetworkRecord("10.17.3.44", "PC-77", office.workgroup)
    office.submit(title="Sama sekali lain", by=office.stranger)
    return office.do(Action.FINISH, ticket, record=record)


@pytest.mark.parametrize("text", ["PC-77", "pc-7", "10.17.3.44", "10.17.3."])
def test_device_is_found_by_name_and_address(device_ticket: Ticket, text: str) -> None:
    assert found(text) == {"PC baru"}


@pytest.mark.parametrize("text", ["C-77", "17.3.44", "10.17.3.45", "10.17.33"])
def test_device_is_found_by_the_beginning_alone(device_ticket: Ticket, text: str) -> None:
    assert found(text) == set()


def test_planned_address_is_found_before_it_is_active(office: Office) -> None:
    ticket = office.ticket_in(Status.IDENTIFYING, title="Sedang disiapkan")
    office.do(Action.IDENTIFY, ticket, record=actions.NetworkRecord("10.17.4.9", "PC-PLAN", office.workgroup))
    assert found("10.17.4.9") == {"Sedang disiapkan"}


def test_address_that_a_ticket_recorded_is_found_when_the_device_has_moved_on(
    device_ticket: Ticket, office: Office
) -> None:
    later = office.ticket_in(
        Status.FINISHING, title="Pindah ruang", category="move", device=device_ticket.device, device_text=""
    )
    office.do(Action.FINISH, later, record=actions.NetworkRecord("10.17.9.9", "PC-77", office.workgroup))
    assert found("10.17.3.44") == {"PC baru"}
    assert found("10.17.9.9") == {"PC baru", "Pindah ruang"}


@pytest.mark.parametrize("text", ["%", "_", "' | '", "\\", "!@#$", "x:*&q", "::", "1" * 200, "²", "<script>", "‮"])
def test_signs_without_a_meaning_find_nothing_and_break_nothing(cabinet: Office, text: str) -> None:
    assert found(text) == set()


def test_one_sign_alone_is_a_word_and_not_the_beginning_of_many(cabinet: Office) -> None:
    cabinet.submit(title="Kabel di lantai B")
    assert found("b") == {"Kabel di lantai B"}  # nobody's name, though Bambang begins so


def test_the_newest_of_what_fits_a_search_are_found_first(cabinet: Office) -> None:
    for number in range(3):
        cabinet.submit(title=f"Lagi {number}", by=cabinet.colleague)
    newest = Ticket.objects.search("bambang", newest=2).values_list("title", flat=True)
    assert set(newest) == {"Lagi 1", "Lagi 2"}


def test_no_text_finds_everything(cabinet: Office) -> None:
    assert len(found("  ")) == 3


def test_employee_finds_own_tickets_alone(cabinet: Office) -> None:
    assert found("Pencetakan", cabinet.requester) == {"Pencetakan gagal terus"}
    assert found("Pencetakan", cabinet.colleague) == set()
    assert found(number_of("Pencetakan gagal terus"), cabinet.colleague) == set()
    assert found("siti", cabinet.colleague) == set()


@pytest.mark.parametrize("role", ["admin", "technician", "supervisor"])
def test_staff_find_everybodys_tickets(cabinet: Office, role: str) -> None:
    assert found("Pencetakan", getattr(cabinet, role)) == {"Pencetakan gagal terus"}


@pytest.fixture
def crowd(device_ticket: Ticket) -> None:
    """4,000 closed tickets of 400 people with as many devices, straight into the tables: only their number matters."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO accounts_user (username, full_name, password, is_active, is_staff, is_superuser, date_joined,
                                       email, room, phone, language, theme, must_change_password)
            SELECT 'massa' || n, 'Orang Ke' || n, '!', true, false, false, now(), '', '', '', 'id', 'auto', false
            FROM generate_series(1, 400) n
            """
        )
        cursor.execute("SELECT min(id) FROM accounts_user WHERE username LIKE 'massa%%'")
        first = cursor.fetchone()[0]
        cursor.execute(
            """
            INSERT INTO network_device (kind, brand_model, asset_number, mac, owner_id, unit_id, room, pc_name,
                                        registered_at, decommission_reason)
            SELECT 'pc', '', '', '', u.id, %s, '', 'MASSA-' || u.id, now(), ''
            FROM accounts_user u WHERE u.username LIKE 'massa%%'
            """,
            [device_ticket.unit_id],
        )
        cursor.execute(
            """
            INSERT INTO tickets_ticket (number, status, category, title, description, requester_id, device_id,
                                        device_text, unit_id, room, contact, sop_id, submitted_at, closed_at, verdict,
                                        event_seq, last_hash)
            SELECT 'HC-2025-' || lpad(n::text, 6, '0'), 'rejected', 'fault', 'Masalah nomor ' || md5(n::text), '',
                   %s + n %% 400, (SELECT id FROM network_device WHERE owner_id = %s + n %% 400), '', %s, 'R', '1',
                   %s, now() - n * interval '1 hour', now(), '', 0, ''
            FROM generate_series(1, 4000) n
            """,
            [first, first, device_ticket.unit_id, device_ticket.sop_id],
        )
        # What autovacuum does in a living database: bring the index up to date with the rows.
        cursor.execute("SELECT gin_clean_pending_list('ticket_words')")
        for table in ("accounts_user", "network_device", "tickets_ticket", "tickets_ticketaddress"):
            cursor.execute(f"ANALYZE {table}")
        cursor.execute("SET LOCAL random_page_cost = 1")  # as in memory: so few rows are near to being read through


@pytest.mark.parametrize(
    "text", ["PC-77", "10.17.3", "HC-2025-00012", "0123", "printer rusak", "Orang Ke171", "2025-99"]
)
def test_search_reads_tickets_through_indexes(crowd: None, text: str) -> None:
    plan = Ticket.objects.search(text).order_by("-submitted_at", "-pk")[:26].explain()
    assert "Seq Scan on tickets_ticket " not in plan, plan


@pytest.mark.parametrize("look", [words._NEAR, words._FAR, words._ALL], ids=["near", "far", "all"])
def test_words_are_looked_for_by_their_index(crowd: None, look: Statement) -> None:
    asked: list[str | int] = ["'masalah'", "'masalah'", 1001]
    look.rows(*asked)
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + look.call, asked)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Bitmap Index Scan on ticket_words" in plan, plan


def test_search_in_a_crowd_finds_the_one(crowd: None) -> None:
    assert found("PC-77") == {"PC baru"}
    assert len(found("Orang Ke17 ".strip())) >= 10


# The list's first page and its chips ask in SQL of their own.

TEXTS = [
    "mencetak", "tint", "internet lambat", "internet gagal", "Siti", "irawan bam", "s", "1", "i", "000", "002",
    "HC-", "hc-2026", "2026-2", "HC-2026-000002", "PC-", "pc-0", "10.", "10.17", "10.17.0.3", "10.17.0.3 ", "fe80::",
    "%", "_", "100%", "'", "\\", "O'Brien \\ x", "!!!", "ß", "\U0010ffff", "é", "a & b | !c", "<script>",
    "2026-9999999",
]  # fmt: skip


@pytest.fixture
def furnished(cabinet: Office) -> Office:
    """With devices, plans and records in several statuses, and one ticket on hold."""
    for status in (Status.ASSIGNED, Status.WORKING, Status.FINISHING, Status.DONE, Status.REJECTED):
        cabinet.ticket_in(status)
    cabinet.ticket_in(Status.WORKING, on_hold=True)
    cabinet.submit(title="100% 'rusak' O'Brien <script> \\ é ß", description="a & b | c")
    return cabinet


@pytest.mark.parametrize("text", TEXTS)
def test_both_ways_to_ask_find_the_same(furnished: Office, text: str) -> None:
    expected = list(Ticket.objects.search(text).order_by("-submitted_at", "-pk").values_list("submitted_at", "pk"))
    assert finding.newest(text, 100, 1001) == (expected, len(expected))
    assert finding.open_tally(text, furnished.now) == Ticket.objects.open().search(text).tally(furnished.now)


def test_a_page_holds_the_newest_and_says_how_many_there_are(furnished: Office) -> None:
    every = list(Ticket.objects.order_by("-submitted_at", "-pk").values_list("pk", flat=True))
    found, number = finding.newest("HC-", 3, 1001)
    assert [row.pk for row in found] == every[:3]
    assert number == len(every)


def test_each_way_gives_no_more_than_so_many(furnished: Office) -> None:
    assert finding.newest("HC-", 10, 2)[1] == 2


def test_the_list_asks_so_only_where_nothing_but_words_narrows_it(furnished: Office) -> None:
    client = Client()
    client.force_login(furnished.admin)
    for query in ("?q=HC-", "?q=HC-&state=open", "?q=HC-&priority=3", "?q=HC-&sort=oldest"):
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("tickets:list") + query)
        own = any("found_otherwise" in asked["sql"] for asked in captured)
        assert own == (query == "?q=HC-"), query
