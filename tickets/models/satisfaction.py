"""What requesters think of the service: one rating a ticket, and as many of the survey's elements as they answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.worded import Worded
from jobs.checks import time_range
from network.tracking import tracked
from tickets.models.history import TicketEvent
from tickets.models.ticket import Ticket


class Score(models.IntegerChoices):
    """The four grades of service as PermenPAN-RB 14/2017 names them."""

    POOR = 1, _("Tidak baik")
    FAIR = 2, _("Kurang baik")
    GOOD = 3, _("Baik")
    VERY_GOOD = 4, _("Sangat baik")


#: What an element is asked with.
WORDING: Final = ("name", "name_en", "question", "question_en", "scale", "scale_en")


class SurveyElementQuerySet(models.QuerySet["SurveyElement"]):
    def asked(self) -> SurveyElementQuerySet:
        """The nine as they are asked today."""
        return self.filter(active=True).order_by("number")


class SurveyElement(models.Model):
    """One of the nine elements (unsur) of the survey, in one wording. `scale` are the words of 1 to 4.

    Answers keep the row that they were asked with: once there are any, a corrected wording is a new row, and the
    database refuses to change the old one.
    """

    number = models.PositiveSmallIntegerField(_("nomor unsur"))
    version = models.PositiveSmallIntegerField(_("versi"), default=1)
    name = models.CharField(_("unsur"), max_length=120)
    name_en = models.CharField(_("unsur (Inggris)"), max_length=120)
    question = models.CharField(_("pertanyaan"), max_length=300)
    question_en = models.CharField(_("pertanyaan (Inggris)"), max_length=300)
    scale = ArrayField(models.CharField(max_length=60), size=4, verbose_name=_("jawaban 1 sampai 4"))
    scale_en = ArrayField(models.CharField(max_length=60), size=4, verbose_name=_("jawaban 1 sampai 4 (Inggris)"))
    active = models.BooleanField(_("dipakai"), default=True, editable=False)

    objects = SurveyElementQuerySet.as_manager()

    class Meta:
        verbose_name = _("unsur survei kepuasan")
        verbose_name_plural = pgettext_lazy("jamak", "unsur survei kepuasan")
        ordering = ["number", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["number", "version"], name="survey_element_version_once"),
            models.UniqueConstraint(fields=["number"], condition=Q(active=True), name="survey_element_one_in_use"),
            models.CheckConstraint(condition=Q(number__range=(1, 9)), name="survey_element_number"),
            models.CheckConstraint(condition=Q(scale__len=4, scale_en__len=4), name="survey_element_four_answers"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="wording_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("number", *WORDING),
                func="""
                    IF EXISTS (SELECT FROM tickets_ratinganswer a WHERE a.element_id = OLD.id) THEN
                        RAISE EXCEPTION 'pgtrigger: Cannot change the wording of an element that has been answered';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" else self.name

    @property
    def words(self) -> str:
        """The question in the reader's language."""
        return self.question_en if get_language() == "en" else self.question

    @property
    def answers(self) -> Sequence[tuple[int, str]]:
        """1 to 4 with their words in the reader's language."""
        return list(enumerate(self.scale_en if get_language() == "en" else self.scale, start=1))


@pghistory.track(*tracked(), append_only=True)
class Rating(Worded):
    """What a ticket's requester thinks of the service: once a ticket; corrections keep what was there before.

    `technician` is who finished the ticket, `event` the ticket's last one at that moment: the ticket was done.
    """

    ticket = models.OneToOneField(Ticket, models.PROTECT, related_name="rating", verbose_name=_("tiket"))
    rater = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="ratings", verbose_name=_("penilai")
    )
    technician = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="received_ratings", verbose_name=_("teknisi")
    )
    event = models.ForeignKey(TicketEvent, models.PROTECT, related_name="+", verbose_name=_("riwayat tiket"))
    score = models.PositiveSmallIntegerField(_("nilai"), choices=Score.choices)
    words = models.CharField(_("saran atau kesan"), max_length=500, blank=True)
    at = models.DateTimeField(_("waktu"))

    class Meta:
        verbose_name = _("penilaian")
        verbose_name_plural = pgettext_lazy("jamak", "penilaian")
        constraints = [
            models.CheckConstraint(condition=Q(score__range=(1, 4)), name="rating_score"),
            time_range("at", "rating_at_range"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.score}"


@pghistory.track(*tracked(), append_only=True)
class RatingAnswer(models.Model):
    """What a requester answered to one element, in the wording that they saw. No row is no answer."""

    rating = models.ForeignKey(Rating, models.PROTECT, related_name="answers", verbose_name=_("penilaian"))
    number = models.PositiveSmallIntegerField(_("nomor unsur"))
    element = models.ForeignKey(SurveyElement, models.PROTECT, related_name="+", verbose_name=_("unsur"))
    score = models.PositiveSmallIntegerField(_("nilai"))

    class Meta:
        verbose_name = _("jawaban survei")
        verbose_name_plural = pgettext_lazy("jamak", "jawaban survei")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["rating", "number"], name="rating_answer_once"),
            models.CheckConstraint(condition=Q(score__range=(1, 4)), name="rating_answer_score"),
        ]

    def __str__(self) -> str:
        return f"{self.rating_id}/{self.number}: {self.score}"

    @property
    def word(self) -> str:
        """The answer in the words that it was given in."""
        return dict(self.element.answers)[self.score]
