"""The vocabulary: every word that stands in some ticket's title or description, as the search knows it."""

from __future__ import annotations

from typing import Final

import pgtrigger
from django.db import connection, models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

_LEARN: Final = """
    INSERT INTO tickets_word (word) SELECT unnest(tsvector_to_array(NEW.search)) ON CONFLICT DO NOTHING;
    RETURN NULL;
"""

#: On tickets.
LEARN_WORDS: Final = pgtrigger.Trigger(
    name="learn_words",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("title", "description"),  # type: ignore[no-untyped-call]
    func=_LEARN,
)


_LEARN_ALL: Final = """
    INSERT INTO tickets_word (word) SELECT DISTINCT unnest(tsvector_to_array(search)) AS word FROM tickets_ticket
    ORDER BY word ON CONFLICT DO NOTHING
"""


class _Vocabulary(models.Manager["Word"]):
    def learn_all(self) -> None:
        """For tickets that came in past the trigger, and where PostgreSQL has come to stem words otherwise."""
        with connection.cursor() as cursor:
            cursor.execute(_LEARN_ALL)


class Word(models.Model):
    """A stem, or whatever else PostgreSQL's "indonesian" makes of what was written. Says nothing of where it stands."""

    word = models.TextField(_("kata"), primary_key=True)

    objects = _Vocabulary()

    class Meta:
        verbose_name = _("kata")
        verbose_name_plural = pgettext_lazy("jamak", "kata")

    def __str__(self) -> str:
        return self.word
