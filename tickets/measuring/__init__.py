"""The browser test of step 5: what a PC without log-in measures, and what follows from its figures. No database."""

from tickets.measuring.checks import Line, Plan, Target, address, is_passed, lines_of, suggestions
from tickets.measuring.codes import code_of, key_in, written
from tickets.measuring.figures import (
    LARGEST,
    MOST_BYTES,
    MOST_TARGETS,
    PATIENCE,
    PIECE,
    SECONDS,
    TRIPS,
    Figures,
    FiguresError,
    Transfer,
)
from tickets.measuring.words import Told, told

__all__ = [
    "LARGEST",
    "MOST_BYTES",
    "MOST_TARGETS",
    "PATIENCE",
    "PIECE",
    "SECONDS",
    "TRIPS",
    "Figures",
    "FiguresError",
    "Line",
    "Plan",
    "Target",
    "Told",
    "Transfer",
    "address",
    "code_of",
    "is_passed",
    "key_in",
    "lines_of",
    "suggestions",
    "told",
    "written",
]
