"""Faults that are really done: processes killed, a broker emptied or frozen, clocks that jump. The oracles afterwards
are `verify_integrity`, `check_sla` and the number of rows."""
