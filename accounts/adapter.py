"""How allauth behaves here: closed sign-up, limits per account, mails with links to the public address."""

import logging
import threading
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.mail import EmailMessage
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.links import is_own_address, public_link
from accounts.models import User
from accounts.network_address import client_address
from accounts.prepared import prepared

logger = logging.getLogger(__name__)

_WRONG_CREDENTIALS = _("Nama pengguna atau kata sandi tidak cocok. Periksa lagi, lalu coba sekali lagi.")


@prepared
def _person(pk: int) -> QuerySet[User]:
    return User.objects.with_permissions().select_related("unit").filter(pk=pk)


class Backend(AuthenticationBackend):
    def get_user(self, user_id: Any) -> User | None:
        """With what every page asks for: the unit, which the menu names, and the permissions."""
        user = next(iter(_person(int(user_id))), None)
        return user if user is not None and self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """As Django finds them; those that were read with the person are not asked for again."""
        held = user_obj.__dict__.get("held_permissions")
        if held is None or obj is not None or not user_obj.is_active or user_obj.is_superuser:
            asked: set[str] = super().get_all_permissions(user_obj, obj)
            return asked
        return _named(set(held))


#: Permissions by their keys, as "app.codename", which never changes.
_names: dict[int, str] = {}


def _named(keys: set[int]) -> set[str]:
    if not keys <= _names.keys():
        known = Permission.objects.values_list("pk", "content_type__app_label", "codename")
        _names.update({pk: f"{app_label}.{codename}" for pk, app_label, codename in known})
    return {_names[key] for key in keys}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Akun ini sedang tidak aktif."),
        "email_password_mismatch": _WRONG_CREDENTIALS,
        "username_password_mismatch": _WRONG_CREDENTIALS,
        "invalid_login": _WRONG_CREDENTIALS,
        "enter_current_password": _("Kata sandi saat ini tidak cocok."),
        "incorrect_password": _("Kata sandi tidak cocok."),
        "incorrect_code": _("Kode tidak cocok atau sudah kedaluwarsa."),
        "invalid_password_reset": _("Tautan ini tidak berlaku lagi."),
        "too_many_login_attempts": _("Terlalu banyak percobaan masuk. Tunggu beberapa menit, lalu coba lagi."),
        "rate_limited": _("Terlalu banyak permintaan. Tunggu sebentar, lalu coba lagi."),
        "unknown_email": _("Alamat email ini tidak dikenal."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        return False  # one kind of answer: pages

    def is_safe_url(self, url: str) -> bool:
        return is_own_address(url, self.request)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or "0.0.0.0"  # noqa: S104  # unknown clients share one limit

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """One limit per account, whichever of its names was typed and whatever Host header came along."""
        login = str(credentials.get("email") or credentials.get("username") or "").lower()
        known = User.objects.filter(Q(username__iexact=login) | Q(email=login)) if login else User.objects.none()
        pk = known.values_list("pk", flat=True).first()
        return f"user:{pk}" if pk else f"login:{login}"

    def set_password(self, user: User, password: str) -> None:  # type: ignore[override,unused-ignore]
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:profile")

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return public_link(path.replace("UID-KEY", key))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Written in the reader's language; sent beside the request, so that its answer tells nothing by its time."""
        user = context.get("user")
        with translation.override(user.language if isinstance(user, User) else settings.LANGUAGE_CODE):
            message = self.render_mail(template_prefix, email, {"email": email, **context})
        threading.Thread(target=deliver, args=(message,), name="account-mail").start()


def deliver(message: EmailMessage) -> None:
    """A mail server that is down is logged and told to nobody: the page has promised nothing but "if it exists"."""
    try:
        message.send()
    except (OSError, SMTPException):
        logger.exception("account mail not sent")


class MFAAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("Kode tidak cocok atau sudah kedaluwarsa."),
        "cannot_delete_authenticator": _("Verifikasi dua langkah wajib untuk akun Anda."),
        "cannot_generate_recovery_codes": _("Aktifkan verifikasi dua langkah terlebih dahulu."),
    }

    def get_totp_label(self, user: User) -> str:  # type: ignore[override,unused-ignore]
        return user.username

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        return not must_use_mfa(authenticator.user)


def must_use_mfa(user: User) -> bool:
    """Admins, where the office asks it of them."""
    return bool(settings.MFA_REQUIRED_FOR_ADMINS and user.is_staff)
