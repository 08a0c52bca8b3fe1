"""The browser fixtures themselves: they serve real pages and hear what goes wrong."""

import logging

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page

from tests import live

pytestmark = pytest.mark.e2e


def test_a_browser_reaches_the_log_in_page(page: Page, live_server_url: str) -> None:
    answer = page.goto(live_server_url + reverse("dashboard:home"))
    assert answer is not None and answer.status == 200
    assert page.url.startswith(live_server_url + reverse("account_login"))


def test_static_files_are_served(page: Page, live_server_url: str) -> None:
    page.goto(live_server_url + reverse("account_login"))
    colour = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--tblr-primary')")
    assert colour, "tabler.min.css was not applied"


def test_an_error_in_any_thread_is_heard() -> None:
    with live.serving() as (_url, ear):
        logging.getLogger("anything").error("this is a bug")
    assert ear.heard == ["anything: this is a bug\n"]


def test_a_broken_content_security_policy_is_heard(browser: Browser, live_server_url: str) -> None:
    problems: list[str] = []
    context = browser.new_context()
    live.listen(context, problems)
    page = context.new_page()
    page.goto(live_server_url + reverse("account_login"))
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))")
    page.wait_for_timeout(100)
    assert page.evaluate("window.ran") is None
    context.close()
    assert [problem.partition(":")[0] for problem in problems] == ["content security policy"]
