"""A person's own pages, and allauth's views where they answer a little differently."""

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.totp import views as totp
from allauth.usersessions import views as usersessions
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.browsers import browser_name
from accounts.forms import LanguageForm, ProfileForm, ThemeForm
from accounts.links import is_own_address
from accounts.models import User

_A_YEAR = 365 * 24 * 3600


class UnprocessableMixin:
    """A form that was refused is answered with 422, as everywhere in HaloCIK."""

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = 422
        return response


class LoginView(UnprocessableMixin, account.LoginView):
    """In demo mode the page offers the four demo accounts."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "demo_accounts": _demo_accounts() if settings.DEMO else []}


class PasswordChangeView(UnprocessableMixin, account.PasswordChangeView):
    pass


class PasswordSetView(UnprocessableMixin, account.PasswordSetView):
    pass


class PasswordResetView(UnprocessableMixin, account.PasswordResetView):
    pass


class PasswordResetFromKeyView(UnprocessableMixin, account.PasswordResetFromKeyView):
    pass


class ReauthenticateView(UnprocessableMixin, account.ReauthenticateView):
    pass


class AuthenticateView(UnprocessableMixin, mfa.AuthenticateView):
    pass


class ReauthenticateByCodeView(UnprocessableMixin, mfa.ReauthenticateView):
    pass


class ActivateTOTPView(UnprocessableMixin, totp.ActivateTOTPView):
    pass


class SessionsView(usersessions.ListUserSessionsView):  # type: ignore[misc,unused-ignore]
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        for session in context["sessions"]:
            session.browser = browser_name(session.user_agent)
        return context


def _demo_accounts() -> list[dict[str, str]]:
    return [
        {"login": "pegawai", "role": _("Pegawai"), "does": _("mengajukan tiket dan mengikutinya"), "icon": "user"},
        {
            "login": "admin",
            "role": _("Admin/PJK TIP"),
            "does": _("menyetujui tiket dan membaginya ke teknisi"),
            "icon": "user-check",
        },
        {"login": "teknisi", "role": _("Teknisi"), "does": _("mengerjakan tiket langkah demi langkah"), "icon": "tool"},
        {"login": "pimpinan", "role": _("Pimpinan"), "does": _("melihat ketepatan waktu layanan"), "icon": "chart-bar"},
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    # Not request.user itself: the page around the form would show what was refused.
    person = User.objects.select_related("unit").prefetch_related("groups").get(pk=str(request.user.pk))
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        with translation.override(person.language):
            messages.success(request, _("Profil Anda tersimpan."))
        return redirect("accounts:profile")
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/profile.html", {"form": form, "person": person}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def language(request: HttpRequest) -> HttpResponse:
    return _prefer(request, LanguageForm(request.POST), "language", settings.LANGUAGE_COOKIE_NAME)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def theme(request: HttpRequest) -> HttpResponse:
    return _prefer(request, ThemeForm(request.POST), "theme", settings.THEME_COOKIE_NAME)


def _prefer(request: HttpRequest, form: LanguageForm | ThemeForm, name: str, cookie: str) -> HttpResponse:
    """Keep one preference: with the user, and in a cookie for the pages before the log-in."""
    if request.method != "POST":  # the address alone, reloaded or typed: nothing is changed by following a link
        return HttpResponseRedirect(_back(request))
    if not form.is_valid():
        return HttpResponseBadRequest()
    value = form.cleaned_data[name]
    if isinstance(request.user, User):
        setattr(request.user, name, value)
        request.user.save(update_fields=[name])
    response = HttpResponseRedirect(_back(request))
    response.set_cookie(
        cookie,
        value,
        max_age=_A_YEAR,
        path=settings.SESSION_COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _back(request: HttpRequest) -> str:
    """The page the switch stood on, if it is one of ours."""
    url = request.POST.get("next", "")
    if is_own_address(url, request):
        return url
    return reverse(settings.LOGIN_REDIRECT_URL if request.user.is_authenticated else settings.LOGIN_URL)
