from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from tickets.models import Word


class Command(BaseCommand):
    help = "Puts every word of every ticket into the vocabulary of the search; words that are there stay."

    def handle(self, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")  # the web's limit is not for a look at everything
        before = Word.objects.count()
        Word.objects.learn_all()
        self.stdout.write(f"{Word.objects.count() - before} words learnt.")
