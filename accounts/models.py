"""People and where they work."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, ClassVar, Final

import pghistory
from django.contrib.auth.models import AbstractUser, Group, Permission
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, OuterRef, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts import roles
from accounts.counts import AskedCount as AskedCount
from accounts.validators import validate_nip, validate_phone, validate_unit_code, validate_username

# The words of a name as they stand: no language's stems.
NAME_WORDS = SearchVector("full_name", config="simple")

#: What a person is called on screen, as `User.__str__` says it.
CALLED = Coalesce(NullIf("full_name", Value("")), "username", output_field=models.CharField())


class Unit(models.Model):
    """A BPS office, or a part of one."""

    code = models.CharField(_("kode"), max_length=10, unique=True, validators=[validate_unit_code])
    name = models.CharField(_("nama"), max_length=150)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("unit atasan")
    )

    class Meta:
        verbose_name = _("unit kerja")
        verbose_name_plural = pgettext_lazy("jamak", "unit kerja")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class UserQuerySet(models.QuerySet["User"]):
    def holding(self, permission: str) -> "UserQuerySet":
        """Active users who hold "app.codename" by a group or directly; a superuser only if granted it as well."""
        app_label, codename = permission.split(".", 1)
        held = Permission.objects.filter(content_type__app_label=app_label, codename=codename)
        by_group = User.groups.through.objects.filter(group__permissions__in=held).values("user")
        directly = User.user_permissions.through.objects.filter(permission__in=held).values("user")
        return self.filter(pk__in=by_group.union(directly), is_active=True)

    def present(self, at: datetime) -> "UserQuerySet":
        """Active users whom no absence keeps away on the local day of `at`."""
        return self.filter(is_active=True).exclude(pk__in=Absence.objects.on(timezone.localdate(at)).values("user"))

    def absent(self, at: datetime) -> "UserQuerySet":
        """Those whom an absence keeps away on the local day of `at`."""
        return self.filter(pk__in=Absence.objects.on(timezone.localdate(at)).values("user"))

    def with_permissions(self) -> "UserQuerySet":
        """Adds `held_permissions`: keys of what each holds by a group or directly. Their names would take a look at two
        more tables for each of them, at each request."""
        groups = User.groups.through.objects.filter(user=OuterRef(OuterRef("pk"))).values("group")
        by_group = Group.permissions.through.objects.filter(group__in=groups)
        directly = User.user_permissions.through.objects.filter(user=OuterRef("pk"))
        both = (ArraySubquery(held.values_list("permission")) for held in (by_group, directly))
        return self.annotate(held_permissions=Func(*both, function="array_cat"))

    def named(self, text: str) -> "UserQuerySet":
        """People each of whose searched words begins a word of the name; one index serves first and last names."""
        prefixes = " & ".join(f"'{word}':*" for word in re.findall(r"\w+", text))
        if not prefixes:
            return self.none()
        query = SearchQuery(prefixes, config="simple", search_type="raw")
        return self.alias(words=NAME_WORDS).filter(words=query)


class UserManager(DjangoUserManager["User"]):
    use_in_migrations = False

    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    # Spelt out, so that types hold: `from_queryset` makes a class that they cannot always follow.

    def holding(self, permission: str) -> UserQuerySet:
        return self.get_queryset().holding(permission)

    def present(self, at: datetime) -> UserQuerySet:
        return self.get_queryset().present(at)

    def absent(self, at: datetime) -> UserQuerySet:
        return self.get_queryset().absent(at)

    def with_permissions(self) -> UserQuerySet:
        return self.get_queryset().with_permissions()

    def named(self, text: str) -> UserQuerySet:
        return self.get_queryset().named(text)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username or "")


class User(AbstractUser):
    class Language(models.TextChoices):
        INDONESIAN = "id", "Bahasa Indonesia"
        ENGLISH = "en", "English"

    class Theme(models.TextChoices):
        AUTO = "auto", _("Ikuti perangkat")
        LIGHT = "light", _("Terang")
        DARK = "dark", _("Gelap")

    first_name = None  # type: ignore[assignment]  # one name: many Indonesians have no family name
    last_name = None  # type: ignore[assignment]
    username = models.CharField(
        _("nama pengguna"),
        max_length=150,
        unique=True,
        validators=[validate_username],
        error_messages={"unique": _("Nama pengguna ini sudah dipakai.")},
    )
    full_name = models.CharField(_("nama lengkap"), max_length=150)
    email = models.EmailField(_("alamat email"), blank=True)
    nip = models.CharField(
        _("NIP"),
        max_length=18,
        null=True,
        blank=True,
        unique=True,
        validators=[validate_nip],
        help_text=_("18 angka; kosongkan bila tidak punya."),
        error_messages={"unique": _("NIP ini sudah dipakai pengguna lain.")},
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="users", verbose_name=_("unit kerja")
    )
    room = models.CharField(_("ruang"), max_length=100, blank=True)
    phone = models.CharField(_("telepon"), max_length=25, blank=True, validators=[validate_phone])
    language = models.CharField(_("bahasa"), max_length=2, choices=Language.choices, default=Language.INDONESIAN)
    theme = models.CharField(_("tampilan"), max_length=5, choices=Theme.choices, default=Theme.AUTO)
    must_change_password = models.BooleanField(
        _("wajib mengganti kata sandi"),
        default=False,
        help_text=_("Pengguna diminta membuat kata sandi baru saat masuk."),
    )

    objects: ClassVar[UserManager] = UserManager()

    REQUIRED_FIELDS = ["full_name", "email"]

    class Meta:
        verbose_name = _("pengguna")
        verbose_name_plural = pgettext_lazy("jamak", "pengguna")
        permissions = [("import_users", _("Dapat mengimpor pegawai dari berkas"))]
        constraints = [
            models.UniqueConstraint(Lower("username"), name="user_username_unique_without_case"),
            models.UniqueConstraint(
                Lower("email"), condition=~models.Q(email=""), name="user_email_unique_without_case"
            ),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_lower_case"),
            models.CheckConstraint(condition=~models.Q(username__contains="@"), name="user_username_is_no_email"),
            models.CheckConstraint(condition=models.Q(nip__regex=r"^[0-9]{18}$"), name="user_nip_has_18_digits"),
            models.CheckConstraint(condition=models.Q(language__in=["id", "en"]), name="user_language_known"),
            models.CheckConstraint(condition=models.Q(theme__in=["auto", "light", "dark"]), name="user_theme_known"),
        ]
        indexes = [GinIndex(NAME_WORDS, name="user_name_words", fastupdate=False)]

    def __str__(self) -> str:
        return self.full_name or self.username

    def clean(self) -> None:
        super().clean()
        self.nip = self.nip or None
        taken = {
            field: gettext("Sudah dipakai pengguna lain.")
            for field in ("username", "email")
            if (value := getattr(self, field))
            and User.objects.filter(**{f"{field}__iexact": value}).exclude(pk=self.pk).exists()
        }
        if taken:
            raise ValidationError(taken)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Everyone is an employee: a new user joins that group."""
        adding = self._state.adding
        self.email = self.email.lower()  # allauth looks addresses up in lower case
        super().save(*args, **kwargs)
        if adding:
            self.groups.add(Group.objects.get_or_create(name=roles.EMPLOYEE)[0])

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)

    @property
    def roles(self) -> list[str]:
        """Names of the roles held, in the order of `accounts.roles.ROLES`."""
        names = {group.name for group in self.groups.all()}
        return [role for role in roles.ROLES if role in names]

    def set_roles(self, names: Iterable[str]) -> None:
        """Hold exactly these roles (and Pegawai); other groups stay. An admin may open the admin site."""
        wanted = {roles.EMPLOYEE, *names}
        self.groups.remove(*self.groups.filter(name__in=set(roles.ROLES) - wanted))
        self.groups.add(*Group.objects.filter(name__in=wanted))
        self.is_staff = self.is_superuser or roles.ADMIN in wanted
        self.save(update_fields=["is_staff"])


def all_but_name(who: str) -> list[str]:
    """What of the person `who` a query leaves unread (`defer`) where they are only named."""
    named = ("id", "username", "full_name")
    return [f"{who}__{column.name}" for column in User._meta.concrete_fields if column.name not in named]


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def on(self, day: date) -> "AbsenceQuerySet":
        """Those that cover the local day."""
        return self.filter(first_on__lte=day, last_on__gte=day)

    def visible_to(self, user: User) -> "AbsenceQuerySet":
        """One's own; all of them for whoever manages them."""
        return self if user.has_perm("accounts.manage_absences") else self.filter(user=user)

    def not_over(self, today: date) -> "AbsenceQuerySet":
        """Running and coming ones, in their order."""
        return self.filter(last_on__gte=today).order_by("first_on", "pk")

    def over(self, today: date) -> "AbsenceQuerySet":
        """Past ones, the last first."""
        return self.filter(last_on__lt=today).order_by("-last_on", "-pk")


LONGEST_REASON: Final = 80


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), append_only=True)
class Absence(models.Model):
    """Local days, both included, on which somebody takes no work. Written by `accounts.absences` alone."""

    user = models.ForeignKey(User, models.PROTECT, related_name="absences", verbose_name=_("siapa"))
    first_on = models.DateField(_("dari tanggal"))
    last_on = models.DateField(_("sampai tanggal"))
    reason = models.CharField(_("alasan"), max_length=LONGEST_REASON)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("dicatat oleh"))
    recorded_at = models.DateTimeField(_("dicatat"), default=timezone.now)

    objects: ClassVar[models.Manager["Absence"]] = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("ketidakhadiran")
        verbose_name_plural = pgettext_lazy("jamak", "ketidakhadiran")
        ordering = ["first_on", "pk"]
        default_permissions = ()
        permissions = [
            ("enter_own_absence", _("Dapat mencatat ketidakhadirannya sendiri")),
            ("manage_absences", _("Dapat mencatat ketidakhadiran admin dan teknisi")),
        ]
        constraints = [
            models.CheckConstraint(
                name="absence_first_before_last",
                condition=models.Q(first_on__lte=F("last_on")),
                violation_error_message=_("Tanggal terakhir tidak boleh sebelum tanggal pertama."),
            ),
            models.CheckConstraint(
                name="absence_dates_in_range",
                condition=models.Q(first_on__gte="2000-01-01", last_on__lt="2100-01-01"),
                violation_error_message=_("Tanggal ini tidak mungkin."),
            ),
            models.CheckConstraint(name="absence_says_why", condition=~models.Q(reason="")),
            # A person as a range of one number: plain GiST then serves both columns, without an extension.
            ExclusionConstraint(
                name="absence_no_overlap",
                expressions=[
                    (Func(F("user"), F("user"), Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (Func(F("first_on"), F("last_on"), Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Pada tanggal itu sudah tercatat ketidakhadiran."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.first_on} – {self.last_on}"
