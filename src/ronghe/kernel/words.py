"""Interface words: Simplified Chinese is the source text, every other language a catalogue.

Pure code (scoring, file readers) must speak without Django being set up, so the lookup works both ways:
through Django inside a request, through the same compiled catalogue from the standard library outside it.
"""

from __future__ import annotations

import gettext as stdlib_gettext
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path

SOURCE_LANGUAGE = "zh-hans"
LOCALE_DIR = Path(__file__).resolve().parent.parent / "locale"


def N_(text: str) -> str:  # noqa: N802 - the name every extraction tool knows
    """Mark a sentence for the catalogue without translating it yet."""
    return text


def _(text: str) -> str:
    """Return `text` in the reader's language; the Chinese text itself where no translation is known."""
    from django.conf import settings

    if settings.configured:
        from django.utils.translation import gettext

        return gettext(text)
    return _catalogue(os.environ.get("RONGHE_LANGUAGE", SOURCE_LANGUAGE)).gettext(text)


def counted(text: str, number: int) -> str:
    """Return what is said of `number` things in the reader's language; Chinese says one and many alike."""
    from django.conf import settings

    if settings.configured:
        from django.utils.translation import ngettext

        return ngettext(text, text, number)
    return _catalogue(os.environ.get("RONGHE_LANGUAGE", SOURCE_LANGUAGE)).ngettext(text, text, number)


def listed(items: Iterable[object]) -> str:
    """Join names as the reader's language lists them: 甲、乙、丙, or A, B, C."""
    return _("、").join(map(str, items))


@cache
def _catalogue(language: str) -> stdlib_gettext.NullTranslations:
    return stdlib_gettext.translation(
        "django", LOCALE_DIR, languages=[language.split("-", maxsplit=1)[0]], fallback=True
    )
