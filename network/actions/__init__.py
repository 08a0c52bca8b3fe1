"""The only writers of the registry.

Each takes `by` (None: the system) and `now` (None: the database's clock after the lock), runs in its own or the
caller's transaction, locks the device before its records, and raises ValidationError by field
(`address`, `pc_name`, `workgroup`, `device`, or the name of a fact). What the screen showed is only a claim:
everything is looked at again under the lock, and a constraint that still objects becomes a field error.
"""

from network.actions.changes import Record, change_record
from network.actions.devices import change_device, decommission, register_device
from network.actions.guards import locked_rows
from network.actions.records import Reservation, activate, let_go, release_reservation, rely_on, reserve
from network.actions.subnets import save_subnet, save_workgroup

__all__ = [
    "Record",
    "Reservation",
    "activate",
    "change_device",
    "change_record",
    "decommission",
    "let_go",
    "locked_rows",
    "register_device",
    "release_reservation",
    "rely_on",
    "reserve",
    "save_subnet",
    "save_workgroup",
]
