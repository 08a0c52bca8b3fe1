"""All that the house's templates may say without loading it: the one builtin of our own in settings.TEMPLATES."""

from django import template

from halocik.templatetags import clock, constant, fields, ui

register = template.Library()
for part in (ui, constant, clock, fields):
    register.tags |= part.register.tags
    register.filters |= part.register.filters
