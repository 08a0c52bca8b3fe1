"""The network registry: devices, and the addresses and names they hold. It knows nothing of tickets."""

from network.models.devices import Device
from network.models.held import Held, IPAssignment, NameAssignment, State
from network.models.observations import Observation, Pace
from network.models.subnets import Subnet, SubnetExclusion, Workgroup

__all__ = [
    "Device",
    "Held",
    "IPAssignment",
    "NameAssignment",
    "Observation",
    "Pace",
    "State",
    "Subnet",
    "SubnetExclusion",
    "Workgroup",
]
