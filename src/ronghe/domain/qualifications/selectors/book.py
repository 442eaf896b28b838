"""The unit's book: the shipped one, or the file that the installation names."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from ronghe.domain.qualifications.calc.book import SHIPPED, Book, book_of


def current_book() -> Book:
    """Return the book of certificates, training and operations that holds here."""
    return book_of(Path(settings.QUALIFICATIONS_BOOK) if settings.QUALIFICATIONS_BOOK else SHIPPED)


def kind_choices() -> list[tuple[str, str]]:
    """Return the kinds of certificates for a form or a filter, in the order of the book."""
    return [(kind.id, kind.title) for kind in current_book().kinds.values()]


def operation_choices(*, of_hands: bool = False) -> list[tuple[str, str]]:
    """Return the kinds of work, in the order of the book; `of_hands` leaves out managing, from which health bars nobody."""
    rows = current_book().operations.values()
    return [(one.id, one.title) for one in rows if not (of_hands and one.is_managing)]
