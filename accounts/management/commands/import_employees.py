"""Employees from a CSV or XLSX file; shows what would happen, and stores it with --commit."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts import import_files, imports


class Command(BaseCommand):
    help = "Mengimpor pegawai dari berkas CSV atau XLSX. Tanpa --commit hanya menampilkan pratinjau."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--commit", action="store_true", help="simpan hasilnya")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open("rb") as file:
                lines = import_files.read(file)
            plan = imports.apply(lines, by=None) if options["commit"] else imports.plan(lines, by=None)
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        for person in plan.people:
            for column, texts in person.errors.items():
                where = _("Baris %(line)d, %(column)s") % {"line": person.line, "column": column}
                self.stderr.write(f"{where}: {' '.join(texts)}")
        if plan.count("error"):
            raise CommandError(_("%(error)d baris bermasalah; tidak ada yang disimpan.") % plan.counts)
        self.stdout.write(
            _("%(added)d ditambahkan, %(updated)d diperbarui, %(unchanged)d tetap.") % plan.counts
            + ("" if options["commit"] else " " + _("Ini pratinjau; tambahkan --commit untuk menyimpan."))
        )
