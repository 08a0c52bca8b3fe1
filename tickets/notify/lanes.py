"""How a way of sending says that it could not."""


class NotSent(Exception):
    """With a few words for the list of what was not delivered; never a secret."""


class Refused(NotSent):
    """This message to this recipient will never be taken."""


class Later(NotSent):
    """This message was not taken now."""


class Unreachable(NotSent):
    """Nothing can be sent this way now, whatever the message."""
