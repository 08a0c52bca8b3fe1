"""Words are found in however many tickets: through the vocabulary, in the newest blocks first."""

from __future__ import annotations

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.postgres.search import SearchQuery
from django.core.management import call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tickets.factories import Office
from tickets import finding, words
from tickets.integrity import INVARIANTS
from tickets.models import Ticket, Word
from tickets.words import BLOCK_BITS, LARGE_BLOCK_BITS

UNKNOWN = INVARIANTS["the search knows every word of the tickets"]
BLOCK, LARGE_BLOCK = 2**BLOCK_BITS, 2**LARGE_BLOCK_BITS


def asked(query: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [word for (word,) in cursor.fetchall()]


def test_a_submission_teaches_its_words(office: Office) -> None:
    assert words.in_vocabulary("proyektor") is None
    office.submit(title="Proyektor padam", description="Lampunya terbakar.")
    assert words.in_vocabulary("proyektor") == "('proyektor')"
    assert asked(UNKNOWN) == []


def test_a_word_of_many_tickets_is_one_word(office: Office) -> None:
    for _ in range(3):
        office.submit(title="Proyektor padam")
    assert Word.objects.filter(word="proyektor").count() == 1


def test_a_corrected_title_teaches_its_words(office: Office) -> None:
    ticket = office.submit(title="Proyektor padam")
    Ticket.objects.filter(pk=ticket.pk).update(title="Pemindai padam")
    assert asked(UNKNOWN) == []


def test_a_word_that_nobody_learnt_is_told_and_learnt_again(office: Office) -> None:
    office.submit(title="Proyektor padam")
    Word.objects.filter(word="proyektor").delete()
    assert asked(UNKNOWN) == ["proyektor"]
    Word.objects.learn_all()
    assert asked(UNKNOWN) == []


def test_a_command_learns_all_words_and_says_how_many(office: Office) -> None:
    office.submit(title="Proyektor padam")
    Word.objects.filter(word__in=["proyektor", "padam"]).delete()
    said = StringIO()
    call_command("learn_words", stdout=said)
    assert said.getvalue() == "2 words learnt.\n"
    assert asked(UNKNOWN) == []


def test_the_newest_are_those_submitted_last_whatever_their_keys(office: Office) -> None:
    """A clock that was set back gives later rows earlier times."""
    tickets = [office.submit(title="Kabel putus") for _ in range(4)]
    for ticket, hours in zip(tickets, (3, 4, 1, 2), strict=True):
        Ticket.objects.filter(pk=ticket.pk).update(submitted_at=office.now + timedelta(hours=hours))
    found, number = finding.newest("kabel", 2, 3)
    assert [row.pk for row in found] == [tickets[1].pk, tickets[0].pk]
    assert number == 3


def test_what_is_typed_is_the_beginning_of_words(office: Office) -> None:
    office.submit(title="Kabel dan kabinet")
    assert words.in_vocabulary("kab") == "('kabel' | 'kabinet')"


def test_the_words_of_a_title_are_asked_for_as_what_they_stem_from(office: Office) -> None:
    office.submit(title="Pencetakan laporan keuangan")
    assert words.in_vocabulary("mencetak keuangan") == "('cetak') & ('uang')"


def test_of_very_many_words_that_begin_alike_no_list_is_made(office: Office) -> None:
    office.submit(title="Daftar", description=" ".join(f"zz{number}" for number in range(65)))
    assert words.in_vocabulary("zz") == "'zz':*"
    assert words.in_vocabulary("zz1") == "('zz1' | 'zz10' | 'zz11' | 'zz12' | 'zz13' | 'zz14' | " + (
        "'zz15' | 'zz16' | 'zz17' | 'zz18' | 'zz19')"
    )
    assert finding.newest("zz", 26, 1001)[1] == 1


def test_a_single_sign_is_a_whole_word(office: Office) -> None:
    office.submit(title="Kabel putus")
    assert words.in_vocabulary("k") is None
    office.submit(title="Vitamin K")
    assert words.in_vocabulary("k") == "('k')"


@pytest.mark.parametrize("word", ["it's", "c:\\data\\x", "a\\'b", "/etc/hosts", "bps.go.id", "a_b", "x@bps.go.id"])
def test_words_with_signs_in_them_are_quoted(office: Office, word: str) -> None:
    Word.objects.create(word=f"zz{word}")
    known = words.in_vocabulary("zz")
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_to_tsvector(ARRAY[%s]) @@ %s::tsquery", [f"zz{word}", known])
        assert cursor.fetchone()[0] is True


@pytest.mark.parametrize("text", ["", "!!!", "_", "nirwana"])
def test_where_no_word_is_left_nothing_fits(office: Office, text: str) -> None:
    office.submit()
    assert words.fitting(text, 26, 1001) == words.Fitting([], 0)


ODD = [
    "Internet putus-nyambung", "Internet putus, lalu nyambung", "bps.go.id tidak terbuka", "http://bps.go.id/data?x=1",
    "C:\\data\\laporan_2026.xlsx", "10.17.0.23 bentrok", "10 17 0 23", "a_b", "a b", "B", "e-mail x@bps.go.id", "1e5",
    "-5 derajat", "Wi-Fi", "wi fi", "it's", "ü ß é", "0812-3456", "1.000.000", "v1.2.3", "&amp; <b>",
]  # fmt: skip
PIECES = sorted({piece for title in ODD for piece in re.findall(r"\w+|\W", title)})


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join))
@pytest.mark.parametrize("cut", [0, 1])
def test_whatever_is_typed_the_vocabulary_leaves_nothing_out(odd: Office, cut: int, text: str) -> None:
    text = text[: len(text) - cut].strip()
    fitting = Ticket.objects.filter(search=SearchQuery(words.typed(text), config="indonesian", search_type="raw"))
    expected = set(fitting.values_list("pk", flat=True)) if words.typed(text) else set()
    assert set(words.fitting(text, 26, 1001).ids) == expected


@pytest.fixture
def odd(office: Office) -> Office:
    for title in ODD:
        office.submit(title=title)
    return office


# Tickets of several blocks: the newest ones, those before, a large block before, the oldest.
PLACES = [
    *range(1, 9),
    *range(5 * LARGE_BLOCK, 5 * LARGE_BLOCK + 8),
    *range(8 * LARGE_BLOCK + 1, 8 * LARGE_BLOCK + 9),
    *range(8 * LARGE_BLOCK + 5 * BLOCK, 8 * LARGE_BLOCK + 5 * BLOCK + 8),
    *range(8 * LARGE_BLOCK + 9 * BLOCK, 8 * LARGE_BLOCK + 9 * BLOCK + 8),
]


@pytest.fixture
def archive(office: Office) -> Office:
    """Forty tickets of nine large blocks: words of all, of half of them, of the oldest, of the newest, and some that
    are never together."""
    like = office.submit(title="Contoh")
    with connection.cursor() as cursor:
        for number, place in enumerate(PLACES):
            title = ["internet lambat", "printer macet"][number % 2]
            title += " langka" if place < LARGE_BLOCK else " baru" if number >= len(PLACES) - 2 else " biasa"
            cursor.execute(
                """
                INSERT INTO tickets_ticket (id, number, status, category, title, description, requester_id, device_text,
                    unit_id, room, contact, sop_id, submitted_at, closed_at, verdict, event_seq, last_hash)
                SELECT %s, 'HC-2019-' || lpad(%s::text, 6, '0'), 'rejected', category, %s || ' kantor', '',
                    requester_id, device_text, unit_id, room, contact, sop_id, submitted_at + %s * interval '1 minute',
                    submitted_at, '', 0, ''
                FROM tickets_ticket WHERE id = %s
                """,
                [place + like.pk, number + 1, title, number + 1, like.pk],
            )
    return office


TEXTS = [
    "kantor", "kant", "printer", "internet", "printer kantor", "langka", "baru", "biasa", "printer langka",
    "internet b", "printer internet", "nirwana", "kantor nirwana", "p k", "contoh",
]  # fmt: skip


@pytest.mark.parametrize(("size", "most"), [(1, 2), (2, 3), (3, 5), (3, 9), (5, 16), (5, 30), (26, 1001)])
def test_however_far_back_they_lie_the_newest_are_found_and_counted(archive: Office, size: int, most: int) -> None:
    for text in TEXTS:
        expected = list(Ticket.objects.search(text).order_by("-submitted_at", "-pk").values_list("submitted_at", "pk"))
        assert finding.newest(text, size, most) == (expected[:size], min(len(expected), most)), text


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("newest", [3, 9, 1001])
def test_what_others_wrote_later_hides_nothing_of_ones_own(archive: Office, text: str, newest: int) -> None:
    """The newest so many are those of a person, not those of everybody among which are a person's."""
    oldest = Ticket.objects.exclude(title="Contoh").order_by("pk").values("pk")[:6]
    Ticket.objects.filter(pk__in=list(oldest.values_list("pk", flat=True))).update(requester=archive.stranger)
    own = Ticket.objects.requested_by(archive.stranger)
    expected = list(own.search(text).order_by("-pk").values_list("pk", flat=True))
    assert list(own.search(text, newest).order_by("-pk").values_list("pk", flat=True)) == expected[:newest]
