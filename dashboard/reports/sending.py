"""Brings reports to the supervisors by mail: claimed before it is sent, tried again, given up after a week."""

from __future__ import annotations

import logging
from datetime import timedelta
from smtplib import SMTPException
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.links import public_link
from dashboard.models import ReportFile, ReportMail
from jobs import files

logger = logging.getLogger(__name__)

#: Longer than one mail takes, however slow the server: so long a claimed one is nobody else's.
LEASE: Final = timedelta(minutes=5)
PAUSE: Final = timedelta(minutes=30)
MOST_ATTEMPTS: Final = 336  # a week of half hours


def send_pending() -> int:
    """Sends what is due; returns how many were sent."""
    sent = 0
    while (mail := _claim()) is not None:
        sent += _send(mail)
    return sent


def _claim() -> ReportMail | None:
    with transaction.atomic():
        due = ReportMail.objects.filter(next_try_at__lte=Now()).order_by("next_try_at", "pk")
        mail = due.select_for_update(skip_locked=True, of=("self",)).select_related("report__sop", "recipient").first()
        if mail is not None:
            ReportMail.objects.filter(pk=mail.pk).update(attempts=F("attempts") + 1, next_try_at=Now() + LEASE)
    return mail


def _send(mail: ReportMail) -> bool:
    mine = ReportMail.objects.filter(pk=mail.pk, sent_at=None)
    if not (mail.recipient.is_active and mail.recipient.has_perm("tickets.view_figures")):
        mine.update(next_try_at=None, error="no longer a reader of reports")
        return False
    try:
        compose(mail).send()
    except (OSError, SMTPException) as error:
        logger.warning("report mail %s not sent: %s", mail.pk, type(error).__name__)
        over = mail.attempts + 1 >= MOST_ATTEMPTS
        mine.update(next_try_at=None if over else Now() + PAUSE, error=(str(error) or type(error).__name__)[:200])
        return False
    mine.update(next_try_at=None, sent_at=Now(), error="")
    return True


def compose(mail: ReportMail) -> EmailMultiAlternatives:
    """In the reader's language; the PDF, which is Indonesian, comes along."""
    report = mail.report
    with translation.override(mail.recipient.language):
        context = {
            "report": report,
            "reader": mail.recipient,
            "link": public_link(reverse("dashboard:reports")),
            "subject": _("Laporan kepatuhan SOP, %(month)s") % {"month": report.month_words},
        }
        message = EmailMultiAlternatives(
            subject=f"[HaloCIK] {context['subject']}",
            body=render_to_string("emails/report.txt", context),
            to=[mail.recipient.email],
            headers={"Message-ID": _id(mail), "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
        )
    pdf = report.files.get(format=ReportFile.Format.PDF)
    message.attach(pdf.label, files.path_of(pdf.name).read_bytes(), "application/pdf")
    return message


def _id(mail: ReportMail) -> str:
    """The same each time it is tried, so that a mail which came twice can be known."""
    host = urlsplit(settings.PUBLIC_BASE_URL).hostname or "halocik"
    return f"<report-{mail.report_id}-{mail.recipient_id}@{host}>"
