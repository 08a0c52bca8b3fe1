import pytest
from django.core.exceptions import ValidationError

from network import validators
from network.fields import parse_network


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("10.17.0.23", "10.17.0.23"),
        (" 10.17.0.23\n", "10.17.0.23"),
        ("10,17,0,23", "10.17.0.23"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("::FFFF:0a00:0001", "10.0.0.1"),
        ("192.168.1.1", "192.168.1.1"),
        ("8.8.8.8", "8.8.8.8"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("fd00::1", "fd00::1"),
    ],
)
def test_an_address_has_one_spelling(typed: str, canonical: str) -> None:
    assert validators.clean_address(typed) == canonical


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "abc",
        "10.17.0",
        "10.17.0.256",
        "10.17.0.023",
        "010.17.0.23",
        "0x0a.17.0.23",
        "10.17.0.23/24",
        "10.17.0.23:80",
        "[fd00::1]",
        "10.17.0.2٣",
        "10.17.0.23\x00",
        "10.17. 0.23",
        "fe80::1%eth0",
        "fd00::1%eth0",
        "fd00::1%",
        "fe80::1",
        "127.0.0.1",
        "127.1.2.3",
        "::1",
        "::ffff:127.0.0.1",
        "169.254.1.1",
        "224.0.0.1",
        "ff02::1",
        "0.0.0.0",  # noqa: S104
        "0.1.2.3",
        "::",
        "240.0.0.1",
        "255.255.255.255",
        "1" * 10_000,
    ],
)
def test_what_no_device_can_have_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        validators.clean_address(typed)


@pytest.mark.parametrize("name", ["A", "pc-1", "BPS1700-PST-01", "1A", "a" * 15, " PC-01 "])
def test_a_pc_name_may_be(name: str) -> None:
    assert validators.clean_pc_name(name) == name.strip()


@pytest.mark.parametrize(
    "name",
    ["", " ", "-pc", "pc-", "-", "pc_1", "pc 1", "pc.1", "12345", "a" * 16, "pć", "pc１", "pc\x00", "pc\n1", "pc/1"],
)
def test_a_pc_name_may_not_be(name: str) -> None:
    with pytest.raises(ValidationError):
        validators.clean_pc_name(name)


@pytest.mark.parametrize("name", ["WORKGROUP", "bps1700", "1700", "A"])
def test_a_workgroup_name_may_be(name: str) -> None:
    assert validators.clean_workgroup_name(name) == name


@pytest.mark.parametrize("name", ["", "-BPS", "BPS-", "BPS 1700", "B" * 16, "BPS\x00"])
def test_a_workgroup_name_may_not_be(name: str) -> None:
    with pytest.raises(ValidationError):
        validators.clean_workgroup_name(name)


@pytest.mark.parametrize(
    "typed",
    ["3c:52:82:1a:0b:4f", "3C-52-82-1A-0B-4F", "3c52.821a.0b4f", "3c52821a0b4f", " 3C:52:82:1A:0B:4F "],
)
def test_a_mac_address_has_one_spelling(typed: str) -> None:
    assert validators.clean_mac(typed) == "3C:52:82:1A:0B:4F"


def test_no_mac_address_stays_none() -> None:
    assert validators.clean_mac("  ") == ""


@pytest.mark.parametrize(
    "typed",
    [
        "3c:52:82:1a:0b",
        "3c:52:82:1a:0b:4f:11",
        "3c:52-82:1a:0b:4f",
        "3g:52:82:1a:0b:4f",
        "ff:ff:ff:ff:ff:ff",
        "01:00:5e:00:00:01",
        "00:00:00:00:00:00",
        "3c52821a0b4f\x00",
    ],
)
def test_what_is_no_device_s_mac_address_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        validators.clean_mac(typed)


@pytest.mark.parametrize("typed", ["10.17.0.0/24", " 10.17.0.0/24 ", "fd00::/64"])
def test_a_network_is_read(typed: str) -> None:
    assert str(parse_network(typed)) == typed.strip()


@pytest.mark.parametrize("typed", ["", "10.17.0.0", "10.17.0.0/33", "10.17.0.0/x", "10.17.0.0/24\x00", "/24", "::/129"])
def test_what_is_no_network_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        parse_network(typed)


def test_an_address_inside_a_network_is_answered_with_the_network_meant() -> None:
    with pytest.raises(ValidationError) as caught:
        parse_network("10.17.0.5/24")
    assert "10.17.0.0/24" in caught.value.messages[0]


@pytest.mark.parametrize(
    "network", ["127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/24", "0.0.0.0/0", "fe80::/64", "240.0.0.0/8"]
)
def test_a_network_of_special_addresses_is_refused(network: str) -> None:
    with pytest.raises(ValidationError):
        validators.clean_network(parse_network(network))
