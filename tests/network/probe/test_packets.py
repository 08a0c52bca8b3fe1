"""What is asked and what is understood of an answer: recorded ones, wrong ones, and any bytes at all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from network.probe import packets
from network.probe.packets import NotAStatus, Status
from tests.network.probe.recorded import GROUP, SAMBA, answer, entry, windows

NUMBER = 0x2026


def test_the_question_is_that_of_rfc_1002() -> None:
    assert packets.request(NUMBER).hex() == (
        "2026 0000 0001 0000 0000 0000 20 434b414141414141414141414141414141414141414141414141414141414141 00 0021 0001"
    ).replace(" ", "")


def test_samba_tells_name_and_workgroup_and_no_mac() -> None:
    assert packets.read(SAMBA, NUMBER) == Status("PC-UJI-01", "BPS1700", "")


def test_windows_tells_its_mac_too_and_the_web_server_s_name_is_not_taken_for_its_own() -> None:
    assert packets.read(windows(NUMBER), NUMBER) == Status("PC-UJI-02", "BPS1700", "3C:52:82:1A:0B:4F")
    iis_first = answer(NUMBER, entry("IS~PC-1", 0), entry("PC-1", 0), entry("BPS", 0, GROUP))
    assert packets.read(iis_first, NUMBER).name == "PC-1"


def test_names_that_are_given_up_or_not_in_use_do_not_count() -> None:
    data = answer(NUMBER, entry("OLD", 0, 0x1400), entry("IDLE", 0, 0x0000), entry("NEW", 0), entry("WG", 0, GROUP))
    assert packets.read(data, NUMBER) == Status("NEW", "WG", "3C:52:82:1A:0B:4F")


def test_a_machine_without_names_says_nothing() -> None:
    assert packets.read(answer(NUMBER, mac=bytes(6)), NUMBER) == Status("", "", "")


def test_a_pointer_in_place_of_the_name_is_understood_and_not_followed() -> None:
    for pointer in (b"\xc0\x0c", b"\xc0\x00", b"\xff\xff"):
        assert packets.read(answer(NUMBER, entry("PC-1", 0), name=pointer), NUMBER).name == "PC-1"


def test_what_is_no_plain_text_shows_as_question_marks() -> None:
    data = answer(NUMBER, entry("A\x00B\n\x1b\x7f\xe9", 0), entry("<b>&'\"", 0, GROUP))
    assert packets.read(data, NUMBER) == Status("A?B????", "<b>&'\"", "3C:52:82:1A:0B:4F")


def test_the_mac_of_many_is_nobody_s() -> None:
    assert packets.read(windows(NUMBER, mac=b"\xff" * 6), NUMBER).mac == ""
    assert packets.read(answer(NUMBER, entry("PC-1", 0), mac=b"", statistics=0), NUMBER) == Status("PC-1", "", "")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"flags": 0x0000}, "no answer to a query"),
        ({"flags": 0xA800}, "no answer to a query"),  # a registration
        ({"flags": 0x8403}, "refused"),
        ({"flags": 0x8600}, "cut off by the machine itself"),
        ({"counts": (1, 1)}, "wrong counts"),
        ({"counts": (0, 0)}, "wrong counts"),
        ({"counts": (0, 65535)}, "wrong counts"),
        ({"claimed": 255}, "fewer names than it says"),
        ({"claimed": 9}, "fewer names than it says"),
        ({"name": b"\x3f" + b"A" * 63 + b"\x3f" + b"A" * 63 + (b"\x3f" + b"A" * 63) * 3}, "a name without end"),
        ({"name": b"\x40" + b"A" * 64 + b"\x00"}, "a name without end"),
        ({"name": b"\x00\x00\x20"}, "no record of a node status"),
    ],
)
def test_what_is_wrong_is_refused(wrong: dict[str, Any], why: str) -> None:
    with pytest.raises(NotAStatus, match=why):
        packets.read(answer(NUMBER, entry("PC-1", 0), **wrong), NUMBER)


def test_an_answer_to_another_question_is_refused() -> None:
    with pytest.raises(NotAStatus, match="another question"):
        packets.read(windows(NUMBER + 1), NUMBER)


def test_an_answer_that_is_cut_off_anywhere_is_refused() -> None:
    """But where no more than the statistics behind the MAC are missing and the record says so: it says its length."""
    for length in range(len(SAMBA)):
        with pytest.raises(NotAStatus):
            packets.read(SAMBA[:length], NUMBER)


def test_more_than_any_answer_can_be_is_not_even_read() -> None:
    with pytest.raises(NotAStatus, match="longer"):
        packets.read(windows(NUMBER) + bytes(packets.LONGEST), NUMBER)


def test_the_longest_answer_is_read() -> None:
    data = answer(NUMBER, *[entry(f"PC-{number}", 0x20) for number in range(254)], entry("PC-LAST", 0))
    assert len(data) < packets.LONGEST
    assert packets.read(data, NUMBER).name == "PC-LAST"


def understood(data: bytes, number: int) -> Status | None:
    try:
        return packets.read(data, number)
    except NotAStatus:
        return None


def is_whole(status: Status | None) -> bool:
    """Whatever came, it fits the table and holds nothing but plain text."""
    if status is None:
        return True
    texts = (status.name, status.workgroup)
    return all(len(text) <= 15 and all(" " <= x < "\x7f" for x in text) for text in texts) and len(status.mac) in (
        0,
        17,
    )


@given(st.binary(max_size=400), st.integers(0, 0xFFFF))
@example(b"", 0)
@example(b"\xc0\x0c" * 100, 0xC00C)
def test_any_bytes_give_a_status_or_its_own_error(data: bytes, number: int) -> None:
    assert is_whole(understood(data, number))


@given(st.data())
def test_a_real_answer_with_bytes_changed_gives_a_status_or_its_own_error(data: st.DataObject) -> None:
    packet = bytearray(data.draw(st.sampled_from([SAMBA, windows(NUMBER)])))
    for _ in range(data.draw(st.integers(1, 6))):
        packet[data.draw(st.integers(2, len(packet) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(packet)))
    assert is_whole(understood(bytes(packet), NUMBER))
    assert is_whole(understood(bytes(packet[:cut]), NUMBER))


@given(
    st.lists(st.tuples(st.binary(min_size=15, max_size=15), st.integers(0, 255), st.integers(0, 0xFFFF)), max_size=40),
    st.one_of(st.none(), st.integers(0, 255)),
    st.tuples(st.integers(0, 2), st.integers(0, 2)),
    st.binary(max_size=60),
)
def test_any_names_in_any_number_give_a_status_or_its_own_error(
    names: list[tuple[bytes, int, int]], claimed: int | None, counts: tuple[int, int], name: bytes
) -> None:
    entries = [raw + bytes([suffix]) + flags.to_bytes(2, "big") for raw, suffix, flags in names]
    assert is_whole(understood(answer(NUMBER, *entries, claimed=claimed, counts=counts), NUMBER))
    assert is_whole(understood(answer(NUMBER, *entries, name=name), NUMBER))


@given(st.binary(max_size=packets.LONGEST))
def test_reading_takes_no_more_steps_than_the_packet_has_bytes(raw: bytes) -> None:
    """Counted, not timed: the bytes are handed over one look at a time."""
    looks = 0

    class Counting(bytes):
        def __getitem__(self, key: Any) -> Any:
            nonlocal looks
            looks += 1
            return super().__getitem__(key)

    understood(Counting(packets.request(NUMBER)[:2] + b"\x84\x00\x00\x00\x00\x01\x00\x00\x00\x00" + raw), NUMBER)
    assert looks < 300  # a name of at most 255 bytes, and the few fields behind it
