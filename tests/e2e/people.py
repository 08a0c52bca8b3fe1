"""People at browsers of their own, and the office that they work in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, Locator, Page, Response, Route, expect

from accounts import roles
from accounts.models import User
from network.models import Subnet, Workgroup
from tests.factories import PASSWORD, UnitFactory, UserFactory, make_cast
from tests.tickets.factories import Office
from worktime.models import CalendarRevision

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def open_office() -> Office:
    """The cast, each with PASSWORD, in an office that is always open: a test may run on a Sunday."""
    _open_day_and_night()
    cast = make_cast()
    unit = UnitFactory(code="1700")
    return Office(
        unit=unit,
        subnet=Subnet.objects.create(cidr="10.17.0.0/16", name="Kantor", unit=unit, gateway="10.17.0.1"),
        workgroup=Workgroup.objects.create(name="BPS1700"),
        requester=cast.requester,
        colleague=cast.colleague,
        stranger=UserFactory(username="susi", full_name="Susi Seluma", unit=UnitFactory(code="1705")),
        admin=cast.admin,
        other_admin=UserFactory(roles.ADMIN, username="adi", full_name="Adi Admin"),
        technician=cast.technician,
        other_technician=cast.other_technician,
        supervisor=cast.supervisor,
    )


def _open_day_and_night() -> None:
    week = [[["00:00", "23:59:59"]]] * 7
    data = {"normal": {"name": "Siang malam", "days": week}, "dated": [], "holidays": {}}
    CalendarRevision.objects.create(number=2, name="Siang malam", data=data)


@dataclass(frozen=True)
class Person:
    """Somebody in front of one page of the helpdesk at `server`."""

    page: Page
    server: str

    def open(self, name: str, *args: Any, query: str = "") -> Response:
        answer = self.page.goto(self.server + reverse(name, args=args) + query)
        assert answer is not None
        return answer

    def hears_nothing_new(self) -> None:
        """From now on the page's polls are answered without news, and without the server's time: what a test that
        moves the browser's clock sees is the page's own doing."""

        def answer(route: Route) -> None:
            if route.request.resource_type == "fetch":
                route.fulfill(status=204)
            else:
                route.fallback()

        self.page.route("**/*", answer)

    def log_in(self, user: User) -> None:
        """By the page itself."""
        self.open("account_login")
        fill_in_log_in(self.page, user)
        expect(self.page.get_by_role("heading", level=1)).to_have_text(f"Halo, {user}")

    def press(self, label: str, within: str = "main") -> None:
        self.page.locator(within).get_by_role("button", name=label, exact=True).click()

    def press_aside(self, label: str) -> Locator:
        """Folds out one of the other actions of a ticket page; returns its form."""
        aside = self.page.locator("details.side")
        if aside.get_attribute("open") is None:
            aside.locator("> summary").click()
        drawer = aside.locator("details.confirm").filter(has=self.page.locator("summary", has_text=label))
        drawer.locator("summary").click()
        return drawer.locator("form")

    def sees_toast(self, words: str) -> None:
        expect(self.page.locator("#toasts")).to_contain_text(words)

    def sees_ticket(self, step: str, title: str) -> None:
        """The tracker's current step, and the heading of the next action or of what is awaited."""
        expect(self.page.locator(".tracker [aria-current=step] .step-title")).to_contain_text(step)
        expect(self.page.locator("#next-title")).to_have_text(title, use_inner_text=True)

    def cannot_act(self) -> None:
        """Nothing but talking: no form beside the comment's."""
        expect(self.page.locator("form.act:not(#form-comment)")).to_have_count(0)

    def fits(self) -> None:
        assert not too_wide(self.page), f"sideways scrolling at {self.page.url}"


def fill_in_log_in(page: Page, user: User) -> None:
    page.get_by_label("Nama pengguna atau email").fill(user.username)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()


def enter(context: BrowserContext, user: User) -> None:
    """Brings a session of `user` into the browser, as if they had logged in there with their password."""
    client = Client()
    client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies(
        [
            {
                "name": name,
                "value": client.cookies[name].value,
                "domain": "127.0.0.1",
                "path": settings.SESSION_COOKIE_PATH,
            }
        ]
    )


def too_wide(page: Page) -> bool:
    root = "document.scrollingElement"
    return bool(page.evaluate(f"{root}.scrollWidth > {root}.clientWidth"))
