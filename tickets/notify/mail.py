"""Messages by e-mail: HTML and text, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPServerDisconnected
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils import translation

from tickets.models import Delivery
from tickets.notify.lanes import Later, NotSent, Refused, Unreachable
from tickets.notify.letters import letter_of, preferences_link


def compose(message: Delivery) -> EmailMultiAlternatives:
    with translation.override(message.recipient.language):
        letter = letter_of(message)
        context = {"letter": letter, "reader": message.recipient, "preferences": preferences_link()}
        mail = EmailMultiAlternatives(
            subject=letter.subject,
            body=render_to_string("emails/notice.txt", context),
            to=[message.recipient.email],
            headers={
                "Message-ID": _id(f"{message.pk}.{message.event.hash[:16]}"),
                "References": _id(letter.number),
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "All",
            },
        )
        mail.attach_alternative(render_to_string("emails/notice.html", context), "text/html")
    return mail


def _id(name: str) -> str:
    """The same for the same message, so that a mail which came twice can be known; by ticket, so that mails gather."""
    return f"<{name}@{urlsplit(settings.PUBLIC_BASE_URL).hostname or 'halocik'}>"


class _Sender:
    def __init__(self, connection: BaseEmailBackend) -> None:
        self._connection = connection

    def send(self, message: Delivery) -> None:
        if not message.recipient.email:
            raise Refused("no address")
        mail = compose(message)
        try:
            self._connection.send_messages([mail])
        except (OSError, ValueError) as error:  # SMTPException is an OSError
            raise _outcome(error) from error


def _outcome(error: Exception) -> NotSent:
    """What the server's answer means: 5xx is about this message, 4xx about now, a broken connection about the way."""
    words: bytes | str
    if isinstance(error, SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
    elif isinstance(error, SMTPResponseException):
        code, words = error.smtp_code, error.smtp_error
    elif isinstance(error, SMTPException) and not isinstance(error, SMTPServerDisconnected):
        return Later(str(error))
    elif isinstance(error, ValueError):
        return Refused(str(error))
    else:
        return Unreachable(str(error) or type(error).__name__)
    said = f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"
    if code == 421:  # the server closes the connection
        return Unreachable(said)
    return Refused(said) if code >= 500 else Later(said)


@contextmanager
def connected() -> Iterator[_Sender]:
    """One connection for all messages of a batch."""
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:  # a refused log-in as well: that is for the admin to mend, not for the reader to miss
        raise Unreachable(str(error) or type(error).__name__) from error
    try:
        yield _Sender(connection)
    finally:
        with suppress(OSError):
            connection.close()
