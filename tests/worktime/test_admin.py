"""Calendar revisions in the Django admin can be read, by those who may, and nothing else."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.http import HttpRequest
from django.test import RequestFactory

from accounts import roles
from accounts.models import User
from tests.factories import UserFactory
from worktime.admin import CalendarRevisionAdmin
from worktime.models import CalendarRevision

pytestmark = pytest.mark.django_db

SITE = CalendarRevisionAdmin(CalendarRevision, admin.site)


def request_of(user: User) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = user
    return request


def test_an_admin_may_read_the_list() -> None:
    assert SITE.has_view_permission(request_of(UserFactory(roles.ADMIN)))


@pytest.mark.parametrize("role", [roles.EMPLOYEE, roles.TECHNICIAN, roles.SUPERVISOR])
def test_nobody_else_may(role: str) -> None:
    assert not SITE.has_view_permission(request_of(UserFactory(role)))


def test_not_even_a_superuser_may_change_anything_there() -> None:
    request = request_of(UserFactory(is_superuser=True))

    assert not SITE.has_add_permission(request)
    assert not SITE.has_change_permission(request)
    assert not SITE.has_delete_permission(request)


def test_the_list_counts_holidays_and_estimates() -> None:
    revision = CalendarRevision.objects.current()

    assert SITE.holidays(revision) == 108
    assert SITE.unconfirmed(revision) == 3


def test_the_list_is_registered() -> None:
    assert isinstance(admin.site._registry[CalendarRevision], CalendarRevisionAdmin)
