"""What people keep of the ticket list, and what admins did to many tickets at once."""

from __future__ import annotations

import uuid
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.prepared import prepared
from tickets.workflow import Action

#: Of an address; longer than any that the list's own form can make.
LONGEST_QUERY: Final = 2000


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: User) -> SavedViewQuerySet:
        """One's own, and for those who see all tickets what others share."""
        return self.of(user.pk, sees_all=user.has_perm("tickets.view_all_tickets"))

    def of(self, person: int, *, sees_all: bool) -> SavedViewQuerySet:
        return self.filter(Q(owner=person) | Q(shared=True) if sees_all else Q(owner=person))

    def in_order(self) -> SavedViewQuerySet:
        owner = ("owner__full_name", "owner__username")
        return self.select_related("owner").only("name", "query", "shared", *owner).order_by("name", "pk")


class SavedView(models.Model):
    """A list's filters, sort and columns under a name: the query string of its address."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views", verbose_name=_("milik")
    )
    name = models.CharField(_("nama tampilan"), max_length=60)
    query = models.CharField(max_length=LONGEST_QUERY, blank=True, editable=False)
    shared = models.BooleanField(_("bagikan"), default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("tampilan tersimpan")
        verbose_name_plural = pgettext_lazy("jamak", "tampilan tersimpan")
        default_permissions = ()
        permissions = [("share_views", _("Dapat membagikan tampilan daftar tiket"))]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="view_name_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("tickets:list") + (self.query or "?state=open")

    def is_visible_to(self, user: User) -> bool:
        """As `SavedViewQuerySet.visible_to` says."""
        return self.owner_id == user.pk or (self.shared and user.has_perm("tickets.view_all_tickets"))


class ListChoice(models.Model):
    """How somebody wants their list where the address says nothing."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="list_choice")
    columns = models.CharField(max_length=200, blank=True)
    view = models.ForeignKey(SavedView, models.SET_NULL, null=True, related_name="+")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.user)

    @classmethod
    def of(cls, user: User) -> ListChoice:
        """What `user` chose; where they never did, nothing."""
        for choice in _choice(user.pk):
            choice.user = user
            return choice
        return cls(user=user)

    @property
    def opens_with(self) -> SavedView | None:
        """The view with which the list opens; none that is no longer shared."""
        return self.view if self.view is not None and self.view.is_visible_to(self.user) else None

    @property
    def names(self) -> list[str]:
        """Of the columns."""
        return self.columns.split(",") if self.columns else []


@prepared
def _choice(user: int) -> QuerySet[ListChoice]:
    return ListChoice.objects.select_related("view").filter(user=user)


@prepared
def _views(person: int, *, sees_all: bool) -> SavedViewQuerySet:
    return SavedView.objects.of(person, sees_all=sees_all).in_order()


def views_of(user: User) -> list[SavedView]:
    """All views that `user` may open, in their order."""
    return _views(user.pk, sees_all=user.has_perm("tickets.view_all_tickets"))


class BulkAct(models.Model):
    """One action on many tickets, and what became of each. `key` comes with the form: sent twice, it is done once.

    `asked` is [number, run] of each ticket in order; `results` grows with [number, done, sentence] as each is through.
    """

    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    action = models.CharField(max_length=16, choices=Action.choices)
    at = models.DateTimeField()
    asked = models.JSONField()
    results = models.JSONField(default=list)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.key)
