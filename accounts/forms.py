"""allauth's forms in our words, and the profile."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User


def _reword(form: forms.Form, **labels: Any) -> None:
    """Give fields our labels; a label stands above its field, so the placeholder that repeats it goes."""
    for name, label in labels.items():
        form.fields[name].label = label
        form.fields[name].widget.attrs.pop("placeholder", None)


class LoginForm(account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(
            self,
            login=_("Nama pengguna atau email"),
            password=_("Kata sandi"),
            remember=_("Tetap masuk di komputer ini"),
        )
        self.fields["login"].widget.attrs.update(autocomplete="username", autocapitalize="none", autofocus=True)
        self.fields["password"].help_text = ""


class NewPasswordMixin:
    """Two fields for the same new password."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(
            self,  # type: ignore[arg-type]
            password1=_("Kata sandi baru"),
            password2=_("Ulangi kata sandi baru"),
        )
        self.fields["password1"].help_text = _("Paling sedikit 10 karakter, tidak mudah ditebak, dan bukan angka saja.")


class ChangePasswordForm(NewPasswordMixin, account.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self, oldpassword=_("Kata sandi saat ini"))
        self.fields["oldpassword"].help_text = ""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        new = cleaned.get("password1")
        if new and new == cleaned.get("oldpassword"):
            self.add_error("password1", gettext("Kata sandi baru harus berbeda dari yang lama."))
        return cleaned


class SetPasswordForm(NewPasswordMixin, account.SetPasswordForm):
    pass


class ResetPasswordKeyForm(NewPasswordMixin, account.ResetPasswordKeyForm):
    pass


class ResetPasswordForm(account.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self, email=_("Alamat email"))


class ReauthenticateForm(account.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self, password=_("Kata sandi"))
        self.fields["password"].help_text = ""


class CodeMixin:
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self, code=_("Kode"))  # type: ignore[arg-type]
        self.fields["code"].widget.attrs.update(autofocus=True, maxlength=20)


class AuthenticateForm(CodeMixin, mfa.AuthenticateForm):
    pass


class ReauthenticateByCodeForm(CodeMixin, mfa.ReauthenticateForm):
    pass


class ActivateTOTPForm(CodeMixin, totp.ActivateTOTPForm):
    pass


class ProfileForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ["phone", "room", "language", "theme"]
        help_texts = {
            "phone": _("Agar teknisi dapat menghubungi Anda."),
            "room": _("Terisi otomatis saat Anda mengajukan tiket."),
        }

    def save(self, commit: bool = True) -> User:
        self.instance.save(update_fields=self.Meta.fields)
        return self.instance


class LanguageForm(forms.Form):
    language = forms.ChoiceField(choices=User.Language.choices)


class ThemeForm(forms.Form):
    theme = forms.ChoiceField(choices=User.Theme.choices)
