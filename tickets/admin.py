"""Tickets in the Django admin: tickets, runs and events to be read; the two lists that an admin edits."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SplitArrayField
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin import ReadOnly
from tickets import actions
from tickets.models import (
    CheckItem,
    Equipment,
    HoldReason,
    ReachTarget,
    SopRevision,
    SopStep,
    StepRun,
    SurveyElement,
    Ticket,
    TicketEvent,
)


class RunInline(ReadOnly, admin.TabularInline[StepRun, Ticket]):
    model = StepRun
    fk_name = "ticket"
    fields = ["step", "attempt", "technician", "started_at", "due_at", "ended_at", "outcome", "net_seconds", "verdict"]
    extra = 0


@admin.register(Ticket)
class TicketAdmin(ReadOnly, admin.ModelAdmin[Ticket]):
    list_display = ["number", "title", "status", "priority", "requester", "technician", "submitted_at"]
    list_select_related = ["requester", "technician"]
    list_filter = ["status", "category", "priority", "unit"]
    search_fields = ["number", "title"]
    ordering = ["-pk"]
    inlines = [RunInline]


@admin.register(TicketEvent)
class TicketEventAdmin(ReadOnly, admin.ModelAdmin[TicketEvent]):
    list_display = ["ticket", "seq", "kind", "at", "by", "origin", "status_from", "status_to"]
    list_select_related = ["ticket", "by"]
    list_filter = ["kind"]
    search_fields = ["=ticket__number"]
    ordering = ["-pk"]


class StepInline(ReadOnly, admin.TabularInline[SopStep, SopRevision]):
    model = SopStep
    extra = 0


@admin.register(SopRevision)
class SopRevisionAdmin(ReadOnly, admin.ModelAdmin[SopRevision]):
    list_display = ["number", "title", "revised_on", "effective_on"]
    inlines = [StepInline]


class KeptList(admin.ModelAdmin[Any]):
    """A list whose lines the history refers to: they are switched off, never deleted."""

    list_editable = ["position", "active"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(HoldReason)
class HoldReasonAdmin(KeptList):
    list_display = ["name", "name_en", "needs_text", "position", "active"]
    prepopulated_fields = {"code": ["name"]}


@admin.register(CheckItem)
class CheckItemAdmin(KeptList):
    list_display = ["name", "name_en", "required", "measured", "position", "active"]
    prepopulated_fields = {"code": ["name"]}


@admin.register(ReachTarget)
class ReachTargetAdmin(KeptList):
    list_display = ["name", "name_en", "url", "required", "position", "active"]


class SurveyElementForm(forms.ModelForm[SurveyElement]):
    """The four answers each in a field of its own."""

    scale = SplitArrayField(forms.CharField(max_length=60), size=4, label=_("Jawaban 1 sampai 4"))
    scale_en = SplitArrayField(forms.CharField(max_length=60), size=4, label=_("Jawaban 1 sampai 4 (Inggris)"))

    class Meta:
        model = SurveyElement
        fields = ("name", "name_en", "question", "question_en", "scale", "scale_en")


@admin.register(SurveyElement)
class SurveyElementAdmin(admin.ModelAdmin[SurveyElement]):
    """The nine stay nine: their wording is corrected, and answers keep the wording that they were given to."""

    form = SurveyElementForm
    list_display = ["number", "name", "name_en", "question", "version", "active"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SurveyElement]:
        return super().get_queryset(request).filter(active=True)

    def save_model(self, request: HttpRequest, obj: SurveyElement, form: Any, change: bool) -> None:
        actions.correct_element(obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Equipment)
class EquipmentAdmin(KeptList):
    """Names, units and minimum; the stock itself is kept on its own page, movement by movement."""

    list_display = ["name", "unit", "consumable", "minimum", "stock", "position", "active"]
    search_fields = ["name"]

    def save_model(self, request: HttpRequest, obj: Equipment, form: Any, change: bool) -> None:
        """What was typed and nothing else: the stock may have moved since the row was read."""
        obj.save(update_fields=form.changed_data if change else None)
