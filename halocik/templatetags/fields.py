"""A form's field with its label, help and errors, as crispy-bootstrap5 draws it, written in Python: an action's form is
half of its page. A template builtin (see `house`).

`{{ form.title|field }}` for text, textarea, select, radio buttons and checkboxes; tests/halocik/test_fields.py holds it
against crispy's own templates. Files, and forms with a layout, are drawn otherwise.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from html import escape
from typing import Any, Final

from django import forms, template
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from halocik.widgets import attributes

register = template.Library()

_selects: dict[Hashable, SafeString] = {}
_MOST_SELECTS: Final = 1_000


@register.filter
def field(bound: BoundField) -> SafeString:
    """The whole field; a hidden one is its input alone."""
    widget: Any = bound.field.widget
    if bound.is_hidden:
        return mark_safe(str(bound))
    is_checkbox = isinstance(widget, forms.CheckboxInput)
    look = "form-check" if is_checkbox else "mb-3"
    css = f"{look} {extra}" if (extra := bound.css_classes()) else look
    if is_checkbox:
        inside = _checkbox(bound)
    elif isinstance(widget, forms.RadioSelect):
        inside = _label(bound) + _choices(bound)
    else:
        style = "form-select" if isinstance(widget, forms.Select) else "form-control"
        inside = _label(bound) + _control(bound, style) + _errors(bound) + _help(bound)
    if widget.use_fieldset and bound.label:
        described = f' aria-describedby="{escape(told)}"' if (told := bound.aria_describedby) else ""
        inside = f"<fieldset{described}>{inside}</fieldset>"
    drawn = f'<div id="div_{escape(bound.auto_id)}" class="{escape(css)}">{inside}</div>'
    return mark_safe(f'<div class="mb-3">{drawn}</div>' if is_checkbox else drawn)


@register.simple_tag
def select(bound: BoundField) -> SafeString:
    """A list's choice as components/select.html, drawn once for what its form offers and what is chosen. Choices that
    are not the form's own for good come from the field's `named`."""
    named = getattr(bound.field, "named", None)
    offered = tuple(named()) if named else ()
    value = bound.value()
    key = (type(bound.form), bound.name, "" if value is None else str(value), offered, get_language())
    if key not in _selects:
        if len(_selects) >= _MOST_SELECTS:
            _selects.clear()
        _selects[key] = _select(bound, key[2])
    return _selects[key]


def _select(bound: BoundField, chosen: str) -> SafeString:
    choices: Any = bound.field
    options = [(str(value), str(words)) for value, words in choices.choices]
    facts = {"id": bound.id_for_label, "name": bound.name, "label": bound.label}
    return render_to_string("components/select.html", {**facts, "options": options, "chosen": chosen})


def _label(bound: BoundField) -> str:
    if not bound.label:
        return ""
    tag = "legend" if bound.use_fieldset else "label"
    identity = f'for="{escape(bound.id_for_label)}" ' if bound.id_for_label else ""
    needed, legend = " requiredField" if bound.field.required else "", " fs-6" if bound.use_fieldset else ""
    return f'<{tag} {identity}class="form-label{needed}{legend}">{_words(bound)}</{tag}>'


def _words(bound: BoundField) -> str:
    star = '<span class="asteriskField">*</span>' if bound.field.required else ""
    return f"{conditional_escape(bound.label)}{star}"


def _control(bound: BoundField, style: str) -> str:
    """The widget with crispy's classes: its own, its kind's, the style's, and whether it is wrong."""
    attrs = bound.field.widget.attrs
    known = attrs.get("class", "").split()
    classes = [type(bound.field.widget).__name__.lower(), style, *(["is-invalid"] if bound.errors else [])]
    attrs["class"] = " ".join([*known, *(name for name in classes if name not in known)])
    return str(bound)


def _checkbox(bound: BoundField) -> str:
    needed = " requiredField" if bound.field.required else ""
    label = f'<label for="{escape(bound.id_for_label)}" class="form-check-label{needed}">{_words(bound)}</label>'
    return _control(bound, "form-check-input") + label + _errors(bound) + _help(bound)


def _choices(bound: BoundField) -> str:
    """Radio buttons, what is wrong beside the last of them. Of a widget that says what it offers, a kind of option
    after the other, what it offers is drawn once while it offers the same; see tickets.forms.decisions."""
    widget: Any = bound.field.widget
    attrs = bound.build_widget_attrs({"id": widget.attrs.get("id") or bound.auto_id})
    if hasattr(widget, "offered") and not bound.errors and not bound.value():
        offered: tuple[Any, ...] = widget.offered()
        kind: Any = type(widget)
        kept = _offer(kind, bound.html_name, tuple(attrs.items()), offered, get_language())
        boxes = "".join([box for one, box in zip(offered, kept, strict=True) if not widget.left_out(one)])
        return f"<div>{boxes}</div>{_help(bound)}"
    groups = widget.optgroups(bound.html_name, widget.format_value(bound.value()), attrs)
    options = [option for _group, options, _index in groups for option in options]
    drawn = [_radio_of(option, is_wrong=bool(bound.errors)) for option in options]
    if drawn:
        drawn[-1] += _errors(bound)
    boxes = "".join([f'<div class="form-check">{one}</div>' for one in drawn])
    return f"<div>{boxes}</div>{_help(bound)}"


@lru_cache(maxsize=16)
def _offer(
    widget: Any, name: str, attrs: tuple[tuple[str, Any], ...], offered: tuple[Any, ...], language: str | None
) -> list[str]:
    options = [widget.option(name, dict(attrs), index, one) for index, one in enumerate(offered)]
    return [f'<div class="form-check">{_radio_of(option, is_wrong=False)}</div>' for option in options]


def _radio_of(option: dict[str, Any], *, is_wrong: bool) -> str:
    label, attrs = conditional_escape(option["label"]), option["attrs"].items()
    return _radio(option["name"], option["type"], " is-invalid" if is_wrong else "", option["value"], label, *attrs)


@lru_cache(maxsize=4096, typed=True)
def _radio(name: str, kind: str, wrong: str, value: Any, label: SafeString, *attrs: tuple[str, Any]) -> str:
    """One button with its words; a hundred technicians stand on many pages."""
    given = dict(attrs)
    return (
        f'<input type="{kind}" class="form-check-input{wrong}" name="{escape(name)}"'
        f' value="{escape(str(value))}"{attributes(given)}>'
        f'<label for="{escape(given["id"])}" class="form-check-label">{label}</label>'
    )


def _errors(bound: BoundField) -> str:
    errors: Any = bound.errors
    if not errors:
        return ""
    lines = "".join(
        f'<p id="error_{number}_{escape(bound.auto_id)}"><strong>{conditional_escape(error)}</strong></p>'
        for number, error in enumerate(errors, 1)
    )
    return f'<div id="{escape(errors.field_id)}_error" class="invalid-feedback">{lines}</div>'


def _help(bound: BoundField) -> str:
    identity = f'id="{escape(bound.auto_id)}_helptext" ' if bound.auto_id else ""
    return f'<div {identity}class="form-text">{bound.help_text}</div>' if bound.help_text else ""
