"""`{% load ui %}`: all components and the formats of numbers, days and times."""

from django.template import Library

from ronghe.ui import formats
from ronghe.ui.families import figures, flow, forms, lists, marks, page, records, shell

register = Library()

for _family in (marks, figures, page, lists, records, flow, forms, shell):
    register.tags.update(_family.register.tags)
    register.filters.update(_family.register.filters)
register.filters.update(formats.register.filters)
