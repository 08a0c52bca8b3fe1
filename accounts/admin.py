"""The admin site's log-in is allauth's; users and units in it."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts import roles
from accounts.models import Unit, User


def _to_password_page(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    return redirect("account_change_password")


admin.site.site_title = admin.site.site_header = _("Administrasi HaloCIK")
admin.site.index_title = _("Data induk")
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.password_change = _to_password_page  # type: ignore[method-assign, assignment]


class ReadOnly:
    """For what the admin site only shows: a `ModelAdmin` or an inline whose rows are written elsewhere."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Unit)
class UnitAdmin(admin.ModelAdmin[Unit]):
    list_display = ["code", "name", "parent"]
    list_select_related = ["parent"]
    search_fields = ["code", "name"]
    autocomplete_fields = ["parent"]


class NewUserForm(AdminUserCreationForm[User]):
    class Meta:
        model = User
        fields = ["username", "full_name", "email"]


class UserForm(UserChangeForm[User]):
    class Meta:
        model = User
        fields = "__all__"
        labels = {
            "is_active": _("aktif"),
            "is_staff": _("boleh membuka halaman administrasi"),
            "is_superuser": _("superuser"),
            "groups": _("peran"),
        }
        help_texts = {
            "is_active": _("Nonaktifkan pegawai yang pindah atau pensiun; akun tidak pernah dihapus."),
            "is_staff": _("Selalu aktif bagi Admin/PJK TIP."),
            "is_superuser": _("Memiliki semua izin tanpa perlu diberi satu per satu."),
            "groups": _("Peran saling menambah; setiap orang adalah Pegawai."),
        }


@admin.register(User)
class UserAdmin(DjangoUserAdmin[User]):
    form = UserForm
    add_form = NewUserForm
    list_display = ["full_name", "username", "nip", "unit", "role_names", "is_active"]
    list_filter = ["is_active", "groups", "unit"]
    list_select_related = ["unit"]
    search_fields = ["full_name", "username", "nip", "email"]
    ordering = ["full_name", "pk"]
    autocomplete_fields = ["unit"]
    fieldsets = [
        (None, {"fields": ["username", "password", "must_change_password"]}),
        (_("Pegawai"), {"fields": ["full_name", "nip", "email", "unit", "room", "phone"]}),
        (_("Peran dan izin"), {"fields": ["is_active", "groups", "is_staff", "is_superuser", "user_permissions"]}),
        (_("Pilihan"), {"fields": ["language", "theme"]}),
        (_("Riwayat akun"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "full_name", "email", "usable_password", "password1", "password2"]}),
    ]
    readonly_fields = ["last_login", "date_joined"]

    @admin.display(description=_("peran"))
    def role_names(self, user: User) -> str:
        return ", ".join(user.roles)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """What would let an admin become a superuser stays with superusers."""
        fields = [*super().get_readonly_fields(request, obj)]
        return fields if request.user.is_superuser else [*fields, "is_superuser", "user_permissions"]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False  # tickets and their history refer to people for ever: deactivate

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm[User], change: bool) -> None:
        """A password that somebody else chose is changed by its owner at the first log-in."""
        if not change:
            obj.must_change_password = obj.has_usable_password()
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        user: User = form.instance
        names = set(user.groups.values_list("name", flat=True))
        staff = user.is_staff
        user.set_roles(names & set(roles.ROLES))
        if staff and not user.is_staff:  # an office may let others in as well
            user.is_staff = True
            user.save(update_fields=["is_staff"])

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            User.objects.filter(pk=id).exclude(pk=str(request.user.pk)).update(must_change_password=True)
        return response
