"""PostgreSQL's `cidr` as `ipaddress` networks."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any, TypeAlias

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address


def parse_network(value: object) -> Network:
    """A network such as 10.17.0.0/24. Raises ValidationError with a sentence."""
    if isinstance(value, ipaddress.IPv4Network | ipaddress.IPv6Network):
        return value
    text = str(value).strip()
    if "/" not in text:
        raise ValidationError(_("Tulis subnet dengan panjang prefiksnya, misalnya 10.17.0.0/24."), code="invalid")
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        pass
    try:
        near = ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise ValidationError(_("Ini bukan subnet. Contoh yang benar: 10.17.0.0/24."), code="invalid") from None
    raise ValidationError(
        _("Alamat ini berada di tengah subnet. Maksud Anda %(near)s?"), code="host_bits", params={"near": near}
    )


class CidrFormField(forms.CharField):
    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return parse_network(text) if text else None

    def prepare_value(self, value: Any) -> Any:
        return str(value) if value is not None else value


if TYPE_CHECKING:
    _NetworkField = models.Field[Network | str, Network]
    _Lookup = models.Lookup[str]
else:
    _NetworkField = models.Field
    _Lookup = models.Lookup


class CidrField(_NetworkField):
    description = "PostgreSQL cidr"

    def db_type(self, connection: Any) -> str:
        return "cidr"

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Network | None:
        return None if value is None else ipaddress.ip_network(value)

    def to_python(self, value: Any) -> Any:
        return None if value is None else parse_network(value)

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return None if value is None else str(self.to_python(value))

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": CidrFormField, **kwargs})


@CidrField.register_lookup
class ContainsAddress(_Lookup):
    """`cidr__contains_address="10.17.0.23"`: the network in which an (already canonical) address lies."""

    lookup_name = "contains_address"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, params = self.process_lhs(compiler, connection)
        return f"{left} >>= %s::inet", (*params, str(self.rhs))
