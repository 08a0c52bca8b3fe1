"""What is said on a wall in few letters."""

from django import template

from accounts.models import User
from tickets.models import Ticket

register = template.Library()


@register.filter
def shortname(person: User) -> str:
    """As colleagues say it, without titles: "Ir. Budi Hartono Siregar, M.T." is "Budi S."."""
    words = [word for word in str(person).split(",")[0].split() if not word.endswith(".")]
    if len(words) < 2:
        return " ".join(words) or str(person)
    return f"{words[0]} {words[-1][0]}."


@register.filter
def shortnumber(ticket: Ticket) -> str:
    """The number without the prefix that all have, and without its leading zeros: 2026-123."""
    _prefix, year, number = ticket.number.split("-")
    return f"{year}-{number.lstrip('0')}"
