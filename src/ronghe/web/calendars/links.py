"""Where an entry of the calendar leads."""

from __future__ import annotations

from django.urls import reverse

from ronghe.domain.calendars.calc.entries import Entry
from ronghe.domain.calendars.enums import EntryKind

_PAGES = {
    EntryKind.DUTY: "web:obligation_detail",
    EntryKind.ACTIVITY: "web:activity_detail",
    EntryKind.AGREEMENT: "web:agreement_detail",
    EntryKind.PROJECT: "web:project_detail",
    EntryKind.POINT: "web:difficult_point",
}


def page_of_entry(entry: Entry) -> str:
    """Return the address of the entry's own page."""
    return reverse(_PAGES[EntryKind(entry.kind)], args=[entry.pk])
