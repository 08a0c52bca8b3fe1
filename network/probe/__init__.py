"""Asks machines for their own names: NetBIOS node status (RFC 1002 §4.2.17), read-only, UDP 137.

packets: what is asked and answered, pure. wire: the one place that sends, and that refuses what was not allowed.
asking: many addresses, paced, each asked again once.
"""
