"""What the rows of a table would do to the registry, with all their errors; by the registry's own rules.

A row means the device with its number, else with its MAC, else with its PC name, else the one with its asset number;
else it adds one. Conflicts are judged by how things stand after the whole file: two devices may change addresses.
"""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from jobs.plans import Line, PlannedRow, refuse_duplicates
from network import validators
from network.actions.devices import in_plan
from network.actions.records import unusable
from network.imports import columns
from network.imports.columns import ADDRESS, ASSET, CLEAR, KIND, MAC, NAME, NUMBER, OWNER, RECORD, ROOM, UNIT, WORKGROUP
from network.imports.known import Known
from network.models import Device, Subnet, Workgroup

_FIELD_COLUMNS = {name: column for column, name in columns.TEXTS.items()} | {"mac": MAC, "kind": KIND}
_CHECKED = {"kind", "brand_model", "asset_number", "mac", "room"}
_NOT_CHECKED = {one.name for one in Device._meta.fields} - _CHECKED


@dataclass(kw_only=True)
class DeviceRow(PlannedRow):
    """`device` is as it shall be; of the record, what the row says in canonical form."""

    device: Device
    address: str = ""
    name: str = ""
    workgroup: Workgroup | None = None
    subnet: Subnet | None = None
    changes: list[tuple[str, str, str]] = field(default_factory=list)  # column, before, after

    def change(self, column: str, before: str, after: str) -> None:
        self.changed.append(column)
        self.changes.append((column, before, after))


def plan(lines: Sequence[Line], tell: Callable[[int], None] = lambda _done: None) -> list[DeviceRow]:
    """Changes nothing. `tell` hears how many rows have been looked at."""
    known = Known()
    rows = []
    for number, (line, cells) in enumerate(lines):
        tell(number)
        rows.append(_planned(line, {column: cells.get(column, "") for column in columns.COLUMNS}, known))
    refuse_duplicates(rows, _names)
    _refuse_conflicts(rows, known)
    for row in rows:
        if row.errors:
            row.errors = {column: row.errors[column] for column in columns.COLUMNS if column in row.errors}
    return rows


def _planned(line: int, cells: dict[str, str], known: Known) -> DeviceRow:
    row = DeviceRow(line=line, cells=cells, is_new=True, device=Device())
    mac = _canonical(row, MAC, validators.clean_mac) if cells[MAC] != CLEAR else ""
    row.name = _canonical(row, NAME, validators.clean_pc_name)
    row.address = _canonical(row, ADDRESS, validators.clean_address)
    stored = _meant(row, mac, known)
    if NUMBER in row.errors:
        return row
    if stored is not None:
        row.is_new, row.device = False, copy.copy(stored)
    _set_facts(row, mac, known)
    _set_record(row, known)
    if row.is_new or row.changed:
        _check(row, stored, known)
    return row


def _canonical(row: DeviceRow, column: str, clean: Callable[[str], str]) -> str:
    """The cell as the registry writes it; empty where it is empty or wrong."""
    text = row.cells[column]
    try:
        return clean(text) if text else ""
    except ValidationError as error:
        row.refuse(column, *error.messages)
        return ""


def _meant(row: DeviceRow, mac: str, known: Known) -> Device | None:
    """The device that the row speaks of; None for a new one."""
    if number := row.cells[NUMBER]:
        device = known.devices.get(int(number)) if number.isdecimal() and len(number) < 19 else None
        if device is None:
            row.refuse(NUMBER, _("Tidak ada perangkat dengan nomor ini yang masih dipakai."))
        return device
    found = known.by_mac.get(mac) or known.by_name.get(row.name.upper())
    asset = row.cells[ASSET].upper()
    if found is None and asset and asset != CLEAR:
        alike = known.by_asset.get(asset, [])
        if len(alike) > 1:
            row.refuse(NUMBER, _("Beberapa perangkat mempunyai NUP ini. Isi nomor perangkatnya."))
        found = alike[0] if len(alike) == 1 else None
    if found is None and not (mac or row.name or asset or row.errors):
        row.refuse(NUMBER, _("Isi nomor, nama PC, MAC, atau NUP, agar perangkatnya dapat dikenali."))
    return found


# Facts


def _set_facts(row: DeviceRow, mac: str, known: Known) -> None:
    device, cells = row.device, row.cells
    if word := cells[KIND]:
        kind = _kind_of(word)
        if not kind:
            row.refuse(KIND, _("Jenis ini tidak dikenal. Yang dikenal: %s.") % ", ".join(map(str, Device.Kind.labels)))
        elif kind != device.kind:
            row.change(KIND, device.get_kind_display() if device.kind else "", str(Device.Kind(kind).label))
            device.kind = kind
    elif row.is_new:
        row.refuse(KIND, _("Perangkat baru harus mempunyai jenis."))
    for column, name in columns.TEXTS.items():
        stored = getattr(device, name)
        text = cells[column]
        wanted = "" if text == CLEAR else text
        if text and columns.plain(stored) not in (text, wanted):
            row.change(column, stored, wanted)
            setattr(device, name, wanted)
    if cells[MAC] and MAC not in row.errors and mac != device.mac:
        row.change(MAC, device.mac, mac)
        device.mac = mac
    _set_owner(row, known)
    _set_unit(row, known)


def _kind_of(word: str) -> str:
    """The kind by its code or its name; empty where there is none."""
    said = word.lower()
    return next((value for value, label in Device.Kind.choices if said in (value, str(label).lower())), "")


def _set_owner(row: DeviceRow, known: Known) -> None:
    word, device = row.cells[OWNER], row.device
    owner = None if word == CLEAR else known.people.get(word.lower())
    if not word or (owner == device.owner_id and (owner or word == CLEAR)):
        return
    if owner is None and word != CLEAR:
        row.refuse(OWNER, _("Tidak ada pegawai dengan nama pengguna, NIP, atau email ini."))
    elif owner is not None and owner not in known.active:
        row.refuse(OWNER, _("Akun pegawai ini tidak aktif."))
    else:
        before = known.usernames[device.owner_id] if device.owner_id else ""
        row.change(OWNER, before, known.usernames[owner] if owner else "")
        device.owner_id = owner


def _set_unit(row: DeviceRow, known: Known) -> None:
    if code := row.cells[UNIT]:
        unit = known.units.get(code.upper())
        if unit is None:
            row.refuse(UNIT, _("Unit dengan kode ini tidak ada."))
        elif unit != row.device.unit_id:
            row.change(UNIT, next((c for c, pk in known.units.items() if pk == row.device.unit_id), ""), code)
            row.device.unit_id = unit
    elif row.is_new:
        row.refuse(UNIT, _("Perangkat baru harus mempunyai kode unit."))


# The record in the network


def _set_record(row: DeviceRow, known: Known) -> None:
    """Address, name and workgroup come and stay together; what the row leaves out stays as it is."""
    device = row.device
    held = {NAME: device.pc_name, ADDRESS: "", WORKGROUP: known.workgroup_names.get(device.workgroup_id or 0, "")}
    if address := known.address_of.get(device.pk):
        held[ADDRESS] = address.text
    if word := row.cells[WORKGROUP]:
        row.workgroup = known.workgroups.get(word.upper())
        if row.workgroup is None:
            row.refuse(WORKGROUP, _("Grup jaringan ini belum terdaftar."))
    wanted = {NAME: row.name, ADDRESS: row.address, WORKGROUP: row.workgroup.name if row.workgroup else ""}
    for column in RECORD:
        if wanted[column] and wanted[column] != held[column]:
            row.change(column, held[column], wanted[column])
    if not set(row.changed) & set(RECORD):
        return
    row.name, row.address = row.name or held[NAME], row.address or held[ADDRESS]
    row.workgroup = row.workgroup or known.workgroups.get(held[WORKGROUP].upper())
    complete = {NAME: row.name, ADDRESS: row.address, WORKGROUP: row.workgroup}
    for column in RECORD:
        if not complete[column] and column not in row.errors:
            row.refuse(column, _("Nama PC, alamat IP, dan grup jaringan diisi bersama."))
    device.pc_name, device.workgroup = row.name, row.workgroup
    if row.address and row.address != held[ADDRESS]:
        row.subnet = known.subnets.holding(row.address)
        for sentence in unusable(row.address, row.subnet).values():
            row.refuse(ADDRESS, sentence)


def _check(row: DeviceRow, stored: Device | None, known: Known) -> None:
    """The rules of the fields, and those who plan something with the device."""
    try:
        wrong = {name for name, column in _FIELD_COLUMNS.items() if column in row.errors}
        row.device.clean_fields(exclude=_NOT_CHECKED | wrong)
    except ValidationError as error:
        for name, sentences in error.message_dict.items():
            row.refuse(_FIELD_COLUMNS[name], *sentences)
    moved = [column for column in (*RECORD, UNIT, ROOM) if column in row.changed]
    if stored is not None and moved and (stored.plans or stored.pk in known.reserved):
        waits = _("Alamat atau nama masih dipesan untuk perangkat ini.")
        row.refuse(moved[0], in_plan(stored) if stored.plans else waits)


# Rows beside each other

#: A row, the column of what it takes, and the device that holds it.
_Want = tuple[DeviceRow, str, int]


def _names(row: DeviceRow) -> Iterator[tuple[str, object]]:
    """What one row alone may name; of the record what its cells say, canonical."""
    if row.device.pk:
        yield NUMBER, row.device.pk
    if row.cells[MAC] and row.device.mac:
        yield MAC, row.device.mac
    if row.cells[NAME] and row.name:
        yield NAME, row.name.upper()
    if row.cells[ADDRESS] and row.address:
        yield ADDRESS, row.address


def _refuse_conflicts(rows: Sequence[DeviceRow], known: Known) -> None:
    """A row that is refused gives up nothing, so that those who want what its device holds are looked at again: once,
    when it is refused, however long the chain of rows that take from each other."""
    _refuse_macs(rows, known)
    row_of = {row.device.pk: row for row in rows if row.device.pk}
    wants = [(row, column, holder) for row in rows for column, holder in _held_by_others(row, known)]
    wanting_from: dict[int, list[_Want]] = {}
    for want in wants:
        wanting_from.setdefault(want[2], []).append(want)
    waiting = deque(wants)
    while waiting:
        row, column, holder = waiting.popleft()
        if column in row.errors or _gives_up(row_of.get(holder), column):
            continue
        if not row.errors:
            waiting.extend(wanting_from.get(row.device.pk, ()))
        row.refuse(column, _("Sudah milik perangkat %s.") % known.devices[holder])


def _refuse_macs(rows: Sequence[DeviceRow], known: Known) -> None:
    for row in rows:
        holder = known.by_mac.get(row.device.mac)
        if MAC in row.changed and holder is not None and holder.pk != row.device.pk:
            row.refuse(MAC, _("Sudah tercatat pada perangkat %s.") % holder)


def _held_by_others(row: DeviceRow, known: Known) -> Iterator[tuple[str, int]]:
    for column, holder in (
        (ADDRESS, known.holder_of_address.get(row.address)),
        (NAME, known.holder_of_name.get(row.name.upper())),
    ):
        if column in row.changed and holder is not None and holder != row.device.pk:
            yield column, holder


def _gives_up(row: DeviceRow | None, column: str) -> bool:
    return row is not None and not row.errors and column in row.changed
