"""What the forms of the ticket page offer, fill in beforehand and hand on."""

from datetime import datetime
from typing import Any, Final

import pytest
from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.formats import date_format

from accounts.models import Absence
from halocik.templatetags.fields import field
from network import actions as network
from network.models import Device
from tests.halocik.test_fields import bare
from tests.tickets.factories import CHECKS, Office, wib
from tests.tickets.web import checklist, office, rows, sound_input
from tickets import actions
from tickets.forms import FORMS, ActionForm
from tickets.forms.pauses import next_morning
from tickets.forms.rows import material_rows, need_rows
from tickets.models import HoldReason, Ticket
from tickets.page import load
from tickets.workflow import Action
from worktime.models import CalendarRevision

__all__ = ["office"]

EVERY_ACTION_ON_A_TICKET: Final = [action for action in Action if action != Action.SUBMIT]


def drawn(office: Office, action: Action, ticket: Ticket, data: dict[str, Any] | None = None) -> Any:
    user = office.technician
    return FORMS[action](data, ticket=load(user, ticket.number), user=user)


@pytest.mark.parametrize("action", EVERY_ACTION_ON_A_TICKET)
def test_every_action_has_one_form_that_knows_its_move_and_its_answer(action: Action) -> None:
    form: type[ActionForm] = FORMS[action]
    assert form.move is getattr(actions, action.value)
    assert str(form.said)


def test_forms_of_one_page_share_no_id(office: Office) -> None:
    ticket = office.ticket_in("working")
    ids = [
        field.auto_id
        for action in (Action.COMPLETE_WORK, Action.HOLD, Action.REASSIGN, Action.CANCEL, Action.COMMENT)
        for field in drawn(office, action, ticket)
    ]
    assert len(ids) == len(set(ids))


def options(office: Office, action: Action, ticket: Ticket) -> dict[str, bool]:
    """The technicians that a form offers, by their words; whether each can be chosen."""
    field = drawn(office, action, ticket)["technician"]
    return {str(option.choice_label): "disabled" not in option.data["attrs"] for option in field.subwidgets}


def test_technicians_come_with_their_load_the_least_loaded_first(office: Office) -> None:
    office.ticket_in("working")
    office.ticket_in("assigned", on_hold=True)
    office.ticket_in("done")
    assert list(options(office, Action.APPROVE, office.submit())) == [
        "Teknisi Lain · luang",
        "Teknisi · 2 tiket terbuka, 80 menit standar, 1 ditunda",
    ]


def test_who_is_away_stands_there_with_the_reason_and_cannot_be_chosen(office: Office) -> None:
    today, person = timezone.localdate(), office.other_technician
    Absence.objects.create(user=person, first_on=today, last_on=today, reason="Cuti tahunan", recorded_by=person)
    until = date_format(today, "D, j M Y")
    assert options(office, Action.APPROVE, office.submit()) == {
        "Teknisi · luang": True,
        f"Teknisi Lain · tidak hadir sampai {until}: Cuti tahunan": False,
    }


def test_who_has_left_is_offered_no_ticket(office: Office) -> None:
    office.other_technician.is_active = False
    office.other_technician.save(update_fields=["is_active"])
    assert list(options(office, Action.APPROVE, office.submit())) == ["Teknisi · luang"]


def test_the_technician_who_has_a_ticket_is_not_offered_it_again(office: Office) -> None:
    form = drawn(office, Action.REASSIGN, office.ticket_in("working"))
    assert [pk for pk, _words in form.fields["technician"].choices] == [office.other_technician.pk]


@pytest.mark.parametrize("data", [None, {}, {"technician": "0"}, "the other"])
def test_technicians_are_drawn_as_crispy_draws_them(office: Office, data: Any) -> None:
    if data == "the other":
        data = {"technician": str(office.other_technician.pk)}
    ticket, today = office.ticket_in("working"), timezone.localdate()

    def compare() -> None:
        for language in ("id", "en", "id"):  # drawn, and kept
            ours, theirs = (
                FORMS[Action.REASSIGN](data, ticket=ticket, user=office.admin)["technician"] for _ in range(2)
            )
            with translation.override(language):
                assert bare(field(ours)) == bare(as_crispy_field(theirs))

    compare()
    Absence.objects.create(
        user=office.other_technician, first_on=today, last_on=today, reason="Cuti <b>", recorded_by=office.admin
    )
    compare()


# Hold


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-10-12 09:00", "2026-10-13 07:30"),
        ("2026-10-12 23:59", "2026-10-13 07:30"),
        ("2026-10-16 09:00", "2026-10-19 07:30"),
        ("2026-12-31 15:00", "2027-01-04 07:30"),
    ],
)
def test_a_hold_looks_again_on_the_next_working_morning(db: None, now: str, expected: str) -> None:
    calendar = CalendarRevision.objects.current().calendar
    assert next_morning(calendar, wib(now)) == wib(expected)


def test_a_hold_offers_the_reasons_in_use(office: Office) -> None:
    HoldReason.objects.filter(code="lainnya").update(active=False)
    form = drawn(office, Action.HOLD, office.ticket_in("working"))
    assert "lainnya" not in [reason.code for reason in form.fields["reason"].queryset]


def test_a_hold_for_another_reason_must_be_explained(office: Office) -> None:
    ticket = office.ticket_in("working")
    data = sound_input(office, Action.HOLD, ticket) | {"reason": office.reason("lainnya").pk}
    form = drawn(office, Action.HOLD, ticket, data)
    assert form.perform(by=office.technician) is None
    assert list(form.errors) == ["note"]


def test_the_time_to_look_again_is_the_offices_local_time(office: Office) -> None:
    ticket = office.ticket_in("working")
    data = sound_input(office, Action.HOLD, ticket) | {"look_again_at": "2030-03-04T07:30"}
    form = drawn(office, Action.HOLD, ticket, data)
    assert form.is_valid()
    at: datetime = form.cleaned_data["look_again_at"]
    assert timezone.localtime(at) == wib("2030-03-04 07:30")


# Rows


def test_empty_rows_do_not_count() -> None:
    data = rows("materials", {"item": "Kabel", "quantity": "3"}, {"item": " ", "quantity": "7"}, {"item": ""})
    given = material_rows(data, initial=[])
    assert given.is_valid()
    assert given.filled() == [{"item": "Kabel", "quantity": 3}]


def test_a_row_without_a_number_means_one() -> None:
    given = material_rows(rows("materials", {"item": "Kabel", "quantity": ""}), initial=[])
    assert given.is_valid()
    assert given.filled() == [{"item": "Kabel", "quantity": 1}]


def test_no_material_at_all_is_fine() -> None:
    assert material_rows(rows("materials"), initial=[]).is_valid()


def test_no_need_at_all_is_not() -> None:
    given = need_rows(rows("needs", {"item": ""}), initial=[])
    assert not given.is_valid()
    assert given.non_form_errors() == ["Isi paling sedikit satu kebutuhan."]


def test_a_need_that_is_not_ticked_is_not_available() -> None:
    given = need_rows(rows("needs", {"item": "Switch"}, {"item": "Kabel", "available": "on"}), initial=[])
    assert given.is_valid()
    assert [row["available"] for row in given.filled()] == [False, True]


@pytest.mark.parametrize("known", [0, 2, 5])
def test_three_rows_are_shown_and_always_an_empty_one(known: int) -> None:
    drawn_rows = need_rows(None, initial=[{"item": "Kabel", "quantity": 1, "available": True}] * known)
    assert len(drawn_rows.forms) == max(3, known + 1)


def test_rows_without_their_count_are_refused() -> None:
    assert not need_rows({"needs-0-item": "Kabel"}, initial=[]).is_valid()


# What is filled in beforehand


def test_the_first_pass_through_step_4_starts_from_what_was_available(office: Office) -> None:
    form = drawn(office, Action.COMPLETE_WORK, office.ticket_in("working"))
    assert form.materials.initial == [{"item": "Kabel UTP", "quantity": 2}]


def test_the_second_pass_starts_empty(office: Office) -> None:
    ticket = office.do(Action.FAIL_TEST, office.ticket_in("testing"))
    assert drawn(office, Action.COMPLETE_WORK, ticket).materials.initial == []


def test_finish_starts_from_the_plan(office: Office) -> None:
    ticket = office.ticket_in("finishing")
    plan = office.planned_or_new(ticket)
    form = drawn(office, Action.FINISH, ticket)
    assert (form.initial["address"], form.initial["pc_name"]) == (plan.address, plan.pc_name)
    assert form.initial["workgroup"] == office.workgroup.pk


def test_a_new_device_is_chosen_where_the_requester_only_described_one(office: Office) -> None:
    device = office.device()
    form = drawn(office, Action.IDENTIFY, office.ticket_in("identifying"))
    assert [value for value, _ in form.fields["device"].choices] == [str(device.pk), "new"]
    assert form.initial["device"] == "new"


def test_the_requesters_choice_of_device_is_kept(office: Office) -> None:
    device = office.device()
    form = drawn(office, Action.IDENTIFY, office.ticket_in("identifying", device=device, device_text=""))
    assert form.initial["device"] == str(device.pk)


# Another device than the one that the form was drawn for


def two_devices(office: Office) -> tuple[Device, Device]:
    """Both the requester's, with the records of hosts 5 and 6."""
    devices = office.device(), office.device()
    for host, device in enumerate(devices, 5):
        record = office.record(host)
        network.activate(
            device, address=record.address, pc_name=record.pc_name, workgroup=office.workgroup, by=None, now=office.now
        )
    return devices


def sent_for(office: Office, ticket: Ticket, drawn_for: object, device: object, **typed: str) -> Any:
    """The form as it arrives: drawn for one device with that one's record in it, another one chosen."""
    form = drawn(office, Action.IDENTIFY, ticket)
    fields = {name: str(value or "") for name, value in form.record_of(form.chosen(str(drawn_for))).items()}
    data = sound_input(office, Action.IDENTIFY, ticket) | fields
    data |= {"drawn_for": str(drawn_for), "device": str(device), "workgroup": str(office.workgroup.pk), **typed}
    return drawn(office, Action.IDENTIFY, ticket, data)


def fields_of(form: Any) -> tuple[Any, ...]:
    return tuple(form[name].value() for name in ("address", "pc_name", "drawn_for", "device"))


def test_the_fields_turn_to_the_record_of_the_device_that_is_chosen(office: Office) -> None:
    one, other = two_devices(office)
    ticket = office.ticket_in("identifying", device=one)
    assert fields_of(drawn(office, Action.IDENTIFY, ticket)) == ("10.17.0.7", "PC-5", str(one.pk), str(one.pk))
    form = drawn(office, Action.IDENTIFY, ticket)
    given = {"drawn_for": str(one.pk), "device": str(other.pk), "address": "10.17.0.7", "pc_name": "PC-5"}
    form.turn_to(given | {"workgroup": ""})
    assert fields_of(form) == ("10.17.0.8", "PC-6", str(other.pk), str(other.pk))
    assert form["workgroup"].value() == str(office.workgroup.pk)


def test_what_was_typed_stays_when_another_device_is_chosen(office: Office) -> None:
    one, other = two_devices(office)
    form = drawn(office, Action.IDENTIFY, office.ticket_in("identifying", device=one))
    given = {"drawn_for": str(one.pk), "device": str(other.pk), "address": "10.17.0.99", "pc_name": "PC-5"}
    form.turn_to(given | {"workgroup": "7"})
    assert fields_of(form)[:2] == ("10.17.0.99", "PC-6")


@pytest.mark.parametrize("nonsense", ["x", "0", "-1", "999999"])
def test_a_device_that_is_not_offered_has_no_record_to_show(office: Office, nonsense: str) -> None:
    one, _other = two_devices(office)
    form = drawn(office, Action.IDENTIFY, office.ticket_in("identifying", device=one))
    form.turn_to({"drawn_for": str(one.pk), "device": nonsense, "address": "10.17.0.7", "pc_name": "", "workgroup": ""})
    assert fields_of(form)[:2] == ("10.17.0.2", "")  # as for a new one


def test_the_first_devices_record_is_not_taken_for_another_one_but_shown_anew(office: Office) -> None:
    one, other = two_devices(office)
    ticket = office.ticket_in("identifying", device=one)
    form = sent_for(office, ticket, one.pk, other.pk)
    assert not form.is_valid()
    assert set(form.errors) == {"device"}
    assert fields_of(form) == ("10.17.0.8", "PC-6", str(other.pk), str(other.pk))
    assert sent_for(office, ticket, other.pk, other.pk).is_valid()


def test_a_new_device_starts_without_the_first_ones_record(office: Office) -> None:
    one, _other = two_devices(office)
    form = sent_for(office, office.ticket_in("identifying", device=one), one.pk, "new")
    assert not form.is_valid()
    assert fields_of(form)[:2] == ("10.17.0.2", "")


def test_a_record_that_was_typed_for_the_other_device_is_taken(office: Office) -> None:
    one, other = two_devices(office)
    ticket = office.ticket_in("identifying", device=one)
    assert sent_for(office, ticket, one.pk, other.pk, address="10.17.0.99", pc_name="PC-99").is_valid()


# The checklist


def test_the_checklist_asks_for_every_item_in_use(office: Office) -> None:
    form = drawn(office, Action.PASS_TEST, office.ticket_in("testing"))
    assert [item.code for item, _ in form.checks()] == list(CHECKS)


def test_what_was_left_out_is_left_to_what_was_measured(office: Office) -> None:
    data = checklist()
    del data["check_printer"]
    form = drawn(office, Action.PASS_TEST, office.ticket_in("testing"), data)
    assert form.is_valid()
    assert set(form.arguments()["results"]) == {*CHECKS} - {"printer"}


# Errors of a move


def test_an_error_at_an_unknown_field_stands_above_the_form(office: Office) -> None:
    form = drawn(office, Action.ACCEPT, office.ticket_in("assigned"), {})
    assert form.is_valid()
    form.take(ValidationError({"planet": ["Salah planet."]}))
    assert form.non_field_errors() == ["Salah planet."]


def test_an_error_without_a_field_stands_above_the_form(office: Office) -> None:
    form = drawn(office, Action.ACCEPT, office.ticket_in("assigned"), {})
    assert form.is_valid()
    form.take(ValidationError("Tidak bisa."))
    assert form.non_field_errors() == ["Tidak bisa."]


# Choices whose rows are asked for by their key


def chosen(office: Office, data: dict[str, str]) -> Any:
    form = FORMS[Action.HOLD](data, ticket=office.ticket_in("working"), user=office.technician)
    form.is_valid()
    return form


def test_a_choice_is_the_row_of_its_key(office: Office) -> None:
    reason = HoldReason.objects.filter(active=True)[0]
    assert chosen(office, {"reason": str(reason.pk)}).cleaned_data["reason"] == reason


@pytest.mark.parametrize("value", ["", "0", "-1", "x", "1 OR 1=1", "99999999999999999999", "1\0"])
def test_a_choice_that_is_none_is_told_at_its_field(office: Office, value: str) -> None:
    assert set(chosen(office, {"reason": value}).errors["reason"].data[0].code.split()) <= {
        "required",
        "invalid_choice",
    }


def test_a_reason_that_is_used_no_more_cannot_be_chosen(office: Office) -> None:
    reason = HoldReason.objects.filter(active=True)[0]
    HoldReason.objects.filter(pk=reason.pk).update(active=False)
    assert "reason" in chosen(office, {"reason": str(reason.pk)}).errors
    assert str(reason.pk) not in dict(chosen(office, {}).fields["reason"].choices)


def test_reasons_are_offered_in_the_readers_language(office: Office) -> None:
    reason = HoldReason.objects.filter(active=True)[0]
    for language, name in (("id", reason.name), ("en", reason.name_en)):
        with translation.override(language):
            assert dict(chosen(office, {}).fields["reason"].choices)[reason.pk] == name
