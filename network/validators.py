"""The rules for addresses and names (NetBIOS). Each returns the canonical value or raises ValidationError."""

import ipaddress
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from network.fields import Address, Network

#: What the database checks as well; the digits-only rule is separate, PostgreSQL has no look-ahead worth reading.
NETBIOS_NAME = r"^[A-Za-z0-9]([A-Za-z0-9-]{0,13}[A-Za-z0-9])?$"
ONLY_DIGITS = r"^[0-9]+$"
MAC_ADDRESS = r"^[0-9A-F]{2}(:[0-9A-F]{2}){5}$"

_MAC_SPELLINGS = re.compile(
    r"[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}"
    r"|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}"
    r"|[0-9A-Fa-f]{12}"
)


def parse_address(value: str) -> Address:
    """The address of one host, IPv4 where it is IPv4 in IPv6 clothes (`::ffff:10.0.0.1` is `10.0.0.1`).

    Raises ValidationError for zones, ports, prefixes, leading zeros and everything that no PC can have.
    """
    try:
        # The number pad of a phone set to Indonesian has a comma where the point would be.
        address: Address = ipaddress.ip_address(value.strip().replace(",", "."))
    except ValueError:
        raise ValidationError(
            _("Ini bukan alamat IP. Contoh yang benar: 10.17.0.23."), code="invalid_address"
        ) from None
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None:
            raise ValidationError(_("Tulis alamat IP tanpa zona di belakangnya."), code="zone")
        address = address.ipv4_mapped or address
    if _is_special(address):
        raise ValidationError(_("Alamat IP ini tidak dapat diberikan kepada perangkat."), code="special_address")
    return address


def _is_special(address: Address) -> bool:
    if address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified:
        return True
    return isinstance(address, ipaddress.IPv4Address) and (address.is_reserved or address.packed[0] == 0)


def clean_network(network: Network) -> Network:
    """A network whose addresses PCs can have."""
    if _is_special(network.network_address) or _is_special(network.broadcast_address):
        raise ValidationError(_("Alamat di subnet ini tidak dapat diberikan kepada perangkat."), code="special_network")
    return network


def clean_address(value: str) -> str:
    """As `parse_address`, in its one spelling."""
    return str(parse_address(value))


def clean_pc_name(value: str) -> str:
    """A NetBIOS computer name in the spelling given; names are compared without case."""
    name = value.strip()
    if not re.fullmatch(NETBIOS_NAME[1:-1], name):
        raise ValidationError(
            _(
                "Nama PC terdiri atas 1–15 karakter: huruf, angka, dan tanda hubung; "
                "tidak diawali atau diakhiri tanda hubung."
            ),
            code="invalid_pc_name",
        )
    if name.isdigit():
        raise ValidationError(_("Nama PC tidak boleh hanya berisi angka."), code="invalid_pc_name")
    return name


def clean_workgroup_name(value: str) -> str:
    """A NetBIOS workgroup name: the alphabet of PC names."""
    name = value.strip()
    if not re.fullmatch(NETBIOS_NAME[1:-1], name):
        raise ValidationError(
            _(
                "Nama grup jaringan terdiri atas 1–15 karakter: huruf, angka, dan tanda hubung; "
                "tidak diawali atau diakhiri tanda hubung."
            ),
            code="invalid_workgroup",
        )
    return name


def validate_workgroup_name(value: str) -> None:
    clean_workgroup_name(value)


def clean_mac(value: str) -> str:
    """`AA:BB:CC:DD:EE:FF` from any usual spelling; an empty value stays empty."""
    text = value.strip()
    if not text:
        return ""
    if not _MAC_SPELLINGS.fullmatch(text):
        raise ValidationError(_("Ini bukan alamat MAC. Contoh yang benar: 3C:52:82:1A:0B:4F."), code="invalid_mac")
    digits = re.sub(r"[^0-9A-Fa-f]", "", text).upper()
    if int(digits[:2], 16) & 1 or digits == "0" * 12:
        raise ValidationError(_("Alamat MAC ini bukan milik satu perangkat."), code="special_mac")
    return ":".join(digits[start : start + 2] for start in range(0, 12, 2))
