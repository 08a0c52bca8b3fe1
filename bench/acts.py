"""Courses that tickets take, each act a POST of its page's own form, filled in as a person would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle

from bench.browser import Browser, form_to

Acted = tuple[str, float]
_COMPLAINT = "Bench: jaringan di meja terputus"


def floor_form(floor: Browser) -> dict[str, str]:
    html = floor.get("/note/").text
    return form_to(html, "").fields | {"title": "A note", "text": "Some words that somebody wrote down."}


def courses(
    browser: Callable[[str], Browser], ask: Callable[[str], list[str]], root: str, numbers: range
) -> Iterator[Acted]:
    """Each act's name with the milliseconds that its POST took, of three courses for each number."""
    employees = cycle(ask(
        "SELECT username FROM accounts_user u WHERE email LIKE '%@bps.example' AND (SELECT count(*) FROM"
        " accounts_user_groups g WHERE g.user_id = u.id) = 1 ORDER BY id LIMIT 40"
    ))  # fmt: skip
    technicians = ask(
        "SELECT u.id::text FROM accounts_user u JOIN accounts_user_groups g ON g.user_id = u.id JOIN auth_group a"
        " ON a.id = g.group_id WHERE a.name = 'Teknisi' ORDER BY (u.username = 'teknisi') DESC, u.id LIMIT 2"
    )
    checks = ask("SELECT code FROM tickets_checkitem WHERE active")
    reason = ask("SELECT id::text FROM tickets_holdreason WHERE active ORDER BY position LIMIT 1")[0]
    workgroup = ask("SELECT id::text FROM network_workgroup ORDER BY id LIMIT 1")[0]
    for number in numbers:
        for course in (_whole, _back_and_forth, _short):
            yield from course(_Ticket(browser, root, next(employees), technicians, checks, reason, workgroup, number))


class _Ticket:
    def __init__(
        self, browser: Callable[[str], Browser], root: str, employee: str, technicians: list[str], checks: list[str],
        hold_reason: str, workgroup: str, number: int,
    ) -> None:  # fmt: skip
        self.browser, self.root, self.employee, self.technicians = browser, root, employee, technicians
        self.checks, self.hold_reason, self.workgroup, self.number = checks, hold_reason, workgroup, number
        self.address = ""

    def submit(self) -> Acted:
        path = f"{self.root}tiket/baru/"
        person = self.browser(self.employee)
        form = form_to(person.get(path).text, "/tiket/baru/")
        fields = {
            "category": "new", "title": _COMPLAINT, "description": "Sejak pagi ini.", "device": "",
            "device_text": "Laptop", "room": "Aula", "contact": "0812",
        }  # fmt: skip
        answer = person.post(path, form.fields | fields)
        self.address = answer.location
        return "submit", answer.milliseconds

    def act(self, who: str, slug: str, form_of: str = "", **fields: str) -> Acted:
        person = self.browser(who)
        form = form_to(person.get(self.address).text, f"/{form_of or slug}/")
        return slug, person.post(f"{self.address}{slug}/", form.fields | fields).milliseconds

    def results(self, **outcomes: str) -> dict[str, str]:
        return {f"check_{code}": "ok" for code in self.checks} | outcomes


def _whole(ticket: _Ticket) -> Iterator[Acted]:
    admin, technician = "admin", "teknisi"
    yield ticket.submit()
    yield ticket.act(ticket.employee, "komentar", text="Saya di tempat sampai sore.")
    yield ticket.act(admin, "prioritas", priority="2")
    yield ticket.act(admin, "setujui", technician=ticket.technicians[0])
    yield ticket.act(technician, "terima")
    yield ticket.act(technician, "tunda", reason=ticket.hold_reason)
    yield ticket.act(technician, "lanjutkan")
    named = {"pc_name": f"BENCH-{ticket.number}-{ticket.address[-4:-1]}", "kind": "pc", "needs-0-item": "Kabel"}
    named["workgroup"] = ticket.workgroup
    yield ticket.act(technician, "identifikasi", **named)
    yield ticket.act(technician, "selesaikan-pekerjaan", summary="Kabel diganti.")
    failed = ticket.results(check_dns="failed")
    yield ticket.act(technician, "gagal-uji", form_of="lulus-uji", **failed, note="DNS belum menjawab.")
    yield ticket.act(technician, "selesaikan-pekerjaan", summary="DNS diperbaiki.")
    yield ticket.act(technician, "lulus-uji", **ticket.results())
    yield ticket.act(technician, "selesai", confirmed="on")
    yield ticket.act(admin, "buka-lagi", reason="Terputus lagi.")


def _back_and_forth(ticket: _Ticket) -> Iterator[Acted]:
    yield ticket.submit()
    yield ticket.act("admin", "setujui", technician=ticket.technicians[0])
    yield ticket.act("teknisi", "kembalikan", reason="Sedang dinas luar.")
    yield ticket.act("admin", "setujui", technician=ticket.technicians[0])
    yield ticket.act("admin", "alihkan", technician=ticket.technicians[1], reason="Lebih dekat.")
    yield ticket.act("admin", "batalkan", reason="Sudah beres sendiri.")


def _short(ticket: _Ticket) -> Iterator[Acted]:
    yield ticket.submit()
    yield ticket.act("admin", "tolak", reason="Bukan urusan jaringan.")
