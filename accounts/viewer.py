"""The signed-in person, for views: every page of the house but the entrance needs one."""

from django.http import HttpRequest

from accounts.models import User


def viewer_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # halocik.middleware.LoginMiddleware lets nobody else in
    return request.user
