"""Every figure of homes, dashboards and reports, each computed in one place; docs/figures.md defines them.

Figures of a period are asked of a `Scope`. They count frozen facts (runs that ended, tickets that closed, holds that
began), so that the same question gives the same answer tomorrow, but for tickets reopened since. Whoever shows them
asks for `tickets.view_figures` and `tickets.view_all_tickets`.
"""

from dashboard.metrics.holds import ReasonFigures, of_reasons
from dashboard.metrics.now import (
    Lately,
    lately,
    of_absent_technicians,
    on_time_today,
    open_tickets,
    overdue_tickets,
    technicians_load,
)
from dashboard.metrics.scope import Scope
from dashboard.metrics.shares import FEW, Share, Spent, Times, percentile
from dashboard.metrics.steps import StandardFigures, StepFigures, of_steps
from dashboard.metrics.whole import (
    Busy,
    Closings,
    Course,
    Submitted,
    WholeFigures,
    busiest,
    course,
    of_tickets,
    submitted,
)

__all__ = [
    "FEW",
    "Busy",
    "Closings",
    "Course",
    "Lately",
    "ReasonFigures",
    "Scope",
    "Share",
    "Spent",
    "StandardFigures",
    "StepFigures",
    "Submitted",
    "Times",
    "WholeFigures",
    "busiest",
    "course",
    "lately",
    "of_absent_technicians",
    "of_reasons",
    "of_steps",
    "of_tickets",
    "on_time_today",
    "open_tickets",
    "overdue_tickets",
    "percentile",
    "submitted",
    "technicians_load",
]
