from typing import Any

from django.core.management.base import BaseCommand

from tickets.models import Word


class Command(BaseCommand):
    help = "Puts every word of every ticket into the vocabulary of the search; words that are there stay."

    def handle(self, *args: Any, **options: Any) -> None:
        before = Word.objects.count()
        Word.objects.learn_all()
        self.stdout.write(f"{Word.objects.count() - before} words learnt.")
