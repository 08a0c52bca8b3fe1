"""Everything under akun/: a person's own pages (namespace `accounts`), and those of allauth's that we offer.

allauth's URL names stay as allauth knows them, without a namespace.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import include, path, re_path

from accounts import absence_views, import_views, views

own = [
    path("profil/", views.profile, name="profile"),
    path("bahasa/", views.language, name="language"),
    path("tema/", views.theme, name="theme"),
    path("ketersediaan/", absence_views.availability, name="availability"),
    path("ketersediaan/<int:pk>/akhiri/", absence_views.end, name="absence-end"),
    path("impor/", import_views.upload, name="import"),
    path("impor/simpan/", import_views.commit, name="import-commit"),
    path("impor/contoh.csv", import_views.template_csv, name="import-template-csv"),
    path("impor/contoh.xlsx", import_views.template_xlsx, name="import-template-xlsx"),
]

passwords = [
    path("ganti/", views.PasswordChangeView.as_view(), name="account_change_password"),
    path("buat/", views.PasswordSetView.as_view(), name="account_set_password"),
    path("lupa/", views.PasswordResetView.as_view(), name="account_reset_password"),
    path("lupa/terkirim/", account.password_reset_done, name="account_reset_password_done"),
    path("atur-ulang/selesai/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^atur-ulang/(?P<uidb36>[0-9A-Za-z]{1,13})-(?P<key>[0-9A-Za-z-]+)/$",
        views.PasswordResetFromKeyView.as_view(),
        name="account_reset_password_from_key",
    ),
]

two_steps = [
    path("", mfa.index, name="mfa_index"),
    path("masuk/", views.AuthenticateView.as_view(), name="mfa_authenticate"),
    path("konfirmasi/", views.ReauthenticateByCodeView.as_view(), name="mfa_reauthenticate"),
    path("aplikasi/pasang/", views.ActivateTOTPView.as_view(), name="mfa_activate_totp"),
    path("aplikasi/lepas/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("kode-pemulihan/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("kode-pemulihan/buat/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("kode-pemulihan/unduh/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]

entrance = [
    path("masuk/", views.LoginView.as_view(), name="account_login"),
    path("keluar/", account.logout, name="account_logout"),
    path("tidak-aktif/", account.account_inactive, name="account_inactive"),
    path("konfirmasi/", views.ReauthenticateView.as_view(), name="account_reauthenticate"),
    path("kata-sandi/", include(passwords)),
    path("dua-langkah/", include(two_steps)),
    path("sesi/", views.SessionsView.as_view(), name="usersessions_list"),
]

urlpatterns = [
    path("akun/", include((own, "accounts"))),
    path("akun/", include(entrance)),
]
