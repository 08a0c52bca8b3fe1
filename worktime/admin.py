"""Calendar revisions in the Django admin: to be read. They are published on the calendar page, never edited."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin import ReadOnly
from worktime.models import CalendarRevision


@admin.register(CalendarRevision)
class CalendarRevisionAdmin(ReadOnly, admin.ModelAdmin[CalendarRevision]):
    list_display = ["number", "name", "published_at", "published_by", "zone", "holidays", "unconfirmed"]
    list_display_links = ["number", "name"]
    list_select_related = ["published_by"]
    search_fields = ["name"]

    @admin.display(description=_("hari libur"))
    def holidays(self, revision: CalendarRevision) -> int:
        return len(revision.data["holidays"])

    @admin.display(description=_("masih perkiraan"))
    def unconfirmed(self, revision: CalendarRevision) -> int:
        return len(revision.unconfirmed())
