"""What can go wrong with the engines."""


class EngineError(Exception):
    """Carries one sentence for the person at the terminal."""
